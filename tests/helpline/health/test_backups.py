"""Told when backups stay away, and only then."""

from datetime import timedelta
from pathlib import Path

import pytest

from helpline.backup.last import NOTE, note_backup
from helpline.health.backups import backups
from helpline.health.settings import HealthSettings
from records.book.marks import Mark, Marks
from tests.records.samples import NOON


@pytest.fixture
def marks(tmp_path: Path) -> Marks:
    """Of a book that was begun at noon."""
    made = Marks([tmp_path / "records.mark"])
    made.write(Mark("one", 1, "records", NOON.isoformat(timespec="seconds")))
    return made


def test_a_book_that_was_never_backed_up_is_told_after_the_days(tmp_path: Path, marks: Marks) -> None:
    assert backups(tmp_path, Marks([]), 7, NOON + timedelta(days=99)) == []
    assert backups(tmp_path, marks, 7, NOON + timedelta(days=6)) == []
    (told,) = backups(tmp_path, marks, 7, NOON + timedelta(days=8))
    assert (told.kind, told.data) == ("backup_overdue", {"days": 8})
    assert "helpline backup" in told.remedy
    assert backups(tmp_path, marks, 0, NOON + timedelta(days=8)) == []


def test_a_backup_ends_it(tmp_path: Path, marks: Marks) -> None:
    made = NOON + timedelta(days=20)
    note_backup(tmp_path, tmp_path / "one.tar.gz", "0" * 64, made)
    assert backups(tmp_path, marks, 7, made + timedelta(days=6)) == []
    assert backups(tmp_path, marks, 7, made + timedelta(days=7, hours=1))[0].data == {"days": 7}
    (tmp_path / NOTE).write_text("not json")
    assert backups(tmp_path, marks, 7, made)[0].data == {"days": 20}


def test_none_may_be_wanted() -> None:
    assert HealthSettings(backup_days=0).backup_days == 0
    with pytest.raises(ValueError, match="backup_days"):
        HealthSettings(backup_days=-1)
