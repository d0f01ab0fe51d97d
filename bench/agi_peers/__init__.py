"""The servers that the agi bench compares, each a program that prints its port and serves one session."""

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOW = "not installed: `make peers`"


@dataclass(frozen=True)
class Peer:
    """One server of the bench."""

    title: str
    argv: tuple[str, ...]
    installed: bool = True
    most_open: int = 2000
    """Sessions it is asked to hold open; a process for each one is not asked for 2,000."""


def peers() -> Sequence[Peer]:
    """Ours, the floor, and every other; ``installed`` says whether it can be run here."""
    python = (sys.executable, "-m", "bench.agi_server")
    return (
        Peer("agi/ (this project)", (*python, "ours")),
        Peer("floor: asyncio streams on uvloop, nothing checked", (*python, "streams")),
        Peer("pystrix (PyPI; threads)", (*python, "pystrix"), _importable("pystrix")),
        Peer("panoramisk (PyPI; uvloop)", (*python, "panoramisk"), _importable("panoramisk")),
        Peer(
            "ding-dong (npm; Node.js)",
            ("node", str(HERE / "ding_dong.js")),
            _works("node", "-e", f"require('{HERE}/node_modules/ding-dong')"),
        ),
        Peer(
            "Asterisk::AGI (Debian; Perl, a process each)",
            ("perl", str(HERE / "perl_agi.pl")),
            _works("perl", "-MAsterisk::AGI", "-e", "1"),
            most_open=500,
        ),
    )


def _importable(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _works(*argv: str) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
