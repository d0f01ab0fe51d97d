"""Escalation for the tests of the sweep: seven days at each of three levels, the fourth by hand only.

Run as a program, ``python -m tests.records.sweeping URL MOMENT``, it starts a process that sweeps until it is
killed for each line it reads, and prints its number when it begins.
"""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from records.database.database import Database
from records.database.urls import address
from records.escalation.climbing import Climber, Up
from records.escalation.sweep import sweep
from tests.records.life_samples import LEVELS
from tests.records.samples import QUICK

SMALL = 7
"""Complaints of a batch: a few, so that there are many moments between two batches."""


def by_itself(climber: Climber) -> Up | None:
    """Levels 1 and 2 are left when their limit ends; each has seven days."""
    return _up(climber.level, climber.over) if climber.level < 3 else None


@cache
def _up(level: int, day: date) -> Up:
    return Up(replace(LEVELS[level + 1], due=day + timedelta(days=7)), day)


async def _sweep_for_ever(url: str, at: datetime) -> None:
    database = await asyncio.to_thread(Database, address(url), QUICK)
    print(os.getpid(), flush=True)
    while True:
        await sweep(database, by_itself, at, batch=SMALL)


def _serve(url: str, at: datetime) -> None:
    """Fork: importing everything anew for each process takes seconds on a busy machine."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        if os.fork() == 0:
            asyncio.run(_sweep_for_ever(url, at))


if __name__ == "__main__":
    _serve(sys.argv[1], datetime.fromisoformat(sys.argv[2]))
