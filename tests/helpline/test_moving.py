"""A new edition and the open complaints: told before, moved or left, and moved once however often."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from helpline.app import App
from mapper.directory.store import DirectoryStore
from office import Editions, Office
from office.forms import Registering
from office.moving import as_open, move_open, open_complaints
from records import Records, open_records
from records.audit.verifying import verify_all
from records.life.steps import Actor, Note
from tests.helpline.conftest import Run, ist, registered
from tests.office.office_sheets import RAJGARH, TEHSILDAR, write_sheets

LONGER = {"*,*,7,": "*,*,10,"}
MOVED = {
    "district:422,tehsil:3565,block:3945": "district:422,tehsil:3563,block:3945",
}
OTHER = "REVENUE-L1@tehsil:3563"
ADMINISTRATOR = Actor("asha", "administrator")


def sheets(folder: Path, changes: dict[str, str]) -> str:
    """A folder of changed sheets."""
    write_sheets(folder, changes)
    return str(folder)


async def events(app: App, number: str) -> list[tuple[str, Any]]:
    async with await open_records(app.records_url, settings=app.settings.records) as records:
        assert (await verify_all(records.database)).ok
        return [(event.kind, event.data) for event in await records.complaints.events(number)]


def test_the_diff_names_the_complaints(run: Run, tmp_path: Path) -> None:
    number = registered(run)
    assert run("directory", "import", sheets(tmp_path / "new", MOVED)).status == 0
    told = run("directory", "diff")
    assert told.status == 0
    assert "1 village moves from tehsil Rajgarh to tehsil Jirapur" in told.out
    assert "of 1 open complaints 1 would change officer" in told.out
    assert f"{number}  L1  {TEHSILDAR}, by 2026-11-09 → {OTHER}, by 2026-11-09" in told.out
    content = run("directory", "diff", "--json").json
    assert content["open_complaints"]["officer"] == 1
    assert content["open_complaints"]["affected"][0]["number"] == number


def test_publishing_asks_what_becomes_of_them(run: Run, tmp_path: Path) -> None:
    number = registered(run)
    run("directory", "import", sheets(tmp_path / "new", MOVED))
    refused = run("directory", "publish")
    assert refused.status == 2
    assert "say --move-open or --leave-open" in refused.err
    assert len(run("directory", "editions", "--json").json["editions"]) == 1
    published = run("directory", "publish", "--move-open", "--by", "collector")
    assert published.status == 0, published.err
    assert "edition 2 is in force" in published.out
    assert "open complaints: 1 moved" in published.out
    entry = run("directory", "editions", "--json").json["editions"][-1]
    assert (entry["by"], entry["open_complaints"], bool(entry["moved_at"])) == ("collector", "move", True)
    shown = run("complaint", "show", number, "--json").json
    assert OTHER in str(shown)
    assert run("directory", "move-open").out == "1 stay as they are\n"


def test_a_damaged_edition_is_replaced_by_a_new_one(run: Run, app: App, tmp_path: Path) -> None:
    registered(run)
    run("directory", "import", sheets(tmp_path / "new", MOVED))
    path = app.directory / "edition-1.sqlite"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    told = run("directory", "publish", "--move-open")
    assert told.status == 0, told.err
    assert "open complaints: 1 moved" in told.out


def test_at_a_terminal_it_asks(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registered(run)
    run("directory", "import", sheets(tmp_path / "new", MOVED))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *args, **kwargs: "move")
    told = run("directory", "publish")
    assert "of 1 open complaints 1 would change officer" in told.out
    assert "open complaints: 1 moved" in told.out


def test_they_may_be_left_where_they_are(run: Run, tmp_path: Path) -> None:
    number = registered(run)
    run("directory", "import", sheets(tmp_path / "new", MOVED))
    told = run("directory", "publish", "--leave-open")
    assert "stay as they are: of 1 open complaints 1 would change officer" in told.out
    assert [event["kind"] for event in run("complaint", "show", number, "--json").json["events"]] == [
        "registered",
        "assigned",
    ]
    assert run("directory", "return", "1").status == 0
    listed = run("directory", "editions").out.splitlines()
    assert "returned to edition 1" in listed[-1]
    assert listed[-1].endswith("in force")


async def test_the_clock_of_the_level_goes_on(app: App, tmp_path: Path) -> None:
    number = await _registered(app)
    await _publish(app, tmp_path, LONGER)
    async with await _records(app) as records:
        new = Editions(app.directory).current()
        before = await records.complaints.get(number)
        done = await move_open(records, "1", new, ist("2026-11-05T10:00"), ADMINISTRATOR)
        after = await records.complaints.get(number)
    assert done == Counter(moved=1)
    assert before is not None
    assert after is not None
    assert after.assigned.due == date(2026, 11, 12)
    assert (after.level_since, after.registered_at) == (before.level_since, before.registered_at)
    kind, data = (await events(app, number))[-1]
    assert kind == "reassigned"
    assert data["reason"] == "the directory's edition 2 took the place of edition 1"


async def test_stopped_anywhere_it_goes_on_and_moves_each_once(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [await _registered(app) for _ in range(5)]
    await _publish(app, tmp_path, MOVED)
    new = Editions(app.directory).current()
    async with await _records(app) as records:
        original, left = records.complaints.act, 2

        async def fail(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise OSError("the machine stopped")
            return await original(*args, **kwargs)

        with monkeypatch.context() as patched:
            patched.setattr(records.complaints, "act", fail)
            with pytest.raises(OSError, match="stopped"):
                await move_open(records, "1", new, ist("2026-11-05T10:00"), ADMINISTRATOR)
        done = await move_open(records, "1", new, ist("2026-11-05T11:00"), ADMINISTRATOR)
        again = await move_open(records, "1", new, ist("2026-11-05T12:00"), ADMINISTRATOR)
    assert done == Counter(moved=3, kept=2)
    assert again == Counter(kept=5)
    for number in numbers:
        assert [kind for kind, _ in await events(app, number)].count("reassigned") == 1


async def test_complaints_that_change_meanwhile(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step taken between reading and moving is not lost: the complaint is read again."""
    number = await _registered(app)
    await _publish(app, tmp_path, MOVED)
    new = Editions(app.directory).current()
    async with await _records(app) as records:
        original = records.complaints.search

        async def search(*args: Any, **kwargs: Any) -> Any:
            page = await original(*args, **kwargs)
            for complaint in page:
                await records.complaints.act(
                    complaint.number, Note("meanwhile"), Actor("sita", "executive"), ist("2026-11-05T09:00")
                )
            return page

        with monkeypatch.context() as patched:
            patched.setattr(records.complaints, "search", search)
            done = await move_open(records, "1", new, ist("2026-11-05T10:00"), ADMINISTRATOR)
        assert done == Counter(moved=1)
        assert [as_open(c).post_id async for c in open_complaints(records)] == [OTHER]
    assert [kind for kind, _ in await events(app, number)].count("reassigned") == 1


