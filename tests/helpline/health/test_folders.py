"""Disks and folders as they are: full, read-only, missing, another user's."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.health.folders import PROBE, asterisk_uid, recordings, room

ROOT = os.geteuid() == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if not ROOT or mount is None:
        pytest.skip("mounting a disk needs root")
    command = [mount, "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    made = subprocess.run(command, capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.decode()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_folder_that_takes_recordings_is_left_as_it_was(tmp_path: Path) -> None:
    assert recordings(tmp_path, None) == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    (told,) = recordings(tmp_path / "gone", None)
    assert (told.kind, told.data["reason"]) == ("recordings_unwritable", "No such file or directory")
    assert not told.unfit


def test_a_disk_without_room_for_a_recording_is_told(small_disk: Path) -> None:
    assert recordings(small_disk, None) == []
    (small_disk / "old.wav").write_bytes(bytes(256 << 10))
    (told,) = recordings(small_disk, None)
    assert told.data["reason"] == "No space left on device"
    assert not (small_disk / PROBE).exists()


def test_a_disk_that_was_made_read_only_is_told(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    for uid in (None, 0, pwd.getpwnam("nobody").pw_uid):
        (told,) = recordings(small_disk, uid)
        assert told.data["reason"] == "Read-only file system"


def test_room_is_told_once_for_a_disk_and_in_two_grades(small_disk: Path, tmp_path: Path) -> None:
    folders = [small_disk, small_disk / "not yet", small_disk]
    assert room(folders, 0, 0) == []
    free = shutil.disk_usage(small_disk).free // 1_000_000
    (low,) = room(folders, free + 1, free)
    assert (low.kind, low.subject, low.data["free_mb"]) == ("disk_low", str(small_disk), free)
    (full,) = room(folders, free + 2, free + 1)
    assert full.kind == "disk_full"
    assert {each.subject for each in room([small_disk, tmp_path], 10**9, 1)} == {
        str(small_disk),
        str(tmp_path),
    }


@pytest.mark.skipif(not ROOT, reason="only root can give a folder to another user")
def test_the_user_of_asterisk_must_be_able_to_write_not_we(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    folder = tmp_path / "recordings"
    folder.mkdir(mode=0o755)
    (told,) = recordings(folder, nobody.pw_uid)
    assert told.data["reason"] == "user nobody may not write there"
    os.chown(folder, nobody.pw_uid, -1)
    assert recordings(folder, nobody.pw_uid) == []
    folder.chmod(0o500)
    assert len(recordings(folder, nobody.pw_uid)) == 1
    (told,) = recordings(folder, 4_000_111)
    assert "no user 4000111" in str(told.data["reason"])


@pytest.mark.skipif(not ROOT, reason="only root can become another user")
def test_a_folder_in_which_this_user_may_not_write_is_told(tmp_path: Path) -> None:
    """In a process of a user for whom rights count."""
    for parent in (tmp_path, *tmp_path.parents[:-2]):
        if "pytest" in parent.name or parent == tmp_path:
            parent.chmod(0o755)
    folder = tmp_path / "recordings"
    folder.mkdir(mode=0o555)
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setuid(pwd.getpwnam("nobody").pw_uid)
            os.write(writer, str([each.data["reason"] for each in recordings(folder, None)]).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with open(reader) as told:
        assert told.read() == "['Permission denied']"


def test_who_runs_asterisk_is_read_from_its_process(tmp_path: Path) -> None:
    pid = tmp_path / "asterisk.pid"
    assert asterisk_uid(pid, "") is None
    pid.write_text(f"{os.getpid()}\n")
    assert asterisk_uid(pid, "") == os.geteuid()
    pid.write_text("999999999")
    assert asterisk_uid(pid, "") is None
    assert asterisk_uid(pid, "root") == 0
    assert asterisk_uid(pid, "no such user") is None
