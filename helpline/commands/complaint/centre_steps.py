"""The steps that the call centre takes: with the citizen, between complaints, after a new edition."""

import click

from helpline.app import App
from helpline.commands.complaint.taking import MORE, REASON, step, take
from helpline.commands.office_options import Acting, Number
from records.life.steps import Answer, LinkHow

_ANSWERS = click.Choice(["satisfied", "low_quality", "not_satisfied", "unreachable"])


@step("ask", click.option("--result", type=_ANSWERS, required=True, help="What the citizen said."), MORE)
def ask(app: App, *, number: str, result: Answer, note: str, acting: Acting, as_json: bool) -> None:
    """Write down what the citizen says of the resolution.

    Satisfied or low quality: it closes. Not satisfied: one level up; ask why and write it as the note,
    else the officer reads that no reason was given. Unreachable: it is tried again.

    \b
    helpline complaint ask 10000012 --by sita --result satisfied
    """
    take(app, number, acting, as_json=as_json, taking=lambda o, who: o.ask(number, who, result, note))


@step(
    "link",
    click.option("--to", "main", type=Number(), required=True, metavar="NUMBER", help="The main complaint."),
    click.option("--as", "how", type=click.Choice(["duplicate", "group"]), default="duplicate",
                 show_default=True, help="The same matter of the same citizen, or of several."),
)  # fmt: skip
def link(app: App, *, number: str, main: str, how: LinkHow, acting: Acting, as_json: bool) -> None:
    """Link it to another complaint of the matter.

    Nothing is deleted: both keep their clocks, and both citizens are asked.

    \b
    helpline complaint link 10000026 --to 10000012 --as group --by sita
    """
    take(app, number, acting, as_json=as_json, taking=lambda o, who: o.link(number, who, main, how))


@step("unlink")
def unlink(app: App, *, number: str, acting: Acting, as_json: bool) -> None:
    """Take a link away that was a mistake."""
    take(app, number, acting, as_json=as_json, taking=lambda o, who: o.unlink(number, who))


@step("reassign", REASON)
def reassign(app: App, *, number: str, reason: str, acting: Acting, as_json: bool) -> None:
    """Give it to the officer of the edition in force.

    For the level it is at; both clocks go on.

    \b
    helpline complaint reassign 10000012 --by ramesh --reason NEW-EDITION
    """
    take(app, number, acting, as_json=as_json, taking=lambda o, who: o.reassign(number, who, reason))


@step("note", click.option("--text", required=True, help="What is to be remembered."))
def note(app: App, *, number: str, text: str, acting: Acting, as_json: bool) -> None:
    """Write a note.

    Of the officer who has it, it is an entry of his.

    \b
    helpline complaint note 10000012 --by sita --text "नागरिक ने फिर फ़ोन किया"
    """
    take(app, number, acting, as_json=as_json, taking=lambda o, who: o.note(number, who, text))


@step("answer", click.option("--text", required=True, help="What the citizen was told."))
def answer(app: App, *, number: str, text: str, acting: Acting, as_json: bool) -> None:
    """Answer a request for information; it closes."""
    take(app, number, acting, as_json=as_json, taking=lambda o, who: o.answer(number, who, text))
