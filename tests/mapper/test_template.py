"""The template can be imported as it is, and explains every column."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from mapper import Registration, assign, load_edition
from mapper.directory.store import DirectoryStore
from mapper.sheets.columns import SHEETS
from mapper.sheets.template import notes_rows, write_csv_template, write_xlsx_template

from .conftest import NOW


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_untouched_template_becomes_an_edition(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"template.{kind}"
    if kind == "csv":
        assert len(write_csv_template(path)) == len(SHEETS) + 1
    else:
        write_xlsx_template(path)
    store = DirectoryStore(tmp_path / "directory", clock=lambda: NOW)
    draft = store.import_sheets(path)
    assert draft.understood.notes == ()
    assert {problem.severity for problem in store.check(draft)} == {"warning"}
    store.publish(draft)
    current = store.current()
    assert current is not None
    found = assign(load_edition(current), Registration("REVENUE-01", "village:478700", NOW))
    assert found.post.unit_id == "tehsil:3563"


def test_every_column_is_explained_in_both_languages() -> None:
    rows = notes_rows()
    assert [row[:2] for row in rows if not row[3] or not row[4]] == []
    named = {(row[0], row[1]) for row in rows}
    assert {(sheet.table, column.name) for sheet in SHEETS for column in sheet.columns} <= named


def test_nothing_is_written_over(tmp_path: Path) -> None:
    write_csv_template(tmp_path / "csv")
    (tmp_path / "csv" / "types.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_csv_template(tmp_path / "csv")
    assert (tmp_path / "csv" / "types.csv").read_text(encoding="utf-8") == "mine"
    write_xlsx_template(tmp_path / "t.xlsx")
    with pytest.raises(FileExistsError):
        write_xlsx_template(tmp_path / "t.xlsx")


def test_codes_stay_text_in_the_workbook(tmp_path: Path) -> None:
    write_xlsx_template(tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    assert {cell.number_format for cell in book["types"]["A"]} == {"@"}
    assert book.sheetnames[0] == "notes"
