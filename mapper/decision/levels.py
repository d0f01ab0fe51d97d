"""From one level to the next: which rung follows, whether a complaint gets there by itself, who decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from mapper.decision.assign import decide, look_up_codes
from mapper.decision.choice import Assignment
from mapper.decision.edition import Edition
from mapper.decision.rules import in_force
from mapper.model.model import ComplaintType

Way = Literal["automatic", "manual"]


@dataclass(frozen=True, slots=True)
class NextLevel:
    """The rung above one level; `level` None and `way` "none" at the top of the chain.

    "automatic": the complaint goes there by itself when its limit ends; "manual": only by hand. `rule` tells
    what decided the way; `drafted`: that rule waits for confirmation.
    """

    level: int | None
    label: str
    way: Literal["automatic", "manual", "none"]
    rule: str
    drafted: bool


def next_level(edition: Edition, type_code: str, place_id: str, level: int, on: date) -> NextLevel:
    """The next rung of the chain of that type and place above `level`, by the rules that hold on `on`.

    Levels without an officer for the type and place are passed over, so the number may jump. `assign_level`
    tells its officer. Raises UnknownType and UnknownPlace.
    """
    kind, place = look_up_codes(edition, type_code, place_id)
    for rung in edition.ladders[kind.code, place.territory.area]:
        number = rung.level.number
        if number > level and decide(edition, kind, place, rung, on) is not None:
            way, rule, drafted = way_between(edition, kind, level, number, on)
            return NextLevel(number, rung.level.label, way, rule, drafted)
    return NextLevel(None, "", "none", f"edition {edition.name}: no level above {level}", drafted=False)


def way_between(
    edition: Edition, kind: ComplaintType, left: int, reached: int, on: date
) -> tuple[Way, str, bool]:
    """How a complaint of that type goes from a level to one above it on a day, by which rule, and if drafted.

    When levels in between are passed over, it goes by itself only if it would leave each of them by itself.
    """
    by_itself: tuple[Way, str, bool] = ("automatic", "levels.csv", False)
    for number in levels_between(edition, left, reached):
        rules = [rule for rule in edition.escalations_of[kind.code] if rule.level == number]
        rule = in_force(rules, on)
        if rule is not None:
            if rule.way == "manual":
                return "manual", f"edition {edition.name}: {rule.name}", rule.drafted
            by_itself = ("automatic", f"edition {edition.name}: {rule.name}", rule.drafted)
            continue
        above = next(level for level in edition.levels if level.number > number)
        if above.escalation == "manual":
            return "manual", f"edition {edition.name}: levels.csv {above.label}", above.drafted
    return by_itself


def levels_between(edition: Edition, left: int, reached: int) -> Iterator[int]:
    """The edition's levels that are left on the way: `left` itself and those below `reached`."""
    return (level.number for level in edition.levels if left <= level.number < reached)


def decider(edition: Edition, type_code: str, place_id: str, on: date) -> Assignment | None:
    """The officer who decides what lower levels propose: special close, another department.

    He holds the level that levels.csv marks with `decides`; without a mark, the last level that complaints
    reach by themselves. Where the chain leaves that level out, the next one above decides. None: the chain
    ends below. Raises UnknownType and UnknownPlace.
    """
    kind, place = look_up_codes(edition, type_code, place_id)
    marked = [level.number for level in edition.levels if level.decides]
    reached = [level.number for level in edition.levels if level.escalation != "manual"]
    lowest = (marked or reached[-1:] or [edition.levels[0].number])[0]
    for rung in edition.ladders[kind.code, place.territory.area]:
        if rung.level.number >= lowest:
            found = decide(edition, kind, place, rung, on)
            if found is not None:
                return found
    return None
