"""`helpline directory diff`, `publish`, `return` and `move-open`: from one edition in force to the next."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from helpline.commands.directory.open_complaints import effects_line, known, move, moved_line
from helpline.commands.directory.shared import (
    FOLDER,
    JSON,
    as_text,
    fail,
    limits_of,
    store_of,
    waiting_draft,
    whoami,
)
from mapper import DirectoryError, Edition, Problem, load_edition
from mapper.changes.affected import affected
from mapper.changes.diff import Diff, compare
from mapper.directory.manifest import OpenComplaints
from mapper.directory.store import DirectoryStore

_SHOWN = 20
"""Complaints that the diff names one by one."""

BY = click.option("--by", metavar="NAME", help="Who publishes, for the list (default: who sits here).")
CHOICE = click.option(
    "--move-open/--leave-open",
    "move_them",
    default=None,
    help="Open complaints go to the officers of the new edition, or stay where they are.",
)


@click.command()
@click.option(
    "--from", "old", type=click.IntRange(min=1), help="Edition to compare with (default: in force)."
)
@click.option(
    "--to", "new", type=click.IntRange(min=1), help="Edition that is compared (default: the draft)."
)
@FOLDER
@JSON
@click.pass_context
def diff(
    context: click.Context, old: int | None, new: int | None, folder: Path | None, *, as_json: bool
) -> None:
    """Say in words what the draft changes, and which open complaints would change officer or day."""
    try:
        store = store_of(context, folder)
        target = store.edition(new) if new is not None else load_edition(waiting_draft(store).path)
        if old is None:
            _need_an_edition(store, "no edition is in force yet: everything in the draft is new")
        found = compare(store.edition(old), target, known(context))
    except DirectoryError as error:
        fail(error.problems, as_json=as_json)
    if as_json:
        click.echo(as_text(found.as_dict()))
    else:
        _print(found)


@click.command()
@CHOICE
@BY
@FOLDER
@JSON
@click.pass_context
def publish(
    context: click.Context, move_them: bool | None, by: str | None, folder: Path | None, *, as_json: bool
) -> None:
    """Make the draft the edition in force. Editions are numbered and never change afterwards.

    When open complaints would change officer or day, it asks what shall become of them; where nobody can
    be asked, --move-open or --leave-open is needed.
    """
    try:
        store = store_of(context, folder)
        draft = waiting_draft(store)
        _change(
            context,
            store,
            lambda: load_edition(draft.path),
            lambda choice, who: store.publish(draft, by=who, open_complaints=choice),
            (move_them, by or whoami()),
            as_json=as_json,
        )
    except DirectoryError as error:
        fail(error.problems, as_json=as_json, limits=limits_of(context))


@click.command("return")
@click.argument("number", type=click.IntRange(min=1))
@CHOICE
@BY
@FOLDER
@JSON
@click.pass_context
def return_(
    context: click.Context,
    number: int,
    move_them: bool | None,
    by: str | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Put edition NUMBER in force again, as a new edition with the same content: numbers only go up."""
    try:
        store = store_of(context, folder)
        _change(
            context,
            store,
            lambda: store.edition(number),
            lambda choice, who: store.return_to(number, by=who, open_complaints=choice),
            (move_them, by or whoami()),
            as_json=as_json,
        )
    except DirectoryError as error:
        fail(error.problems, as_json=as_json)


@click.command("move-open")
@BY
@FOLDER
@JSON
@click.pass_context
def move_open_(context: click.Context, by: str | None, folder: Path | None, *, as_json: bool) -> None:
    """Move open complaints to the officers of the edition in force, or go on where moving was stopped."""
    try:
        store = store_of(context, folder)
        done = _move(context, store, by or whoami(), quiet=as_json)
    except DirectoryError as error:
        fail(error.problems, as_json=as_json)
    click.echo(as_text(dict(done)) if as_json else moved_line(done))


def _change(
    context: click.Context,
    store: DirectoryStore,
    coming: Callable[[], Edition],
    publish_it: Callable[[OpenComplaints, str], int],
    wish: tuple[bool | None, str],
    *,
    as_json: bool,
) -> None:
    """Ask what is to become of open complaints, publish with the answer recorded, then move them."""
    store.need_settled()
    choice: OpenComplaints = ""
    open_now = known(context) if store.editions() else []
    left: list[str] = []
    if open_now:
        # The edition in force is not asked: it may be the damaged one that is to be replaced.
        new = coming()
        effect = Diff("", new.name, (), tuple(affected(new, open_now)), len(open_now))
        choice = _choose(effect, wish[0])
        left = [effects_line(effect)] if choice == "leave" and effect.affected else []
    number = publish_it(choice, wish[1])
    done = _move(context, store, wish[1], quiet=as_json) if choice == "move" else None
    entry = store.entry(number)
    if as_json:
        told: dict[str, Any] = asdict(entry)
        click.echo(as_text(told | {"open": dict(done)} if done is not None else told))
        return
    click.echo(f"edition {number} is in force ({entry.file}, SHA-256 {entry.sha256})")
    for line in left:
        click.echo(f"open complaints stay as they are: {line}")
    if done is not None:
        click.echo(f"open complaints: {moved_line(done)}")


def _choose(found: Diff, wish: bool | None) -> OpenComplaints:
    touched = [one for one in found.affected if one.effect != "nobody"]
    if wish is not None:
        return "move" if wish else "leave"
    if not touched:
        return "leave"
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{effects_line(found)}: say --move-open or --leave-open (helpline directory diff names them)"
        )
    click.echo(effects_line(found))
    answer: str = click.prompt("Move them to their new officers?", type=click.Choice(["move", "leave"]))
    return "move" if answer == "move" else "leave"


def _move(context: click.Context, store: DirectoryStore, by: str, *, quiet: bool) -> Any:
    _need_an_edition(store, "no edition is published")
    entries = store.editions()
    old = str(entries[-2].number) if len(entries) > 1 else "none"
    done = move(context, old, store.edition(), by, quiet=quiet)
    if not done["busy"]:
        store.moved(entries[-1].number)
    return done


def _need_an_edition(store: DirectoryStore, what: str) -> None:
    if not store.editions():
        raise DirectoryError(Problem(str(store.folder), 0, "", what, "run `helpline directory publish`"))


def _print(found: Diff) -> None:
    click.echo(f"from edition {found.old} to {found.new}:" if found.old else f"to {found.new}:")
    if not found.changes:
        click.echo("  nothing changes")
    for change in found.changes:
        click.echo(f"  {change.en}  |  {change.hi}")
        for example in change.examples:
            click.echo(f"      {example}")
        if change.count > len(change.examples):
            click.echo(f"      and {change.count - len(change.examples)} more")
    if not found.looked_at:
        click.echo("no complaint is open")
        return
    click.echo(effects_line(found))
    for one in found.affected[:_SHOWN]:
        to = f"{one.to_post}, by {one.to_due}" if one.to_due else "nobody"
        click.echo(f"  {one.number}  L{one.level}  {one.from_post}, by {one.from_due} → {to}")
    if len(found.affected) > _SHOWN:
        click.echo(f"  and {len(found.affected) - _SHOWN} more; --json names them all")
