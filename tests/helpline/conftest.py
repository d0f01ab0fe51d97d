"""An office for tests: one district with a few places and officers, and records of its own."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from helpline.app import App
from helpline.settings import ProcessSettings, Settings
from mapper.days import IST
from mapper.store import DirectoryStore
from tests.helpline.office_sheets import write_sheets
from tests.records.samples import QUICK

Publish = Callable[[Path, dict[str, str]], None]


def ist(text: str) -> datetime:
    """A moment in India, such as ``2026-11-02T10:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=IST)


def publish(directory: Path, sheets: Path, changes: dict[str, str]) -> None:
    """Make the sheets the next edition; ``changes``: text of a sheet and what takes its place."""
    write_sheets(sheets, changes)
    store = DirectoryStore(directory, clock=lambda: ist("2026-10-01T09:00"))
    store.publish(store.import_sheets(sheets))


@pytest.fixture(scope="session")
def edition_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory's folder with edition 1. Copy it before changing it."""
    folder = tmp_path_factory.mktemp("office")
    publish(folder / "directory", folder / "sheets", {})
    return folder / "directory"


@pytest.fixture
def app(tmp_path: Path, edition_one: Path) -> App:
    """A centre with edition 1 in force and no complaint yet."""
    state = tmp_path / "var"
    shutil.copytree(edition_one, state / "directory")
    return App(settings=Settings(helpline=ProcessSettings(state_dir=state), records=QUICK))
