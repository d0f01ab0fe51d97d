"""What every bench says about its figures: the load of the machine, and percentiles."""

import os
from collections.abc import Sequence


def load_average() -> str:
    """The machine's load of the last minute; others' work is in it."""
    return f"{os.getloadavg()[0]:.1f}"


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of the values do not exceed. Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
