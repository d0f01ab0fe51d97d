"""``helpline retention``: recordings, spoken messages and logs whose days are over."""

from collections import Counter
from typing import Any

import click

from desk.formats import indian
from helpline.app import App
from helpline.columns import table
from helpline.commands.office_options import JSON, answer
from helpline.commands.output import say
from helpline.keeping import Kept, retain
from helpline.wiring import open_centre_records

SHOWN = 10
"""Strays printed; --json has the first thousand."""


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@JSON
@click.pass_obj
def retention(app: App, *, dry_run: bool, as_json: bool) -> None:
    """Remove recordings, spoken messages and logs that are older than [retention] and [logs] say.

    `helpline serve` does it once a day. Each file is noted with the moment and the rule before it goes; a
    recording of a complaint that is not closed stays, and so does a message nobody has dealt with. Files that
    are on no record are told and left alone.

    \b
    helpline retention --dry-run
    """

    async def work() -> Kept:
        async with await open_centre_records(app) as records:
            return await retain(app, records, records.clock(), dry_run=dry_run)

    kept = answer(work, as_json=as_json)
    say(_data(kept, dry_run=dry_run), _lines(app, kept, dry_run=dry_run), json_wanted=as_json)


def _data(kept: Kept, *, dry_run: bool) -> dict[str, Any]:
    found = kept.found
    return {
        "dry_run": dry_run,
        "removed": kept.removed,
        "due": [
            {
                "kind": file.kind,
                "name": file.name,
                "call_id": file.call_id or None,
                "of": file.made_at,
                "rule": rule,
            }
            for file, rule in found.files
        ],
        "more": found.more,
        "kept": dict(found.kept),
        "strays": found.strays,
    }


def _lines(app: App, kept: Kept, *, dry_run: bool) -> list[str]:
    found = kept.found
    counted = Counter((file.kind, rule) for file, rule in found.files)
    total = len(found.files)
    if dry_run:
        lines = [f"{_files(total)} would go" if total else "nothing is over"]
    else:
        lines = [f"{_files(kept.removed)} removed" if kept.removed else "nothing is over"]
    if counted:
        rows = [
            (kind, f"{_table(kind)}.{rule}", indian(count)) for (kind, rule), count in sorted(counted.items())
        ]
        lines += table(rows, heads=("what", "rule", "files"))
    if found.more:
        lines.append(
            f"more are over; one run takes {app.settings.retention.most_a_run} (retention.most_a_run)"
        )
    lines += [f"{_files(count)} stay: {why}" for why, count in sorted(found.kept.items())]
    if found.strays:
        shown = ", ".join(found.strays[:SHOWN]) + (" …" if len(found.strays) > SHOWN else "")
        lines.append(
            f"{_files(len(found.strays))} in {app.exchange.recordings_dir} on no record, left alone: {shown};"
            " look at them and remove them by hand"
        )
    return lines


def _table(kind: str) -> str:
    """The table of the settings in which the rule stands."""
    return "logs" if kind == "log" else "retention"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{indian(count)} files"
