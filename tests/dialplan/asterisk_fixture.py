"""A private Asterisk for a test, on free ports, in a short temporary folder, with prompts of its own.

    async with private_asterisk(agi_port=...) as centre:
        await centre.asterisk.cli("core show channels")
        assert centre.prompts["greeting"] in citizen.heard

Any room's tests may use it: `from tests.dialplan.asterisk_fixture import private_asterisk`.
"""

import hashlib
import itertools
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from dialplan.apply import apply
from dialplan.binary import AsteriskBinary, find_asterisk
from dialplan.executives import load_executives
from dialplan.instance import AsteriskInstance
from dialplan.secrets import Secrets, load_or_create
from dialplan.settings import AsteriskSettings
from ivr_prompts.catalogue import load_catalogue

PROMPT_BYTES = 1600
RTP_PORTS = 80
FIRST_PORT, PORTS, BLOCKS = 28_100, 150, 30
"""Below the range from which the kernel gives ports to outgoing connections: none of those takes one."""
RTP_RANGES = 100
FIRST_RTP_PORT = 20000


@dataclass(frozen=True)
class PrivateCentre:
    """A running Asterisk and what is needed to talk to it."""

    asterisk: AsteriskInstance
    settings: AsteriskSettings
    secrets: Secrets
    runtime: Path
    prompts: Mapping[str, bytes]

    @property
    def server(self) -> tuple[str, int]:
        """Where it takes SIP."""
        return self.settings.bind, self.settings.sip_port

    def lengthen(self, key: str, times: int = 10) -> bytes:
        """Make a prompt ten times as long, so that a key certainly arrives while it is played."""
        sound = self.prompts[key] * times
        write_prompts(self.settings.sounds_dir, {key: sound})
        return sound

    def log(self) -> list[str]:
        """Lines of its log that are warnings or errors, but for that of an empty queue."""
        text = (self.runtime / "log" / "messages.log").read_text(encoding="utf-8", errors="replace")
        found = [line for line in text.splitlines() if " WARNING[" in line or " ERROR[" in line]
        return [line for line in found if "Unable to join queue" not in line]


@cache
def _own_ports() -> Iterator[int]:
    """Ports of a block that no other process of these tests takes, in turn.

    Every request goes on behind the last one, so that a port is not given twice before it is bound. A UNIX
    socket in the abstract name space guards the block: it leaves no file and ends with this process.
    """
    guard = socket.socket(socket.AF_UNIX)
    for block in range(BLOCKS):
        with suppress(OSError):
            guard.bind(f"\0h181-test-ports-{block}")
            first = FIRST_PORT + block * PORTS
            return _with(guard, itertools.cycle(range(first, first + PORTS)))
    raise RuntimeError("no block of ports is free")


def _with(guard: socket.socket, ports: Iterator[int]) -> Iterator[int]:
    with guard:
        yield from ports


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago for TCP and UDP on loopback, of this process's own block."""
    with ExitStack() as stack:
        found: list[int] = []
        for port in itertools.islice(_own_ports(), 2 * PORTS):
            tcp = stack.enter_context(socket.socket())
            udp = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
            if len(found) == count:
                break
        return found


@contextmanager
def rtp_ports() -> Iterator[tuple[int, int]]:
    """A range of RTP ports that no other test on this machine takes.

    A UNIX socket in the abstract name space guards each range: it leaves no file and ends with its process.
    """
    with socket.socket(socket.AF_UNIX) as guard:
        for slot in range(RTP_RANGES):
            try:
                guard.bind(f"\0h181-test-rtp-{slot}")
            except OSError:
                continue
            first = FIRST_RTP_PORT + slot * RTP_PORTS
            yield first, first + RTP_PORTS - 1
            return
        raise RuntimeError("no range of RTP ports is free")


def distinct_prompts(folder: Path) -> dict[str, bytes]:
    """Key -> A-law bytes, 0.2 s of noise of its own for every prompt: found in what is heard only when it
    was played, and byte for byte only when nothing was transcoded."""
    catalogue = load_catalogue()
    prompts = {key: prompt("", key) for key in catalogue.keys()}  # noqa: SIM118 - a catalogue is no dict
    write_prompts(folder, prompts)
    return prompts


def prompt(language: str, key: str) -> bytes:
    """The noise of one prompt."""
    seed = hashlib.sha256(f"{language}{key}".encode()).digest()
    noise = b"".join(hashlib.sha256(seed + bytes([n])).digest() for n in range(PROMPT_BYTES // 32))
    return bytes(byte | 0x0F for byte in noise)


def write_prompts(folder: Path, prompts: Mapping[str, bytes]) -> None:
    """Write each as <key>.alaw."""
    for key, sound in prompts.items():
        path = folder / f"{key}.alaw"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sound)


@asynccontextmanager
async def private_asterisk(
    *,
    agi_port: int | None = None,
    change: Callable[[AsteriskSettings], AsteriskSettings] = lambda settings: settings,
    binary: AsteriskBinary | None = None,
    english: tuple[str, ...] = (),
) -> AsyncIterator[PrivateCentre]:
    """A started Asterisk. Without `agi_port` nobody serves AGI. `change` alters the settings before that.

    `english`: keys of prompts that are there in English as well (see `prompt`).
    """
    binary = binary or find_asterisk()
    # A folder of its own below the system's: pytest's tmp_path is too long for the control socket.
    runtime = Path(tempfile.mkdtemp(prefix="h181-"))
    try:
        with rtp_ports() as (rtp_first, rtp_last):
            sip, http, ami, dead = free_ports(4)
            settings = change(
                AsteriskSettings(
                    sip_port=sip,
                    http_port=http,
                    ami_port=ami,
                    rtp_first=rtp_first,
                    rtp_last=rtp_last,
                    agi_port=agi_port or dead,
                    key_seconds=1,
                    queue_wait_seconds=20,
                    wrapup_seconds=0,
                    message_silence_seconds=1,
                    qualify_seconds=0,
                    sounds_dir=runtime / "prompts" / "hi",
                )
            )
            prompts = distinct_prompts(runtime / "prompts" / "hi")
            if english:
                write_prompts(runtime / "prompts" / "en", {key: prompt("en", key) for key in english})
            extensions = [one.extension for one in load_executives()]
            secrets = load_or_create(runtime / "secrets.json", extensions)
            ready = partial(
                apply, settings, secrets, runtime, binary=binary, known_prompts=frozenset(prompts)
            )
            instance = AsteriskInstance(settings, secrets, runtime, binary, apply_first=ready)
            async with instance:
                yield PrivateCentre(instance, settings, secrets, runtime, prompts)
    finally:
        shutil.rmtree(runtime, ignore_errors=True)
