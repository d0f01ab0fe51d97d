"""What every bench says about its figures: the load of the machine, and percentiles."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

_PRESSURE = Path("/proc/pressure/cpu")


def load_average() -> str:
    """The machine's load of the last minute; others' work is in it."""
    return f"{os.getloadavg()[0]:.1f}"


class Stopwatch:
    """Runs from where it is made; says how long something took, and how busy the machine was meanwhile."""

    def __init__(self) -> None:
        self._began, self._waited = time.monotonic(), _waited_seconds()

    def told(self) -> str:
        """Such as: in 4.2 minutes, at a load average of 3, some process waiting for a core 20% of it."""
        seconds = time.monotonic() - self._began
        said = f"in {seconds / 60:.1f} minutes, at a load average of {os.getloadavg()[1]:.0f}"
        waited = _waited_seconds()
        if waited is None or self._waited is None:
            return said
        return f"{said}, some process waiting for a core {(waited - self._waited) / seconds:.0%} of the time"


def _waited_seconds() -> float | None:
    """Seconds in which some process waited; None where the kernel does not tell."""
    try:
        return int(_PRESSURE.read_text(encoding="ascii").split("total=")[1].split()[0]) / 1e6
    except (OSError, IndexError, ValueError):
        return None


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of the values do not exceed. Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
