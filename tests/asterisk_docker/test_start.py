"""The entry of the Asterisk image, run with this machine's Asterisk."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dialplan.asterisk_fixture import free_ports

START = Path(__file__).resolve().parents[2] / "asterisk-docker" / "start.py"
SECONDS = 30


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """A state folder (a short one: Asterisk has a socket in it) and free ports."""
    with tempfile.TemporaryDirectory(prefix="h181-") as folder:
        names = ("SIP_PORT", "HTTP_PORT", "AMI_PORT")
        ports = {
            f"HELPLINE_ASTERISK_{name}": str(port) for name, port in zip(names, free_ports(3), strict=True)
        }
        yield {**os.environ, "HELPLINE_HELPLINE_STATE_DIR": folder, **ports}


def start(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(START), *arguments],
        env=environment, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SIP_PORT", "many", "HELPLINE_ASTERISK_SIP_PORT='many' is not a whole number"),
        ("BIND", "somewhere", "is not an IP address"),
        ("DISTRICT_CODE", "99", "is no district with a centre"),
    ],
)
def test_wrong_setting(environment: dict[str, str], name: str, value: str, words: str) -> None:
    result = start({**environment, f"HELPLINE_ASTERISK_{name}": value}, "--apply-only")
    assert result.returncode == 1
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_settings_reach_the_configuration(environment: dict[str, str]) -> None:
    networks = "HELPLINE_ASTERISK_TRUNK_MATCH"
    result = start({**environment, networks: "10.1.0.0/24, 10.2.0.1"}, "--apply-only")
    assert result.returncode == 0, result.stderr
    state = Path(environment["HELPLINE_HELPLINE_STATE_DIR"])
    generated = "".join(
        file.read_text(encoding="utf-8") for file in (state / "asterisk" / "etc" / "generated").glob("*.conf")
    )
    assert "10.1.0.0/24" in generated
    assert "10.2.0.1" in generated
    assert (state / "secrets.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.call
def test_becomes_asterisk_and_tells_its_health(environment: dict[str, str]) -> None:
    assert start(environment, "--healthy").returncode != 0
    process = subprocess.Popen(
        [sys.executable, str(START)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + SECONDS
        while start(environment, "--healthy").returncode != 0:
            assert process.poll() is None
            assert time.monotonic() < deadline
        assert "asterisk" in Path(f"/proc/{process.pid}/cmdline").read_text(encoding="utf-8")
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert start(environment, "--healthy").returncode != 0
