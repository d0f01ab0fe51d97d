"""``helpline complaint explain``: why it went where it went."""

from typing import Any

import click

from desk.formats import complaint_number
from helpline.app import App
from helpline.columns import wrap
from helpline.commands import words
from helpline.commands.complaint import view
from helpline.commands.office_options import JSON, NUMBER, in_office
from helpline.commands.output import say
from office import Office
from office.explaining import Decision
from records import Complaint


@click.command()
@NUMBER
@JSON
@click.pass_obj
def explain(app: App, number: str, *, as_json: bool) -> None:
    """Say why it went to each officer it had.

    Which rules were tried and which won, each time by the edition in force then, which the event names: the
    answer never changes.

    \b
    helpline complaint explain 10000012
    """

    async def work(office: Office) -> tuple[Complaint, tuple[Decision, ...]]:
        return await office.find(number), await office.explain(number)

    complaint, decisions = in_office(app, None, work, as_json=as_json)
    say([_data(each) for each in decisions], _lines(complaint, decisions), json_wanted=as_json)


def _lines(complaint: Complaint, decisions: tuple[Decision, ...]) -> list[str]:
    lines = [
        f"{complaint_number(complaint.number)}  {words.name(complaint.place_hi, complaint.place_en)},"
        f" registered on {words.day(complaint.registered_at)}"
    ]
    for decision in decisions:
        assigned, event = decision.assigned, decision.event
        lines += [
            "",
            f"{words.moment(event.at)}  {words.event(event.kind)}  [edition {assigned.edition}]",
            f"  {decision.type_code} {words.name(decision.type_hi, decision.type_en)}",
            f"  {assigned.level_label} {words.name(assigned.post_hi, assigned.post_en)} [{assigned.post_id}]",
            f"  limit from {words.day(decision.start)} until the end of {words.day(assigned.due)}",
            *wrap(assigned.rule, view.COLUMNS, indent="  "),
        ]
        if decision.explained is None:
            lines.append(
                f"  edition {assigned.edition} has no {assigned.level_label} for it: decided by hand"
            )
            continue
        for tried in decision.explained.tried:
            lines += wrap(f"- {tried.rule}: {tried.text}: {tried.outcome}", view.COLUMNS, indent="    ")
        if not decision.agrees:
            lines.append("  these rules alone give another officer or day: it was decided by hand")
    return lines


def _data(decision: Decision) -> dict[str, Any]:
    return {
        "seq": decision.event.seq,
        "kind": decision.event.kind,
        "at": decision.event.at,
        "edition": decision.assigned.edition,
        "type_code": decision.type_code,
        "level": decision.assigned.level,
        "post_id": decision.assigned.post_id,
        "start": decision.start,
        "due": decision.assigned.due,
        "rule": decision.assigned.rule,
        "agrees": decision.agrees,
        "tried": list(decision.explained.tried) if decision.explained else [],
    }
