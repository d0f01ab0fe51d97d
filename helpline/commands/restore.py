"""``helpline restore``: a centre from an archive of `helpline backup`, into a place that is empty."""

import asyncio
from dataclasses import replace
from pathlib import Path

import click

from desk.formats import indian
from helpline.app import App
from helpline.backup.place import RESTORED
from helpline.backup.restoring import A_DAY, MISSING, Restored, Wish
from helpline.backup.restoring import restore as bring_back
from helpline.commands.backup_words import SHA256, on_terminal
from helpline.commands.office_options import JSON
from helpline.commands.output import say
from helpline.commands.records import SHOWN
from helpline.commands.records_begin import ABOVE
from records.numbers import FIRST, number_for

FILE = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.command()
@click.argument("archive", type=FILE, metavar="ARCHIVE")
@click.option(
    "--into", type=click.Path(path_type=Path), help="State directory (default: that of the settings)."
)
@click.option("--to-url", metavar="URL", help="Database, an empty one (default: that of the settings).")
@click.option(
    "--old",
    type=click.Path(path_type=Path),
    help="What is left of the old state directory: it knows the last number and who was erased.",
)
@click.option("--erasures", type=FILE, help="The newest list of erasures, erasures.jsonl, kept elsewhere.")
@ABOVE
@click.option("--despite-findings", is_flag=True, help="Restore also records that do not verify.")
@SHA256
@JSON
@click.pass_obj
def restore(
    app: App,
    archive: Path,
    *,
    into: Path | None,
    to_url: str | None,
    old: Path | None,
    erasures: Path | None,
    above: int | None,
    despite_findings: bool,
    sha256: str | None,
    as_json: bool,
) -> None:
    """Restore a centre from ARCHIVE into a place that is empty, all of it or nothing.

    The archive is read to its end and its records are verified before anything is put in place. An archive of
    an earlier version is upgraded; SQLite may become PostgreSQL and the other way round. What happened since
    it was made is not in it.

    \b
    helpline restore /media/usb/helpline-20261201T203000Z.tar.gz --old /var/lib/helpline181.old
    helpline restore ARCHIVE --into /tmp/drill            # a drill: is the backup worth anything?
    """
    wish = Wish(sha256, old, erasures, above, despite_findings)
    placed = placed_app(app, into, to_url)
    told = asyncio.run(bring_back(placed, archive, wish, on_terminal))
    say(_data(placed, told), _lines(placed, told), json_wanted=as_json)


def placed_app(app: App, into: Path | None, to_url: str | None) -> App:
    """The centre with another state directory or database than its settings say.

    Another state directory has a database and recordings of its own, unless one is named: a drill must not
    touch the real ones.
    """
    settings = app.settings
    if into is not None and into.absolute() != app.state_dir:
        settings = replace(
            settings,
            helpline=replace(settings.helpline, state_dir=into.absolute()),
            asterisk=replace(settings.asterisk, recordings_dir=Path()),
            records=replace(settings.records, url=""),
        )
    if to_url is not None:
        settings = replace(settings, records=replace(settings.records, url=to_url))
    return App(settings=settings)


def _lines(app: App, told: Restored) -> list[str]:
    one, ready = told.archive.manifest, told.ready
    verdict = "nothing was changed" if ready.report.ok else f"{indian(ready.report.found)} things WRONG"
    lines = [
        f"restored into {app.state_dir}: {indian(ready.report.complaints)} complaints,"
        f" {indian(ready.report.events)} events: {verdict}",
        *[f"  {finding.text}" for finding in ready.report.findings[:SHOWN]],
    ]
    if ready.replayed:
        lines.append(f"{indian(ready.replayed)} operations that waited in the spool are stored")
    if ready.waiting:
        lines.append(f"others wait there still: {ready.waiting}")
    if ready.erased:
        lines.append(f"{indian(ready.erased)} erasures since then were carried out again")
    if ready.gap is not None:
        first, last = number_for(max(ready.gap.first, FIRST)), number_for(ready.gap.last)
        why = f" (nobody knew the last one: {A_DAY} for each day)" if told.guessed else ""
        lines.append(f"numbers {first} to {last} are left out, citizens may have been told them{why}")
    lines.append(f"what happened after {one.made_at:%Y-%m-%d %H:%M} UTC is not in it. What to do now:")
    lines += [f"  {number}. {step}" for number, step in enumerate(_next(app, told), start=1)]
    return lines


def _next(app: App, told: Restored) -> list[str]:
    one, apart = told.archive.manifest, app.state_dir / RESTORED
    steps = [
        f"compare {apart}/configuration with helpline.toml, dialplan and ivr_prompts here; take over what"
        " differs",
    ]
    if not one.with_secrets:
        steps.append("passwords were left out: new ones are made; give the telephones and the trunk theirs")
    steps.append("helpline asterisk apply, then start Asterisk")
    if told.missing:
        steps.append(
            f"{indian(told.missing)} recordings are not in {app.exchange.recordings_dir}, listed in"
            f" {apart / MISSING}: copy them there from where they are kept"
        )
    steps += [
        "helpline doctor, then start the service",
        "complaints told since the backup: whoever calls with a number that is not known is asked again",
        f"erase {apart} when it is no longer wanted",
    ]
    return steps


def _data(app: App, told: Restored) -> dict[str, object]:
    ready = told.ready
    return {
        "ok": ready.report.ok,
        "state_dir": str(app.state_dir),
        "sha256": told.archive.sha256,
        "made_at": told.archive.manifest.made_at,
        "book": ready.book.identity,
        "verified": ready.report,
        "replayed": ready.replayed,
        "waiting": ready.waiting,
        "erased": ready.erased,
        "left_out": ready.gap,
        "next_number": number_for(ready.book.highest + 1),
        "recordings_missing": told.missing,
        "next": _next(app, told),
    }
