"""A lost book through the command line and the service: refused, said, and gone on with only by a person."""

import asyncio
import os
import shutil
import time
from pathlib import Path

import pytest

from helpline import book, serve
from helpline.app import App
from helpline.mounts import unmounted
from helpline.wiring import open_centre_records
from records import LostError, Records, RecordsError
from records.book.marks import MARGIN
from records.numbers import FIRST, number_for
from tests.helpline.conftest import Run, registered

MARKS = ("records.sqlite.mark", "asterisk/records.mark", "directory/records.mark")


def lose(app: App) -> None:
    for file in app.state_dir.glob("records.sqlite*"):
        if file.suffix != ".mark":
            file.unlink()


def database(app: App) -> Path:
    return app.state_dir / "records.sqlite"


def test_no_command_takes_a_lost_book_for_a_first_start(run: Run, app: App) -> None:
    number = registered(run)
    assert all((app.state_dir / mark).stat().st_mode & 0o777 == 0o600 for mark in MARKS)
    lose(app)
    for command in (
        ("records", "verify"),
        ("complaint", "list"),
        ("complaint", "show", number),
        ("user", "list"),
        ("user", "add", "gita", "--role", "executive"),
        ("serve", "clock", "--once"),
        ("serve", "agi", "--listen", "127.0.0.1:0"),
    ):
        told = run(*command)
        assert told.status == 1, command
        assert f"its last number was {number}" in told.err
        assert "What to do: mount its disk" in told.err
        assert told.err.count("\n") == 1
    assert "the book of this centre is lost" in run("doctor").out
    assert not database(app).exists()


def test_who_only_looks_makes_no_book_and_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    new = tmp_path / "new"
    monkeypatch.setenv("HELPLINE_HELPLINE_STATE_DIR", str(new))
    for command in (("records", "verify"), ("complaint", "list"), ("user", "list")):
        told = run(*command)
        assert (told.status, "there is no book of complaints yet" in told.err) == (1, True), command
    run("doctor")
    assert not new.exists()


def test_a_new_book_goes_on_above_the_old_numbers(run: Run, app: App) -> None:
    number = registered(run)
    assert "is there; to begin anew move it" in run("records", "begin", "--anew").err
    lose(app)
    assert "--anew" in run("records", "begin").err
    following = number_for(FIRST + MARGIN + 1)
    assert f"the next complaint gets number {following}" in run("records", "begin", "--anew").out
    assert run("user", "add", "sita", "--role", "executive").status == 0
    assert registered(run) == following != number
    told = run("records", "verify")
    assert told.status == 0
    assert f"numbers {number} to {number_for(FIRST + MARGIN)} are not in this book" in told.out


def test_without_any_mark_a_person_says_how_far_the_numbers_went(run: Run, app: App) -> None:
    for mark in MARKS:
        (app.state_dir / mark).write_bytes(b"?")
    lose(app)
    assert "cannot be read, but says that there was one" in run("serve", "clock", "--once").err
    assert "add --above NUMBER" in run("records", "begin", "--anew").err
    assert "a digit is mistyped" in run("records", "begin", "--anew", "--above", "10042110").err
    above = number_for(1_004_211)
    told = run("records", "begin", "--anew", "--above", above)
    assert f"gets number {number_for(1_004_212)}" in told.out


def test_a_database_of_another_identity_is_adopted_by_a_person(run: Run, app: App, tmp_path: Path) -> None:
    registered(run)
    other = tmp_path / "other"
    shutil.copytree(app.state_dir, other)
    for file in app.state_dir.rglob("records*"):
        file.unlink()
    assert run("user", "add", "sita", "--role", "executive").status == 0
    shutil.copy(other / "records.sqlite", database(app))
    assert "holds another book than this centre's" in run("complaint", "list").err
    assert f"gets number {number_for(FIRST + 1)}" in run("records", "adopt").out
    assert run("complaint", "list").status == 0


async def test_an_empty_folder_where_the_disk_is_not_mounted(
    tmp_path: Path, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(book, "_other_disk", lambda *_: True)
    await (await open_centre_records(app)).aclose()
    await asyncio.to_thread(shutil.rmtree, app.state_dir)
    await asyncio.to_thread(app.state_dir.mkdir, mode=0o700)
    monkeypatch.undo()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    with pytest.raises(LostError, match=r"home/helpline181/.*mount its disk"):
        await open_centre_records(app)
    assert await asyncio.to_thread(os.listdir, app.state_dir) == []


def test_a_mount_point_of_fstab_without_its_disk(tmp_path: Path) -> None:
    fstab, mounted = tmp_path / "fstab", tmp_path / "mountinfo"
    fstab.write_text(
        f"# a comment\nUUID=1 / ext4 defaults 0 1\nUUID=2 {tmp_path}/my\\040disk ext4 noauto 0 2\n"
    )
    mounted.write_text("22 1 254:0 / / rw - ext4 /dev/vda rw\n")
    state = tmp_path / "my disk" / "helpline"
    assert unmounted(state, fstab=fstab, mounted=mounted) == tmp_path / "my disk"
    mounted.write_text(mounted.read_text() + f"23 22 8:1 / {tmp_path}/my\\040disk rw - ext4 /dev/sda1 rw\n")
    assert unmounted(state, fstab=fstab, mounted=mounted) is None


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (3, False)])
def test_calls_of_an_earlier_service_are_a_trace(run: Run, app: App, days: int, allowed: bool) -> None:
    for file in app.state_dir.rglob("records*"):
        file.unlink()
    events = app.asterisk_runtime / "log" / "cel-custom" / "helpline.csv"
    events.parent.mkdir(parents=True)
    events.write_text(f'"{time.time() - days * 86_400 - 60:.6f}","CHAN_START","","1.1","1.1"\n')
    told = run("user", "add", "sita", "--role", "executive")
    assert (told.status == 0) is allowed
    if not allowed:
        assert "knows calls of more than a day ago" in told.err
        assert "make the first: `helpline records begin`" in told.err
        assert run("records", "begin").status == 0
        assert run("user", "list").status == 0


def test_a_spool_is_a_trace(run: Run, app: App) -> None:
    for file in app.state_dir.rglob("records*"):
        file.unlink()
    app.spool.mkdir()
    (app.spool / "1.spool").write_bytes(b"")
    assert "is the spool of an earlier service" in run("user", "add", "x", "--role", "executive").err


async def test_the_running_service_sees_its_book_go_and_come_back(app: App) -> None:
    async with serve.service(app, serve.Part.CLOCK) as running:
        away = app.state_dir / "away"
        await asyncio.to_thread(database(app).rename, away)
        async with asyncio.timeout(30):
            while running.records.presence.lost is None:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        with pytest.raises(RecordsError, match="is gone"):
            await running.records.users.list()
        await asyncio.to_thread(away.rename, database(app))
        async with asyncio.timeout(30):
            while "database_lost" not in await _alarms(running.records):  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def _alarms(records: Records) -> set[str]:
    if records.presence.lost is not None:
        return set()
    return {alarm.kind for alarm in await records.alarms.standing()}
