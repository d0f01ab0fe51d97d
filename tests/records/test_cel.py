"""Reading Asterisk's event file: lines of a real run, and whatever else may stand in the file."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.missed_calls.cel import groups, read_cel
from records.missed_calls.cel_facts import CallFacts, facts
from tests.records.cel_sample import EventFile
from tests.records.samples import NOON

ID = "2baea01a-eaed-4c6c-8722-638df9283526"
# Of a real run, the AGI steps and the executive's log-in shortened.
REAL = f'''"1795461837.865039","CHAN_START","","1795461837.1","1795461837.1","PJSIP/trunk-00000001","9826012345","181","trunk-in","","","",""
"1795461837.866497","ANSWER","{ID}","1795461837.1","1795461837.1","PJSIP/trunk-00000001","9826012345","s","call-begin","Answer","200","",""
"1795461868.546103","APP_START","{ID}","1795461837.1","1795461837.1","PJSIP/trunk-00000001","9826012345","queue","waiting","Queue","district-39,c,,,180","",""
"1795461868.549636","CHAN_START","","1795461868.2","1795461837.1","PJSIP/2001-00000002","2001","s","executives","","","",""
"1795461868.595337","ANSWER","","1795461868.2","1795461837.1","PJSIP/2001-00000002","2001","queue","executives","AppQueue","(Outgoing Line)","",""
"1795461868.596540","BRIDGE_ENTER","","1795461868.2","1795461837.1","PJSIP/2001-00000002","2001","queue","executives","AppQueue","(Outgoing Line)","","{{""bridge_id"":""f392aa2d"",""bridge_technology"":""simple_bridge""}}"
"1795461868.596705","BRIDGE_ENTER","{ID}","1795461837.1","1795461837.1","PJSIP/trunk-00000001","9826012345","queue","waiting","Queue","district-39,c,,,180","","{{""bridge_id"":""f392aa2d"",""bridge_technology"":""simple_bridge""}}"
"1795461871.907699","BRIDGE_EXIT","","1795461868.2","1795461837.1","PJSIP/2001-00000002","2001","queue","executives","AppQueue","(Outgoing Line)","","{{""bridge_id"":""f392aa2d"",""bridge_technology"":""simple_bridge""}}"
"1795461871.908753","HANGUP","","1795461868.2","1795461837.1","PJSIP/2001-00000002","2001","queue","executives","AppQueue","(Outgoing Line)","","{{""hangupcause"":16,""hangupsource"":""PJSIP/2001-00000002"",""dialstatus"":""""}}"
"1795461897.699087","H181_ENDED","{ID}","1795461837.1","1795461837.1","PJSIP/trunk-00000001","9826012345","s","ended","CELGenUserEvent","H181_ENDED,CONTINUE/district-39/PJSIP/2001/3","H181_ENDED","{{""extra"":""CONTINUE/district-39/PJSIP/2001/3""}}"
"1795461897.710388","HANGUP","{ID}","1795461837.1","1795461837.1","PJSIP/trunk-00000001","9826012345","s","inbound","","","","{{""hangupcause"":16,""hangupsource"":""PJSIP/2001-00000002"",""dialstatus"":""ANSWER""}}"
"1795461897.710388","CHAN_END","{ID}","1795461837.1","1795461837.1","PJSIP/trunk-00000001","9826012345","s","inbound","","","",""
"1795461897.710388","LINKEDID_END","{ID}","1795461837.1","1795461837.1","PJSIP/trunk-00000001","9826012345","s","inbound","","","",""
'''  # noqa: E501


# Of a real run: the executive left the citizen to a colleague whose telephone still rang.
JOINED = f'''"1795982987.352751","CHAN_START","","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","07372181","trunk-in","","","",""
"1795982987.356332","ANSWER","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","s","call-begin","Answer","","",""
"1795983006.467217","APP_START","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","queue","waiting","Queue","district-39,c,,,45","",""
"1795983006.467995","CHAN_START","","1795983006.2","1795982987.1","PJSIP/2001-00000002","2001","s","executives","","","",""
"1795983006.476931","ANSWER","","1795983006.2","1795982987.1","PJSIP/2001-00000002","2001","queue","executives","AppQueue","(Outgoing Line)","",""
"1795983006.481313","BRIDGE_ENTER","","1795983006.2","1795982987.1","PJSIP/2001-00000002","2001","queue","executives","AppQueue","(Outgoing Line)","","{{""bridge_id"":""08bf0bbe"",""bridge_technology"":""simple_bridge""}}"
"1795983006.481424","BRIDGE_ENTER","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","queue","waiting","Queue","district-39,c,,,45","","{{""bridge_id"":""08bf0bbe"",""bridge_technology"":""simple_bridge""}}"
"1795983009.495331","CHAN_START","","1795983009.3","1795983009.3","PJSIP/2001-00000003","2001","2002","executives","","","",""
"1795983009.495985","CHAN_START","","1795983009.4","1795983009.3","PJSIP/2002-00000004","2002","s","executives","","","",""
"1795983009.505269","BRIDGE_EXIT","","1795983006.2","1795982987.1","PJSIP/2001-00000002","2001","queue","executives","AppQueue","(Outgoing Line)","","{{""bridge_id"":""08bf0bbe"",""bridge_technology"":""simple_bridge""}}"
"1795983009.505375","BRIDGE_EXIT","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","queue","waiting","Queue","district-39,c,,,45","","{{""bridge_id"":""08bf0bbe"",""bridge_technology"":""simple_bridge""}}"
"1795983009.505822","HANGUP","","1795983006.2","1795982987.1","PJSIP/2001-00000002","2001","queue","executives","AppQueue","(Outgoing Line)","","{{""hangupcause"":16,""hangupsource"":"""",""dialstatus"":""""}}"
"1795983009.505822","CHAN_END","","1795983006.2","1795982987.1","PJSIP/2001-00000002","2001","queue","executives","AppQueue","(Outgoing Line)","",""
"1795983009.506036","APP_END","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","queue","waiting","Queue","district-39,c,,,45","",""
"1795983009.506393","APP_START","{ID}","1795983009.3","1795983009.3","PJSIP/2001-00000003","2001","queue","waiting","Queue","district-39,c,,,45","",""
"1795983009.506763","APP_END","{ID}","1795983009.3","1795983009.3","PJSIP/2001-00000003","2001","queue","waiting","Queue","district-39,c,,,45","",""
"1795983009.506763","HANGUP","{ID}","1795983009.3","1795983009.3","PJSIP/2001-00000003","2001","queue","waiting","","","","{{""hangupcause"":16,""hangupsource"":"""",""dialstatus"":""""}}"
"1795983009.506763","CHAN_END","{ID}","1795983009.3","1795983009.3","PJSIP/2001-00000003","2001","queue","waiting","","","",""
"1795983013.512858","ANSWER","","1795983009.4","1795983009.3","PJSIP/2002-00000004","2002","2002","executives","AppDial","(Outgoing Line)","",""
"1795983013.513214","BRIDGE_ENTER","","1795983009.4","1795983009.3","PJSIP/2002-00000004","2002","","executives","AppDial","(Outgoing Line)","","{{""bridge_id"":""50b48f39"",""bridge_technology"":""simple_bridge""}}"
"1795983013.513392","LINKEDID_END","","1795983009.4","1795983009.3","PJSIP/2002-00000004","2002","","executives","AppDial","(Outgoing Line)","",""
"1795983013.513442","BRIDGE_ENTER","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","2002","executive-lines","Dial","PJSIP/2002,30,g","","{{""bridge_id"":""50b48f39"",""bridge_technology"":""simple_bridge""}}"
"1795983015.521264","BRIDGE_EXIT","","1795983009.4","1795982987.1","PJSIP/2002-00000004","2002","","executives","AppDial","(Outgoing Line)","","{{""bridge_id"":""50b48f39"",""bridge_technology"":""simple_bridge""}}"
"1795983015.521353","BRIDGE_EXIT","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","2002","executive-lines","Dial","PJSIP/2002,30,g","","{{""bridge_id"":""50b48f39"",""bridge_technology"":""simple_bridge""}}"
"1795983015.521746","HANGUP","","1795983009.4","1795982987.1","PJSIP/2002-00000004","2002","","executives","AppDial","(Outgoing Line)","","{{""hangupcause"":16,""hangupsource"":""PJSIP/2002-00000004"",""dialstatus"":""""}}"
"1795983015.521746","CHAN_END","","1795983009.4","1795982987.1","PJSIP/2002-00000004","2002","","executives","AppDial","(Outgoing Line)","",""
"1795983018.161111","H181_ENDED","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","s","ended","CELGenUserEvent","H181_ENDED,/district-39/PJSIP/2001/12","H181_ENDED","{{""extra"":""/district-39/PJSIP/2001/12""}}"
"1795983018.167747","HANGUP","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","step","conversation","","","","{{""hangupcause"":16,""hangupsource"":""PJSIP/2002-00000004"",""dialstatus"":""ANSWER""}}"
"1795983018.167747","CHAN_END","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","step","conversation","","","",""
"1795983018.167747","LINKEDID_END","{ID}","1795982987.1","1795982987.1","PJSIP/trunk-00000001","9826012345","step","conversation","","","",""
'''  # noqa: E501


def of(text: str) -> list[CallFacts]:
    """All facts of a file."""
    return [fact for group in groups(read_cel(text.encode()).events) for fact in facts(group)]


def test_a_real_call() -> None:
    (call,) = of(REAL)
    assert call.call_id == ID
    assert call.started_at == datetime(2026, 11, 23, 19, 23, 57, 865039, UTC)
    assert (call.caller, call.dialled, call.channel) == ("9826012345", "181", "PJSIP/trunk-00000001")
    assert call.district == "39"
    assert [queue.said for queue in call.queues] == ["district-39"]
    assert [(answer.said, answer.at.microsecond) for answer in call.answers] == [("2001", 596705)]
    assert call.end is not None
    assert (call.end.cause, call.end.outcome, call.end.at.second) == (16, "answered", 57)


def test_a_caller_who_was_joined_to_a_ringing_colleague() -> None:
    """His channel takes the place of another one, which ends under his name."""
    (call,) = of(JOINED)
    assert (call.call_id, call.caller, call.dialled) == (ID, "9826012345", "07372181")
    assert [queue.said for queue in call.queues] == ["district-39"]
    assert [answer.said for answer in call.answers] == ["2001", "2002"]
    assert call.end is not None
    assert (call.end.outcome, call.end.at.microsecond) == ("answered", 167747)


def test_a_caller_who_was_joined_at_the_moment_of_the_answer() -> None:
    """Then he is in the colleague's bridge without entering it."""
    entering = [
        line for line in JOINED.splitlines(keepends=True) if "BRIDGE_ENTER" in line and "50b48f39" in line
    ]
    assert len(entering) == 2
    (call,) = of(JOINED.replace(entering[1], ""))
    assert [answer.said for answer in call.answers] == ["2001", "2002"]


