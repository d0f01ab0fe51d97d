"""``habitual``: telephones from which very many complaints came. A flag for reports, never a reason to drop a
call."""

import click

from desk.formats import indian, phone
from helpline import columns
from helpline.app import App
from helpline.commands import words
from helpline.commands.office_options import JSON, in_office
from helpline.commands.output import say
from office import Office
from records.complaints.grading_query import Habitual


@click.command()
@click.option(
    "--over", type=click.IntRange(1, 1_000_000), help="More complaints than so many (default: the grading's)."
)
@JSON
@click.pass_obj
def habitual(app: App, *, over: int | None, as_json: bool) -> None:
    """List habitual complainants (आदतन).

    Telephones with very many complaints, which are left out of the grading. It is never a reason to refuse
    a call.
    """

    async def work(office: Office) -> tuple[int, list[Habitual]]:
        return await office.habitual(over)

    least, found = in_office(app, None, work, as_json=as_json)
    rows = [
        (
            phone(one.citizen),
            one.name,
            indian(one.complaints),
            indian(one.unclosed),
            words.day(one.first_at),
            words.day(one.last_at),
        )
        for one in found
    ]
    heads = ("phone", "name", "complaints", "open", "first", "last")
    lines = columns.table(rows, heads=heads) if rows else [f"nobody has more than {least} complaints"]
    say({"over": least, "citizens": found}, lines, json_wanted=as_json)
