"""The shipped directory, imported and published once a test run, and copies of its sheets to spoil."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mapper import Edition, load_edition
from mapper.directory.store import DirectoryStore, shipped_source

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

Row = dict[str, str]
Edit = Callable[[str, Callable[[list[Row]], None]], None]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of edition 1, made from the shipped sheets."""
    return DirectoryStore(tmp_path_factory.mktemp("directory"), clock=lambda: NOW).ensure()


@pytest.fixture(scope="session")
def edition(published: Path) -> Edition:
    loaded = load_edition(published)
    loaded.warm()
    return loaded


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    """A copy of the shipped sheets."""
    return Path(shutil.copytree(shipped_source(), tmp_path / "sheets"))


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "directory", clock=lambda: NOW)


@pytest.fixture
def ready_store(tmp_path: Path, published: Path) -> DirectoryStore:
    """A store of its own with edition 1 in force."""
    return DirectoryStore(Path(shutil.copytree(published.parent, tmp_path / "ready")), clock=lambda: NOW)


@pytest.fixture
def edit(sheets: Path) -> Edit:
    """Change the rows of a sheet of the copy; new columns may be added to the first row."""

    def change(file: str, how: Callable[[list[Row]], None]) -> None:
        path = sheets / file
        rows = read(path) if path.exists() else []
        how(rows)
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, list(rows[0]), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    return change


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