def test_recordings_beside_the_first_are_told() -> None:
    events = EventFile()
    events.call(user=(("H181_TALKS", "2001/1795982000/a.wav&2002/1795982076/a-1795982000.wav&"),))
    (call,) = of(str(events))
    (second,) = call.recordings
    assert (second.extension, second.file) == ("2002", "a-1795982000.wav")
    assert second.at == datetime.fromtimestamp(1795982076, UTC)


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        ({}, "answered"),
        ({"extension": None}, "abandoned"),
        ({"extension": None, "queue": ""}, "abandoned"),
        ({"extension": None, "status": "TIMEOUT"}, "refused"),
        ({"extension": None, "status": "JOINEMPTY"}, "refused"),
        ({"extension": None, "cause": 38}, "failed"),
        ({"extension": None, "queue": "", "emergency": "answered"}, "served"),
        ({"extension": None, "queue": "", "emergency": "silent"}, "abandoned"),
        ({"emergency": "answered"}, "answered"),
    ],
)
def test_outcomes(call: dict[str, str], outcome: str) -> None:
    events = EventFile()
    events.call(**call)  # type: ignore[arg-type]
    (fact,) = of(str(events))
    assert fact.end is not None
    assert fact.end.outcome == outcome


def test_what_the_fallback_dialplan_tells() -> None:
    events = EventFile()
    events.call(
        queue="state",
        extension=None,
        user=(
            ("H181_FALLBACK", "welcome"),
            ("H181_SERVICE", "complaint/district"),
            ("H181_DISTRICT", "04"),
            ("H181_CALLBACK", "04"),
            ("H181_MESSAGE", "a-message.wav"),
        ),
    )
    (fact,) = of(str(events))
    assert fact.district == "04"
    assert [(kind, moment.said) for kind, moment in fact.steps] == [
        ("fallback", "welcome"),
        ("service", "complaint/district"),
    ]
    assert [moment.said for moment in fact.callbacks] == ["04"]
    assert [message.said for message in fact.messages] == ["a-message.wav"]


