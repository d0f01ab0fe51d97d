"""What loading an edition costs a fresh process: `python -m bench.mapper_loading FILE` prints it as JSON."""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Loading:
    """Seconds by the clock and of CPU; megabytes resident before, with the edition, and after a search."""

    seconds: float
    cpu: float
    mb_before: float
    mb_loaded: float
    mb_searched: float


def measure(edition: Path) -> Loading:
    """Load the edition in a process of its own."""
    command = [sys.executable, "-m", "bench.mapper_loading", str(edition.resolve())]
    root = Path(__file__).resolve().parent.parent
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root).stdout
    return Loading(**json.loads(told))


def _load(path: Path) -> Loading:
    from mapper import load_edition

    before = _resident()
    clock, cpu = time.perf_counter(), time.process_time()
    edition = load_edition(path)
    seconds, cpu = time.perf_counter() - clock, time.process_time() - cpu
    loaded = _resident()
    edition.search_places("biaora")
    edition.search_types("bijli")
    return Loading(seconds, cpu, before, loaded, _resident())


def _resident() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6


if __name__ == "__main__":
    print(json.dumps(asdict(_load(Path(sys.argv[1])))))
