"""What the commands of `helpline directory` share: the folder, the draft, and how problems are told."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from mapper import DirectoryError, Problem
from mapper.directory.drafts import Draft
from mapper.directory.store import DirectoryStore
from mapper.settings import MapperSettings

FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the editions (default: directory/ in the state folder).",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
ALL = click.option("--all", "show_all", is_flag=True, help="Show every problem, not the first of each kind.")


def store_of(context: click.Context, folder: Path | None) -> DirectoryStore:
    """The directory's folder: as given, else in the state folder, which is var/ without settings."""
    if folder is None:
        folder = Path(_of(context, "state_dir") or "var") / "directory"
    return DirectoryStore(folder, settings=limits_of(context))


def limits_of(context: click.Context) -> MapperSettings:
    """The mapper's settings in force."""
    found = getattr(_of(context, "settings"), "mapper", None)
    return found if isinstance(found, MapperSettings) else MapperSettings()


def waiting_draft(store: DirectoryStore) -> Draft:
    """The draft, or a DirectoryError that tells how to make one."""
    draft = store.draft()
    if draft is None:
        raise DirectoryError(
            Problem(str(store.folder), 0, "", "there is no draft", "run `helpline directory import` first")
        )
    return draft


def whoami() -> str:
    """Who sits at this shell, for the list of editions."""
    try:
        return f"shell:{getpass.getuser()}"
    except (KeyError, OSError):
        return "shell"


def as_text(value: Any) -> str:
    """JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def say(value: Any, line: str, *, as_json: bool) -> None:
    """Print a value as JSON, or the line that says it."""
    click.echo(as_text(value) if as_json else line)


def fail(
    problems: Iterable[Problem],
    *,
    as_json: bool,
    limits: MapperSettings | None = None,
    show_all: bool = False,
    end: str = "nothing was changed",
) -> NoReturn:
    """Tell what is wrong and leave with status 1."""
    listed = list(problems)
    if as_json:
        click.echo(as_text({"ok": False, "problems": [problem.as_dict() for problem in listed]}))
    else:
        for line in problem_lines(listed, limits or MapperSettings(), show_all=show_all):
            click.echo(f"helpline: {line}", err=True)
        if len(listed) > 1:
            click.echo(f"helpline: {len(listed)} problems; {end}", err=True)
    raise SystemExit(1)


def problem_lines(
    problems: Sequence[Problem], limits: MapperSettings, *, show_all: bool = False, severity: bool = False
) -> list[str]:
    """One line a problem; of those alike (same sheet, column and remedy) the first few and how many more."""
    alike: dict[tuple[str, str, str, str], list[Problem]] = {}
    for problem in problems:
        remedy = problem.remedy if problem.row else problem.what
        alike.setdefault((problem.severity, problem.file, problem.column, remedy), []).append(problem)
    lines: list[str] = []
    hidden = 0
    for group in alike.values():
        shown = group if show_all else group[: limits.problems_alike]
        if not show_all and len(lines) >= limits.problems_shown:
            hidden += len(group)
            continue
        mark = f"{group[0].severity}: " if severity else ""
        for problem in shown:
            lines.append(f"{mark}{problem}")
            lines += [f"    {thing}" for thing in problem.things if show_all]
        if rest := len(group) - len(shown):
            rows = f" (rows {group[len(shown)].row} to {group[-1].row})"
            column = f", column {group[0].column}" if group[0].column else ""
            lines.append(f"{mark}{group[0].file}{column}: {rest} more of this kind{rows}")
    if hidden:
        lines.append(f"{hidden} more problems are not shown; --all shows them")
    return lines


def _of(context: click.Context, name: str) -> Any:
    holder = context.obj
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)
