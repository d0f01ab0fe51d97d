"""``helpline complaint show`` and ``steps``: one complaint, and who may do what with it now."""

from datetime import datetime
from typing import Any

import click

from helpline.app import App
from helpline.commands.complaint import view
from helpline.commands.office_options import AT, JSON, NUMBER, Acting, in_office
from helpline.commands.output import say
from office import Office
from office.errors import command_of
from office.look import Look, look
from records.life.rules import Actor


@click.command()
@NUMBER
@AT
@JSON
@click.pass_obj
def show(app: App, number: str, *, at: datetime | None, as_json: bool) -> None:
    """Show how a complaint stands.

    Both clocks, who has it and his telephone, what happened, who may act now.

    \b
    helpline complaint show 1000 0012
    """
    seen = in_office(app, at, lambda office: look(office, number), as_json=as_json)
    say(_data(seen), view.lines_of(seen), json_wanted=as_json)


def _data(seen: Look) -> dict[str, Any]:
    return {
        **view.as_data(seen.complaint),
        "clocks": view.clock_data(seen.clocks),
        "officer": seen.chair,
        "above": seen.above,
        "members": seen.members,
        "withheld": seen.withheld,
        "recordings": seen.recordings,
        "events": seen.events,
        "turns": [
            {"who": turn.who, "post": turn.chair, "steps": list(map(command_of, turn.steps))}
            for turn in seen.turns
        ],
    }


@click.command()
@NUMBER
@click.option("--by", metavar="USERNAME", help="Only what this user may do.")
@click.option("--as-post", metavar="POST_ID", help="Only what the holder of this post may do.")
@AT
@JSON
@click.pass_obj
def steps(
    app: App, number: str, *, by: str | None, as_post: str | None, at: datetime | None, as_json: bool
) -> None:
    """Say who may do what with a complaint now.

    \b
    helpline complaint steps 10000012
    helpline complaint steps 10000012 --by sita
    """
    if by is None and as_post is None:
        seen = in_office(app, at, lambda office: look(office, number), as_json=as_json)
        say(_data(seen)["turns"], view.turn_lines(seen.turns) or ["nobody"], json_wanted=as_json)
        return
    acting = Acting(by, as_post, at)

    async def work(office: Office) -> tuple[Actor, tuple[str, ...]]:
        actor = await acting.actor(office)
        return actor, await office.legal(number, actor)

    actor, legal = in_office(app, at, work, as_json=as_json)
    names = list(map(command_of, legal))
    who = as_post or by
    line = f"{who} may now: {', '.join(names)}" if names else f"{who} may do nothing with {number} now"
    say({"actor": actor, "steps": names}, line, json_wanted=as_json)
