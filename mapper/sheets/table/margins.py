"""Rows of a sheet that are no rows of its table: the header again, numbers of columns, units, totals,
signatures below it. They are left out, and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from mapper.sheets.grid import Raw, blank
from mapper.sheets.table.row_words import told_rows

_SIGNS = re.compile(r"[^0-9a-zऀ-ॿ]")
_NUMBER = re.compile(r"[(\[]?\s*([0-9०-९]+)(?:\.0)?\s*[)\].]?")
_UNIT = re.compile(r"[(\[].*[)\]]|(?:dd|yyyy|दिन|dd/mm)[-./].*", re.IGNORECASE)
_TOTALS = frozenset(
    ("योग", "कुल", "कुलयोग", "महायोग", "सकलयोग", "कुलसंख्या", "total", "grandtotal", "subtotal", "sum", "totals")
)
_BELOW = re.compile(
    r"हस्ताक्षर|हस्ता|पदमुद्रा|मुहर|सील|प्रतिलिपि|नोट|टीप|दिनांक|स्थान|सत्यापित|प्रमाणित|तैयार|जारी|आदेश|जांच|जाँच|"
    r"कलेक्टर|अधिकारी|तहसीलदार|अध्यक्ष|सचिव|संयुक्त|\b(?:sd|sign(?:ature|ed)?|seal|notes?|date|place|prepared|checked|"
    r"verified|certified|copy to|collector|officer|by order|source|printed|page)\b",
    re.IGNORECASE,
)
_FEWEST_NUMBERS = 3

Meaning = Callable[[int, Raw], bool]
"""Whether a cell at that place says again what the column is called."""


@dataclass(slots=True)
class Margins:
    """What was left out of a sheet, by why. `row` is asked of every row below the header, from the top."""

    head: frozenset[tuple[str, ...]]
    names_column: Meaning
    required: frozenset[int]
    body: bool = False
    left_out: dict[str, list[int]] = field(default_factory=dict)

    def row(self, number: int, cells: Sequence[Raw], *, last: bool) -> bool:
        """Whether the row is left out; `last`: no row of the table comes after it."""
        why = self._why(cells, last=last)
        if why:
            self.left_out.setdefault(why, []).append(number)
        else:
            self.body = True
        return bool(why)

    def notes(self) -> Iterable[str]:
        """What was left out, in words."""
        for why, numbers in self.left_out.items():
            verb = "was" if len(numbers) == 1 else "were"
            yield f"{told_rows(numbers)} {verb} not read: {why}"

    def _why(self, cells: Sequence[Raw], *, last: bool) -> str:
        filled = [(place, cell) for place, cell in enumerate(cells) if not blank(cell)]
        if written(cells) in self.head or (
            len(filled) > 1 and all(self.names_column(place, cell) for place, cell in filled)
        ):
            return "the header again"
        if _numbers_columns([cell for _, cell in filled]):
            return "numbers of the columns"
        if not self.body and all(_UNIT.fullmatch(str(cell).strip()) for _, cell in filled):
            return "what is to be written into the columns"
        missing = self.required & {place for place in self.required if not _has(cells, place)}
        first = str(filled[0][1])
        if missing and _SIGNS.sub("", first.casefold()) in _TOTALS:
            return "a total"
        if last and is_lone(cells, self.required) and any(_BELOW.search(str(cell)) for _, cell in filled):
            return f"below the table ({_shortened(filled)})"
        return ""


def written(cells: Sequence[Raw]) -> tuple[str, ...]:
    """What a row says, without its empty cells and spare blanks."""
    return tuple(" ".join(str(cell).split()).casefold() for cell in cells if not blank(cell))


def is_lone(cells: Sequence[Raw], required: frozenset[int]) -> bool:
    """Whether a row holds one remark or two, and of what the table needs next to nothing.

    A remark in a merged cell stands in each of its cells.
    """
    texts = set(written(cells))
    if len(required) < _FEWEST_NUMBERS or not texts or len(texts) > 2:
        return False
    return len({str(cells[place]) for place in required if _has(cells, place)}) <= 1


def _has(cells: Sequence[Raw], place: int) -> bool:
    return place < len(cells) and not blank(cells[place])


def _numbers_columns(cells: Sequence[Raw]) -> bool:
    """Whether the cells count 1, 2, 3 ... from the left, as a printed form does below its header."""
    if len(cells) < _FEWEST_NUMBERS:
        return False
    for expected, cell in enumerate(cells, start=1):
        found = _NUMBER.fullmatch(str(cell).strip())
        if not found or int(found.group(1)) != expected:
            return False
    return True


def _shortened(filled: Sequence[tuple[int, Raw]]) -> str:
    said = ", ".join(dict.fromkeys(" ".join(str(cell).split()) for _, cell in filled))
    return said if len(said) <= 40 else f"{said[:37]}..."
