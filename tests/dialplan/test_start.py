"""The private Asterisk starts without a complaint, says why when it cannot, and is never left behind."""

import asyncio
import re
import shutil
import signal
import socket
import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil
import pytest

from dialplan.apply import apply
from dialplan.binary import AsteriskBinary
from dialplan.errors import DialplanError
from dialplan.instance import AsteriskInstance
from dialplan.secrets import Secrets
from dialplan.settings import AsteriskSettings
from helpline.checkup_sockets import open_to_all
from ivr_prompts.catalogue import load_catalogue
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk

pytestmark = pytest.mark.call

REPOSITORY = Path(__file__).resolve().parents[2]
DNS_ANSWER = bytes.fromhex(
    "0001 8180 0001 0001 0000 0000 0178 0000 0100 01 c00c 0001 0001 00000e10 0004 7f000017"
)
"""Of a stranger: x is 127.0.0.23."""
CONTEXTS = (
    "trunk-in", "call-begin", "inbound", "waiting", "conversation", "fallback", "ended", "executives",
    "executive-tones", "executive-lines", "direct-numbers", "district-codes", "district-queues",
)  # fmt: skip


async def test_starts_without_warnings_and_has_every_context(centre: PrivateCentre) -> None:
    assert centre.log() == []
    shown = await centre.asterisk.cli("dialplan show")
    assert [context for context in CONTEXTS if f"[ Context '{context}' created" not in shown] == []
    assert "not registered" not in shown
    assert "Asterisk 2" in await centre.asterisk.cli("core show version")


async def test_every_application_and_function_of_the_dialplan_is_loaded(centre: PrivateCentre) -> None:
    shown = await centre.asterisk.cli("dialplan show")
    steps = re.findall(r"^.*?\d+\. (\w+)\(.*\[[a-z-]+\.conf:\d+\]$", shown, re.MULTILINE)
    applications = set(steps)
    known = await centre.asterisk.cli("core show applications")
    functions = set(re.findall(r"[{(]([A-Z][A-Z_]+)\(", shown))
    known_functions = await centre.asterisk.cli("core show functions")
    assert len(functions) > 5
    assert [name for name in functions if f"{name} " not in known_functions] == []
    assert len(applications) > 15
    assert [name for name in applications if f" {name}:".lower() not in known.lower()] == []


async def test_reload_keeps_running_and_takes_changes(centre: PrivateCentre) -> None:
    pid = centre.asterisk.pid
    await centre.asterisk.reload()
    assert centre.asterisk.pid == pid
    assert centre.log() == []


async def test_modules_are_the_listed_ones_and_all_run(centre: PrivateCentre) -> None:
    listed = {
        line.split("=")[1].strip()
        for line in (centre.runtime / "etc" / "modules.conf").read_text(encoding="utf-8").splitlines()
        if line.startswith("load =")
    }
    shown = await centre.asterisk.cli("module show")
    running = {line.split()[0] for line in shown.splitlines() if ".so" in line and "Running" in line}
    assert running == listed


async def test_listens_on_loopback_only(centre: PrivateCentre) -> None:
    pid = centre.asterisk.pid
    assert pid is not None
    connections = psutil.Process(pid).net_connections("inet")
    listening = [one.laddr for one in connections if one.status == psutil.CONN_LISTEN]
    assert {address.port for address in listening} == {
        centre.settings.sip_port,
        centre.settings.http_port,
        centre.settings.ami_port,
    }
    assert {address.ip for address in listening} == {"127.0.0.1"}
    datagram = [one.laddr for one in connections if one.type == socket.SOCK_DGRAM]
    # The SIP library's DNS client opens one of each family at every start, and no setting closes it
    # (helpline/checkup_sockets.py); it answers nobody.
    outside = [address for address in datagram if address.ip != "127.0.0.1"]
    assert {address.ip for address in outside} <= {"0.0.0.0", "::"}  # noqa: S104
    assert len({address.ip for address in outside}) == len(outside)
    assert open_to_all(pid) == sorted(address.port for address in outside)
    for address in outside:
        with socket.socket(type=socket.SOCK_DGRAM) as asking:
            asking.bind(("127.0.0.1", 0))
            asking.setblocking(False)
            asking.sendto(DNS_ANSWER, ("127.0.0.1", address.port))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await asyncio.get_running_loop().sock_recv(asking, 512)
    assert "Asterisk 2" in await centre.asterisk.cli("core show version"), "a false answer does no harm"
    assert [address.port for address in datagram if address.ip == "127.0.0.1"] == [centre.settings.sip_port]


