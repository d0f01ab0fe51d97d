"""A centre for the ivr bench: a private Asterisk with many executives, and short prompts for hurried callers.

Two kinds: ``agi`` asks the service (`helpline serve agi`, a process of its own) for every step; ``dialplan``
is the dialplan's own menu, the one that takes over when the service is away, told so from the start.
"""

import asyncio
import contextlib
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import psutil

from bench.ivr_menu import HURRIED_PROMPT_SECONDS, Pace
from dialplan.apply import apply
from dialplan.binary import find_asterisk
from dialplan.executives import load_executives
from dialplan.instance import AsteriskInstance
from dialplan.layout import layout
from dialplan.secrets import load_or_create
from dialplan.settings import AsteriskSettings
from ivr_prompts.catalogue import load_catalogue

Kind = Literal["agi", "dialplan"]

TRUNK = "127.0.0.2"
EXECUTIVES = 80
"""Enough for the highest rate: one is busy for about a second with each call."""
_SILENCE = b"\xd5" * int(8000 * HURRIED_PROMPT_SECONDS)
_START_SECONDS = 30.0


@dataclass(frozen=True)
class BenchCentre:
    """A running centre: where it takes calls, where it sends them, and what uses CPU for it."""

    kind: Kind
    sip_port: int
    executive_port: int
    asterisk: psutil.Process
    service: psutil.Process | None
    runtime: Path

    def cpu_seconds(self) -> tuple[float, float]:
        """Of Asterisk, and of the service, 0 where there is none."""
        ours = sum(self.service.cpu_times()[:2]) if self.service is not None else 0.0
        return sum(self.asterisk.cpu_times()[:2]), ours


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago on loopback, for TCP and UDP."""
    with contextlib.ExitStack() as stack:
        found: list[int] = []
        while len(found) < count:
            tcp = stack.enter_context(socket.socket())
            tcp.bind(("127.0.0.1", 0))
            udp = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            with contextlib.suppress(OSError):
                udp.bind(tcp.getsockname())
                found.append(tcp.getsockname()[1])
        return found


@contextlib.asynccontextmanager
async def bench_centre(kind: Kind, pace: Pace, first_rtp_port: int) -> AsyncIterator[BenchCentre]:
    """Start it; whatever happens, stop it and remove its files. Raises DialplanError."""
    # The control socket's path must be short.
    runtime = Path(tempfile.mkdtemp(prefix="h181-"))
    try:
        sip, http, ami, agi, executive = free_ports(5)
        settings = AsteriskSettings(
            sip_port=sip,
            http_port=http,
            ami_port=ami,
            agi_port=agi,
            rtp_first=first_rtp_port,
            rtp_last=first_rtp_port + 1999,
            trunk_match=(TRUNK,),
            key_seconds=5,
            wrapup_seconds=0,
            qualify_seconds=0,
            queue_longest=1000,
            calls_at_once=990,
        )
        if pace == "hurried":
            settings = replace(settings, sounds_dir=_prompts(runtime / "prompts"))
        binary = find_asterisk()
        # Those of the service's own state: it takes no request whose key was made with others.
        state = runtime / "state"
        state.mkdir(mode=0o700)
        secrets = load_or_create(state / "secrets.json", [one.extension for one in load_executives()])

        def configure() -> None:
            apply(settings, secrets, runtime, binary=binary)
            _add_executives(layout(runtime).etc, settings.district_code, executive)
            if kind == "dialplan":
                _without_service(layout(runtime).etc)

        instance = AsteriskInstance(settings, secrets, runtime, binary, apply_first=configure)
        async with contextlib.AsyncExitStack() as stack:
            service = await stack.enter_async_context(_service(runtime, agi)) if kind == "agi" else None
            await stack.enter_async_context(instance)
            assert instance.pid is not None
            yield BenchCentre(kind, sip, executive, psutil.Process(instance.pid), service, runtime)
            _check_served(runtime / "service.log")
    finally:
        shutil.rmtree(runtime, ignore_errors=True)


def _check_served(service_log: Path) -> None:
    """Raise RuntimeError when the service refused calls: then the dialplan alone would have been measured."""
    said = service_log.read_text(encoding="utf-8", errors="replace") if service_log.exists() else ""
    if refused := next((line for line in said.splitlines() if "-refused" in line), None):
        raise RuntimeError(f"the service did not take the calls: {refused[:300]}")


def _prompts(folder: Path) -> Path:
    """Every prompt, equally short."""
    for key in load_catalogue().keys():  # noqa: SIM118 - a catalogue is no dict
        path = folder / f"{key}.alaw"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_SILENCE)
    return folder


def _add_executives(etc: Path, district: str, port: int) -> None:
    """Phones at one address, always there, logged in to the district's queue."""
    names = [f"bench{number:03}" for number in range(EXECUTIVES)]
    with (etc / "generated" / "pjsip-executives.conf").open("a", encoding="utf-8") as file:
        for name in names:
            file.write(f"\n[{name}](executive-endpoint)\naors = {name}\n")
            file.write(f"\n[{name}]\ntype = aor\ncontact = sip:{name}@127.0.0.1:{port}\n")
    with (etc / "generated" / "queues.conf").open("a", encoding="utf-8") as file:
        file.write(f"\n[district-{district}](+)\n")
        file.writelines(f"member => PJSIP/{name}\n" for name in names)


def _without_service(etc: Path) -> None:
    """The dialplan knows from the first step that nobody serves AGI, and makes no note of it."""
    changed = 0
    for path in (etc / "extensions.d").glob("*.conf"):
        before = path.read_text(encoding="utf-8")
        after, count = re.subn(r"Set\(H181_AGI_DOWN=\)", "Set(H181_AGI_DOWN=yes)", before)
        after = re.sub(r"CELGenUserEvent\(H181_FALLBACK,[^)]*\)", "NoOp()", after)
        changed += count
        if after != before:
            path.write_text(after, encoding="utf-8")
    if not changed:
        raise RuntimeError("no Set(H181_AGI_DOWN=) in the dialplan: correct bench/ivr_centre.py")


@contextlib.asynccontextmanager
async def _service(runtime: Path, port: int) -> AsyncIterator[psutil.Process]:
    settings = {
        "HELPLINE_HELPLINE_STATE_DIR": str(runtime / "state"),
        "HELPLINE_AGI_PORT": str(port),
        # The dialplan's own menu waits as long.
        "HELPLINE_AGI_KEY_SECONDS": "5",
        "HELPLINE_AGI_CONFIRM_SECONDS": "5",
    }
    with (runtime / "service.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from helpline.main import main; main()",
            "serve",
            "agi",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **settings},
        )
    try:
        async with asyncio.timeout(_START_SECONDS):
            while not await _listens(port):
                if process.returncode is not None:
                    said = (runtime / "service.log").read_text(encoding="utf-8", errors="replace")
                    raise RuntimeError(f"the service did not start: {said[-500:]}")
                await asyncio.sleep(0.1)
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
