"""An office for tests: one district with a few places and officers, and records of its own."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from helpline.app import App
from helpline.main import main
from helpline.settings import ProcessSettings, Settings
from mapper.days import IST
from mapper.directory.store import DirectoryStore
from tests.office.office_sheets import RAJGARH, write_sheets
from tests.records.samples import QUICK


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
    state.mkdir(mode=0o700)
    shutil.copytree(edition_one, state / "directory")
    return App(settings=Settings(helpline=ProcessSettings(state_dir=state), records=QUICK))


class Told(NamedTuple):
    """What a command left."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


Run = Callable[..., Told]

FORM = (
    "--type", "REVENUE-01", "--place", RAJGARH, "--name", "रामलाल वर्मा", "--phone", "98123 45610",
    "--text", "दो महीने से नामांतरण नहीं हुआ",
)  # fmt: skip


@pytest.fixture
def run(app: App, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line in the small office: sita is an executive, mohan the tehsildar, anil supervises.

    It is one to practise in: whatever day it is, its days are those of November 2026.
    """
    monkeypatch.setenv("HELPLINE_HELPLINE_STATE_DIR", str(app.state_dir))
    monkeypatch.setenv("HELPLINE_HELPLINE_REHEARSAL", "true")
    monkeypatch.setenv("HELPLINE_RECORDS_HASH_MEMORY_MIB", "8")

    def typed(*arguments: str) -> Told:
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        out, err = capsys.readouterr()
        return Told(int(left.value.code or 0), out, err)

    for name, role in (("sita", "executive"), ("mohan", "officer"), ("anil", "supervisor")):
        assert typed("user", "add", name, "--role", role).status == 0
    return typed


def registered(run: Run, *more: str) -> str:
    """The number of a new complaint of 2 November 2026."""
    told = run("complaint", "register", "--by", "sita", *FORM, "--at", "2026-11-02T10:00", "--json", *more)
    assert told.status == 0, told.err
    number: str = told.json["number"]
    return number


def take(run: Run, step: str, number: str, *arguments: str) -> Told:
    """Take a step that is not refused."""
    told = run("complaint", step, number, *arguments)
    assert told.status == 0, told.err
    return told
