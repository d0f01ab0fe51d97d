"""Whether backups are made: the last one, or the beginning of a book without any, is not too long ago."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from desk.condition import Condition
from helpline.backup.last import overdue
from records.book.marks import Marks


def backups(state: Path, marks: Marks, days: float, now: datetime) -> list[Condition]:
    """Blocks. ``days``: 0 for never. Where there is no book nothing is missing."""
    since = overdue(state, _begun(marks), days, now)
    if since is None:
        return []
    return [
        Condition(
            "backup_overdue", "", f"the last backup was made {since.days} days ago, or never",
            "run `helpline backup FOLDER` every night; if another one is made: [health] backup_days = 0",
            data={"days": since.days},
        )
    ]  # fmt: skip


def _begun(marks: Marks) -> datetime | None:
    """When the book was begun, as its marks say."""
    moments = _moments([one.mark.begun for one in marks.found() if one.mark is not None])
    return min(moments, default=None)


def _moments(told: Sequence[str]) -> list[datetime]:
    found = []
    for text in told:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            continue
        found.append(at if at.tzinfo else at.replace(tzinfo=UTC))
    return found
