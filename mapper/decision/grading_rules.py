"""The numbers of the monthly grading: which there are, and what holds where the sheet says nothing.

The weights of satisfaction and pending complaints and the first cut-off come from published reports; the two
tens are inferred from published sub-scores; every other number is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapper.decision.edition import Edition
from mapper.decision.rules import in_force, newest_first

KEYS: dict[str, float] = {
    "weight_satisfaction": 60.0,
    "weight_pending": 20.0,
    "weight_low_quality": 10.0,
    "weight_not_attended": 10.0,
    "satisfaction_of_closed": 1.0,
    "satisfaction_full_percent": 100.0,
    "pending_days": 50.0,
    "pending_zero_percent": 100.0,
    "low_quality_zero_percent": 100.0,
    "not_attended_zero_percent": 100.0,
    "grade_a": 80.0,
    "grade_b": 60.0,
    "grade_c": 40.0,
    "habitual_over": 10.0,
    "change_type_days": 3.0,
}
"""Every key of grading.csv, with the value that holds when no row does."""


@dataclass(frozen=True, slots=True)
class GradingRules:
    """The numbers that hold on one day. `assumed`: the keys that no source gave."""

    values: dict[str, float]
    assumed: tuple[str, ...]

    def __getitem__(self, key: str) -> float:
        return self.values[key]


def grading_on(edition: Edition, on: date) -> GradingRules:
    """The numbers that hold on a day, key by key the latest row; a key without a row counts as assumed."""
    ordered = sorted(edition.grading, key=newest_first)
    values, assumed = {}, []
    for key, default in KEYS.items():
        row = in_force([row for row in ordered if row.key == key], on)
        values[key] = row.value if row else default
        if row is None or row.drafted:
            assumed.append(key)
    return GradingRules(values, tuple(assumed))
