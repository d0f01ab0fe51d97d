"""`helpline directory check` and `editions`: what speaks against the draft, and what was published."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from helpline.commands.directory.shared import (
    ALL,
    FOLDER,
    JSON,
    as_text,
    fail,
    limits_of,
    problem_lines,
    store_of,
    waiting_draft,
)
from mapper import DirectoryError
from mapper.days import IST
from mapper.directory.manifest import EditionEntry


@click.command()
@ALL
@FOLDER
@JSON
@click.pass_context
def check(context: click.Context, folder: Path | None, *, as_json: bool, show_all: bool) -> None:
    """Look for what speaks against publishing the draft. Fails on errors; warnings are to be confirmed."""
    try:
        store = store_of(context, folder)
        problems = store.check(waiting_draft(store))
    except DirectoryError as error:
        fail(error.problems, as_json=as_json)
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        click.echo(as_text({"ok": not errors, "problems": [problem.as_dict() for problem in problems]}))
    else:
        for line in problem_lines(problems, limits_of(context), show_all=show_all, severity=True):
            click.echo(line)
        count = f"{_count(len(errors), 'error')}, {_count(len(problems) - len(errors), 'warning')}"
        click.echo(f"{count}; {'mend the errors and import again' if errors else 'it can be published'}")
    if errors:
        context.exit(1)


@click.command()
@FOLDER
@JSON
@click.pass_context
def editions(context: click.Context, folder: Path | None, *, as_json: bool) -> None:
    """Show the published editions, the one in force last, and the draft that waits.

    Fails when the file of an edition is missing or not as it was published.
    """
    try:
        store = store_of(context, folder)
        store.need_list()
        entries, draft, faults = store.editions(), store.draft(), store.faults()
    except DirectoryError as error:
        fail(error.problems, as_json=as_json)
    if as_json:
        waiting = {"source": draft.source, "imported_at": draft.imported_at} if draft else None
        told = {"editions": [asdict(entry) for entry in entries], "draft": waiting, "faults": faults}
        click.echo(as_text(told))
    else:
        for entry in entries:
            click.echo(_line(entry, faults.get(entry.number, ""), in_force=entry is entries[-1]))
        if not entries:
            click.echo("no edition yet: helpline directory import, then helpline directory publish")
        if draft:
            click.echo(f"draft  {_in_india(draft.imported_at)}  {draft.source}")
    if faults:
        context.exit(1)


def _line(entry: EditionEntry, fault: str, *, in_force: bool) -> str:
    parts = [f"{entry.number:>4}", _in_india(entry.published_at), entry.sha256[:12], entry.by or "-"]
    parts.append(f"returned to edition {entry.returned_to}" if entry.returned_to else entry.source)
    if fault:
        parts.append(f"{entry.file} is {fault}: put it back from a backup")
    if entry.moving:
        parts.append("open complaints are still to be moved: helpline directory move-open")
    if in_force:
        parts.append("in force")
    return "  ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _in_india(moment: str) -> str:
    try:
        return datetime.fromisoformat(moment).astimezone(IST).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return moment
