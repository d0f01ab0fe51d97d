"""The monthly grading on a terminal: who stands where, by which formulas, and what is assumed in them."""

from desk.formats import complaint_number, indian
from dialplan.districts import load_districts
from helpline import columns
from helpline.commands import words
from mapper import Edition
from mapper.decision.grading import Counts, Grade, Grades, Group, Score
from mapper.decision.grading_rules import GradingRules
from office.reports import Month

WIDTH = 110
"""Columns of a line of words."""


class Names:
    """Names of what is graded."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._districts = load_districts()

    def __call__(self, group: Group, key: str) -> str:
        named = (
            self._districts.by_code(key)
            if group == "district"
            else (self._edition.departments if group == "department" else self._edition.posts).get(key)
        )
        return f"{key} {words.name(named.name_hi, named.name_en)}" if named else key


def all_lines(grades: Grades, days: Month, names: Names, top: int) -> list[str]:
    """All that is graded, the lowest score of each sort first."""
    if not grades.districts:
        return [f"nothing to grade in {days.first:%Y-%m}: no complaint was open on any of its days"]
    lines = [f"Grading of {words.day(days.first)} to {words.day(days.last)}, the lowest score first"]
    sections: tuple[tuple[str, Group, tuple[Grade, ...]], ...] = (
        ("Districts", "district", grades.districts),
        ("Departments", "department", grades.departments),
        ("Officers", "post", grades.posts),
    )
    for title, group, found in sections:
        graded = [each for each in found if each.score is not None]
        rows = [_row(names(group, each.key), each) for each in graded[:top]]
        lines += ["", title, *columns.table(rows, heads=_HEADS)]
        if len(graded) > top:
            lines.append(f"and {indian(len(graded) - top)} more; --top shows them")
    lines += ["", *_marks(grades)]
    return lines


_HEADS = ("score", "satisfied", "pending", "low q.", "not att.", "complaints", "open long", "")


def _row(name: str, each: Grade) -> tuple[str, ...]:
    score, counts = each.score, each.counts
    assert score is not None  # noqa: S101 (the caller chose those with one)
    parts = (score.satisfaction, score.pending, score.low_quality, score.not_attended)
    return (
        f"{score.total:5.1f} {each.letter}",
        *(f"{part:4.1f}" for part in parts),
        indian(counts.received),
        indian(counts.pending_long),
        name,
    )


def one_lines(name: str, one: Grade, grades: Grades, days: Month) -> list[str]:
    """One district, department or officer: the parts with their formulas."""
    head = [f"{name}", f"{words.day(days.first)} to {words.day(days.last)}"]
    if one.score is None:
        counts = one.counts
        return [
            *head,
            f"no score: none is with it; {counts.not_attended} of {counts.had} passed it not attended",
        ]
    return [
        *head,
        f"score {one.score.total:.1f}, grade {one.letter}",
        *columns.table(_parts(one.score, one.counts, grades.rules)),
        *_marks(grades),
    ]


def _parts(score: Score, counts: Counts, rules: GradingRules) -> list[tuple[str, str, str]]:
    of_closed = rules["satisfaction_of_closed"] > 0
    every = f"{counts.closed} closed" if of_closed else f"{counts.received} received"
    full = f"all points at {rules['satisfaction_full_percent']:g} %"
    keys = ("weight_satisfaction", "satisfaction_of_closed", "satisfaction_full_percent")
    formula = f"{rules['weight_satisfaction']:g} × {counts.satisfied} of {every}, {full}"
    rows = [("  closed with satisfaction", f"{score.satisfaction:5.1f}", formula + _assumed(keys, rules))]
    late = f"  open over {rules['pending_days']:g} days"
    for name, part, points, some, of in (
        (late, "pending", score.pending, counts.pending_long, f"{counts.received} received"),
        (
            "  closed at low quality",
            "low_quality",
            score.low_quality,
            counts.low_quality,
            f"{counts.closed} closed",
        ),
        (
            "  not attended",
            "not_attended",
            score.not_attended,
            counts.not_attended,
            f"{counts.had} to attend to",
        ),
    ):
        weight, zero = f"weight_{part}", f"{part}_zero_percent"
        formula = f"{rules[weight]:g} × (1 − {some} of {of}), no points at {rules[zero]:g} %"
        rows.append((name, f"{points:5.1f}", formula + _assumed((weight, zero), rules)))
    return rows


def _assumed(keys: tuple[str, ...], rules: GradingRules) -> str:
    marked = [key for key in keys if key in rules.assumed]
    return f"; assumed: {', '.join(marked)}" if marked else ""


def _marks(grades: Grades) -> list[str]:
    lines = []
    if grades.rules.assumed:
        lines += columns.wrap(f"assumed, no source gave it: {', '.join(grades.rules.assumed)}", WIDTH)
    if grades.left_out:
        over = grades.rules["habitual_over"]
        lines.append(f"left out: {indian(grades.left_out)} complaints of persons with more than {over:g}")
    return lines


def gain_lines(grades: Grades, group: Group, key: str, top: int) -> list[str]:
    """Which open complaints would raise its score most."""
    gains = grades.gains(group, key, top)
    if not gains:
        return ["no complaint is open"]
    gains = tuple(gain for gain in gains if gain.gain > 0)
    if not gains:
        return ["closing one of the open complaints with satisfaction today would not raise the score"]
    rows = [
        (f"  {complaint_number(gain.number)}", f"+{gain.gain:.2f}", f"open for {words.days(gain.days_open)}")
        for gain in gains
    ]
    return ["closed with satisfaction today, each by itself would raise the score:", *columns.table(rows)]
