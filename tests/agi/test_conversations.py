"""What a caller hears, in which order, for which keys, and what is left in variables and records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from agi.centre import Centre
from agi.conversations import build_conversations
from agi.server import FastAgiServer
from agi.settings import AgiSettings
from dialplan.districts import load_districts
from dialplan.menu import load_menu
from ivr_prompts import load_catalogue
from tests.agi.fake_asterisk import Caller, FakeAsterisk, environment, until
from tests.agi.fake_records import FakeCalls, FakeComplaints
from tests.agi.house import CALL_ID

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CATALOGUE = load_catalogue()
DISTRICTS = load_districts()
MENU = load_menu()
CALL = (CALL_ID, "09826012310", "181")
READ_BACK = ["you-chose", "digit/3", "digit/9", "district/rajgarh", "confirm-district"]


class ClosedCentre:
    """Nobody is in the district's centre, and when it opens is not known."""

    def is_open(self, code: str, at_utc: datetime, /) -> bool:
        return code == "state"

    def opens_next(self, code: str, at_utc: datetime, /) -> datetime | None:
        return None


@dataclass
class House:
    """A running service over fake records."""

    calls: FakeCalls = field(default_factory=FakeCalls)
    complaints: FakeComplaints = field(default_factory=FakeComplaints)
    settings: AgiSettings = field(
        default_factory=lambda: AgiSettings(
            port=0, record_seconds=2, lookup_seconds=0.2, ended_seconds=0.3, complaint_wait_seconds=1.0
        )
    )
    centre: Centre = field(init=False)
    server: FastAgiServer = field(init=False)

    def __post_init__(self) -> None:
        self.centre = Centre(
            calls=self.calls,
            complaints=self.complaints,
            catalogue=CATALOGUE,
            districts=DISTRICTS,
            menu=MENU,
            settings=self.settings,
        )
        self.server = FastAgiServer(build_conversations(self.centre), self.settings, lambda: NOW)

    async def play(self, script: str, caller: Caller, *more: str) -> None:
        await caller.step(self.server.address, script, (*CALL, *more))
        await until(lambda: not self.server.sessions)
        assert await self.centre.journal.flush(CALL[0], 5) is not self.calls.broken


@pytest.fixture
def closed_house() -> House:
    """Made outside the event loop: it reads files."""
    return House()


@pytest.fixture
async def house(closed_house: House) -> AsyncIterator[House]:
    opened = closed_house
    opened.centre.clock = lambda: 1_796_000_000.0
    await opened.server.start()
    yield opened
    opened.calls.gate.set()
    await opened.server.stop(0)
    await opened.centre.journal.drain(2)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_welcome(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "helpline.agi")
    caller = Caller(["1"])
    await house.play("welcome", caller)
    assert "greeting" in caller.played
    left = {"H181_DONE": "welcome", "H181_SERVICE": "complaint", "H181_NEXT": "district"}
    assert caller.variables == {**left, "H181_PRESSED": "1", "H181_PRESSED_AT": "1796000000000"}
    assert house.calls.told[0] == ("start", CALL_ID, "09826012310", "+919826012310", "181")
    assert "9826012310" not in caplog.text
    assert "caller=98xxxxxx10" in caplog.text


async def test_a_step_says_before_what_lasts_when_it_will_be_heard_of_next(house: House) -> None:
    caller = Caller()
    house.centre.hours = ClosedCentre()
    await caller.step(house.server.address, "connect", (*CALL, "180", "39"))
    commands = [" ".join(words[:3]) for words in caller.commands]
    said = commands.index("STREAM FILE h181/closed-now")
    assert commands[said - 1] == "SET VARIABLE TIMEOUT(absolute)"
    # The prompt's length is not known yet: a minute, the time to think, and a little.
    assert 64.5 <= float(caller.variables["TIMEOUT(absolute)"]) <= 66.5
    assert caller.variables["H181_QUEUE"] == "state"


async def test_asterisk_is_told_how_far_a_step_is(house: House) -> None:
    caller = Caller(["99", "39"])
    await caller.step(house.server.address, "district", (*CALL, "180", ""))
    told = [dict(part.split("=", 1) for part in words[2].split(",")) for words in _msets(caller)]
    assert [one["H181_ROUND"] for one in told if "H181_ROUND" in one] == ["1", "2"]
    assert [one["H181_TYPED"] for one in told if one.get("H181_TYPED")] == ["39"]
    assert [one["H181_PRESSED"] for one in told if "H181_PRESSED" in one] == ["9", "9", "3", "9", "9"]


def _msets(caller: Caller) -> list[list[str]]:
    return [words for words in caller.commands if words[:2] == ["EXEC", "MSet"]]


async def test_what_a_step_leaves_is_set_by_the_command_that_ends_it(house: House) -> None:
    caller = Caller(["39", "1"])
    await house.play("district", caller)
    pressed = "H181_PRESSED=1,H181_PRESSED_AT=1796000000000"
    assert caller.commands[-1] == ["EXEC", "MSet", f"{pressed},H181_DISTRICT=39,H181_DONE=district"]
    assert [words[0] for words in caller.commands].count("SET") == 0


