"""``helpline records aside``: what could not be stored, to be stored again or given up."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from helpline import columns
from helpline.app import App
from helpline.commands.complaint import view
from helpline.commands.office_options import JSON, answer
from helpline.commands.output import say
from helpline.errors import HelplineError
from helpline.wiring import open_existing_records
from records import Records, RecordsError, UnavailableError, apply, utc_now
from records.clock import INDIA
from records.spool import aside as shelf

_NOT_KNOWN = "not known: put aside by an earlier version"


@dataclass(frozen=True)
class Entry:
    """A line put aside and the folder it lies in."""

    folder: Path
    aside: shelf.Aside

    def told(self) -> dict[str, Any]:
        """Without what it says: that may be a citizen's number."""
        operation = self.aside.operation
        return {
            "key": self.aside.key,
            "file": str(self.folder / shelf.ASIDE),
            "at": self.aside.at,
            "reason": self.aside.reason or _NOT_KNOWN,
            "operation": operation.name if operation else None,
            "call_id": operation.call_id if operation else None,
            "bytes": len(self.aside.line),
        }

    def lines(self) -> list[str]:
        """For a person."""
        operation, at = self.aside.operation, self.aside.at
        what = f"{operation.name} of call {operation.call_id}" if operation else "a line that is no operation"
        when = f"{at.astimezone(INDIA):%d.%m.%Y %H:%M}" if at else "at some time"
        text = f"{self.aside.key}  {when}  {what}: {self.aside.reason or _NOT_KNOWN}"
        return columns.wrap(text, view.COLUMNS)


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--store", is_flag=True, help="Store it again: what is stored leaves the list.")
@click.option("--drop", is_flag=True, help="Give it up. That it was there, and why it went, is kept.")
@click.option("--reason", metavar="TEXT", help="Why it is given up.")
@JSON
@click.pass_obj
def aside(
    app: App, *, keys: tuple[str, ...], store: bool, drop: bool, reason: str | None, as_json: bool
) -> None:
    """List what could not be stored and was put aside, with why.

    With --store it is stored again, all of it or what the keys name: after an upgrade, or once the database
    takes it. What fails again stays, and the status is then 1. With --drop what the keys name is given up. It
    runs beside a working centre. What a line says stands in the file: it may be a citizen's number.

    \b
    helpline records aside
    helpline records aside --store
    helpline records aside 3f2a90c1d4e5 --drop --reason "forged, see the log of 2 December"
    """

    async def work() -> tuple[dict[str, Any], list[str], bool]:
        if store and drop:
            raise HelplineError("--store and --drop exclude each other; give one of them")
        if drop and not (keys and reason and reason.strip()):
            raise HelplineError("--drop needs the keys of what is given up and --reason; see the list first")
        if keys and not (store or drop):
            raise HelplineError("keys go with --store or --drop; without both everything is listed")
        chosen = _chosen(app, keys)
        if not (store or drop):
            return _listed(chosen)
        if drop:
            return _dropped(chosen, reason or "")
        async with await open_existing_records(app) as opened:
            return await _stored(opened, chosen)

    told, lines, ok = answer(work, as_json=as_json)
    say(told, lines, json_wanted=as_json)
    if not ok:
        raise SystemExit(1)


def _all(app: App) -> list[Entry]:
    try:
        return [Entry(folder, one) for folder in (app.spool, app.desk_spool) for one in shelf.read(folder)]
    except OSError as error:
        raise HelplineError(
            f"{error.filename} cannot be read ({error.strerror}); run this as the user of the service"
        ) from None


def _chosen(app: App, keys: tuple[str, ...]) -> list[Entry]:
    there = _all(app)
    if unknown := sorted(set(keys) - {one.aside.key for one in there}):
        raise HelplineError(
            f"nothing put aside has the key {', '.join(unknown)}; see the list: helpline records aside"
        )
    return [one for one in there if not keys or one.aside.key in keys]


def _listed(there: list[Entry]) -> tuple[dict[str, Any], list[str], bool]:
    lines = [line for one in there for line in one.lines()]
    if there:
        lines.append("store it again: helpline records aside --store")
    else:
        lines.append("nothing was put aside")
    return {"ok": True, "aside": [one.told() for one in there]}, lines, True


def _dropped(chosen: list[Entry], reason: str) -> tuple[dict[str, Any], list[str], bool]:
    for folder in {one.folder for one in chosen}:
        gone = [one.aside for one in chosen if one.folder == folder]
        shelf.drop(folder, gone, reason.strip(), utc_now())
    return {"ok": True, "dropped": len(chosen)}, [f"{len(chosen)} given up"], True


async def _stored(opened: Records, chosen: list[Entry]) -> tuple[dict[str, Any], list[str], bool]:
    stored, failed = 0, []
    for one in chosen:
        operation = one.aside.operation
        if operation is None:
            failed.append((one, "it is no operation; look at the line in the file, then drop it"))
            continue
        try:
            await apply(opened, operation)
        except UnavailableError:
            raise
        except Exception as error:
            reason = str(error) if isinstance(error, RecordsError) else f"{type(error).__name__}: {error}"
            failed.append((one, reason))
            continue
        shelf.remove(one.folder, [one.aside.key])
        stored += 1
    lines = [f"{stored} stored"]
    for one, reason in failed:
        lines += columns.wrap(f"{one.aside.key}  not stored: {reason}", view.COLUMNS)
    told = {
        "ok": not failed,
        "stored": stored,
        "failed": [{"key": one.aside.key, "reason": reason} for one, reason in failed],
    }
    return told, lines, not failed
