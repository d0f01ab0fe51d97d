"""A process whose event loop stands still ends; systemd hears of one that does not."""

import asyncio
import socket
import sys
from pathlib import Path

import pytest

from helpline.watch import watched

HANGS = """
import asyncio, threading
from helpline.watch import watched

async def main():
    async with watched({seconds}):
        await asyncio.sleep({seconds} * 1.2)
        print("served", flush=True)
        threading.Event().wait({blocks})
        print("over", flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("seconds", "blocks", "said", "code"),
    [(2, 60, b"served\n", 1), (0, 0.5, b"served\nover\n", 0)],
)
async def test_an_event_loop_that_stands_still_ends_the_process(
    seconds: float, blocks: float, said: bytes, code: int
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HANGS.format(seconds=seconds, blocks=blocks),
        cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, err = await asyncio.wait_for(process.communicate(), 50)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (out, process.returncode) == (said, code), err
    assert (b"most recent call first" in err) == bool(code), "where it hung is told"


async def test_systemd_is_told(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    environ = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "40000"}
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        systemd.setblocking(False)

        async def heard() -> bytes:
            return await asyncio.wait_for(loop.sock_recv(systemd, 100), 10)

        async with watched(0, environ):
            assert await heard() == b"READY=1"
            assert [await heard() for _ in range(3)] == [b"WATCHDOG=1"] * 3
        last = await heard()
        while last == b"WATCHDOG=1":
            last = await heard()
        assert last == b"STOPPING=1"


async def test_nobody_is_told_where_nobody_listens(tmp_path: Path) -> None:
    async with watched(0, {"NOTIFY_SOCKET": str(tmp_path / "gone"), "WATCHDOG_USEC": "40000"}):
        await asyncio.sleep(0)
