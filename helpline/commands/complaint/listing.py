"""``helpline complaint list``: complaints by what an office looks for, the overdue ones first."""

from datetime import date, datetime

import click

from desk.formats import complaint_number
from helpline import columns
from helpline.app import App
from helpline.commands import words
from helpline.commands.complaint import view
from helpline.commands.office_options import AT, JSON, in_office
from helpline.commands.output import say
from mapper import posts_of
from office import Office, OfficeError
from office.clocks import Clocks, clocks
from office.finding import find_department
from records import Complaint, Wanted
from records.life.states import KINDS, STATUSES
from records.phone import parse, several


@click.command("list")
@click.option("--status", type=click.Choice(STATUSES), help="Only in this state.")
@click.option("--kind", type=click.Choice(KINDS), help="Only of this kind.")
@click.option("--post", "post_id", metavar="POST_ID", help="Only those that this post has.")
@click.option(
    "--of", "username", metavar="USERNAME", help="Only those of the posts that this user holds today."
)
@click.option("--department", help="Only of this department: its code or name.")
@click.option("--district", metavar="CODE", help="Only of this district.")
@click.option("--phone", help="Only from or for this telephone.")
@click.option("--text", help="Only with these words: number, name, type, place or description.")
@click.option(
    "--overdue", is_flag=True, help="Only those whose level's limit is over while its officer has to act."
)
@click.option("--all", "closed_too", is_flag=True, help="Closed ones too.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many."
)
@AT
@JSON
@click.pass_obj
def list_(
    app: App,
    *,
    status: str | None,
    kind: str | None,
    post_id: str | None,
    username: str | None,
    department: str | None,
    district: str | None,
    phone: str | None,
    text: str | None,
    overdue: bool,
    closed_too: bool,
    limit: int,
    at: datetime | None,
    as_json: bool,
) -> None:
    """List complaints, the longest overdue first.

    Open ones, unless said otherwise.

    \b
    helpline complaint list --overdue
    helpline complaint list --of tehsildar.khilchipur
    helpline complaint list --phone 9812345610 --all
    """

    async def work(office: Office) -> tuple[date, list[Complaint]]:
        edition, today = await office.edition(), office.today
        wanted = Wanted(
            status=status,
            kind=kind,
            district=district,
            department=find_department(edition, department).code if department else None,
            overdue_on=today if overdue else None,
            phone=_e164(phone) if phone else None,
            text=text,
            unclosed=not closed_too and status is None,
        )
        posts: list[str | None] = [post_id]
        if username is not None:
            posts = [*posts_of(edition, username, today)]
            if not posts:
                raise OfficeError(
                    f"{username} holds no post in edition {edition.name}; see sheet holders.csv"
                )
        found = await office.search(wanted, posts, limit)
        if post_id is not None and not found:
            await office.in_post("", post_id)
        return today, found

    today, found = in_office(app, at, work, as_json=as_json)
    data = [{**view.as_data(each), "clocks": view.clock_data(clocks(each, today))} for each in found]
    say(data, _lines(found, today, limit), json_wanted=as_json)


def _lines(found: list[Complaint], today: date, limit: int) -> list[str]:
    if not found:
        return ["no complaint fits; closed ones are listed with --all"]
    rows = [
        (
            complaint_number(each.number),
            _left(clocks(each, today)),
            f"{clocks(each, today).total} d",
            f"{each.assigned.level_label} {each.assigned.post_hi}",
            each.type_hi,
            each.place_hi,
            words.state_hi(each),
        )
        for each in found
    ]
    heads = ("number", "this level", "total", "officer", "type", "place", "state")
    lines = columns.table(rows, heads=heads, widest=34)
    if len(found) == limit:
        lines.append(f"the first {limit}; --limit shows more")
    return lines


def _left(clocks: Clocks) -> str:
    if clocks.stopped:
        return "closed"
    if clocks.waits:
        return "to be asked"
    if clocks.overdue:
        return f"{-clocks.left} d OVERDUE"
    return "last day" if clocks.left == 0 else f"{clocks.left} d left"


def _e164(text: str) -> str:
    e164 = parse(text).e164
    if e164 is None and several(text):
        raise OfficeError(f"{text!r} holds more than one telephone number; give one")
    if e164 is None:
        raise OfficeError(f"{text!r} is no telephone number that can be called; write ten digits")
    return e164