NUMBER = ["digit/1", "digit/0", "digit/0", "digit/0", "digit/0", "digit/0", "digit/1", "digit/5"]


@pytest.mark.parametrize("after", [0, 2])
async def test_the_number_is_spoken_twice(house: House, after: int) -> None:
    house.complaints.numbers = ["10000015"]
    house.complaints.after = after
    caller = Caller()
    await house.play("aftercall", caller)
    assert caller.played == [
        *("complaint-number-is", *NUMBER, "complaint-number-again", *NUMBER),
        *("rate-ask", "rate-ask-again", "thanks"),
    ]
    assert house.complaints.asked == after + 1
    assert caller.variables["H181_DONE"] == "aftercall"


async def test_several_numbers_are_spoken_oldest_first(house: House) -> None:
    house.complaints.numbers = ["2", "1"]
    caller = Caller()
    await house.play("aftercall", caller)
    assert [key for key in caller.played if "/" in key] == ["digit/1", "digit/1", "digit/2", "digit/2"]


@pytest.mark.parametrize("broken", [False, True])
async def test_no_number_is_told_too(house: House, broken: bool) -> None:
    house.complaints.broken = broken
    caller = Caller()
    await house.play("aftercall", caller)
    assert caller.played == ["rate-ask", "rate-ask-again", "no-complaint-yet", "thanks"]
    assert caller.variables["H181_DONE"] == "aftercall"
    assert house.complaints.asked > 2


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (("CONTINUE", "16", "PJSIP/2001", "district-39", "42", f"{CALL_ID}.wav"), "answered"),
        (("", "16", "", "", "0", ""), "abandoned"),
        (("JOINEMPTY", "16", "", "state", "0", ""), "refused"),
        (("TIMEOUT", "16", "", "state", "0", ""), "refused"),
        (("", "38", "", "district-39", "0", ""), "failed"),
        (("", "", "", "district-39", "", ""), "abandoned"),
    ],
)
async def test_ended(house: House, facts: tuple[str, ...], outcome: str) -> None:
    caller = Caller()
    await house.play("ended", caller, *facts)
    cause = int(facts[1]) if facts[1].isdigit() else None
    assert house.calls.told[-1] == ("ended", CALL_ID, cause, outcome, facts[5] or None)
    answers = [what for what in house.calls.told if what[0] == "answered"]
    expected = [("answered", CALL_ID, "2001", NOW - timedelta(seconds=42))] if outcome == "answered" else []
    assert answers == expected
    assert house.calls.steps("hangup")[0]["queue"] == facts[3]
    assert caller.variables == {"H181_DONE": "ended"}


BEGUN = int(NOW.timestamp())
TWICE = f"2001/{BEGUN - 60}/{CALL_ID}.wav&2002/{BEGUN - 9}/{CALL_ID}-{BEGUN - 60}.wav&"


@pytest.mark.parametrize("member", ["PJSIP/2002", ""])
async def test_ended_of_who_was_given_to_two_executives(house: House, member: str) -> None:
    """Whether he talked to the second, or gave up waiting for him."""
    talks = TWICE if member else TWICE.partition("&")[0]
    await house.play("ended", Caller(), "", "16", member, "district-39", "9", f"{CALL_ID}.wav", talks)
    expected = [("answered", CALL_ID, "2001", NOW - timedelta(seconds=60))]
    if member:
        expected.append(("answered", CALL_ID, "2002", NOW - timedelta(seconds=9)))
    assert [what for what in house.calls.told if what[0] == "answered"] == expected
    files = [what for what in house.calls.told if what[0] == "recorded"]
    assert files == ([("recorded", CALL_ID, "2002", f"{CALL_ID}-{BEGUN - 60}.wav")] if member else [])
    assert house.calls.told[-1] == ("ended", CALL_ID, 16, "answered", f"{CALL_ID}.wav")


TOLD = {"H181_SERVICE": "status", "H181_NEXT": "end"}
EMERGENCY = {"H181_NEXT": "emergency", "DIALSTATUS": "ANSWER"}


@pytest.mark.parametrize(
    ("variables", "facts", "outcome"),
    [
        (TOLD, ("", "16", "", "", "0", ""), "served"),
        (TOLD, ("", "38", "", "", "0", ""), "served"),
        ({**TOLD, "H181_NEXT": "operator"}, ("", "16", "", "", "0", ""), "abandoned"),
        # He was not told, nobody answered, and the message step, which leaves "end" too, got no word.
        (TOLD, ("JOINEMPTY", "16", "", "state", "0", ""), "refused"),
        ({**TOLD, "H181_NEXT": ""}, ("TIMEOUT", "16", "", "state", "0", ""), "refused"),
        ({"H181_SERVICE": "complaint", "H181_NEXT": "end"}, ("FULL", "16", "", "state", "0", ""), "refused"),
        (EMERGENCY, ("", "16", "", "", "0", ""), "served"),
        ({**EMERGENCY, "DIALSTATUS": "CANCEL"}, ("", "16", "", "", "0", ""), "abandoned"),
        ({**EMERGENCY, "H181_NEXT": ""}, ("", "16", "", "state", "0", ""), "abandoned"),
        (EMERGENCY, ("CONTINUE", "16", "PJSIP/2001", "state", "42", ""), "answered"),
    ],
)
async def test_ended_of_who_was_served(
    house: House, variables: dict[str, str], facts: tuple[str, ...], outcome: str
) -> None:
    caller = Caller((), variables)
    await house.play("ended", caller, *facts)
    assert house.calls.told[-1] == ("ended", CALL_ID, int(facts[1]), outcome, None)
    assert caller.variables["H181_DONE"] == "ended"


