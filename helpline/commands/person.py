"""``helpline person``: what is on record of a telephone number, and erasing the person on his request."""

import asyncio
import getpass
from pathlib import Path

import click

from helpline import traces
from helpline.app import App
from helpline.commands.office_options import JSON, Number, answer
from helpline.commands.output import say
from helpline.commands.person_view import done_lines, found_data, found_lines, plan_data
from helpline.errors import HelplineError
from helpline.keeping import erasure_list, finish, logs_of
from helpline.traces import Trace
from helpline.wiring import open_centre_records
from records import Records, RecordsError
from records.keeping.erasing import erase_person, refuse, request
from records.keeping.erasing import person as on_record
from records.keeping.listed import erase_listed
from records.keeping.persons import Person
from records.keeping.plan import Plan
from records.keeping.remains import clear_remains
from records.life.erased import Erasure
from records.missed_calls.catchup import file_was_changed
from records.phone import parse, several
from records.spool.spool import ASIDE

PHONE = click.argument("phone", metavar="NUMBER")
ALSO = click.option(
    "--complaint",
    "also",
    type=Number(),
    multiple=True,
    help="A complaint that is his, though it has another number or none; may be given more than once.",
)


@click.group()
def person() -> None:
    """Find what is on record of a telephone number, and erase the person on his request."""


@person.command()
@PHONE
@ALSO
@JSON
@click.pass_obj
def find(app: App, phone: str, *, also: tuple[str, ...], as_json: bool) -> None:
    """Say what is on record of NUMBER: complaints, calls, messages, recordings, and where logs name it."""
    e164 = _e164(phone)

    async def work() -> tuple[Person, list[Trace]]:
        async with await open_centre_records(app) as records:
            found = await on_record(records.database, e164, also)
            return found, await asyncio.to_thread(traces.find, e164, _files(app))

    found, named = answer(work, as_json=as_json)
    say(found_data(found, named), found_lines(app, found, named), json_wanted=as_json)


@person.command()
@PHONE
@ALSO
@click.option("--reason", required=True, help="The application's number and day; not the person's name.")
@click.option("--leave-open", is_flag=True, help="Erase all but what is not closed yet, and its calls.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before.")
@click.option("--compact", is_flag=True, help="Write the whole SQLite file anew, see docs/operating.md.")
@JSON
@click.pass_obj
def erase(
    app: App,
    phone: str,
    *,
    also: tuple[str, ...],
    reason: str,
    leave_open: bool,
    dry_run: bool,
    yes: bool,
    compact: bool,
    as_json: bool,
) -> None:
    """Erase the person of NUMBER: name, numbers, words, voice. It cannot be taken back.

    What is left says that there was a complaint, of which type, where, with which officer and how long.
    Complaints that are not closed need the citizen and are refused. It may be run again, also after it was
    stopped in the middle: what is gone stays gone, the rest follows.

    \b
    helpline person erase 9755512301 --reason "application 14/2026 of 3 December" --dry-run
    """
    e164, by = _e164(phone), f"shell:{getpass.getuser()}"

    async def look() -> tuple[Person, list[Trace]]:
        async with await open_centre_records(app) as records:
            found = await on_record(records.database, e164, also)
            refuse(found, leave_open=leave_open)
            request(by, reason, records.clock())
            _refuse_spooled(app, e164)
            return found, await asyncio.to_thread(traces.find, e164, _files(app))

    found, named = answer(look, as_json=as_json)
    nothing = not found.known and not named
    if dry_run or not (yes or nothing):
        lines = found_lines(app, found, named)
        if dry_run:
            told = {"dry_run": True, **found_data(found, named)}
            say(told, [*lines, "nothing was changed"], json_wanted=as_json)
            return
        click.echo("\n".join(lines), err=as_json)
        click.confirm("Erase all this for good?", abort=True, err=as_json)

    async def work() -> tuple[tuple[Erasure, Plan] | None, list[Trace], int, bool]:
        async with await open_centre_records(app) as records:
            # First the logs, by the number: once the records do not know it, nobody can ask for it.
            overwritten = await _overwrite(app, records, e164)
            done = await erase_person(
                records.database, e164, also=also, by=by, reason=reason, clock=records.clock,
                leave_open=leave_open,
            )  # fmt: skip
            removed = await finish(app, records)
            clear = True
            if done or compact:
                clear = await clear_remains(records.database, app.settings.records, compact=compact)
            return done, overwritten, removed, clear

    done, overwritten, removed, clear = answer(work, as_json=as_json)
    result = {
        "erased": done is not None,
        "erasure": done[0].id if done else None,
        **plan_data(done[1] if done else Plan()),
        "files_removed": removed,
        "logs": [{"file": str(each.file), "times": each.times} for each in overwritten],
        "compressed_logs": traces.compressed([logs_of(app)]),
        "remains_cleared": clear,
    }
    say(result, done_lines(app, done, overwritten, removed, clear=clear), json_wanted=as_json)


@person.command("erase-again")
@click.option(
    "--list", "file", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="Of another place."
)
@JSON
@click.pass_obj
def erase_again(app: App, *, file: Path | None, as_json: bool) -> None:
    """After an older backup was restored: erase again whoever was erased since, by the list of erasures.

    The list is erasures.jsonl of the state directory, or the copy of it that --list names. Before the service
    is started on restored records.
    """

    async def work() -> int:
        async with await open_centre_records(app) as records:
            count = await erase_listed(records.database, file or erasure_list(app))
            await finish(app, records)
            await clear_remains(records.database, app.settings.records)
            return count

    count = answer(work, as_json=as_json)
    erased = "1 erasure was" if count == 1 else f"{count} erasures were"
    say({"erased_again": count}, f"{erased} carried out again", json_wanted=as_json)


def _e164(text: str) -> str:
    if (e164 := parse(text).e164) is None:
        if several(text):
            raise HelplineError(f"{text!r} holds more than one telephone number; give one")
        raise HelplineError(
            f"{text!r} is no telephone number; give it with ten digits, or with + and country code"
        )
    return e164


def _files(app: App) -> list[Path]:
    """Files beside the records that may name a number."""
    aside = list(app.spool.rglob(ASIDE)) if app.spool.is_dir() else []
    return [*traces.files([logs_of(app)]), *aside]


def _refuse_spooled(app: App, e164: str) -> None:
    """What is on its way to the records would bring the number back."""
    waiting = [path for path in app.spool.rglob("*") if path.is_file() and path.name != ASIDE]
    if traces.find(e164, waiting):
        raise RecordsError(
            f"{app.spool} holds writes of this number that are not on record yet; nothing was changed: start"
            " the service, which does them within a minute, and try again"
        )


async def _overwrite(app: App, records: Records, e164: str) -> list[Trace]:
    found = await asyncio.to_thread(traces.overwrite, e164, _files(app))
    for each in found:
        if each.identity is not None:
            await file_was_changed(records, *each.identity)
    return found
