"""The examinations behind ``helpline doctor``: one small function each, none changes anything."""

import importlib.metadata
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path

from helpline import checkup_book, open_files
from helpline.app import App
from helpline.checkup_machine import ports, tools
from helpline.checkup_sockets import sockets
from helpline.errors import SettingsError, room_errors
from helpline.finding import Finding, State

REPOSITORY = Path(__file__).resolve().parent.parent


def examine(app: App) -> list[Finding]:
    """Run every examination. A room's error becomes a finding; none stops the others."""
    findings = [_python(), _settings(app)]
    if findings[-1].state is State.ERROR:
        return findings
    examinations: tuple[Callable[[App], Finding], ...] = (
        _packages,
        _asterisk,
        _configuration,
        _prompts,
        _state,
        _records,
        _directory,
        _secrets,
        _page,
        checkup_book.dialplan,
        _open_files,
        sockets,
    )
    for examination in examinations:
        try:
            findings.append(examination(app))
        except room_errors() as error:
            findings.append(Finding(State.ERROR, examination.__name__.strip("_"), str(error)))
    findings.extend(_health(app))
    try:
        from helpline.checkup_ways import ways

        findings.extend(ways(app))
    except room_errors() as error:
        findings.append(Finding(State.ERROR, "way out", str(error)))
    findings.extend(ports(app))
    findings.extend(tools())
    return findings


def _health(app: App) -> list[Finding]:
    from helpline.health.report import findings

    return findings(app)


def _python() -> Finding:
    return Finding(State.OK, "python", ".".join(map(str, sys.version_info[:3])))


def _settings(app: App) -> Finding:
    try:
        return Finding(State.OK, "settings", f"state directory {app.settings.state_dir}")
    except SettingsError as error:
        return Finding(State.ERROR, "settings", str(error))


def _packages(_: App) -> Finding:
    missing = [
        name
        for name in ("aiohttp", "panoramisk", "sqlalchemy", "alembic", "sqlite-utils")
        if not _version(name)
    ]
    if missing:
        return Finding(State.ERROR, "packages", f"not installed: {', '.join(missing)}", "run: make setup")
    if importlib.util.find_spec("uvloop") is None:
        return Finding(
            State.WARNING, "packages", "uvloop is not installed; calls cost more CPU", "run: make setup"
        )
    return Finding(
        State.OK,
        "packages",
        f"helpline181 {_version('helpline181') or 'from source'}, uvloop {_version('uvloop')}",
    )


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _asterisk(_: App) -> Finding:
    from dialplan.binary import find_asterisk

    return Finding(State.OK, "asterisk", find_asterisk().version)


def _configuration(app: App) -> Finding:
    from helpline.wiring import configuration_problems

    problems = configuration_problems(app)
    if problems:
        return Finding(State.ERROR, "dialplan", str(problems[0]), "see all: helpline asterisk check")
    return Finding(State.OK, "dialplan", "no problem found")


def _prompts(_: App) -> Finding:
    from ivr_prompts import load_catalogue

    catalogue = load_catalogue()
    missing = [key for key in catalogue.keys() if not catalogue.audio_path(key).exists()]  # noqa: SIM118
    if missing:
        return Finding(
            State.ERROR, "prompts", f"{len(missing)} without audio, first {missing[0]}", "run: make prompts"
        )
    return Finding(State.OK, "prompts", f"{len(list(catalogue.keys()))} prompts have audio")


def _state(app: App) -> Finding:
    folder = app.state_dir
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(
            State.ERROR,
            "state",
            f"{nearest} cannot be written",
            "set [helpline] state_dir to a writable folder",
        )
    return Finding(State.OK, "state", f"{folder}{'' if folder.exists() else ' (made at first start)'}")


def _records(app: App) -> Finding:
    import asyncio

    from helpline.book import traces
    from helpline.wiring import open_existing_records
    from records.book.traces import refuse_first_start
    from records.database.sqlite_file import nothing_at
    from records.database.urls import address

    where = address(app.records_url)
    if where.sqlite_file is not None and (what := nothing_at(where.sqlite_file)):
        refuse_first_start(traces(app).look(), where.shown, what)
        return Finding(State.OK, "records", "no database yet; made at first start")

    async def count() -> int:
        async with await open_existing_records(app) as records:
            return sum(each.may_log_in for each in await records.users.list())

    from helpline.health.report import database_writable

    for wrong in asyncio.run(database_writable(app)):
        return Finding(State.ERROR, "records", wrong.text, wrong.remedy)
    users = asyncio.run(count())
    if not users:
        return Finding(
            State.WARNING,
            "records",
            "nobody can log in to the desk",
            "run: helpline user add NAME --role executive",
        )
    return Finding(State.OK, "records", f"database takes writes, {users} users")


def _directory(app: App) -> Finding:
    from mapper.directory.store import DirectoryStore

    store = DirectoryStore(app.directory)
    current = store.current()
    if current is None:
        store.need_list()
        return Finding(State.OK, "directory", "no edition yet; the shipped one is published at first start")
    from mapper import load_edition

    edition = load_edition(current)
    return Finding(
        State.OK,
        "directory",
        f"edition {edition.number}: {len(edition.places)} places, {len(edition.types)} types",
    )


def _secrets(app: App) -> Finding:
    path = app.secrets_file
    if not path.exists():
        return Finding(State.OK, "secrets", "made at first start")
    if path.stat().st_mode & 0o077:
        return Finding(State.ERROR, "secrets", f"{path} can be read by others", f"run: chmod 600 {path}")
    return Finding(State.OK, "secrets", "readable by the owner alone")


def _open_files(app: App) -> Finding:
    return open_files.could_allow(app.settings).finding()


def _page(_: App) -> Finding:
    if not (REPOSITORY / "desk" / "static" / "vendor").is_dir():
        return Finding(State.ERROR, "desk", "the page's packages are not built", "run: make setup")
    return Finding(State.OK, "desk", "the page's packages are built")
