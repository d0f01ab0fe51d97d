"""``helpline backup`` and ``helpline restore`` at the command line: there and back, and what is refused."""

import hashlib
import json
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from helpline.app import App
from helpline.backup.workroom import is_workroom
from records import Operation, Spool
from records.numbers import FIRST, number_for
from tests.helpline.conftest import Run, registered
from tests.records.samples import NOON, at


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where backups go."""
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


def _backup(run: Run, kept: Path, *more: str) -> Path:
    told = run("backup", str(kept), "--json", *more)
    assert told.status == 0, told.err
    return Path(told.json["file"])


def _recording(app: App, name: str, content: bytes = b"voice" * 900) -> None:
    app.exchange.recordings_dir.mkdir(exist_ok=True)
    (app.exchange.recordings_dir / name).write_bytes(content)


def _wait_in_spool(app: App) -> None:
    spool = Spool(app.spool)
    told = {"caller_raw": "0731", "caller_e164": None, "dialled": "181", "channel": "PJSIP/trunk-9"}
    spool.append(Operation.new("start", "call-9", **told, started_at=NOON))
    spool.append(Operation.new("step", "call-9", at=at(1), kind="key", detail={"digit": "3"}))
    spool.close()


def _left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_there_and_back(run: Run, app: App, kept: Path, tmp_path: Path) -> None:
    number = registered(run)
    _recording(app, "call-1.wav")
    _wait_in_spool(app)
    app.secrets_file.write_text('{"ami_password": "kept-apart-123"}')
    told = run("backup", str(kept), "--json")
    assert (told.status, told.json["verified"]["found"], told.json["waiting"]) == (0, 0, 2)
    file = Path(told.json["file"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (kept / f"{file.name}.sha256").read_text() == f"{found}  {file.name}\n"
    assert told.json["sha256"] == found
    assert _left_in(kept) == [file.name, f"{file.name}.sha256"]
    assert "the archive is whole" in run("backup", "--check", str(file)).out

    new = tmp_path / "new"
    told = run("restore", str(file), "--into", str(new), "--json")
    assert told.status == 0, told.err
    assert (told.json["replayed"], told.json["recordings_missing"]) == (2, 1)
    # No mark is left here: numbers of one day are left out.
    assert told.json["next_number"] == number_for(FIRST + 2001)
    assert (new / "secrets.json").read_text() == '{"ami_password": "kept-apart-123"}'
    assert (new / "restored" / "recordings-missing.txt").read_text() == "call-1.wav\n"
    assert (new / "restored" / "configuration" / "dialplan" / "extensions.conf").is_file()
    assert stat.S_IMODE(new.stat().st_mode) == 0o700
    assert not [path for path in new.rglob("*") if path.stat().st_mode & 0o077]
    with closing(sqlite3.connect(new / "records.sqlite")) as connection:
        assert connection.execute("select count(*) from call_steps where kind = 'key'").fetchone() == (1,)
    assert not list((new / "spool").glob("*.spool"))

    os.environ["HELPLINE_HELPLINE_STATE_DIR"] = str(new)
    assert run("records", "verify").status == 0
    assert run("complaint", "show", number, "--json").json["citizen_name"] == "रामलाल वर्मा"
    assert registered(run) == number_for(FIRST + 2001)


def test_recordings_go_in_when_asked_and_passwords_stay_out(
    run: Run, app: App, kept: Path, tmp_path: Path
) -> None:
    registered(run)
    _recording(app, "call-1.wav")
    app.secrets_file.write_text("{}")
    file = _backup(run, kept, "--with-recordings", "--without-secrets")
    told = run("restore", str(file), "--into", str(tmp_path / "new"))
    assert told.status == 0, told.err
    assert (tmp_path / "new" / "recordings" / "call-1.wav").read_bytes() == b"voice" * 900
    assert not (tmp_path / "new" / "secrets.json").exists()
    assert "passwords were left out" in told.out


def test_numbers_go_on_above_what_the_old_place_knows(run: Run, app: App, kept: Path, tmp_path: Path) -> None:
    registered(run)
    file = _backup(run, kept)
    after = registered(run)
    old = tmp_path / "old"
    app.state_dir.rename(old)
    told = run("restore", str(file), "--old", str(old), "--json")
    assert told.status == 0, told.err
    assert told.json["next_number"] == number_for(FIRST + 102)
    assert run("complaint", "show", after).status == 1
    assert "restored" in run("records", "verify").out
    # With nothing after the backup, none is left out.
    file = _backup(run, kept / "second.tar.gz")
    app.state_dir.rename(tmp_path / "older")
    told = run("restore", str(file), "--old", str(tmp_path / "older"), "--json")
    assert (told.json["left_out"], told.json["next_number"]) == (None, number_for(FIRST + 102))


def test_who_was_erased_since_the_backup_stays_erased(run: Run, app: App, kept: Path, tmp_path: Path) -> None:
    number = registered(run)
    file = _backup(run, kept)
    told = run(
        "person", "erase", "9812345610", "--yes", "--leave-open", "--reason", "application 1", "--json"
    )
    assert told.status == 0, told.out + told.err
    with closing(sqlite3.connect(app.state_dir / "records.sqlite")) as connection, connection:
        connection.execute("update complaints set status = 'closed'")
    told = run("person", "erase", "9812345610", "--yes", "--reason", "application 1", "--json")
    assert told.status == 0, told.out + told.err
    old = tmp_path / "old"
    app.state_dir.rename(old)
    told = run("restore", str(file), "--old", str(old), "--json")
    assert (told.status, told.json["erased"]) == (0, 1), told.err
    assert "रामलाल" not in run("complaint", "show", number).out
    assert (app.state_dir / "erasures.jsonl").read_text() == (old / "erasures.jsonl").read_text()


def test_nothing_is_restored_over_anything(run: Run, app: App, kept: Path, tmp_path: Path) -> None:
    registered(run)
    file = _backup(run, kept)
    told = run("restore", str(file))
    assert (told.status, "is not empty" in told.err, "--old" in told.err) == (1, True, True)
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter.txt").write_text("mine")
    assert run("restore", str(file), "--into", str(full)).status == 1
    assert _left_in(full) == ["letter.txt"]
    (full / "letter.txt").unlink()
    assert run("restore", str(file), "--into", str(full)).status == 0
    assert run("backup", str(file)).status == 1
    assert "nothing is ever restored over a centre" in run("restore", str(file), "--into", str(full)).err


def test_damage_is_refused_wherever_it_is(run: Run, kept: Path, tmp_path: Path) -> None:
    registered(run)
    file = _backup(run, kept)
    whole, new = file.read_bytes(), tmp_path / "new"
    (kept / f"{file.name}.sha256").unlink()
    bad = tmp_path / "bad.tar.gz"
    steps = range(0, len(whole), max(1, len(whole) // 40))
    for place in steps:
        changed = bytearray(whole)
        changed[place] ^= 0x10
        for content in (bytes(changed), whole[:place], whole[:place] + b"\0" * 9 + whole[place:]):
            bad.write_bytes(content)
            told = run("backup", "--check", str(bad))
            # The gzip header's time, flags of no meaning and the system it names change nothing in it.
            if told.status == 0:
                assert place < 10
                continue
            assert re.search("archive|backup", told.err)
    bad.write_bytes(whole[: len(whole) // 2])
    assert run("restore", str(bad), "--into", str(new)).status == 1
    assert not new.exists()
    assert not [path for path in tmp_path.iterdir() if is_workroom(path)]


def test_an_archive_is_compared_with_the_hash_that_was_kept(run: Run, kept: Path, tmp_path: Path) -> None:
    registered(run)
    file = _backup(run, kept)
    registered(run)
    other = _backup(run, kept / "other.tar.gz")
    other.rename(file)
    for command in (("backup", "--check", str(file)), ("restore", str(file), "--into", str(tmp_path / "n"))):
        told = run(*command)
        assert (told.status, "is not the archive that was made" in told.err) == (1, True)
    assert (
        run("backup", "--check", str(file), "--sha256", hashlib.sha256(file.read_bytes()).hexdigest()).status
        == 0
    )
    assert not (tmp_path / "n").exists()


def test_an_archive_of_a_newer_version_is_left_alone(run: Run, app: App, kept: Path, tmp_path: Path) -> None:
    registered(run)
    with closing(sqlite3.connect(app.state_dir / "records.sqlite")) as connection, connection:
        connection.execute("update records_schema set version_num = '9999'")
    file = _backup(run, kept)
    told = run("restore", str(file), "--into", str(tmp_path / "new"))
    assert (told.status, "newer version" in told.err) == (1, True)
    assert not (tmp_path / "new").exists()


def test_records_that_do_not_verify_are_restored_only_when_told_to(
    run: Run, app: App, kept: Path, tmp_path: Path
) -> None:
    registered(run)
    with closing(sqlite3.connect(app.state_dir / "records.sqlite")) as connection, connection:
        connection.execute("drop trigger complaint_events_no_update")
        connection.execute("update complaint_events set actor = 'gita' where seq = 2")
    told = run("backup", str(kept), "--json")
    assert (told.status, told.json["ok"]) == (1, False)
    file, new = told.json["file"], tmp_path / "new"
    told = run("restore", file, "--into", str(new))
    assert (told.status, "do not verify" in told.err, new.exists()) == (1, True, False)
    told = run("restore", file, "--into", str(new), "--despite-findings")
    assert (told.status, "event 2 was changed" in told.out) == (0, True)


@pytest.mark.parametrize("step", ["make_ready", "settle_tree", "place_folder", "finish"])
def test_a_restore_that_is_killed_leaves_nothing_half_done(
    run: Run, kept: Path, tmp_path: Path, step: str
) -> None:
    registered(run)
    file, new = _backup(run, kept), tmp_path / "place" / "new"
    new.parent.mkdir()
    script = (
        "import sys, time\n"
        "from helpline.backup import restoring\n"
        "from helpline.main import main\n"
        "def stop(*_, **__): print('here', flush=True); time.sleep(60)\n"
        f"restoring.{step} = stop\n"
        "main(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", script, "restore", str(file), "--into", str(new)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"here\n"
        os.kill(child.pid, signal.SIGKILL)
    if step == "finish":
        # In its place already, and whole: the next start writes what is left of the marks.
        assert (new / "records.sqlite").is_file()
        return
    assert not new.exists()
    told = run("restore", str(file), "--into", str(new))
    assert told.status == 0, told.err
    assert _left_in(new.parent) == ["new"]


def test_a_backup_that_is_killed_leaves_no_archive(run: Run, kept: Path) -> None:
    registered(run)
    script = (
        "import sys, time\n"
        "from helpline.backup import making\n"
        "from helpline.main import main\n"
        "def stop(*_, **__): print('here', flush=True); time.sleep(60)\n"
        "making.write_archive = stop\n"
        "main(sys.argv[1:])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, "backup", str(kept)], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"here\n"
        os.kill(child.pid, signal.SIGKILL)
    assert not list(kept.glob("*.tar.gz"))
    file = _backup(run, kept)
    assert _left_in(kept) == [file.name, f"{file.name}.sha256"]


def test_what_was_made_is_noted(run: Run, app: App, kept: Path) -> None:
    registered(run)
    file = _backup(run, kept)
    noted = json.loads((app.state_dir / "last-backup.json").read_text())
    assert noted["file"] == str(file)
