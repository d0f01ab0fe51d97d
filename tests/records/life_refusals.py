"""A refused step, and the steps that the tests of the life take most."""

import re
from datetime import datetime, timedelta, timezone

import pytest

from records import (
    Actor,
    ChangeType,
    IllegalStep,
    ProposeClose,
    ProposeDepartment,
    Step,
)
from tests.records.life_samples import (
    WATER,
    Life,
)

IST = timezone(timedelta(hours=5, minutes=30))
WATER_TYPE = ChangeType("PHE-01", "हैंडपंप खराब", "Hand pump", WATER, "पानी की शिकायत है")
NOT_OURS = ProposeDepartment("नल-जल योजना का मामला", "PHE")
SPECIAL = ProposeClose("policy", "न्यायालय में लंबित", citizen_told=True)


def refused(
    life: Life, step: Step, actor: Actor, at: datetime | None = None, **around: object
) -> IllegalStep:
    """The refusal of a step, which must change nothing."""
    before = life.now
    with pytest.raises(IllegalStep) as caught:
        life.take(step, actor, at, **around)
    assert life.now is before
    assert caught.value.number == before.number
    assert "\n" not in str(caught.value)
    assert re.search("[ऀ-ॿ]", caught.value.reason.hi), "and in Hindi"
    return caught.value
