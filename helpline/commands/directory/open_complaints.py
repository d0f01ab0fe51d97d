"""The complaints that are open now, for the commands that change the directory: asked for, and moved."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from helpline.app import App
from mapper import Edition
from mapper.changes.affected import OpenComplaint
from mapper.changes.diff import Diff
from mapper.days import indian_day
from records.life.steps import Actor


def known(context: click.Context) -> list[OpenComplaint]:
    """The open complaints of the centre's records; none when the centre has no records yet."""
    app = context.obj
    if not isinstance(app, App) or not _there(app):
        return []

    async def read() -> list[OpenComplaint]:
        from helpline.wiring import open_existing_records
        from office.moving import as_open, open_complaints

        async with await open_existing_records(app) as records:
            return [as_open(complaint) async for complaint in open_complaints(records)]

    return asyncio.run(read())


def move(context: click.Context, old: str, new: Edition, by: str, *, quiet: bool) -> Counter[str]:
    """Move the open complaints to the edition `new`; what came of them, counted."""
    app = context.obj
    if not isinstance(app, App) or not _there(app):
        return Counter()
    show = not quiet and sys.stderr.isatty()

    def told(done: Counter[str]) -> None:
        if show:
            click.echo(f"\r\x1b[K{done.total()} open complaints looked at", nl=False, err=True)

    async def work() -> Counter[str]:
        from helpline.wiring import open_existing_records
        from office.moving import move_open

        async with await open_existing_records(app) as records:
            actor = Actor(by, "administrator")
            return await move_open(records, old, new, datetime.now(UTC), actor, told)

    done = asyncio.run(work())
    if show:
        click.echo("\r\x1b[K", nl=False, err=True)
    return done


def effects_line(diff: Diff) -> str:
    """What an edition does to the open complaints, in one line."""
    count = diff.effects()
    if not diff.affected:
        return f"{diff.looked_at} open complaints: none would change officer or day"
    today = indian_day(datetime.now(UTC))
    late = sum(1 for one in diff.affected if one.to_due is not None and one.to_due < today <= one.from_due)
    parts = [
        f"{count[effect]} would {words}"
        for effect, words in (
            ("officer", "change officer"),
            ("day", "change their last day only"),
            ("nobody", "have no officer any more and stay where they are"),
        )
        if count[effect]
    ]
    more = f"; {late} of them would be overdue at once" if late else ""
    return f"of {diff.looked_at} open complaints {', '.join(parts)}{more}"


def moved_line(done: Counter[str]) -> str:
    """What came of moving."""
    words = {
        "moved": "moved",
        "kept": "stay as they are",
        "nobody": "stay because the edition names nobody",
        "closed": "were closed meanwhile",
        "busy": "were being worked on: run helpline directory move-open again",
    }
    return "; ".join(f"{done[key]} {words[key]}" for key in words if done[key]) or "no complaint is open"


def _there(app: App) -> bool:
    """Whether there are records: a database of one's own, or the file in the state directory."""
    url = app.records_url
    return not url.startswith("sqlite") or Path(url.removeprefix("sqlite:///")).exists()
