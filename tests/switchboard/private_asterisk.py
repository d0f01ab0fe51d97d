"""The smallest Asterisk that has a queue: Local channels only, no SIP, one manager port on loopback.

It is started fresh for a test in the test's own folder, and stopped by the process it started.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from dialplan.binary import find_asterisk

MANAGER_SECRET = "test-only"
QUEUE = "district-39"
MODULES = (
    "app_queue", "bridge_simple", "codec_alaw", "func_channel", "func_uuid", "pbx_config",
    "res_timing_timerfd",
)  # fmt: skip

EXTENSIONS = """
[citizen]
; Dialled by Local/181@citizen: the far half of the Local channel walks here, as a trunk's channel would.
exten => 181,1,Set(H181_CALL_ID=${UUID()})
 same => n,Set(H181_CALLER=9876543210)
 same => n,Set(H181_DISTRICT=39)
 same => n,Set(H181_QUEUE=district-39)
 same => n,Answer()
 same => n,Queue(district-39,C,,,30)
 same => n,Hangup()
; The near half: the citizen's ear. He waits until somebody hangs up.
exten => listen,1,Answer()
 same => n,Wait(30)

[desk]
; Executives: 2001 answers and stays, 2002 never answers, 2003 answers and hangs up.
exten => 2001,1,Answer()
 same => n,Wait(30)
exten => 2002,1,Wait(30)
exten => 2003,1,Answer()
 same => n,Wait(0.3)
 same => n,Hangup()
"""

MANAGER = """
[general]
enabled = yes
bindaddr = 127.0.0.1
port = {port}
channelvars = H181_CALL_ID,H181_CALLER,H181_WITHHELD,H181_DISTRICT,H181_QUEUE

[helpline]
secret = {secret}
read = all
write = all
"""

QUEUES = """
[general]
[district-39]
strategy = rrmemory
timeout = 20
retry = 1
ringinuse = no
"""


@dataclass(frozen=True)
class PrivateAsterisk:
    host: str
    port: int
    folder: Path
    argv: tuple[str, ...]

    async def cli(self, command: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *self.argv, "-C", str(self.folder / "asterisk.conf"), "-rx", command,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=_environment(),
        )  # fmt: skip
        out, _ = await process.communicate()
        return out.decode()


def _environment() -> dict[str, str]:
    return os.environ | dict(find_asterisk().environment)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _write(folder: Path, port: int) -> None:
    binary = find_asterisk()
    for name in ("lib", "spool", "log", "run", "db"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    files = {
        "asterisk.conf": f"[directories]\nastetcdir = {folder}\nastmoddir = {binary.modules_dir}\n"
        f"astvarlibdir = {folder}/lib\nastdbdir = {folder}/db\nastkeydir = {folder}/lib\n"
        f"astdatadir = {binary.data_dir}\nastagidir = {folder}/lib\nastspooldir = {folder}/spool\n"
        f"astrundir = {folder}/run\nastlogdir = {folder}/log\n[options]\n",
        "modules.conf": "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in MODULES),
        "extensions.conf": EXTENSIONS,
        "manager.conf": MANAGER.format(port=port, secret=MANAGER_SECRET),
        "queues.conf": QUEUES,
        "logger.conf": "[logfiles]\nmessages = notice,warning,error\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@asynccontextmanager
async def private_asterisk(folder: Path) -> AsyncIterator[PrivateAsterisk]:
    """A running Asterisk, fully booted; stopped on the way out."""
    port = _free_port()
    await asyncio.to_thread(_write, folder, port)
    argv = (await asyncio.to_thread(find_asterisk)).argv
    process = await asyncio.create_subprocess_exec(
        *argv, "-f", "-n", "-C", str(folder / "asterisk.conf"),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL, env=_environment(),
    )  # fmt: skip
    asterisk = PrivateAsterisk("127.0.0.1", port, folder, argv)
    try:
        async with asyncio.timeout(30):
            while "fully booted" not in await asterisk.cli("core waitfullybooted"):
                if process.returncode is not None:
                    raise RuntimeError(f"Asterisk left with status {process.returncode}")
        yield asterisk
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
