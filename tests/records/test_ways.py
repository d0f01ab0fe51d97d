"""Ways out: what a try says, when each worked last, and what becomes an alarm."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from records import Operation, Records, apply
from records.calls.ways import LastTries, read_try
from records.missed_calls.catchup import catch_up
from records.missed_calls.cel import groups, read_cel
from records.missed_calls.cel_facts import facts
from tests.records.cel_sample import EventFile
from tests.records.samples import NOON

CALL = "5f5e1f1c-6f0e-4a53-9a9e-0a9a65b7f6a1"
SINCE = int(NOON.timestamp())
BEGAN = datetime.fromtimestamp(SINCE, UTC)


@pytest.mark.parametrize(
    "line",
    [
        "", "first", "third/BUSY/486/1796096181/3", "first/BUSY/486/1796096181", "first/BUSY/486/soon/3",
        "first/BUSY/486/1796096181/-3", "first/busy/486/1796096181/3", "first/BUSY/486/1796096181/3\n",
        "first/BUSY/४८६/1796096181/3", f"first/BUSY/486/{10**40}/3", "first/BUSY/486/1796096181/3/4",
    ],
)  # fmt: skip
def test_what_is_no_try(line: str) -> None:
    assert read_try(line) is None


def test_a_try_without_any_sip_answer() -> None:
    one = read_try(f"second/CHANUNAVAIL//{SINCE}/8")
    assert one is not None
    assert (one.way, one.status, one.code, one.at, one.seconds) == ("second", "CHANUNAVAIL", None, BEGAN, 8)


async def test_each_way_has_its_last_success_and_its_last_failure(records: Records) -> None:
    assert await records.calls.last_tries() == []
    lines = (
        f"first/ANSWER/200/{SINCE}/60",
        f"first/BUSY/486/{SINCE + 100}/3",
        f"second/ANSWER/200/{SINCE + 103}/9",
        f"first/CANCEL/180/{SINCE + 200}/30",
        f"first/CHANUNAVAIL//{SINCE + 50}/8",
    )
    for number, line in enumerate(lines):
        await records.calls.way_tried(f"c-{number}", line, NOON)
    first, second = await records.calls.last_tries()
    assert (first.way, first.works, first.worked_at) == ("first", False, BEGAN)
    assert first.failed is not None
    assert (first.failed.code, first.failed.at) == (486, BEGAN + timedelta(seconds=100))
    assert second == LastTries("second", BEGAN + timedelta(seconds=103))
    assert second.works
    await records.calls.way_tried("c-9", f"first/ANSWER/200/{SINCE + 101}/1", NOON)
    assert (await records.calls.last_tries())[0].works


async def test_a_failure_is_one_alarm_however_often_it_is_told(records: Records, tmp_path: Path) -> None:
    line = f"first/CONGESTION/503/{SINCE + 20}/0"
    await records.calls.way_tried(CALL, line, NOON)
    await records.calls.emergency_failed(CALL, "112", NOON)
    # The same from Asterisk's own file, with another moment, and from a spool.
    events = EventFile()
    events.call(0, call_id=CALL, extension=None, user=(("H181_WAY", line), ("H181_UNREACHED", "112")))
    path = tmp_path / "helpline.csv"
    path.write_text(str(events))
    for _ in range(2):
        await catch_up(records, path)
    told = {"said": line, "at": "2026-11-23T12:00:07+00:00"}
    await apply(records, Operation.new("way_tried", CALL, **told))
    standing = await records.alarms.standing()
    assert sorted((one.kind, one.subject, one.count) for one in standing) == [
        ("emergency_failed", CALL, 1),
        ("emergency_way_failed", "first", 1),
    ]
    kinds = [step.kind for step in await records.calls.path(CALL)]
    assert (kinds.count("way"), kinds.count("emergency-failed")) == (1, 1)
    await records.calls.way_tried("another", f"first/BUSY/486/{SINCE + 99}/1", NOON)
    assert {one.kind: one.count for one in await records.alarms.standing()}["emergency_way_failed"] == 2
    assert [step.kind for step in (await records.calls.noted({CALL}))[CALL]] == ["emergency-failed", "way"]


async def test_the_service_was_down_and_the_file_tells_all(records: Records, tmp_path: Path) -> None:
    events = EventFile()
    bad = "first/CONGESTION/503/now/0"
    line = f"second/NOANSWER/180/{SINCE + 9}/15"
    events.call(
        0, call_id=CALL, extension=None,
        user=(("H181_WAY", bad), ("H181_WAY", line), ("H181_UNREACHED", "112")),
    )  # fmt: skip
    (tmp_path / "helpline.csv").write_text(str(events))
    await catch_up(records, tmp_path / "helpline.csv")
    assert {one.kind for one in await records.alarms.standing()} == {
        "emergency_failed",
        "emergency_way_failed",
    }
    assert await records.calls.last_tries() != []


@pytest.mark.parametrize(("seconds", "alarms"), [(3, 0), (25, 1)])
async def test_who_hangs_up_while_it_rings(records: Records, seconds: int, alarms: int) -> None:
    await records.calls.way_tried(CALL, f"first/CANCEL/180/{SINCE}/{seconds}", NOON)
    standing = await records.alarms.standing()
    assert [(one.kind, one.subject) for one in standing] == [("emergency_given_up", CALL)] * alarms
    assert await records.calls.last_tries() == [], "it proves nothing of the way"


async def test_a_line_that_is_no_try_is_refused(records: Records) -> None:
    with pytest.raises(ValueError, match="no way"):
        await records.calls.way_tried(CALL, "first/BUSY", NOON)


def hung_up(cause: int, source: str, *, extension: str | None = None) -> str:
    events = EventFile()
    events.call(0, call_id=CALL, extension=extension, cause=cause, source=source)
    return str(events)


@pytest.mark.parametrize(
    ("cause", "source", "extension", "outcome", "cut"),
    [
        (0, "", None, "failed", "exchange"),
        (16, "", "2001", "answered", "exchange"),
        (44, "", None, "failed", "no-sound"),
        (44, "", "2001", "answered", "no-sound"),
        (18, "PJSIP/trunk-00000000", None, "failed", "line-dead"),
        (16, "PJSIP/trunk-00000000", None, "abandoned", None),
        (0, "PJSIP/trunk-00000000", None, "abandoned", None),
        (16, "dialplan/builtin", "2001", "answered", None),
    ],
)
def test_who_ended_it(cause: int, source: str, extension: str | None, outcome: str, cut: str | None) -> None:
    (group, *_) = groups(read_cel(hung_up(cause, source, extension=extension).encode()).events)
    (one,) = facts(group)
    assert one.end is not None
    assert (one.end.outcome, one.cut and one.cut.said) == (outcome, cut)


async def test_a_call_that_asterisk_cut_is_not_given_up(records: Records, tmp_path: Path) -> None:
    path = tmp_path / "helpline.csv"
    path.write_text(hung_up(0, ""))
    # Told first by those who only see that it is over.
    await records.calls.ended(CALL, NOON + timedelta(seconds=30), cause=0, outcome="abandoned")
    await catch_up(records, path)
    await catch_up(records, path)
    stored = await records.calls.get(CALL)
    assert stored is not None
    assert stored.outcome == "failed"
    steps = await records.calls.path(CALL)
    assert [step.detail for step in steps if step.kind == "cut"] == [{"reason": "exchange"}]
    assert [step.detail["outcome"] for step in steps if step.kind == "hangup"] == ["failed"]


async def test_a_call_of_an_asterisk_that_was_killed(records: Records, tmp_path: Path) -> None:
    events = EventFile()
    events.call(0, call_id=CALL, extension=None, until=12)
    events.channels = 0
    events.call(600)
    path = tmp_path / "helpline.csv"
    path.write_text(str(events))
    # A later look, by the service that started anew, found it gone.
    await records.calls.ended(CALL, NOON + timedelta(seconds=900), cause=None, outcome="failed")
    await catch_up(records, path)
    stored = await records.calls.get(CALL)
    assert stored is not None
    assert stored.outcome == "failed"
    assert stored.ended_at is not None
    assert stored.ended_at < datetime(2100, 1, 1, tzinfo=UTC)
    assert stored.ended_at < NOON + timedelta(seconds=60), "when it was cut, not when it was missed"
    noted = await records.calls.noted({CALL})
    assert [step.detail for step in noted[CALL]] == [{"reason": "exchange"}]