async def test_nobody_left_and_closed_ones(app: App, tmp_path: Path) -> None:
    await _registered(app)
    await _publish(app, tmp_path, {})
    new = Editions(app.directory).current()
    object.__setattr__(new, "types", {})
    async with await _records(app) as records:
        done = await move_open(records, "1", new, ist("2026-11-05T10:00"), ADMINISTRATOR)
    assert done == Counter(nobody=1)


def test_moving_is_finished_before_the_next_edition(run: Run, app: App, tmp_path: Path) -> None:
    registered(run)
    store = DirectoryStore(app.directory)
    store.publish(store.import_sheets(Path(sheets(tmp_path / "new", MOVED))), open_complaints="move")
    assert "helpline directory move-open" in run("directory", "editions").out
    run("directory", "import", sheets(tmp_path / "newer", LONGER))
    refused = run("directory", "publish", "--leave-open")
    assert refused.status == 1
    assert "still being moved to edition 2" in refused.err
    assert run("directory", "move-open", "--json").json == {"moved": 1}
    assert run("directory", "publish", "--leave-open").status == 0


async def _registered(app: App) -> str:
    async with await _records(app) as records:
        office = Office(records, Editions(app.directory), lambda: ist("2026-11-02T10:00"))
        form = Registering("REVENUE-01", RAJGARH, "रामलाल वर्मा", "98123 45610", "नामांतरण नहीं हुआ", "39")
        return (await office.register(Actor("sita", "executive"), form)).number


async def _records(app: App) -> Records:
    return await open_records(app.records_url, settings=app.settings.records)


async def _publish(app: App, tmp_path: Path, changes: dict[str, str]) -> None:
    store = DirectoryStore(app.directory)
    store.publish(store.import_sheets(Path(sheets(tmp_path / "new", changes))))
