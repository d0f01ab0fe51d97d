"""`helpline directory`: the office's sheets become the edition by which complaints find their officer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from mapper import DirectoryError, Edition, Explanation, Place, Problem, Registration, explain, load_edition
from mapper.days import IST
from mapper.fold import plain
from mapper.settings import MapperSettings
from mapper.store import DirectoryStore, shipped_source

_FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the editions (default: directory/ in the state folder).",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.group()
def directory() -> None:
    """Places, officers and time limits: import, check, publish, explain, list."""


@directory.command("import")
@click.argument("source", type=click.Path(path_type=Path), required=False)
@_FOLDER
@_JSON
@click.pass_context
def import_(context: click.Context, source: Path | None, folder: Path | None, *, as_json: bool) -> None:
    """Read the sheets of the folder SOURCE (without it: the shipped ones) into a draft.

    Nothing of the edition in force changes. With any problem, all are listed and nothing is written.
    """
    try:
        draft = _store(context, folder).import_sheets(source or shipped_source())
    except DirectoryError as error:
        _fail(error.problems, as_json=as_json)
    _say(
        {"draft": str(draft.path), "source": draft.source, "imported_at": draft.imported_at},
        f"draft made from {draft.source}; next: helpline directory check, helpline directory publish",
        as_json=as_json,
    )


@directory.command()
@_FOLDER
@_JSON
@click.pass_context
def check(context: click.Context, folder: Path | None, *, as_json: bool) -> None:
    """Look for what speaks against publishing the draft. Fails on errors; warnings are to be confirmed."""
    try:
        store = _store(context, folder)
        problems = store.check(_draft(store))
    except DirectoryError as error:
        _fail(error.problems, as_json=as_json)
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        click.echo(_json({"ok": not errors, "problems": [problem.as_dict() for problem in problems]}))
    else:
        for problem in problems:
            click.echo(f"{problem.severity}: {problem}")
        click.echo(f"{len(errors)} errors, {len(problems) - len(errors)} warnings")
    if errors:
        context.exit(1)


@directory.command()
@_FOLDER
@_JSON
@click.pass_context
def publish(context: click.Context, folder: Path | None, *, as_json: bool) -> None:
    """Make the draft the edition in force. Editions are numbered and never change afterwards."""
    try:
        store = _store(context, folder)
        number = store.publish(_draft(store))
        entry = store.editions()[-1]
    except DirectoryError as error:
        _fail(error.problems, as_json=as_json)
    _say(
        asdict(entry), f"edition {number} is in force ({entry.file}, SHA-256 {entry.sha256})", as_json=as_json
    )


@directory.command("list")
@_FOLDER
@_JSON
@click.pass_context
def list_(context: click.Context, folder: Path | None, *, as_json: bool) -> None:
    """Show the published editions, the one in force last, and the draft that waits."""
    try:
        store = _store(context, folder)
        editions, draft = store.editions(), store.draft()
    except DirectoryError as error:
        _fail(error.problems, as_json=as_json)
    if as_json:
        waiting = {"source": draft.source, "imported_at": draft.imported_at} if draft else None
        click.echo(_json({"editions": [asdict(entry) for entry in editions], "draft": waiting}))
        return
    for entry in editions:
        force = "  in force" if entry is editions[-1] else ""
        click.echo(f"{entry.number:>4}  {entry.published_at}  {entry.sha256[:12]}  {entry.source}{force}")
    if not editions:
        click.echo("no edition yet: helpline directory import, then helpline directory publish")
    if draft:
        click.echo(f"draft  {draft.imported_at}  {draft.source}")


@directory.command("explain")
@click.option("--type", "type_code", required=True, help="Code of the complaint type, such as REVENUE-01.")
@click.option(
    "--place", "place_text", required=True, help="Id of the place, or its name in Hindi or Roman letters."
)
@click.option(
    "--at", "at_text", help="Time of registration, ISO 8601; in India unless it names a zone (default: now)."
)
@click.option("--edition", "number", type=click.IntRange(min=1), help="Ask an earlier edition.")
@_FOLDER
@_JSON
@click.pass_context
def explain_(
    context: click.Context,
    type_code: str,
    place_text: str,
    at_text: str | None,
    number: int | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Say who would act on a complaint, level by level, by when, and which rules decided."""
    try:
        edition = _edition(_store(context, folder), number)
        place = _place(edition, place_text)
        explanation = explain(edition, Registration(type_code, place.id, _moment(at_text)))
    except DirectoryError as error:
        _fail(error.problems, as_json=as_json)
    if as_json:
        click.echo(_json(_explained(explanation)))
    else:
        _print_explanation(explanation)
    if not explanation.levels or explanation.levels[0].assignment is None:
        context.exit(1)


