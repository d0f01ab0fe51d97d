"""``helpline records``: whether what is stored is what happened, and beginning where a book was lost."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from desk.formats import indian
from helpline import columns
from helpline.app import App
from helpline.commands import words
from helpline.commands.complaint import view
from helpline.commands.office_options import JSON, answer
from helpline.commands.output import say
from helpline.commands.records_aside import aside
from helpline.commands.records_begin import adopt, begin
from helpline.wiring import open_existing_records
from mapper.days import IST
from records import Records
from records.audit.verifying import Progress, VerifyReport, verify_all
from records.numbers import FIRST, number_for

SHOWN = 20
"""Findings printed; --json has the first thousand. Whoever has twenty restores a backup."""
REMEDY = (
    "what to do: keep a copy of the database as it is; in the newest backup that verifies clean, read what"
    " the complaints named here said, and restore it or have them registered anew; find out who besides the"
    " centre could write to the database, and change its password"
)


@click.group()
def records() -> None:
    """Check that what is stored is what happened; begin or adopt a book where one was lost."""


records.add_command(begin)
records.add_command(adopt)


records.add_command(aside)


@records.command()
@click.option(
    "--export-heads",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="If all is well, write the newest hash of every complaint to FILE, to be kept elsewhere.",
)
@click.option(
    "--heads",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Compare with hashes exported before.",
)
@JSON
@click.pass_obj
def verify(app: App, *, export_heads: Path | None, heads: Path | None, as_json: bool) -> None:
    """Find any event of a complaint that was changed, added or taken away.

    Each event carries the hash of the one before. Who owns the database could make all hashes anew: against
    that, export them and keep the file where he cannot write. Status 1 when something is wrong. It runs
    beside a working centre.

    \b
    helpline records verify --export-heads /media/usb/heads-2026-11
    helpline records verify --heads /media/usb/heads-2026-11
    """

    async def work() -> tuple[dict[str, Any], list[str], bool]:
        async with await open_existing_records(app) as opened:
            return await _verify(opened, export_heads, heads)

    told, lines, ok = answer(work, as_json=as_json)
    say(told, lines, json_wanted=as_json)
    if not ok:
        raise SystemExit(1)


async def _verify(
    opened: Records, export_to: Path | None, compare_with: Path | None
) -> tuple[dict[str, Any], list[str], bool]:
    with _bar() as progress:
        report = await verify_all(opened.database, progress=progress)
    told: dict[str, Any] = {"ok": report.ok, "verified": report}
    lines = [
        f"{_count(report.complaints, 'complaint')}, {_count(report.events, 'event')}: {_verdict(report)}",
        *_erased(report),
        *_findings(report),
        *_gaps(report),
    ]
    ok = report.ok
    if compare_with is not None:
        compared = await opened.check_heads(compare_with)
        ok = ok and compared.ok
        told |= {"ok": ok, "heads": compared}
        lines += [f"{_count(compared.complaints, 'hash')} of {compare_with}: {_verdict(compared)}"]
        lines += _findings(compared)
    if not ok:
        told["remedy"] = REMEDY
        lines += columns.wrap(REMEDY, view.COLUMNS)
    if export_to is not None and ok:
        exported = await opened.export_heads(export_to)
        told["exported"] = exported
        lines.append(
            f"{_count(exported, 'hash')} written to {export_to}; keep it where the centre cannot write"
        )
    elif export_to is not None:
        lines.append("nothing was exported: what is wrong would be exported as right")
    return told, lines, ok


@contextmanager
def _bar() -> Iterator[Progress]:
    """A bar on a terminal; on anything else nothing."""
    if not sys.stderr.isatty():
        yield lambda _seen, _all: None
        return
    with click.progressbar(length=1, label="verifying", file=sys.stderr) as bar:

        def progress(seen: int, every: int) -> None:
            bar.length = every
            bar.update(seen - bar.pos)

        yield progress


def _verdict(report: VerifyReport) -> str:
    return "nothing was changed" if report.ok else f"{_count(report.found, 'thing')} WRONG"


def _erased(report: VerifyReport) -> list[str]:
    """Nothing wrong, and yet to be told: whoever forges an erasure has to have it stand here."""
    return [
        f"  {_count(one.events, 'event')} of {_count(one.complaints, 'complaint')} erased by request"
        f" on {words.day(one.at)}, by {one.by} (erasure {one.id})"
        for one in report.erased
    ]


def _findings(report: VerifyReport) -> list[str]:
    lines = [f"  {finding.text}" for finding in report.findings[:SHOWN]]
    more = report.found - len(lines)
    return [*lines, f"  and {indian(more)} more"] if more > 0 else lines


def _gaps(report: VerifyReport) -> list[str]:
    """Numbers that the book says it does not hold: nothing is wrong, but whoever holds one has to know."""
    return [
        f"  numbers {number_for(max(gap.first, FIRST))} to {number_for(gap.last)} are not in this book since"
        f" {gap.at.astimezone(IST):%Y-%m-%d} ({gap.reason}): complaints that had one have to be written again"
        for gap in report.gaps
    ]


def _count(number: int, what: str) -> str:
    plural = f"{what}es" if what.endswith("sh") else f"{what}s"
    return f"{indian(number)} {what if number == 1 else plural}"