def test_executives_calls_are_nobodys() -> None:
    events = EventFile()
    events.login(0)
    assert of(str(events)) == []


def test_calls_that_overlap_are_told_apart() -> None:
    one, two = EventFile(), EventFile(channels=10)
    ids = {one.call(0, caller="1"), two.call(3, caller="2", extension="2002")}
    mixed = sorted(one.lines + two.lines, key=lambda line: line.split('"', 2)[1])
    found = of("".join(mixed))
    assert {fact.call_id for fact in found} == ids
    assert {(fact.caller, fact.answers[0].said) for fact in found} == {("1", "2001"), ("2", "2002")}


def test_a_restart_of_asterisk_ends_what_was_open() -> None:
    before = EventFile(channels=5)
    before.call(0, until=20)
    after = EventFile()
    after.login(60)
    (fact,) = of(f"{before}{after}")
    assert fact.end is not None
    assert (fact.end.outcome, fact.end.cause) == ("answered", None)
    assert fact.end.at - NOON < timedelta(seconds=20)


def test_channels_that_race_within_a_second_are_no_restart() -> None:
    events = EventFile(channels=5)
    events.call(0, until=20)
    racing = EventFile(channels=3)
    racing.login(1)
    (fact,) = of(f"{events}{racing}")
    assert fact.end is None


