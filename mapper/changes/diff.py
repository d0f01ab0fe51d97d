"""What differs between two editions, in words, and which open complaints it would touch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from mapper.changes.affected import Affected, OpenComplaint, affected
from mapper.changes.diff_posts import Renames, holder_changes, post_changes, recoded
from mapper.changes.diff_words import (
    SHOWN,
    Change,
    Verb,
    both_names,
    counted_change,
    plural,
    said,
    words_of,
)
from mapper.decision.edition import Edition
from mapper.model.place_model import Place
from mapper.model.rule_model import Responsibility

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Diff:
    """From one edition to another. `looked_at`: how many open complaints were asked about."""

    old: str
    new: str
    changes: tuple[Change, ...]
    affected: tuple[Affected, ...]
    looked_at: int

    def effects(self) -> Counter[str]:
        """How many open complaints change officer, change their day only, or would have nobody."""
        return Counter(one.effect for one in self.affected)

    def as_dict(self) -> dict[str, Any]:
        """As JSON carries it."""
        complaints = [
            asdict(one)
            | {"from_due": one.from_due.isoformat(), "to_due": one.to_due.isoformat() if one.to_due else None}
            for one in self.affected
        ]
        return {
            "old": self.old,
            "new": self.new,
            "changes": [asdict(change) for change in self.changes],
            "open_complaints": {"looked_at": self.looked_at, **self.effects(), "affected": complaints},
        }


def compare(old: Edition, new: Edition, complaints: Iterable[OpenComplaint] = ()) -> Diff:
    """What `new` changes. The complaints are asked one by one and may be a million."""
    looked_at = 0

    def counted() -> Iterator[OpenComplaint]:
        nonlocal looked_at
        for complaint in complaints:
            looked_at += 1
            yield complaint

    touched = tuple(affected(new, counted()))
    return Diff(old.name, new.name, tuple(_changes(old, new)), touched, looked_at)


def _changes(old: Edition, new: Edition) -> Iterator[Change]:
    renames = recoded(old, new)
    yield from _moves(old, new)
    yield from _named("places", old.places, new.places, lambda p: (p.kind, p.name_hi, p.name_en, p.aliases))
    yield from post_changes(old, new, renames)
    yield from holder_changes(old, new, renames)
    yield from _named("departments", old.departments, new.departments, lambda d: (d.name_hi, d.name_en))
    yield from _named(
        "types", old.types, new.types, lambda t: (t.department_code, t.name_hi, t.name_en, t.keywords)
    )
    yield from _listed(
        "levels",
        old.levels,
        new.levels,
        lambda x: x.number,
        lambda x: (x.label, x.escalation, "decides" if x.decides else ""),
    )
    yield from _listed(
        "rules",
        [_renamed(rule, renames) for rule in old.responsibilities],
        new.responsibilities,
        lambda r: r.name,
        lambda r: (r.designation_code, r.scope),
    )
    yield from _listed("limits", old.limits, new.limits, lambda x: x.name, lambda x: (f"{x.days} days",))
    yield from _listed(
        "holidays",
        old.holidays,
        new.holidays,
        lambda h: (h.day, h.name_en, h.place_id or None),
        lambda h: (h.name_hi, "" if h.kind == "public" else h.kind),
    )
    yield from _listed("escalation", old.escalations, new.escalations, lambda r: r.name, lambda r: (r.way,))
    yield from _listed(
        "calendars",
        old.calendars,
        new.calendars,
        lambda r: (r.subject, r.since),
        lambda r: (r.policy, str(r.week)),
    )
    yield from _listed(
        "reasons", old.reasons, new.reasons, lambda r: (r.purpose, r.code), lambda r: (r.name_hi, r.name_en)
    )
    yield from _listed(
        "grading", old.grading, new.grading, lambda g: (g.key, g.since), lambda g: (f"{g.value:g}",)
    )
    before, after = old.day_rule, new.day_rule
    if (before.policy, before.week) != (after.policy, after.week):
        told = f"{before.policy}, {before.week} → {after.policy}, {after.week}"
        yield counted_change("days", "changed", 1, [told])


def _renamed(rule: Responsibility, renames: Renames) -> Responsibility:
    return replace(rule, designation_code=renames.get(rule.designation_code, rule.designation_code))


def _moves(old: Edition, new: Edition) -> Iterator[Change]:
    """Places whose unit is another one than before, for the scopes by which rules find officers."""
    scopes = {rule.scope for rule in (*old.responsibilities, *new.responsibilities) if rule.scope}
    moved: dict[tuple[str, str, str, str], list[Place]] = {}
    seen: dict[tuple[int, int], list[tuple[str, str, str]]] = {}
    for place_id, place in new.places.items():
        before = old.places.get(place_id)
        if before is None:
            continue
        pair = (before.territory.id, place.territory.id)
        if pair not in seen:
            seen[pair] = [
                (scope, was, now)
                for scope in sorted(scopes)
                if (was := _unit(before, scope)) != (now := _unit(place, scope)) and (was or now)
            ]
        for scope, was, now in seen[pair]:
            moved.setdefault((place.kind, scope, was, now), []).append(place)
    for (kind, scope, was, now), places in sorted(moved.items(), key=lambda item: -len(item[1])):
        noun = new.kinds[kind]
        en_from, hi_from = _unit_name(old, scope, was)
        en_to, hi_to = _unit_name(new, scope, now)
        many, verb = (plural(noun.name_en), "move") if len(places) > 1 else (noun.name_en, "moves")
        yield Change(
            "moves",
            "moved",
            len(places),
            f"{len(places)} {many.lower()} {verb} from {en_from} to {en_to}",
            f"{len(places)} {noun.name_hi}: {hi_from} से {hi_to} में",
            tuple(f"{place.name_hi} ({place.name_en})" for place in places[:SHOWN]),
        )


def _unit(place: Place, scope: str) -> str:
    """The unit that the place names itself; empty for one that only stands in."""
    unit = place.territory.units.get(scope)
    return unit.id if unit is not None and not unit.how else ""


def _unit_name(edition: Edition, scope: str, unit_id: str) -> tuple[str, str]:
    unit = edition.places.get(unit_id)
    if unit is None:
        return f"no {scope.replace('_', ' ')}", "कोई इकाई नहीं"
    kind = edition.kinds[unit.kind]
    return f"{kind.name_en.lower()} {unit.name_en}", f"{kind.name_hi} {unit.name_hi}"


def _named(
    subject: str, old: Mapping[str, T], new: Mapping[str, T], value: Callable[[T], Hashable]
) -> Iterator[Change]:
    """Things with an id and two names; with the id, where people know it as a code."""

    def name(things: Mapping[str, T], key: str) -> str:
        return (
            f"{key} {both_names(things[key])}"
            if subject in {"types", "departments"}
            else both_names(things[key])
        )

    def names(things: Mapping[str, T], ids: Sequence[str]) -> list[str]:
        return [name(things, key) for key in ids[:SHOWN]]

    added = [key for key in new if key not in old]
    removed = [key for key in old if key not in new]
    changed = [key for key in new if key in old and value(old[key]) != value(new[key])]
    if added:
        yield counted_change(subject, "added", len(added), names(new, added))
    if removed:
        yield counted_change(subject, "removed", len(removed), names(old, removed))
    if changed:
        shown = [f"{name(old, key)} → {both_names(new[key])}" for key in changed[:SHOWN]]
        yield counted_change(subject, "changed", len(changed), shown)


def _listed(
    subject: str,
    old: Iterable[T],
    new: Iterable[T],
    key: Callable[[T], Hashable],
    value: Callable[[T], tuple[object, ...]],
) -> Iterator[Change]:
    """Rows of a list, told by their key and what they say."""
    before, after = {key(row): row for row in old}, {key(row): row for row in new}
    added = [said(name, value(after[name])) for name in after if name not in before]
    removed = [said(name, value(before[name])) for name in before if name not in after]
    changed = [
        f"{said(name, value(before[name]))} → {words_of(value(after[name]))}"
        for name in after
        if name in before and value(before[name]) != value(after[name])
    ]
    verbs: tuple[tuple[Verb, list[str]], ...] = (("added", added), ("removed", removed), ("changed", changed))
    for verb, told in verbs:
        if told:
            yield counted_change(subject, verb, len(told), told)
