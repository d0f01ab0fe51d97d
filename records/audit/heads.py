"""The newest hash of every complaint in a file, to be kept where nobody of the centre can write.

Who owns the database can recompute a whole chain, or delete the newest complaints with their numbers. Against
such a file he cannot. Its lines, after a first one that names the format::

    10000012 7 2f0c…e1        number, seq of the newest event, its hash
    end 1 9ab3…07             how many lines, and the SHA-256 of all text before this line

It holds no personal data. Complaints may have grown since: only what was there is compared.
"""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Generator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

from sqlalchemy import select

from records import schema
from records.audit.examining import Finding
from records.audit.verifying import BATCH, Tally, VerifyReport, pages
from records.database.database import Database
from records.errors import RecordsError

_FORMAT = "helpline heads 1"
_Head = tuple[str, int, str]


async def export_heads(database: Database, file: Path) -> int:
    """Write all heads to a file, replacing it; the number of complaints in it.

    Verify before: what is wrong already would be exported as right. Raises `RecordsError`.
    """
    c = schema.complaints.c
    part = file.with_name(file.name + ".part")
    digest, count = hashlib.sha256(), 0
    try:
        with await asyncio.to_thread(_private, part) as stream:
            await _write(stream, _FORMAT + "\n", digest)
            async for page in pages(database, select(c.number, c.last_seq, c.last_hash), BATCH):
                lines = "".join(f"{row.number} {row.last_seq} {row.last_hash}\n" for row in page)
                await _write(stream, lines, digest)
                count += len(page)
            await _write(stream, f"end {count} {digest.hexdigest()}\n", digest)
            await asyncio.to_thread(_settle, stream)
        await asyncio.to_thread(part.replace, file)
    except OSError as error:
        raise RecordsError(f"{file} cannot be written ({error.strerror}); choose another file") from error
    finally:
        with contextlib.suppress(OSError):
            await asyncio.to_thread(part.unlink, missing_ok=True)
    return count


async def check_heads(database: Database, file: Path) -> VerifyReport:
    """Compare with heads exported before: every event of then must be there as it was.

    Raises `RecordsError`: the file cannot be read, or is not whole.
    """
    tally = Tally()
    try:
        heads = await asyncio.to_thread(_whole, file)
        with contextlib.closing(heads):
            while batch := await asyncio.to_thread(lambda: list(islice(heads, BATCH))):
                await _compare(database, batch, tally)
    except OSError as error:
        raise RecordsError(
            f"{file} cannot be read ({error.strerror}); name a file of exported heads"
        ) from error
    return tally.report()


async def _compare(database: Database, batch: Sequence[_Head], tally: Tally) -> None:
    e = schema.all_events.c
    # Not by pairs of number and seq: for those SQLite would read the whole table.
    query = select(e.number, e.seq, e.hash).where(e.number.in_([number for number, _, _ in batch]))
    async with database.read() as connection:
        there = {(row.number, row.seq): row.hash for row in await connection.execute(query)}
    tally.complaints += len(batch)
    tally.events += len(there)
    for number, seq, own in batch:
        if (now := there.get((number, seq))) != own:
            what = "is gone" if now is None else "is another one now"
            told = f"complaint {number}: event {seq} {what}, the exported hash says; restore a backup"
            tally.add(Finding(number, seq, "head", told))


def _private(part: Path) -> TextIO:
    return os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w")


async def _write(stream: TextIO, lines: str, digest: "hashlib._Hash") -> None:
    digest.update(lines.encode())
    await asyncio.to_thread(stream.write, lines)


def _settle(stream: TextIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _whole(file: Path) -> Generator[_Head, None, None]:
    """The heads of a file that is whole, read through once before the first is given."""
    refusal = RecordsError(f"{file} is not a whole file of exported heads; export or copy it again")
    digest, count, ended = hashlib.sha256(), -1, False
    try:
        with file.open(encoding="ascii") as stream:
            for line in stream:
                if ended or (count == -1 and line != _FORMAT + "\n"):
                    raise refusal
                if line.startswith("end "):
                    ended = line == f"end {count} {digest.hexdigest()}\n"
                    if not ended:
                        raise refusal
                count += 1
                digest.update(line.encode())
    except UnicodeDecodeError:
        raise refusal from None
    if not ended:
        raise refusal
    return _heads(file)


def _heads(file: Path) -> Generator[_Head, None, None]:
    with file.open(encoding="ascii") as stream:
        next(stream)
        for line in stream:
            number, seq, own = line.split()
            if number == "end":
                return
            yield number, int(seq), own
