"""``helpline report``: habitual complainants, and the monthly grading as it would stand."""

from datetime import date, datetime
from typing import Any

import click

from helpline.app import App
from helpline.commands import grading_view as view
from helpline.commands.habitual import habitual
from helpline.commands.office_options import AT, JSON, in_office
from helpline.commands.output import say
from mapper import Edition
from mapper.decision.grading import Grade, Grades, Group
from office import Office, OfficeError, reports
from office.reports import Month

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

    # Before the records are opened: wrong usage is told wherever there are none.
    if month:
        _named(month, date.max)

    async def work(office: Office) -> tuple[Edition, Month, Grades, Grade | None]:
        days = _named(month, office.today) if month else Month.of(office.today)
        grades = await reports.grades(office, days)
        one = grades.of(*asked[0]) if asked else None
        if asked and one is None:
            raise OfficeError(
                f"no graded complaint of {' '.join(asked[0])} in {days.first:%Y-%m}; see the list without it"
            )
        return await office.edition(), days, grades, one

    edition, days, grades, one = in_office(app, at, work, as_json=as_json)
    names = view.Names(edition)
    if one is None:
        say(_all_data(grades, days), view.all_lines(grades, days, names, top), json_wanted=as_json)
        return
    group, key = asked[0]
    say(
        {**_grade_data(one), "gains": grades.gains(group, key, top), **_day_data(grades, days)},
        [*view.one_lines(names(group, key), one, grades, days), *view.gain_lines(grades, group, key, top)],
        json_wanted=as_json,
    )


def _named(month: str, today: date) -> Month:
    try:
        return Month.named(month, today)
    except ValueError as error:
        raise click.BadParameter(f"{error}; write it as 2026-11", param_hint="--month") from None


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