def _store(context: click.Context, folder: Path | None) -> DirectoryStore:
    if folder is None:
        state = (
            context.obj.get("state_dir")
            if isinstance(context.obj, Mapping)
            else getattr(context.obj, "state_dir", None)
        )
        folder = Path(state or "var") / "directory"
    return DirectoryStore(folder)


def _draft(store: DirectoryStore) -> Any:
    draft = store.draft()
    if draft is None:
        raise DirectoryError(
            Problem(str(store.folder), 0, "", "there is no draft", "run `helpline directory import` first")
        )
    return draft


def _edition(store: DirectoryStore, number: int | None) -> Edition:
    if number is not None:
        entry = next((entry for entry in store.editions() if entry.number == number), None)
        path = store.folder / entry.file if entry else None
        what = f"there is no edition {number}"
    else:
        path, what = store.current(), "no edition is published"
    if path is None:
        remedy = "see `helpline directory list`; `import` and `publish` make one"
        raise DirectoryError(Problem(str(store.folder), 0, "", what, remedy))
    return load_edition(path)


def _place(edition: Edition, text: str) -> Place:
    if place := edition.places.get(text):
        return place
    hits = edition.search_places(text, MapperSettings().candidates)
    alike = [hit for hit in hits if hit.score == 1.0]
    letters = plain(text)
    exact = [
        hit
        for hit in alike
        if letters in map(plain, (hit.place.name_hi, hit.place.name_en, *hit.place.aliases))
    ] or alike
    if len(exact) == 1:
        return exact[0].place
    if not hits:
        raise DirectoryError(
            Problem("places.csv", 0, "place_id", f"no place is called {text!r}", "try fewer letters")
        )
    what = (
        f"{text!r} is the name of {len(exact)} places or more"
        if exact
        else f"no place is called exactly {text!r}"
    )
    lines = [
        f"\n  {hit.place.id:24} {hit.place.name_hi} ({hit.place.name_en}): {hit.where_en}"
        for hit in exact or hits
    ]
    raise DirectoryError(Problem("places.csv", 0, "place_id", what, "name one by its id:" + "".join(lines)))


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is not a time such as 2026-11-23T18:30", param_hint="--at"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=IST)


def _explained(explanation: Explanation) -> dict[str, Any]:
    levels = []
    for step in explanation.levels:
        found = step.assignment
        post = {"id": found.post.id, "hi": found.post.name_hi, "en": found.post.name_en} if found else None
        levels.append(
            {
                "level": step.level,
                "label": step.label,
                "escalation": step.escalation,
                "post": post,
                "due": found.due.isoformat() if found else None,
                "rule": found.rule if found else None,
                "drafted": found.drafted if found else None,
                "tried": [asdict(tried) for tried in step.tried],
            }
        )
    return {
        "edition": explanation.edition,
        "type": {
            "code": explanation.type.code,
            "hi": explanation.type.name_hi,
            "en": explanation.type.name_en,
        },
        "place": {
            "id": explanation.place.id,
            "hi": explanation.place.name_hi,
            "en": explanation.place.name_en,
        },
        "area": explanation.area,
        "registered_on": explanation.start.isoformat(),
        "levels": levels,
    }


def _print_explanation(explanation: Explanation) -> None:
    kind, place = explanation.type, explanation.place
    click.echo(f"{kind.code} {kind.name_hi} ({kind.name_en})")
    click.echo(f"{place.id} {place.name_hi} ({place.name_en}), {explanation.area}")
    click.echo(
        f"registered on {explanation.start}; edition {explanation.edition}; "
        "each day is the level's last if nobody acts before"
    )
    for step in explanation.levels:
        found = step.assignment
        if found is None:
            click.echo(f"{step.label}  nobody: the level is passed over")
        else:
            click.echo(f"{step.label}  {found.post.name_hi} ({found.post.name_en})")
            click.echo(f"    by {found.due}; reached: {step.escalation}")
            click.echo(f"    {found.rule}")
        for tried in step.tried:
            click.echo(f"    - {tried.rule}: {tried.text}: {tried.outcome}")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _say(value: Mapping[str, Any], line: str, *, as_json: bool) -> None:
    click.echo(_json(value) if as_json else line)


def _fail(problems: Iterable[Problem], *, as_json: bool) -> NoReturn:
    listed = list(problems)
    if as_json:
        click.echo(_json({"ok": False, "problems": [problem.as_dict() for problem in listed]}))
    else:
        for problem in listed:
            click.echo(f"helpline: {problem}", err=True)
        if len(listed) > 1:
            click.echo(f"helpline: {len(listed)} problems; nothing was changed", err=True)
    raise SystemExit(1)