async def test_an_end_is_stored_without_the_channels_variables(house: House) -> None:
    async with FakeAsterisk(house.server.address) as asterisk:
        asterisk.send(environment("ended", (*CALL, "", "16", "", "", "0", "")))
        assert (await asterisk.command())[:3] == ["GET", "FULL", "VARIABLE"]
    await until(lambda: not house.server.sessions)
    assert await house.centre.journal.flush(CALL_ID, 5)
    assert house.calls.told[-1] == ("ended", CALL_ID, 16, "abandoned", None)


async def test_ended_is_not_done_when_it_was_not_stored(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.calls.broken = True
    caller = Caller()
    await caller.step(house.server.address, "ended", (*CALL, "", "16", "", "", "0", ""))
    assert caller.variables == {}
    assert f"event=record-failed call={CALL_ID} what=ended" in caplog.text


async def test_ended_waits_shortly_for_slow_records(house: House) -> None:
    house.calls.gate.clear()
    caller = Caller()
    await caller.step(house.server.address, "ended", (*CALL, "", "16", "", "", "0", ""))
    assert caller.variables == {}
    house.calls.gate.set()
    assert await house.centre.journal.flush(CALL_ID, 5)
    assert house.calls.told[-1] == ("ended", CALL_ID, 16, "abandoned", None)


async def test_records_never_keep_a_caller_waiting(house: House) -> None:
    house.calls.gate.clear()
    caller = Caller(["1", "39", "1"])
    for script in ("welcome", "district", "connect"):
        await caller.step(house.server.address, script, CALL)
        assert caller.variables["H181_DONE"] == script
    assert house.calls.told == []
    assert house.centre.journal.waiting > 5
    house.calls.gate.set()
    assert await house.centre.journal.flush(CALL_ID, 5)
    kinds = [what[2] if what[0] == "step" else what[0] for what in house.calls.told]
    welcome, rest = kinds[: kinds.index("service")], kinds[kinds.index("service") + 1 :]
    assert welcome[0] == "start"
    assert set(welcome[1:]) == {"prompt", "key"}
    assert rest == [
        *("prompt", "key", "prompt", "key", "set_district", "district"),
        *("set_district", "route"),
    ]


async def test_broken_records_do_not_break_a_call(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.calls.broken = True
    caller = Caller(["1", "39", "1"])
    for script in ("welcome", "district", "connect"):
        await caller.step(house.server.address, script, CALL)
    assert caller.variables["H181_QUEUE"] == "district-39"
    await until(lambda: not house.centre.journal.waiting)
    assert f"event=record-failed call={CALL_ID} what=start" in caplog.text


async def test_a_hangup_in_the_middle_is_on_record(house: House) -> None:
    caller = Caller(["39"])
    caller.hangup_at = "h181/digit/9"
    await house.play("district", caller)
    assert "H181_DONE" not in caller.variables
    assert house.calls.steps("prompt")[-1] == {"prompt": "you-chose digit/3 digit/9"}
    assert house.calls.steps("hangup") == [{"step": "district"}]


async def test_missing_prompts_do_not_drop_the_caller(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caller = Caller(["3", "9", "1"])
    caller.missing = {"h181/ask-district", "h181/you-chose", "h181/digit/3"}
    await house.play("district", caller)
    assert caller.played == ["digit/9", "district/rajgarh", "confirm-district"]
    assert caller.variables["H181_DISTRICT"] == "39"
    assert f"event=prompt-missing call={CALL_ID} prompt=ask-district" in caplog.text


async def test_settings_of_the_journal(caplog: pytest.LogCaptureFixture) -> None:
    from agi.journal import Journal

    journal = Journal(AgiSettings(journal_entries=2, record_seconds=0.05))
    never = asyncio.Event()
    written: list[int] = []

    async def write() -> None:
        written.append(1)

    journal.write("a", "stuck", never.wait)
    journal.write("a", "next", write)
    journal.write("b", "dropped", write)
    assert "event=record-dropped call=b" in caplog.text
    assert not await journal.flush("a", 5)
    assert written == [1]
    assert "event=record-failed call=a what=stuck" in caplog.text
    assert journal.waiting == 0
    journal.write("c", "stuck", never.wait)
    assert not await journal.drain(0.01)
    assert "event=records-lost waiting=1" in caplog.text
    assert journal.waiting == 0
    assert await journal.drain(0.01)
    assert await journal.flush("nobody", 0.01)
