"""The service over real records."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from blockbuster import BlockBuster

from agi.centre import Centre
from agi.serve import serving
from agi.settings import AgiSettings
from dialplan.districts import load_districts
from dialplan.menu import load_menu
from ivr_prompts import load_catalogue
from records import open_records
from records.database.urls import sqlite_url
from tests.agi.fake_asterisk import Caller
from tests.agi.house import CALL_ID

CATALOGUE = load_catalogue()
DISTRICTS = load_districts()
MENU = load_menu()


async def test_a_call_on_real_records(tmp_path: Path, event_loop_is_free: BlockBuster) -> None:
    event_loop_is_free.deactivate()  # opening records reads migrations; that is not this room's test
    now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    async with await open_records(sqlite_url(tmp_path / "records.sqlite"), clock=lambda: now) as records:
        house = Centre(
            calls=records.calls,
            complaints=records.complaints,
            catalogue=CATALOGUE,
            districts=DISTRICTS,
            menu=MENU,
            settings=AgiSettings(port=0, complaint_wait_seconds=0.3),
        )
        async with house.journal.kept(), serving(house, lambda: now) as server:
            caller = Caller(["1", "39", "1", "5"])
            args = (CALL_ID, "9826012310", "181")
            for script in ("welcome", "district", "connect", "aftercall"):
                await caller.step(server.address, script, args)
            facts = ("CONTINUE", "16", "PJSIP/2001", "district-39", "42", f"{CALL_ID}.wav")
            await caller.step(server.address, "ended", (*args, *facts))
            assert caller.variables["H181_DONE"] == "ended"
        call = await records.calls.get(CALL_ID)
        kinds = [step.kind for step in await records.calls.path(CALL_ID)]
    assert call is not None
    assert (call.caller_e164, call.district_code, call.outcome) == ("+919826012310", "39", "answered")
    assert (call.extension, call.recording, call.cause) == ("2001", f"{CALL_ID}.wav", 16)
    assert kinds.count("key") == 4
    assert "rating" in kinds
