"""The sweep of the link to Asterisk: only what Asterisk has lost is ended in the records."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpline.link import SWEEP_SECONDS, keep_link
from records import CallStart, Records, open_records, sqlite_url

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Asterisk:
    """A switchboard whose calls are those of the moment; `pauses` are the sleeps between the looks at it."""

    def __init__(self, *looks: set[str]) -> None:
        self.connected = True
        self.state = self
        self._looks = list(looks)
        self.pauses: list[float] = []

    @property
    def calls(self) -> set[str]:
        return self._looks.pop(0)

    async def start(self) -> None:
        return

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if not self._looks:
            raise EnoughError


class EnoughError(Exception):
    """All looks were had."""


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with await open_records(sqlite_url(tmp_path / "records.sqlite"), clock=lambda: NOW) as opened:
        for call_id, age in (("there", 60.0), ("just-gone", 60.0), ("lost", 60.0), ("new", 1.0)):
            began = NOW - timedelta(seconds=age)
            await opened.calls.start(CallStart(call_id, "", None, "181", "PJSIP/trunk-1", began))
        yield opened


async def active_after(records: Records, *looks: set[str]) -> list[str]:
    asterisk = Asterisk(*looks)
    with pytest.raises(EnoughError):
        await keep_link(asterisk, records.calls, lambda: NOW, sleep=asterisk.sleep)  # type: ignore[arg-type]
    assert sum(asterisk.pauses[:2]) == SWEEP_SECONDS
    return sorted(one.call_id for one in await records.calls.active())


async def test_a_call_that_ended_a_moment_ago_is_not_lost(records: Records) -> None:
    assert await active_after(records, {"there", "just-gone"}, {"there"}) == ["just-gone", "new", "there"]


async def test_a_call_that_asterisk_never_tells_of_again_is_lost(records: Records) -> None:
    looks = ({"there", "just-gone"}, {"there"}, {"there"}, {"there"})
    assert await active_after(records, *looks) == ["new", "there"]
    lost = await records.calls.get("just-gone")
    assert lost is not None
    assert (lost.outcome, lost.cause) == ("failed", None)


async def test_a_call_that_came_between_the_two_looks_is_known(records: Records) -> None:
    assert "there" in await active_after(records, set(), {"there"})
