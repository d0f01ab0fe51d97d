"""From a grid of raw cells to the rows of a sheet. It never stops at the first fault: every cell that cannot
be used becomes a `Problem` with its row and column.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from mapper.errors import Problem
from mapper.settings import MapperSettings
from mapper.sheets.cells import CellError
from mapper.sheets.columns import Column, Sheet
from mapper.sheets.days.day_sheets import settle_days
from mapper.sheets.draft_row import DraftRow
from mapper.sheets.grid import Grid, Raw, blank
from mapper.sheets.script.kruti_slips import REMEDY as SLIP_REMEDY
from mapper.sheets.script.legacy_fonts import REMEDY as LEGACY_REMEDY
from mapper.sheets.script.names import Named, settle
from mapper.sheets.table.body import find_body
from mapper.sheets.table.headers import Header, find_header
from mapper.sheets.table.row_words import told_rows, were
from mapper.sheets.tidy import cell_text, unit_text


@dataclass(slots=True)
class Row:
    """A row that was read. `number` as a spreadsheet counts (the header is 1); `links`: unit id by scope."""

    number: int
    cells: dict[str, Any]
    links: dict[str, str]

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]


@dataclass(slots=True)
class Table:
    """What could be read of a sheet; `header` is False when no row could.

    `where` names the sheet as the office knows it, `shown` its columns; `did` counts what had to be mended
    and `notes` tell the rest of what was understood. `unread` tells of rows that the office has hidden or
    struck out, `hidden` are the former, `remarks` tell what of single cells was left out.
    """

    sheet: Sheet
    rows: list[Row]
    header: bool = True
    where: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    did: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    hidden: list[tuple[int, list[Raw]]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_grid(grid: Grid, sheet: Sheet, limits: MapperSettings) -> tuple[Table, list[Problem]]:
    """Read one sheet. Rows with a fault in their key are left out; other faulty cells count as blank."""
    problems = list(grid.problems)
    table = Table(sheet, [], header=False, where=grid.where, notes=list(grid.notes), hidden=grid.hidden)
    if grid.hidden:
        numbers = [number for number, _ in grid.hidden]
        be, it = were(numbers)
        table.unread.append(f"{told_rows(numbers)} {be} hidden: {it} not read")
    if not grid.rows:
        if not problems:
            what = "every row of the sheet is hidden" if grid.hidden else "the sheet is empty"
            problems.append(Problem(grid.where, 0, "", what, f"the header is: {names(sheet)}"))
        return table, problems
    header, faults = find_header(grid, sheet, limits.header_within)
    if header is None or faults:
        return table, problems + faults
    table.header, table.shown = True, header.shown
    table.notes += header.notes
    drafts = _drafts(grid, sheet, header, table, problems)
    _settle_names(drafts, table, problems)
    drafts = settle_days(sheet, drafts, grid, header, table.notes, problems)
    _parse(drafts, table, problems)
    if not drafts and not problems and not sheet.optional:
        problems.append(Problem(grid.where, 0, "", "the sheet has a header and no rows", "fill it in"))
        table.header = False
    return table, problems


def names(sheet: Sheet) -> str:
    """The columns of a sheet, as its header."""
    return ",".join(column.name for column in sheet.columns)


def _drafts(
    grid: Grid, sheet: Sheet, header: Header, table: Table, problems: list[Problem]
) -> list[DraftRow]:
    drafts: list[DraftRow] = []
    named = _both_names(sheet)
    columns = [
        (column, header.columns[column.name]) for column in sheet.columns if column.name in header.columns
    ]
    beside: set[int] = set()
    body = find_body(grid, sheet, header)
    table.notes += body.notes
    table.unread += body.unread
    problems += body.problems
    for number, cells in body.rows:
        extra = [place for place in range(header.width, len(cells)) if not blank(cells[place])]
        if extra and grid.ruled:
            what = f"the row has {extra[-1] + 1} cells, the header {header.width}"
            remedy = "put text that holds a comma into double quotes"
            problems.append(Problem(grid.where, number, "", what, remedy))
            continue
        beside.update(extra)
        draft = DraftRow(number, {}, {}, set())
        for column, place in columns:
            is_name = named and column.name in {"name_hi", "name_en"}
            try:
                draft.texts[column.name] = cell_text(
                    cells[place] if place < len(cells) else None, column.parse, table.did, name=is_name
                )
            except CellError as error:
                draft.faulty.add(column.name)
                problems.append(Problem(grid.where, number, column.name, error.what, error.remedy))
        for scope, place in header.links.items():
            try:
                unit = unit_text(cells[place] if place < len(cells) else None, table.did)
            except CellError as error:
                problems.append(Problem(grid.where, number, f"{scope}_id", error.what, error.remedy))
                continue
            if unit:
                draft.units[scope] = unit
        drafts.append(draft)
    if beside:
        noun, were = ("column", "was") if len(beside) == 1 else ("columns", "were")
        table.notes.append(f"{len(beside)} {noun} beside the table, without a header, {were} not read")
    return drafts


def _both_names(sheet: Sheet) -> bool:
    return {"name_hi", "name_en"} <= {column.name for column in sheet.columns}


def _settle_names(drafts: list[DraftRow], table: Table, problems: list[Problem]) -> None:
    if not _both_names(table.sheet):
        return
    named = [Named(d.number, d.texts.get("name_hi", ""), d.texts.get("name_en", "")) for d in drafts]
    for doubt in settle(named, table.did):
        if "name_hi" not in table.shown and not doubt.slip:
            continue  # a list of English names only
        what = f"{doubt.text!r} may be Roman letters, or {doubt.hindi} typed in Kruti Dev"
        remedy = "type the Hindi name in Unicode, or correct the name beside it"
        if doubt.font:
            what = (
                f"{doubt.text!r} is Hindi typed in a legacy font that is not Kruti Dev, "
                f"most likely {doubt.font}"
            )
            remedy = LEGACY_REMEDY
        if doubt.slip:
            meant = f" (of {doubt.hindi}?)" if doubt.hindi else ""
            what = f"{doubt.text!r} is most likely Kruti Dev{meant} with a slip of the finger"
            remedy = SLIP_REMEDY
        problems.append(Problem(table.where, doubt.row, doubt.column, what, remedy))
    for draft, names_ in zip(drafts, named, strict=True):
        draft.texts["name_hi"], draft.texts["name_en"] = str(names_.hi), str(names_.en)


def _parse(drafts: list[DraftRow], table: Table, problems: list[Problem]) -> None:
    seen: dict[tuple[Any, ...], Row] = {}
    sheet = table.sheet
    for draft in drafts:
        values = {column.name: _value(column, draft, table, problems) for column in sheet.columns}
        if draft.faulty & set(sheet.key):
            continue
        key = tuple(values[name] for name in sheet.key)
        if key in seen:
            what, remedy = _twice(sheet, key, seen[key], values)
            problems.append(Problem(table.where, draft.number, sheet.key[0], what, remedy))
            continue
        seen[key] = Row(draft.number, values, draft.units)
        table.rows.append(seen[key])


def _twice(sheet: Sheet, key: tuple[Any, ...], first: Row, values: dict[str, Any]) -> tuple[str, str]:
    """What to say of a second row with the same key, and the remedy."""
    unit = values.get("unit_id")
    if unit is not None and unit != first["unit_id"]:
        what = f"{unit} and {first['unit_id']} (row {first.number}) both claim {values['place_id']}"
        return what, "leave it to one of the two"
    named = [(name, part) for name, part in zip(sheet.key, key, strict=True) if part or name == "level"]
    shown = ", ".join("*" if part is None else str(part) for _, part in named)
    return f"{shown} stands already in row {first.number}", "delete one of the two rows"


def _value(column: Column, draft: DraftRow, table: Table, problems: list[Problem]) -> Any:
    cell = draft.texts.get(column.name, "")
    if cell:
        try:
            value = column.parse(cell)
        except CellError as error:
            draft.faulty.add(column.name)
            problems.append(Problem(table.where, draft.number, column.name, error.what, error.remedy))
            return column.blank
        if column.remark and (remark := column.remark(cell)):
            table.remarks.append(f"row {draft.number}, {column.name}: {remark}")
        return value
    if column.required and column.name not in draft.faulty:
        draft.faulty.add(column.name)
        problems.append(
            Problem(table.where, draft.number, column.name, "the cell is empty", "every row needs it")
        )
    return column.blank
