"""A running service over fake records, whose prompts all exist."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agi.centre import Centre, DistrictFinder, Hours
from agi.conversations import build_conversations
from agi.server import FastAgiServer
from agi.settings import AgiSettings
from dialplan.districts import load_districts
from dialplan.menu import load_menu
from tests.agi.fake_asterisk import Caller, until
from tests.agi.fake_records import FakeCallbacks, FakeCalls, FakeComplaints, FakeDrafts

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DISTRICTS = load_districts()
MENU = load_menu()
CALL_ID = "2baea01a-eaed-4c6c-8722-638df9283526"


class AllSounds:
    """A catalogue with every prompt."""

    def sound(self, key: str, /) -> str:
        return f"h181/{key}"


@dataclass
class House:
    """A service for one caller at a time."""

    settings: AgiSettings = field(
        default_factory=lambda: AgiSettings(
            port=0,
            record_seconds=2,
            lookup_seconds=0.2,
            complaint_wait_seconds=0.3,
            # A caller here presses the next key at once.
            same_key_seconds=1e-9,
        )
    )
    calls: FakeCalls = field(default_factory=FakeCalls)
    complaints: FakeComplaints = field(default_factory=FakeComplaints)
    drafts: FakeDrafts = field(default_factory=FakeDrafts)
    callbacks: FakeCallbacks = field(default_factory=FakeCallbacks)
    hours: Hours | None = None
    districts: DistrictFinder = DISTRICTS
    centre: Centre = field(init=False)
    server: FastAgiServer = field(init=False)

    def __post_init__(self) -> None:
        self.centre = Centre(
            calls=self.calls,
            complaints=self.complaints,
            catalogue=AllSounds(),
            districts=self.districts,
            menu=MENU,
            hours=self.hours,
            drafts=self.drafts,
            callbacks=self.callbacks,
            settings=self.settings,
        )
        self.server = FastAgiServer(build_conversations(self.centre), self.settings, lambda: NOW)

    async def play(self, script: str, caller: Caller, number: str = "09826012310") -> None:
        """One step, whole; returns when its facts are written."""
        await caller.step(self.server.address, script, (CALL_ID, number, "181"))
        await until(lambda: not self.server.sessions)
        await self.centre.journal.flush(CALL_ID, 5)

    async def done(self, script: str, *keys: str, number: str = "09826012310", **variables: str) -> Caller:
        """Play a step that must come to its end, with every key used."""
        caller = Caller(keys, variables)
        await self.play(script, caller, number)
        assert not caller.keys, f"keys that nobody waited for: {caller.keys}"
        assert caller.variables["H181_DONE"] == script
        assert caller.set[-1] == ("H181_DONE", script)
        assert caller.commands[-1][-1].endswith(script)
        return caller


@asynccontextmanager
async def running(house: House) -> AsyncIterator[House]:
    """The house, open; it must leave no task behind."""
    await house.server.start()
    yield house
    house.calls.gate.set()
    await house.server.stop(0)
    await house.centre.journal.drain(2)
    assert asyncio.all_tasks() == {asyncio.current_task()}