def test_a_call_whose_beginning_is_elsewhere() -> None:
    events = EventFile()
    call_id = events.call()
    (fact,) = of("".join(events.lines[5:]))
    assert (fact.call_id, fact.started_at, fact.dialled) == (call_id, None, "")
    assert fact.end is not None


def test_half_a_last_line_is_left_for_next_time() -> None:
    for cut in range(1, 150, 7):
        read = read_cel(REAL.encode()[:-cut], 100)
        assert [event.start for event in read.events][:2] == [100, 100 + REAL.index("\n") + 1]
        assert read.end == 100 + REAL.encode()[:-cut].rfind(b"\n") + 1
        assert read.unreadable == 0


def test_hostile_callers_stay_text() -> None:
    nasty = '","x\\"; DROP'
    events = EventFile()
    events.call(caller=nasty)
    (fact,) = of(str(events))
    assert fact.caller == nasty


@given(st.binary(max_size=400))
def test_rubbish_between_lines_hides_only_itself(rubbish: bytes) -> None:
    lines = REAL.encode().splitlines(keepends=True)
    mixed = lines[0] + rubbish.replace(b"\n", b" ") + b"\n" + b"".join(lines[1:])
    read = read_cel(mixed)
    assert read.end == len(mixed)
    assert len(read.events) >= len(lines)
