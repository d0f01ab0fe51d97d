"""The database fails while a call is in the greeting, and is back when the call is over.

The service runs on. The caller must come through to a person all the same, and be on record, once and with
every step, when the database is back.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from bench.database_troubles import Trouble, full, hanging, locked, none, refusing, small_disk
from bench.killed_steps import STATUS
from bench.private_centre import PrivateCentre, private_centre
from bench.silence import longest_silence
from helpline.phone.citizen import Citizen
from helpline.phone.errors import PhoneError
from helpline.phone.executive import Executive
from helpline.phone.prompts import centre_prompts
from helpline.phone.sounds import voice
from helpline.phone.villager import ANSWERS, answer_everything
from records import RecordsError
from tests.records.postgres_fixture import create_database, private_server

NAME = "database"
CALL_SECONDS = 240.0
RECORD_SECONDS = 90.0
QUIET_SECONDS = 15.0
"""Nothing more is waited for when the records have not changed for so long: the spool is tried every five."""
TALK_SECONDS = 2.0


class Scene(NamedTuple):
    """A call, and what befalls the database in it."""

    name: str
    trouble: Trouble
    answers: Mapping[str, str] = ANSWERS


@dataclass
class Troubled:
    """What came of a call. ``kept``: how often it is on record; ``late``: seconds until all was."""

    name: str
    outcome: str = "-"
    silence: float = 0.0
    kept: int = 0
    steps: int = 0
    late: float = 0.0

    def told(self) -> str:
        """A row of the table."""
        return (
            f"| {self.name} | {self.outcome} | {self.silence:.1f} s | {self.kept} | {self.steps} |"
            f" {self.late:.1f} s |"
        )


HEAD = (
    "| database | reached | longest silence | on record | steps on record | after |\n"
    "| --- | --- | ---: | ---: | ---: | ---: |"
)


async def on_sqlite(settings: Mapping[str, Mapping[str, object]], extension: str) -> list[Troubled]:
    """Calls while SQLite's file is locked and while the disk under all of the centre's state is full."""
    with small_disk() as disk:
        on_disk = {"helpline": {"state_dir": str(disk)}} if disk is not None else {}
        async with private_centre(**settings, **on_disk) as centre:
            file = centre.app.state_dir / "records.sqlite"
            scenes = [Scene("well (SQLite)", none), Scene("locked by another process", partial(locked, file))]
            if disk is not None:
                scenes.append(Scene("disk full, of Asterisk and the service too", partial(full, disk)))
            found = await _live(centre, extension, scenes)
    if disk is None:
        found.append(Troubled("disk full", "not played: only root can make a small disk"))
    return found


async def on_postgresql(settings: Mapping[str, Mapping[str, object]], extension: str) -> list[Troubled]:
    """Calls while PostgreSQL refuses everybody, and while it hangs."""
    with private_server() as server:
        name = create_database(server)
        async with private_centre(**settings, records={"url": server.url(name)}) as centre:
            scenes = (
                Scene("well (PostgreSQL)", none),
                Scene("refuses everybody", partial(refusing, server, name)),
                Scene("hangs (SIGSTOP)", partial(hanging, server)),
                Scene("hangs, status wanted", partial(hanging, server), STATUS),
            )
            return await _live(centre, extension, scenes)


async def _live(centre: PrivateCentre, extension: str, scenes: Sequence[Scene]) -> list[Troubled]:
    rows = []
    async with Citizen(centre_prompts().sounds) as citizen, centre.executive(extension) as executive:
        await executive.log_in_to_queue()
        await centre.serve()
        async with _answering(executive):
            for number, scene in enumerate(scenes):
                row = await _call(centre, citizen, scene, f"98260920{number:02}")
                print(row.told(), flush=True)
                rows.append(row)
    return rows


@asynccontextmanager
async def _answering(executive: Executive) -> AsyncIterator[None]:
    """Every call is taken, talked with and ended."""

    async def answer() -> None:
        while True:
            leg = await executive.called(within=2 * CALL_SECONDS)
            with contextlib.suppress(PhoneError):
                await leg.answer()
                await leg.answered(within=10)
                leg.say(voice(TALK_SECONDS, seed=181))
                await leg.said(within=TALK_SECONDS + 10)
                await leg.hang_up()

    task = asyncio.create_task(answer())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _call(centre: PrivateCentre, citizen: Citizen, scene: Scene, caller: str) -> Troubled:
    row = Troubled(scene.name)
    call = await citizen.call("181", caller=caller, via=centre.sip)
    pressing = asyncio.create_task(answer_everything(call, scene.answers))
    try:
        await call.hears("greeting", within=CALL_SECONDS)
        async with scene.trouble():
            await call.ended(within=CALL_SECONDS)
    except PhoneError as error:
        row.outcome = str(error)
    finally:
        await call.hang_up()
        pressing.cancel()
        await asyncio.gather(pressing, return_exceptions=True)
    well_again = time.monotonic()
    row.silence = longest_silence(call.recording(), [])
    if call.ear.person_at is not None:
        row.outcome = "person"
    await _look_up(centre, caller, row)
    row.late -= well_again
    return row


async def _look_up(centre: PrivateCentre, caller: str, row: Troubled) -> None:
    """Fill in what is on record of the caller, once nothing more comes; ``late``: when the last came."""
    ends = time.monotonic() + RECORD_SECONDS
    row.late = time.monotonic()
    while time.monotonic() < min(ends, row.late + QUIET_SECONDS):
        await asyncio.sleep(0.2)
        # The bench's own connections were thrown out too.
        with contextlib.suppress(RecordsError):
            recent = await centre.records.calls.recent(100)
            own = [one for one in recent if one.caller_e164 == f"+91{caller}" and one.outcome is not None]
            steps = len(await centre.records.calls.path(own[0].call_id)) if own else 0
            if (len(own), steps) != (row.kept, row.steps):
                row.kept, row.steps, row.late = len(own), steps, time.monotonic()
