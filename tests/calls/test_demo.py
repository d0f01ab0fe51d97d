"""`helpline demo --once` as its reader runs it: a process, judged by its last line and its leavings."""

import asyncio
import re
import signal
import socket
import sys
from pathlib import Path

import psutil
import pytest

from helpline.settings import Settings
from tests.calls.centre import centre_settings, environment

pytestmark = pytest.mark.call

LAST_LINE = re.compile(r"complaint [0-9]{8,}: [ऀ-ॿ].* -> L1 [ऀ-ॿ].*, [ऀ-ॿ].*; due [0-9]{4}-[0-9]{2}-[0-9]{2}")


async def demo(settings: Settings, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from helpline.main import main; main()",
        "demo",
        *arguments,
        env=environment(settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        # Tests that a shell runs in the background hand it down ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def nothing_left(settings: Settings) -> None:
    """No process of the centre and no taken port; the secrets are the owner's alone."""
    assert Path(settings.state_dir, "demo", "secrets.json").stat().st_mode & 0o777 == 0o600
    here = str(settings.state_dir)
    left = [
        one.pid for one in psutil.process_iter(["cmdline"]) if here in " ".join(one.info["cmdline"] or [])
    ]
    assert left == []
    for port in (settings.agi.port, settings.desk.port, settings.asterisk.ami_port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


async def test_one_call_end_to_end() -> None:
    async with centre_settings() as settings, asyncio.timeout(180):
        process = await demo(settings, "--once")
        output, _ = await process.communicate()
        text = output.decode()
        assert process.returncode == 0, text
        assert LAST_LINE.fullmatch(text.splitlines()[-1]), text
        number = re.search(r"complaint ([0-9]+):", text.splitlines()[-1])
        assert number is not None
        assert f"hears the digits {' '.join(number[1])}" in text
        nothing_left(settings)


async def test_ctrl_c_in_the_middle_leaves_nothing_behind() -> None:
    async with centre_settings() as settings, asyncio.timeout(90):
        process = await demo(settings)
        assert process.stdout is not None
        while b"hears greeting" not in await process.stdout.readline():
            assert process.returncode is None
        process.send_signal(signal.SIGINT)
        rest = await process.stdout.read()
        assert await process.wait() != 0
        assert b"Traceback" not in rest, rest.decode()
        nothing_left(settings)
