"""What AMI's events become in the records, beside what AGI tells of the same call."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from agi.journal import Journal
from agi.settings import AgiSettings
from helpline.recorder import record
from records import Records, open_records, sqlite_url
from switchboard import Switchboard
from switchboard.events import (
    Abandoned,
    Answered,
    CallEnded,
    Capped,
    Event,
    PhoneCapped,
    Queued,
    Ringing,
)
from switchboard.live import LiveState

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CALL = "call-1"


class Told:
    """A switchboard that saw these events and stopped."""

    def __init__(self, *events: Event) -> None:
        self._events = events

    @contextmanager
    def subscribe(self, _waiting: int) -> Iterator[AsyncIterator[Event]]:
        yield self._each()

    async def _each(self) -> AsyncIterator[Event]:
        for event in self._events:
            yield event


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with await open_records(sqlite_url(tmp_path / "records.sqlite"), clock=lambda: NOW) as opened:
        yield opened


async def tell(records: Records, *events: Event) -> None:
    """The recorder hears of them; all is stored when this returns."""
    journal = Journal(AgiSettings())
    await record(cast("Switchboard", Told(*events)), records.calls, journal)
    assert await journal.settle(20)


async def ami(records: Records) -> None:
    """The channel is gone; nobody was seen to answer."""
    await tell(records, CallEnded(NOW, CALL, 16))


async def test_what_the_switchboard_saw_is_on_record(records: Records) -> None:
    await tell(
        records,
        Queued(NOW, CALL, "district-39", "98"),
        Ringing(NOW, CALL, "2001", "district-39", "98", "39"),
        Answered(NOW, CALL, "2001", "district-39"),
        CallEnded(NOW, CALL, 16),
    )
    stored = await records.calls.get(CALL)
    assert stored is not None
    assert (stored.queue, stored.extension, stored.outcome) == ("district-39", "2001", "answered")
    path = [(step.kind, step.detail) for step in await records.calls.path(CALL)]
    assert [kind for kind, _ in path] == ["queue", "ringing", "answered", "hangup"]
    assert path[-1][1] == {"cause": 16, "outcome": "answered"}


async def test_where_a_caller_gave_up_is_on_record(records: Records) -> None:
    await tell(records, Queued(NOW, CALL, "state", ""), Abandoned(NOW, CALL, "state", 9.5))
    last = (await records.calls.path(CALL))[-1]
    assert (last.kind, last.detail) == ("abandoned", {"queue": "state", "waited": 9.5})


@pytest.mark.parametrize("ami_first", [True, False])
async def test_who_was_served_is_not_abandoned(records: Records, *, ami_first: bool) -> None:
    if ami_first:
        await ami(records)
    await records.calls.ended(CALL, NOW, cause=16, outcome="served")
    if not ami_first:
        await ami(records)
    stored = await records.calls.get(CALL)
    assert stored is not None
    assert stored.outcome == "served"
    assert await records.calls.abandoned(9) == []


async def test_who_left_a_message_is_not_abandoned_though_only_ami_told_the_end(records: Records) -> None:
    await records.drafts.store(CALL, None, None, "a.wav", 4.5, NOW)
    await ami(records)
    assert await records.calls.abandoned(9) == []


async def test_who_got_nothing_is_abandoned(records: Records) -> None:
    await ami(records)
    assert [call.outcome for call in await records.calls.abandoned(9)] == ["abandoned"]


async def test_who_met_a_limit_is_told_at_once(records: Records) -> None:
    told = {"Event": "UserEvent", "UserEvent": "H181_CAPPED"}
    citizen = {**told, "Said": "lines/refused", "ChanVariable(H181_CALL_ID)": CALL}
    events = [
        event
        for ami_event in (citizen, {**told, "Said": "phone/2001"}, {**told, "Said": "phone/;x"})
        for event in LiveState().apply(ami_event, NOW)
    ]
    assert events == [Capped(NOW, CALL, "lines/refused"), PhoneCapped(NOW, "2001")]
    await tell(records, *events)
    assert {(one.kind, one.subject) for one in await records.alarms.standing()} == {
        ("lines_full", ""),
        ("phone_capped", "2001"),
    }
