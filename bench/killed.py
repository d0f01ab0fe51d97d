"""Kills the service with -9 in every step of a real call: does the caller arrive, and is he on record?

Each call is on a running private centre, whose service is killed when the step's prompt speaks and started
again when the call is over. Calls that Asterisk saw are counted in its own event file (CEL), and must be in
the records, each once. Two more rows: the service is not there at all, or hangs (stopped, never answering).
Asterisk itself is killed with calls in it, and calls are made while the database fails. Several centres share
the steps, so that it lasts minutes.
"""

import asyncio
import csv
import io
import multiprocessing
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from bench.killed_asterisk import NAME as ASTERISK
from bench.killed_asterisk import asterisk_dies
from bench.killed_call import Killed, live
from bench.killed_database import HEAD, Troubled, on_postgresql, on_sqlite
from bench.killed_database import NAME as DATABASE
from bench.killed_steps import STEPS, Step
from bench.load import Stopwatch
from bench.private_centre import PrivateCentre, private_centre
from helpline.phone.citizen import Citizen
from helpline.phone.prompts import centre_prompts

EXTENSION = "2001"
SETTINGS: Mapping[str, Mapping[str, object]] = {
    "agi": {"key_seconds": 3, "confirm_seconds": 2, "waiting_seconds": 5},
    "asterisk": {
        "key_seconds": 3,
        "queue_wait_seconds": 120,
        "ring_seconds": 30,
        "message_silence_seconds": 3,
    },
}
# Not spoken in these calls, and each prompt more is work for the listener.
UNUSED = ("designation/", "department/", "month/", "weekday/", "time/")
CENTRES = 4
"""Centres with a call each, at the same time."""
CAUGHT_UP_SECONDS = 60.0
LAST_BEGIN_SECONDS = 900.0
"""No call begins later than so long after the first: what was not played then is told."""
SMOKE = ("not there from the start", "ask-district")


def run(smoke: bool, only: Sequence[str] = ()) -> str:
    """Live the calls (two with ``smoke``, those of ``only``) and return the table.

    Raises ValueError for a name in ``only`` that is no step's.
    """
    names = [*(step.name for step in STEPS), ASTERISK, DATABASE]
    for name in only:
        if name not in names:
            raise ValueError(f"no step {name!r}: give one of {', '.join(names)}")
    chosen = only or (SMOKE if smoke else names)
    steps = [step for step in STEPS if step.name in chosen]
    return _all(steps, asterisk=ASTERISK in chosen, database=DATABASE in chosen)


@dataclass
class _Share:
    """What one process brings: its rows by their place, sentences, and the calls it counted."""

    rows: dict[int, Killed] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    seen: int = 0
    kept: int = 0
    lost: int = 0

    async def count(self, centre: PrivateCentre) -> None:
        """Count this centre's calls, once its service has caught up."""
        seen, kept = await _counted(centre)
        self.seen += sum(seen.values())
        self.kept += sum(kept.values())
        self.lost += sum((seen - kept).values()) + sum((kept - seen).values())


def _all(steps: Sequence[Step], *, asterisk: bool, database: bool) -> str:
    """A process for each share of the steps: the SIP library holds no more than four legs in one."""
    stopwatch, numbered = Stopwatch(), list(enumerate(steps))
    shares = [numbered[first::CENTRES] for first in range(min(CENTRES, len(steps)))]
    with ProcessPoolExecutor(CENTRES + 1, multiprocessing.get_context("spawn")) as pool:
        asked = [pool.submit(_steps_of_one_centre, share) for share in shares]
        if asterisk:
            asked.append(pool.submit(_last_part))
        troubled = [pool.submit(part) for part in (_on_sqlite, _on_postgresql) if database]
        found = [one.result() for one in asked]
        rows = [row for one in troubled for row in one.result()]
    tables = ["\n".join([HEAD, *(row.told() for row in rows)])] if rows else []
    if asked:
        tables.append(_table(steps, found))
    return "\n\n".join([*tables, f"All {stopwatch.told()}."])


def _steps_of_one_centre(steps: Sequence[tuple[int, Step]]) -> _Share:
    async def play() -> _Share:
        share, began = _Share(), time.monotonic()
        async with (
            private_centre(**SETTINGS) as centre,
            Citizen(centre_prompts(without=UNUSED).sounds) as citizen,
            centre.executive(EXTENSION) as executive,
        ):
            await executive.log_in_to_queue()
            for number, step in steps:
                if time.monotonic() - began > LAST_BEGIN_SECONDS:
                    break
                row = share.rows[number] = Killed(step)
                await live(centre, citizen, executive, row, f"98260900{number:02}")
                print(f"{step.name}: {row.outcome}, {row.silence:.1f} s silence", flush=True)
            await centre.serve()
            await share.count(centre)
        return share

    return asyncio.run(play())


def _last_part() -> _Share:
    async def play() -> _Share:
        share = _Share()
        async with (
            private_centre(**SETTINGS) as centre,
            Citizen(centre_prompts(without=UNUSED).sounds) as citizen,
        ):
            await centre.serve()
            share.told.append(await asterisk_dies(centre, citizen))
            print(share.told[-1], flush=True)
            await share.count(centre)
        return share

    return asyncio.run(play())


def _on_sqlite() -> list[Troubled]:
    return asyncio.run(on_sqlite(SETTINGS, EXTENSION))


def _on_postgresql() -> list[Troubled]:
    return asyncio.run(on_postgresql(SETTINGS, EXTENSION))


def _table(steps: Sequence[Step], shares: Sequence[_Share]) -> str:
    rows = {number: row for share in shares for number, row in share.rows.items()}
    lines = [
        f"| {row.step.name} | {row.outcome} | {row.silence:.1f} s | {'yes' if row.arrived else 'NO'} |"
        for row in (rows[number] for number in sorted(rows))
    ]
    unplayed = [step for number, step in enumerate(steps) if number not in rows]
    lines += [f"| {step.name} | not played: no time was left | | NO |" for step in unplayed]
    return "\n".join(
        [
            "| service killed in | reached | longest silence | arrived |",
            "| --- | --- | ---: | --- |",
            *lines,
            "",
            *(sentence for share in shares for sentence in share.told),
            "",
            f"Steps: {len(steps)}; calls placed in them: {len(rows)}; arrived: "
            f"{sum(row.arrived for row in rows.values())}. Calls that Asterisk saw, the last part's too: "
            f"{sum(share.seen for share in shares)}; on record: {sum(share.kept for share in shares)}; rows "
            f"lost or twice: {sum(share.lost for share in shares)}.",
        ]
    )


async def _counted(centre: PrivateCentre) -> tuple[Counter[str], Counter[str]]:
    """Ids of calls: those in Asterisk's event file, and those in the records as often as they are there."""
    text = await asyncio.to_thread(centre.events_file.read_text, "utf-8")
    seen = Counter({row[2] for row in csv.reader(io.StringIO(text)) if len(row) > 2 and row[2]})
    ends = time.monotonic() + CAUGHT_UP_SECONDS
    while True:
        kept = Counter(one.call_id for one in await centre.records.calls.recent(1000))
        if (kept == seen and not await centre.records.calls.active()) or time.monotonic() > ends:
            return seen, kept
        await asyncio.sleep(0.5)
