"""The list of erasures, kept beside the records and not in them: what a restored backup has to be told again.

A file of one JSON line an erasure, appended to and never changed. It names complaints, calls and files by
number and says nothing of the person. It is made from the records' own rows and lacks at most what was erased
since the last look, which the next one adds. Whoever restores an older backup reads the newest list there is
(the one of the machine that failed, else the one kept elsewhere) and calls `erase_listed`; until then nobody
may work with the restored records.
"""

import asyncio
import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from records import schema
from records.clock import stamp
from records.database.database import Database
from records.errors import RecordsError
from records.keeping.erasing import erase_again
from records.keeping.plan import Plan, plan_of
from records.life.erased import Erasure
from records.text import canonical_json

LIST = "erasures.jsonl"
"""Its name in the state directory."""


async def keep_list(database: Database, file: Path) -> int:
    """Append the erasures that the file lacks; how many. Raises `RecordsError`, also for a damaged file."""
    e = schema.erasures.c
    async with database.read() as connection:
        rows = (await connection.execute(select(schema.erasures).order_by(e.at, e.id))).mappings().all()
    if not rows:
        return 0
    lines = {
        row["id"]: canonical_json(
            {
                "erasure": row["id"],
                "at": stamp(row["at"]),
                "by": row["by"],
                "reason": row["reason"],
                "plan": row["plan"],
            }
        )
        for row in rows
    }
    try:
        return await asyncio.to_thread(_append, file, lines)
    except OSError as error:
        raise RecordsError(
            f"{file} cannot be written ({error.strerror}); make room or give the right to: without it a"
            " restored backup brings back who was erased"
        ) from error


async def erase_listed(database: Database, file: Path) -> int:
    """Carry out every erasure of the file that the records do not know; how many. A missing file has none.

    Raises `RecordsError`: the file cannot be read, or is damaged.
    """
    try:
        listed = await asyncio.to_thread(lambda: list(_read(file)))
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise RecordsError(f"{file} cannot be read ({error.strerror}); let this user read it") from error
    return sum([await erase_again(database, erasure, plan) for erasure, plan in listed])


def _append(file: Path, lines: dict[str, str]) -> int:
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        there = {erasure.id for erasure, _ in _read(file)}
        new = [line for key, line in lines.items() if key not in there]
        if new:
            # A line that was cut off by the end of the machine is ended, and read as none.
            cut = os.fstat(handle).st_size and os.pread(handle, 1, os.fstat(handle).st_size - 1) != b"\n"
            os.write(handle, ("\n" * bool(cut) + "\n".join(new) + "\n").encode())
            os.fsync(handle)
    finally:
        os.close(handle)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, folder)
        os.fsync(folder)
    return len(new)


def _read(file: Path) -> Iterator[tuple[Erasure, Plan]]:
    for number, line in enumerate(file.read_bytes().split(b"\n"), start=1):
        try:
            told: Any = json.loads(line)
        except ValueError:
            # Cut off while it was written: the records have it still, or it never was.
            continue
        try:
            at = datetime.fromisoformat(told["at"])
            yield (
                Erasure(str(told["erasure"]), str(told["reason"]), str(told["by"]), at),
                plan_of(told["plan"]),
            )
        except (KeyError, TypeError, ValueError):
            raise RecordsError(
                f"{file}, line {number}: this is no erasure; take the file from the newest backup"
            ) from None
