"""``helpline complaint draft``: spoken messages that become complaints, or are discarded with a reason."""

import click

from desk.formats import duration, phone
from helpline import columns
from helpline.app import App
from helpline.commands import words
from helpline.commands.complaint import view
from helpline.commands.complaint.register import FORM, Form
from helpline.commands.office_options import JSON, Acting, acting, in_office
from helpline.commands.output import say
from office import Office, drafts
from records import Complaint, Draft

_DRAFT = click.argument("draft_id", type=click.IntRange(1, 2**31 - 1), metavar="DRAFT")


@click.group()
def draft() -> None:
    """List, complete or discard spoken messages."""


@draft.command("list")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many."
)
@JSON
@click.pass_obj
def list_(app: App, *, limit: int, as_json: bool) -> None:
    """Messages that wait, the oldest first."""

    async def work(office: Office) -> list[Draft]:
        return await office.records.drafts.open(limit)

    found = in_office(app, None, work, as_json=as_json)
    folder = app.exchange.recordings_dir
    rows = [
        (
            str(one.id),
            words.moment(one.at),
            phone(one.e164) if one.e164 else "no number",
            duration(one.seconds),
            str(folder / one.recording),
        )
        for one in found
    ]
    lines = columns.table(rows, heads=("draft", "spoken", "from", "length", "recording")) if rows else []
    say(found, lines or ["no message waits"], json_wanted=as_json)


@draft.command()
@_DRAFT
@FORM
@acting
@JSON
@click.pass_obj
def complete(app: App, draft_id: int, *, form: Form, acting: Acting, as_json: bool) -> None:
    """Write a message down as a complaint.

    It is linked to the call that the message came with.

    \b
    helpline complaint draft complete 7 --by sita --type "नामांतरण" --place village:479544 \\
        --name रामलाल --phone 9812345610 --text "दो महीने से नामांतरण नहीं हुआ"
    """

    async def work(office: Office) -> Complaint:
        actor = await acting.actor(office)
        spoken = await drafts.find(office, draft_id)
        filled = await form.read(app, office, actor, known_phone=spoken.e164)
        return await drafts.complete(office, draft_id, actor, filled)

    made = in_office(app, acting.at, work, as_json=as_json)
    say(view.as_data(made), view.registered_lines(made), json_wanted=as_json)


@draft.command()
@_DRAFT
@click.option("--reason", "reason_code", required=True, metavar="CODE", help="Code from the list `discard`.")
@click.option("--note", default="", help="More words, if any.")
@acting
@JSON
@click.pass_obj
def discard(app: App, draft_id: int, *, reason_code: str, note: str, acting: Acting, as_json: bool) -> None:
    """Nobody has to listen to a message any more, for a reason from the list.

    \b
    helpline complaint draft discard 7 --by sita --reason NO-SPEECH
    """

    async def work(office: Office) -> Draft:
        return await drafts.discard(office, draft_id, await acting.actor(office), reason_code, note)

    gone = in_office(app, acting.at, work, as_json=as_json)
    say(gone, f"message {gone.id} is discarded: {reason_code}", json_wanted=as_json)
