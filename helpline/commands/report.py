"""``helpline report``: habitual complainants, and the monthly grading as it would stand."""

from datetime import datetime
from typing import Any

import click

from desk.formats import complaint_number, indian
from dialplan.districts import load_districts
from helpline import columns
from helpline.app import App
from helpline.commands import words
from helpline.commands.habitual import habitual
from helpline.commands.office_options import AT, JSON, in_office
from helpline.commands.output import say
from helpline.office import Office, OfficeError, reports
from helpline.office.reports import Month
from mapper import Edition
from mapper.grading import Counts, Grade, Grades, Group, Score
from mapper.grading_rules import GradingRules

SHOWN = 10
"""Posts and complaints listed unless more are asked for: what one looks at in a morning."""


@click.group()
def report() -> None:
    """Habitual complainants, and the monthly grading as it would stand today."""


report.add_command(habitual)


@report.command()
@click.option("--district", metavar="CODE", help="One district: its parts, and what would raise it most.")
@click.option("--department", metavar="CODE", help="One department.")
@click.option("--post", metavar="POST_ID", help="One officer's post.")
@click.option("--month", metavar="YYYY-MM", help="An earlier month (default: this one, up to today).")
@click.option("--top", type=click.IntRange(1, 1000), default=SHOWN, show_default=True, help="Rows of a list.")
@AT
@JSON
@click.pass_obj
def grading(
    app: App,
    *,
    district: str | None,
    department: str | None,
    post: str | None,
    month: str | None,
    top: int,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Score districts, departments and officers, the lowest first; of one, say which complaints weigh most.

    Weights and cut-offs are in the directory's sheet grading.csv. What no source gave is marked "assumed".

    \b
    helpline report grading
    helpline report grading --department REVENUE --month 2026-10
    """
    chosen = {"district": district, "department": department, "post": post}
    asked: list[tuple[Group, str]] = [(group, key) for group, key in chosen.items() if key]  # type: ignore[misc]
    if len(asked) > 1:
        raise click.UsageError("--district, --department and --post exclude each other")

    async def work(office: Office) -> tuple[Edition, Month, Grades]:
        try:
            days = Month.named(month, office.today) if month else Month.of(office.today)
        except ValueError as error:
            raise click.BadParameter(f"{error}; write it as 2026-11", param_hint="--month") from None
        return await office.edition(), days, await reports.grades(office, days)

    edition, days, grades = in_office(app, at, work, as_json=as_json)
    names = _Names(edition)
    if not asked:
        say(_all_data(grades, days), _all_lines(grades, days, names, top), json_wanted=as_json)
        return
    group, key = asked[0]
    one = grades.of(group, key)
    if one is None:
        raise OfficeError(
            f"no graded complaint of {group} {key} in {days.first:%Y-%m}; see the list without it"
        )
    say(
        {**_grade_data(one), "gains": grades.gains(group, key, top), **_day_data(grades, days)},
        [*_one_lines(names(group, key), one, grades, days), *_gain_lines(grades, group, key, top)],
        json_wanted=as_json,
    )


class _Names:
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


def _all_lines(grades: Grades, days: Month, names: _Names, top: int) -> list[str]:
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
        lines += ["", title, *columns.table(rows, heads=_HEADS, widest=60)]
        if len(graded) > top:
            lines.append(f"and {indian(len(graded) - top)} more; --top shows them")
    lines += ["", *_marks(grades)]
    return lines


_HEADS = ("", "score", "satisfied", "pending", "low q.", "not att.", "complaints", "open long")


def _row(name: str, each: Grade) -> tuple[str, ...]:
    score, counts = each.score, each.counts
    assert score is not None  # noqa: S101 (the caller chose those with one)
    parts = (score.satisfaction, score.pending, score.low_quality, score.not_attended)
    return (
        name,
        f"{score.total:5.1f} {each.letter}",
        *(f"{part:4.1f}" for part in parts),
        indian(counts.received),
        indian(counts.pending_long),
    )


def _one_lines(name: str, one: Grade, grades: Grades, days: Month) -> list[str]:
    head = [f"{name}", f"{words.day(days.first)} to {words.day(days.last)}"]
    if one.score is None:
        return [*head, "no complaint of its own is graded"]
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
    lines = [f"assumed, no source gave it: {', '.join(grades.rules.assumed)}"] if grades.rules.assumed else []
    if grades.left_out:
        over = grades.rules["habitual_over"]
        lines.append(f"left out: {indian(grades.left_out)} complaints of persons with more than {over:g}")
    return lines


def _gain_lines(grades: Grades, group: Group, key: str, top: int) -> list[str]:
    gains = grades.gains(group, key, top)
    if not gains:
        return ["no complaint is open"]
    rows = [
        (f"  {complaint_number(gain.number)}", f"+{gain.gain:.2f}", f"open for {words.days(gain.days_open)}")
        for gain in gains
    ]
    return ["closed with satisfaction today, each by itself would raise the score:", *columns.table(rows)]


def _all_data(grades: Grades, days: Month) -> dict[str, Any]:
    return {
        **_day_data(grades, days),
        "districts": list(map(_grade_data, grades.districts)),
        "departments": list(map(_grade_data, grades.departments)),
        "posts": list(map(_grade_data, grades.posts)),
    }


def _grade_data(one: Grade) -> dict[str, Any]:
    return {"key": one.key, "letter": one.letter, "score": one.score, "counts": one.counts}


def _day_data(grades: Grades, days: Month) -> dict[str, Any]:
    return {
        "from": days.first,
        "to": days.last,
        "left_out": grades.left_out,
        "rules": grades.rules.values,
        "assumed": grades.rules.assumed,
    }
