"""Facts of calls on a real disk and in a real database: locked, killed at any moment, each on record once."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from blockbuster import BlockBuster

from agi.centre import Centre
from agi.journal import Journal
from agi.serve import serving
from agi.settings import AgiSettings
from agi.spool import RecordsSpool, operation
from records import CallStart, RecordsSettings, open_records
from records.database.urls import sqlite_url
from records.spool.spool import Spool
from tests.agi.fake_asterisk import Caller, until
from tests.agi.house import CALL_ID, DISTRICTS, MENU, AllSounds

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SETTINGS = AgiSettings(
    port=0, record_seconds=0.5, journal_seconds=0.005, spool_retry_seconds=0.01, lookup_seconds=0.2
)


def test_facts_as_operations() -> None:
    start = CallStart(CALL_ID, "98", None, "181", "PJSIP/1", NOW)
    made = operation(CALL_ID, "start", {"start": start})
    assert (made.name, made.call_id) == ("start", CALL_ID)
    names = {"caller_raw", "caller_e164", "dialled", "channel", "started_at", "withheld"}
    assert set(made.arguments) == names
    step = operation(CALL_ID, "step", {"call_id": CALL_ID, "at": NOW, "kind": "key", "once": "x-1"})
    assert (step.id, step.name, set(step.arguments)) == ("x-1", "step", {"at", "kind"})
    assert operation(CALL_ID, "store", {"call_id": CALL_ID}).name == "store_draft"
    assert operation(CALL_ID, "request", {"call_id": CALL_ID}).name == "request_callback"


class Lock:
    """Another program that has the database to itself."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)

    def take(self) -> None:
        self._connection.execute("BEGIN EXCLUSIVE")

    def release(self) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()


async def whole_call(tmp_path: Path, *, locked: bool) -> list[tuple[str, dict[str, Any]]]:
    """A citizen who is called back and one who speaks, over real records that are locked from the start."""
    file = tmp_path / "records.sqlite"
    settings = RecordsSettings(busy_timeout_ms=100)
    spool = Spool(tmp_path / "spool")
    lock = Lock(file)
    async with await open_records(sqlite_url(file), settings=settings, clock=lambda: NOW) as records:
        journal = Journal(SETTINGS, RecordsSpool(records, spool))
        centre = Centre(
            calls=records.calls,
            complaints=records.complaints,
            catalogue=AllSounds(),
            districts=DISTRICTS,
            menu=MENU,
            drafts=records.drafts,
            callbacks=records.callbacks,
            journal=journal,
            settings=SETTINGS,
        )
        async with journal.kept(), serving(centre, lambda: NOW) as server:
            if locked:
                lock.take()
            caller = Caller(["1", "39", "1", "3", "1"], {"H181_RECORDINGS": "/recordings"})
            caller.spoken = ["4.5"]
            for script in ("welcome", "district", "connect", "waiting", "message"):
                await caller.step(server.address, script, (CALL_ID, "09826012310", "181"))
                assert caller.variables["H181_DONE"] == script
            await caller.step(
                server.address, "ended", (CALL_ID, "09826012310", "181", "", "16", "", "state", "0", "")
            )
            assert caller.variables["H181_DONE"] == "ended", "safe, whether it is in the database or not"
            if locked:
                assert spool.pending() > 20
                lock.release()
            await until(lambda: not journal.waiting and not journal.behind, 20)
        path = [(step.kind, dict(step.detail)) for step in await records.calls.path(CALL_ID)]
        call = await records.calls.get(CALL_ID)
        assert call is not None
        assert (call.caller_e164, call.district_code, call.outcome) == ("+919826012310", "39", "served")
        assert [draft.seconds for draft in await records.drafts.open(9)] == [4.5]
        assert [wish.e164 for wish in await records.callbacks.open(9)] == ["+919826012310"]
    assert spool.pending() == 0
    spool.close()
    return path


async def test_a_call_on_a_locked_database_leaves_the_same_records(
    tmp_path: Path, event_loop_is_free: BlockBuster
) -> None:
    event_loop_is_free.deactivate()  # opening records reads migrations; that is not this room's test
    for name in ("usual", "late"):
        (tmp_path / name).mkdir()
    usual = await whole_call(tmp_path / "usual", locked=False)
    late = await whole_call(tmp_path / "late", locked=True)
    assert late == usual
    assert [kind for kind, _ in usual].count("hangup") >= 1


# ---- killed

TELL = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from agi.journal import Journal
from agi.settings import AgiSettings
from agi.spool import RecordsSpool
from records import Spool, open_records

async def main() -> None:
    url, folder, first, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    spool = Spool(folder, segment_bytes=4096)
    async with await open_records(url) as records:
        journal = Journal(AgiSettings(journal_seconds=0.01), RecordsSpool(records, spool))
        async with journal.kept():
            for number in range(first, first + count):
                at = datetime.now(UTC)
                for call in ("a", "b"):
                    detail, once = {"key": str(number)}, f"{call}{number}"
                    journal.write(call, "key", records.calls.step, call, at, "key", detail, once=once)
                print(number, flush=True)
                await asyncio.sleep(0.001)
    spool.close()

asyncio.run(main())
"""


async def teller(url: str, folder: Path, first: int, count: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", TELL, url, str(folder), str(first), str(count),
        cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def test_killed_at_any_moment_every_fact_is_on_record_once(
    tmp_path: Path, event_loop_is_free: BlockBuster
) -> None:
    event_loop_is_free.deactivate()
    url, folder = sqlite_url(tmp_path / "records.sqlite"), tmp_path / "spool"
    chance, told = random.Random(181), 0  # noqa: S311
    async with asyncio.timeout(120):
        for _ in range(3):
            process = await teller(url, folder, told, 100_000)
            try:
                assert process.stdout is not None
                for _ in range(chance.randrange(20, 150)):
                    told = int(await process.stdout.readline()) + 1
            finally:
                process.kill()
                rest, _ = await process.communicate()
            told = max([told, *(int(line) + 1 for line in rest.split())])
            # Killed after it took a fact and before it said so, it will tell that one again.
        process = await teller(url, folder, told, 5)
        await process.communicate()
        assert process.returncode == 0
    async with await open_records(url) as records:
        for call in "ab":
            numbers = [int(str(step.detail["key"])) for step in await records.calls.path(call)]
            assert numbers == list(range(told + 5))
    assert list(folder.glob("*.spool")) == []
