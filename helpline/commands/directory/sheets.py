"""`helpline directory template` and `import`: the office's sheets out, and in again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from helpline.commands.directory.shared import ALL, FOLDER, JSON, as_text, fail, limits_of, say, store_of
from mapper import DirectoryError, Problem
from mapper.directory.drafts import Draft
from mapper.directory.store import shipped_source
from mapper.sheets.grid import Progress, no_progress
from mapper.sheets.template import write_csv_template, write_xlsx_template


@click.command()
@click.option("--xlsx", type=click.Path(path_type=Path), metavar="FILE", help="Write one workbook.")
@click.option("--csv", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="Write CSV files.")
@JSON
def template(xlsx: Path | None, folder: Path | None, *, as_json: bool) -> None:
    """Write sheets to fill in, with examples and notes on every column in Hindi and English.

    The examples are a small directory that works: replace them by your own rows.
    """
    if (xlsx is None) == (folder is None):
        raise click.UsageError("say which: --xlsx FILE for one workbook, or --csv FOLDER for CSV files")
    try:
        if xlsx is not None:
            if xlsx.suffix.casefold() != ".xlsx":
                raise click.UsageError(f"{xlsx} must end in .xlsx, or spreadsheets will not open it")
            write_xlsx_template(xlsx)
            files = [xlsx]
        else:
            files = write_csv_template(folder or Path())
    except FileExistsError as error:
        problem = Problem(str(error.filename), 0, "", "is there already", "name another place")
        fail([problem], as_json=as_json)
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        remedy = "check the permissions and the free space, or name another place"
        fail([Problem(str(xlsx or folder), 0, "", what, remedy)], as_json=as_json)
    where = xlsx or folder
    say(
        {"files": [str(file) for file in files]},
        f"{where} written; fill it in (the sheet notes explains every column), then "
        f"helpline directory import {where}",
        as_json=as_json,
    )


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path), required=False)
@ALL
@FOLDER
@JSON
@click.pass_context
def import_(
    context: click.Context, source: Path | None, folder: Path | None, *, as_json: bool, show_all: bool
) -> None:
    """Read the sheets at SOURCE into a draft: a folder of CSV files or of workbooks, or one workbook.

    Without SOURCE the shipped sheets are read. Nothing of the edition in force changes. With any problem,
    the problems are listed and an earlier draft stays as it was.
    """
    store = store_of(context, folder)
    try:
        with _progress(show=not as_json and sys.stderr.isatty()) as progress:
            draft = store.import_sheets(source or shipped_source(), progress)
    except DirectoryError as error:
        fail(error.problems, as_json=as_json, limits=limits_of(context), show_all=show_all)
    if as_json:
        told = {"draft": str(draft.path), "source": draft.source, "imported_at": draft.imported_at}
        click.echo(as_text({**told, "understood": draft.understood.as_dict()}))
        return
    for line in _understood(draft):
        click.echo(line)
    click.echo(f"draft made from {draft.source}; next: helpline directory check, diff, publish")


def _understood(draft: Draft) -> Iterator[str]:
    widest = max((len(sheet.table) for sheet in draft.understood.sheets), default=0)
    for sheet in draft.understood.sheets:
        rows = f"{sheet.rows} row{'s' if sheet.rows != 1 else ''}"
        where = "" if sheet.where == f"{sheet.table}.csv" else f"  {sheet.where}"
        yield f"{sheet.table:{widest}}  {rows:>12}{where}"
        for words in sheet.words:
            yield f"{'':{widest}}  {'':12}  {words}"
    yield from draft.understood.notes


@contextmanager
def _progress(*, show: bool) -> Iterator[Progress]:
    """A line that tells what is being done and how far it is."""
    if not show:
        yield no_progress
        return

    def tell(what: str, done: int, rows: int) -> None:
        how_far = f"{done * 100 // rows} % of {rows} rows" if rows else "..."
        click.echo(f"\r\x1b[K{what}: {how_far}", nl=False, err=True)

    try:
        yield tell
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)
