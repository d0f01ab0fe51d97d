"""How a command takes a step of a complaint's life: its options, and what it prints."""

from collections.abc import Awaitable, Callable
from typing import Any

import click

from helpline.app import App
from helpline.commands import words
from helpline.commands.complaint import view
from helpline.commands.office_options import JSON, NUMBER, Acting, acting, in_office
from helpline.commands.output import say
from office import Office
from records import Complaint
from records.life.steps import Actor

Taking = Callable[[Office, Actor], Awaitable[Complaint]]

REASON_CODE = click.option(
    "--reason", "reason_code", required=True, metavar="CODE", help="Code from the list; a wrong one shows it."
)
REASON = click.option("--reason", required=True, help="Why; told to whoever asks.")
NOTE = click.option("--note", required=True, help="What was done, in words.")
MORE = click.option("--note", default="", help="More words, if any.")
TOLD = click.option("--citizen-told", is_flag=True, help="The citizen was told of it.")


def verdict(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --accept and --reject, one of which has to be given."""
    return click.option("--accept/--reject", default=None, required=True, help="मान्य or अमान्य.")(command)


def step(name: str, *options: Callable[..., Any]) -> Callable[[Callable[..., Any]], click.Command]:
    """A command with the options of every step: number, who, when, --json."""

    def make(command: Callable[..., Any]) -> click.Command:
        wrapped = click.pass_obj(command)
        for option in (JSON, acting, *reversed(options), NUMBER):
            wrapped = option(wrapped)
        return click.command(name)(wrapped)

    return make


def take(app: App, number: str, acting: Acting, *, as_json: bool, taking: Taking) -> None:
    """Take a step, and print how the complaint stands then."""

    async def work(office: Office) -> tuple[Complaint, Complaint]:
        before = await office.find(number)
        return before, await taking(office, await acting.actor(office))

    before, now = in_office(app, acting.at, work, as_json=as_json)
    say(view.as_data(now), _outcome(before, now), json_wanted=as_json)


def _outcome(before: Complaint, now: Complaint) -> list[str]:
    lines = [f"{now.number}  {words.state(now)}"]
    assigned = now.assigned
    moved = (before.assigned.post_id, before.assigned.due) != (assigned.post_id, assigned.due)
    if moved and now.status != "closed":
        lines.append(
            f"  → {assigned.level_label} {words.name(assigned.post_hi, assigned.post_en)},"
            f" until the end of {words.day(assigned.due)}"
        )
    return lines
