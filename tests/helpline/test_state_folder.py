"""The state folder is its owner's alone, and one service's at a time."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from helpline import serve
from helpline.app import App
from helpline.errors import HelplineError
from helpline.state_folder import close_to_others, locked, make, private_files
from helpline.wiring import edition_in_force
from tests.helpline.conftest import Run, registered


def open_to_others(folder: Path) -> list[str]:
    every = [folder, *folder.rglob("*")]
    return [str(one) for one in every if not one.is_symlink() and one.lstat().st_mode & 0o077]


def test_all_that_commands_write_is_their_owners_alone(run: Run, app: App) -> None:
    close_to_others(app.state_dir)
    before = os.umask(0o022)
    try:
        registered(run)
        assert run("directory", "import", str(Path(__file__).parents[2] / "mapper" / "data")).status == 0
        assert run("directory", "publish", "--yes").status in {0, 2}
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    assert open_to_others(app.state_dir) == []


async def test_what_an_earlier_version_left_open_is_closed(app: App) -> None:
    edition_in_force(app)
    await asyncio.to_thread(app.state_dir.chmod, 0o755)
    edition = app.directory / "edition-1.sqlite"
    await asyncio.to_thread(edition.chmod, 0o444)
    with private_files():
        async with serve.service(app, serve.Part.CLOCK), asyncio.timeout(30):
            while open_to_others(app.state_dir):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert edition.stat().st_mode & 0o777 == 0o400
        assert close_to_others(app.state_dir) == 0


def test_links_and_their_targets_are_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("")
    outside.chmod(0o644)
    state = tmp_path / "state"
    make(state)
    (state / "link").symlink_to(outside)
    assert close_to_others(state) == 0
    assert outside.stat().st_mode & 0o777 == 0o644


def test_a_folder_for_everybody_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(HelplineError, match=r"is everybody's; set .*state_dir"):
        make(tmp_path)


async def test_a_second_service_on_the_same_state_is_told_who_has_it(app: App) -> None:
    async with serve.service(app, serve.Part.CLOCK):
        with pytest.raises(HelplineError, match=rf"clock runs already \(pid {os.getpid()} since 20"):
            async with serve.service(app, serve.Part.CLOCK):
                pass
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address: tuple[str, int] = probe.getsockname()
        async with serve.service(app, serve.Part.AGI, listen=address):
            pass
    async with serve.service(app, serve.Part.CLOCK):
        pass


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    make(tmp_path / "state")
    hold = (
        "import sys, time, pathlib\nfrom helpline.state_folder import locked\n"
        "with locked(pathlib.Path(sys.argv[1]), ['agi']):\n    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "state")], stdout=subprocess.PIPE, text=True
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(HelplineError) as caught, locked(tmp_path / "state", ["agi"]):
                pass
            assert re.search(rf"agi runs already \(pid {holder.pid} since", str(caught.value))
        finally:
            holder.send_signal(signal.SIGKILL)
    with locked(tmp_path / "state", ["agi"]):
        pass
