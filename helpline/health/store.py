"""Looks at what is kept: the database, the spool before it, Asterisk's list of calls."""

import json
from datetime import UTC, datetime
from pathlib import Path

from desk.condition import Condition
from records import LostError, Records, RecordsError
from records.book.heartbeat import STORE, beat
from records.spool.segments import segments
from records.spool.spool import ASIDE

_FIRST_BYTES = 64 << 10
_ASIDE_BYTES = 1 << 20


async def database(records: Records, now: datetime) -> list[Condition]:
    """Whether the database takes a write."""
    try:
        await beat(records.database, STORE, now)
    except RecordsError as error:
        return [unwritable(records.database.address.shown, str(error))]
    return []


def lost(shown: str, why: LostError | None) -> list[Condition]:
    """Whether the book is where it was opened (`records.database.presence`)."""
    if why is None:
        return []
    remedy = "put the database back, see docs/operating.md; do not restart: what was open is still held"
    return [Condition("database_lost", shown, str(why), remedy, unfit=True, data={"subject": shown})]


def unwritable(shown: str, reason: str) -> Condition:
    """The database does not take writes."""
    return Condition(
        "database_unwritable", shown, f"the database cannot be written: {reason}",
        "mend the database; what happens in calls waits in the spool", unfit=True, data={"reason": reason},
    )  # fmt: skip


def spool(folders: tuple[Path, ...], wait_seconds: float, now: datetime) -> list[Condition]:
    """Facts of calls that wait too long, and what was put aside. Blocks."""
    found = []
    for folder in folders:
        if not folder.is_dir():
            continue
        age, size = _waiting(folder, now)
        if age > wait_seconds:
            megabytes = round(size / 1e6, 1)
            found.append(
                Condition(
                    "spool_waits", str(folder), f"{megabytes} MB in {folder} have waited {age:.0f} s",
                    "see why the database does not take them: log lines event=spool-waits",
                    data={"seconds": round(age), "size_mb": megabytes},
                )
            )  # fmt: skip
        aside = folder / ASIDE
        if lines := _lines(aside):
            found.append(
                Condition(
                    "spool_aside", str(aside), f"{lines} entries could not be stored: {aside}",
                    "see why: helpline records aside; store them again: helpline records aside --store",
                    data={"lines": lines},
                )
            )  # fmt: skip
    return found


def events(file: Path, *, expected: bool) -> list[Condition]:
    """Whether Asterisk's list of calls can be read; ``expected``: Asterisk runs. Blocks.

    Asterisk makes it with the first call: until then there is none, nor after a turn-over until the next one.
    """
    try:
        with file.open("rb") as opened:
            opened.read(1)
    except FileNotFoundError:
        called = (file.parents[1] / "cdr-csv" / "Master.csv").exists()
        turned_over = any(file.parent.glob(f"{file.name}.*"))
        reason = "No such file" if expected and called and not turned_over else ""
    except OSError as error:
        reason = error.strerror or type(error).__name__
    else:
        reason = ""
    if not reason:
        return []
    return [
        Condition(
            "events_unreadable", str(file), f"{file} cannot be read ({reason})",
            "let this user read Asterisk's log folder, and keep cel_custom in modules.conf",
            data={"reason": reason},
        )
    ]  # fmt: skip


def _waiting(folder: Path, now: datetime) -> tuple[float, int]:
    """Seconds since the oldest operation that waits happened, and the bytes of all; 0 when none does."""
    age, size = 0.0, 0
    for path in segments(folder):
        try:
            with path.open("rb") as opened:
                first = opened.read(_FIRST_BYTES)
                written = path.stat().st_mtime
                if not first.strip(b"\0"):
                    continue
                size += len(first) if len(first) < _FIRST_BYTES else path.stat().st_blocks * 512
        except FileNotFoundError:
            continue
        at = _moment(first) or datetime.fromtimestamp(written, UTC)
        age = max(age, (now - at).total_seconds())
    return age, size


def _moment(content: bytes) -> datetime | None:
    try:
        told = json.loads(content.split(b"\n", 1)[0])["arguments"]
        at = datetime.fromisoformat(told.get("at") or told["started_at"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return at if at.tzinfo is not None else None


def _lines(file: Path) -> int:
    try:
        with file.open("rb") as opened:
            return opened.read(_ASIDE_BYTES).count(b"\n")
    except FileNotFoundError:
        return 0
