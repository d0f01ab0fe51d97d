"""``helpline serve clock``: the escalation clock, and a look at what it would do."""

import asyncio
from datetime import datetime
from typing import Any

import click

from helpline.app import App
from helpline.clock import run_clock
from helpline.columns import table
from helpline.commands.office_options import JSON, Moment, in_office
from helpline.commands.output import say
from office import Office
from office.clock import Escalated, escalate

HEADS = ("from", "to", "department", "moves")


@click.command()
@click.option("--once", is_flag=True, help="Move what is overdue now, say what went, and end.")
@click.option("--dry-run", is_flag=True, help="Say what would go up, and change nothing.")
@click.option(
    "--at",
    type=Moment(),
    metavar="MOMENT",
    help="With --once or --dry-run: as if it were this moment, such as 2026-11-30T00:01 (India).",
)
@JSON
@click.pass_obj
def clock(app: App, *, once: bool, dry_run: bool, at: datetime | None, as_json: bool) -> None:
    """Move complaints up a level when their limit ends: now, after each midnight in India, and in between.

    Runs until SIGTERM or Ctrl-C. `helpline serve` does the same; both may run, on several machines too:
    nothing goes up twice. Levels that are left by hand only are left alone.

    \b
    helpline serve clock --dry-run
    helpline serve clock --dry-run --at 2026-12-01T00:01 --json
    """
    if not (once or dry_run):
        if at is not None or as_json:
            raise click.UsageError("--at and --json need --once or --dry-run")
        app.settings  # noqa: B018 - a wrong setting is told before anything starts
        asyncio.run(run_clock(app))
        return

    async def work(office: Office) -> Escalated:
        moment = office.clock() if dry_run else office.now()
        return await escalate(office.records, office.editions, moment, dry_run=dry_run)

    done = in_office(app, at, work, as_json=as_json)
    say(_data(done, dry_run=dry_run), _lines(done, dry_run=dry_run), json_wanted=as_json)


def _data(done: Escalated, *, dry_run: bool) -> dict[str, Any]:
    moves = [
        {
            "from_level": move.from_level,
            "to_level": move.to_level,
            "department": move.department,
            "count": count,
        }
        for move, count in sorted(done.swept.moves.items())
    ]
    return {
        "on": done.swept.on.isoformat(),
        "edition": done.edition,
        "dry_run": dry_run,
        "complaints": done.swept.complaints,
        "moves": moves,
        "stuck": [{"reason": reason, "count": count} for reason, count in sorted(done.stuck.items())],
    }


def _lines(done: Escalated, *, dry_run: bool) -> list[str]:
    went = "would go up" if dry_run else "went up"
    count, moves = done.swept.complaints, done.swept.moves.total()
    complaints = "1 complaint" if count == 1 else f"{count} complaints"
    further = f" ({moves} moves, some by several levels)" if moves != count else ""
    lines = [f"{done.swept.on}: {complaints} {went}{further}, by edition {done.edition}"]
    rows = [
        (f"L{move.from_level}", f"L{move.to_level}", move.department, str(count))
        for move, count in sorted(done.swept.moves.items())
    ]
    if rows:
        lines += table(rows, heads=HEADS)
    lines += [f"{count} stay, nobody to go to: {reason}" for reason, count in sorted(done.stuck.items())]
    return lines