async def test_port_in_use_is_one_line_and_leaves_no_process(binary: AsteriskBinary) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(
            DialplanError, match=rf"UDP port 127\.0\.0\.1:{port} .*set another sip_port"
        ) as caught:
            async with private_asterisk(binary=binary, change=lambda s: replace(s, sip_port=port)):
                pass
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("pjsip.conf", "[x]\ntype = endpoint\nfoo = bar\n", "option suitable for category 'x' named 'foo'"),
        ("queues.conf", "[q](nosuch)\ntimeout = 1\n", "category 'nosuch' does not exist"),
        ("modules.conf", "load = app_nothere.so\n", "app_nothere.so"),
    ],
)
async def test_a_configuration_asterisk_does_not_take_is_one_line_and_leaves_no_process(
    centre: PrivateCentre, file: str, text: str, said: str
) -> None:
    await centre.asterisk.stop()
    path = centre.runtime / "etc" / file
    path.write_text(path.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")
    again = AsteriskInstance(
        centre.settings, centre.secrets, centre.runtime, centre.asterisk.binary, apply_first=lambda: None
    )
    with pytest.raises(DialplanError, match="does not take its configuration") as caught:
        await again.start()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert again.pid is None


async def test_an_asterisk_that_ends_is_one_line_with_the_cause(binary: AsteriskBinary) -> None:
    broken = replace(binary, argv=(*binary.argv, "-X", "--no-such-option"))
    with pytest.raises(DialplanError, match="Asterisk ended while starting") as caught:
        async with private_asterisk(binary=broken):
            pass
    assert "\n" not in str(caught.value)


async def test_cancelled_block_ends_the_process(binary: AsteriskBinary) -> None:
    pids: list[int] = []
    up = asyncio.Event()

    async def hold() -> None:
        async with private_asterisk(binary=binary) as centre:
            pids.append(centre.asterisk.pid or 0)
            up.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    await asyncio.wait_for(up.wait(), 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not _alive(pids[0])


async def test_asterisk_dies_with_a_killed_parent() -> None:
    program = (
        "import asyncio\n"
        "from tests.dialplan.asterisk_fixture import private_asterisk\n"
        "async def main():\n"
        "    async with private_asterisk() as centre:\n"
        "        print(centre.asterisk.pid, centre.runtime, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    try:
        pid, runtime = (await asyncio.wait_for(parent.stdout.readline(), 20)).decode().split()
        child = psutil.Process(int(pid))
    finally:
        parent.send_signal(signal.SIGKILL)
        await parent.wait()
    psutil.wait_procs([child], timeout=5)
    assert not _alive(int(pid))
    shutil.rmtree(runtime)


async def test_a_path_too_long_for_a_socket_is_refused(binary: AsteriskBinary) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.raises(DialplanError, match="shorter path"):
        AsteriskInstance(AsteriskSettings(), _secrets(), Path(folder) / ("x" * 90), binary)


async def test_refused_configuration_leaves_the_old_one(centre: PrivateCentre) -> None:
    before = (centre.runtime / "etc" / "extensions.conf").read_bytes()
    with pytest.raises(DialplanError, match="district_code"):
        apply(
            replace(centre.settings, district_code="04"),
            centre.secrets,
            centre.runtime,
            binary=centre.asterisk.binary,
        )
    refuse = partial(apply, centre.settings, centre.secrets, centre.runtime, binary=centre.asterisk.binary)
    with pytest.raises(DialplanError, match="h181/greeting is not in the catalogue"):
        refuse(known_prompts=frozenset(load_catalogue().keys()) - {"greeting"})
    assert (centre.runtime / "etc" / "extensions.conf").read_bytes() == before
    assert sorted(path.name for path in centre.runtime.glob(".etc*")) == []


def _alive(pid: int) -> bool:
    # A zombie that nobody has waited for yet counts as dead.
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _secrets() -> Secrets:

    return Secrets("a" * 12, "b" * 12, {})
