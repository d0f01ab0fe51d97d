"""Where a call goes: the district's queue, the state's, or a message, by the hours of the centres."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytest

from ivr_prompts.speech import time_keys
from tests.agi.fake_asterisk import Caller
from tests.agi.house import CALL_ID, NOW, House, running


@dataclass
class FakeHours:
    """Hours by code; what is not named is open."""

    closed: set[str] = field(default_factory=set)
    opens: datetime | None = None

    def is_open(self, code: str, at_utc: datetime, /) -> bool:
        assert at_utc == NOW
        return code not in self.closed

    def opens_next(self, code: str, at_utc: datetime, /) -> datetime | None:
        assert code in self.closed
        return self.opens


# 07:30 and 07:00 Indian time on the next morning.
HALF_PAST_SEVEN = NOW.replace(hour=2, minute=0) + timedelta(days=1)
SEVEN = HALF_PAST_SEVEN - timedelta(minutes=30)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with running(House(hours=FakeHours())) as opened:
        yield opened


async def connect(house: House, code: str, *closed: str, opens: datetime | None = None) -> Caller:
    assert isinstance(house.hours, FakeHours)
    house.hours.closed = set(closed)
    house.hours.opens = opens
    return await house.done("connect", H181_DISTRICT=code, H181_NEXT="district")


@pytest.mark.parametrize(
    ("code", "queue"),
    [("39", "district-39"), ("04", "state"), ("", "state"), ("xx", "state")],
)
async def test_open(house: House, code: str, queue: str) -> None:
    caller = await connect(house, code)
    assert caller.played == [], "with whom he is connected is said while the telephone rings"
    assert caller.variables["H181_QUEUE"] == queue
    assert caller.variables["H181_NEXT"] == ""
    assert house.calls.steps("route") == [{"queue": queue, "closed": False, "message": False}]
    assert ("set_district", CALL_ID, code if code in {"39", "04"} else None) in house.calls.told


async def test_without_hours_it_is_always_open() -> None:
    async with running(House()) as house:
        caller = await house.done("connect", H181_DISTRICT="39")
        assert caller.variables["H181_QUEUE"] == "district-39"


async def test_a_closed_centre_leads_to_the_state(house: House) -> None:
    caller = await connect(house, "39", "39")
    assert caller.played == ["closed-now"]
    assert caller.variables["H181_QUEUE"] == "state"
    assert caller.variables["H181_NEXT"] == ""
    assert house.calls.steps("route") == [{"queue": "state", "closed": True, "message": False}]


async def test_a_district_without_a_centre_has_no_hours(house: House) -> None:
    caller = await connect(house, "04", "04")
    assert caller.played == []


@pytest.mark.parametrize(("opens", "minute"), [(HALF_PAST_SEVEN, 30), (SEVEN, 0)])
async def test_the_opening_time_is_told(house: House, opens: datetime, minute: int) -> None:
    caller = await connect(house, "39", "39", opens=opens)
    clock = time_keys(time(7, minute))
    assert caller.played == ["closed-now", "closed-opens-at", *clock]


@pytest.mark.parametrize("opens", [None, NOW, NOW + timedelta(days=3)])
async def test_an_opening_time_of_another_day_is_not_told(house: House, opens: datetime | None) -> None:
    caller = await connect(house, "39", "39", opens=opens)
    assert caller.played == ["closed-now"]


@pytest.mark.parametrize("code", ["39", "04", ""])
async def test_when_the_state_is_closed_too_a_message_is_asked_for(house: House, code: str) -> None:
    caller = await connect(house, code, "39", "state")
    assert caller.played == ["closed-now"]
    assert caller.variables["H181_QUEUE"] == "state"
    assert caller.variables["H181_NEXT"] == "message"


async def test_an_open_centre_does_not_ask_for_the_state(house: House) -> None:
    caller = await connect(house, "39", "state")
    assert caller.variables["H181_QUEUE"] == "district-39"
    assert caller.variables["H181_NEXT"] == ""


async def test_the_decision_stands_when_the_caller_hangs_up(house: House) -> None:
    assert isinstance(house.hours, FakeHours)
    house.hours.closed = {"39"}
    caller = Caller(variables={"H181_DISTRICT": "39"})
    caller.hangup_at = "h181/closed-now"
    await house.play("connect", caller)
    assert caller.variables["H181_QUEUE"] == "state"
    assert "H181_DONE" not in caller.variables
    assert house.calls.steps("hangup") == [{"step": "connect"}]
