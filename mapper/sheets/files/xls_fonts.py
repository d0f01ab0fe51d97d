"""What the fonts of an old workbook's cell say of its text, also where only a part of it is set in one."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from mapper.sheets.grid import Raw, Unusable
from mapper.sheets.script.styles import Style, styled

_PARTLY = Unusable(
    "a part of the cell is struck through", "delete what no longer holds, or take the line away"
)


def with_fonts(value: Raw, book: Any, xf_index: int, runs: list[tuple[int, int]] | None) -> Raw:
    """A cell's value with what its fonts say of it. `runs`: from which sign on which font, if not the cell's.

    A former name that is struck out before the new one in the same cell is not told from it, but refused.
    """
    try:
        usual = book.font_list[book.xf_list[xf_index].font_index]
        fonts = [book.font_list[font] for font in _of_text(value, usual.font_index, runs or [])] or [usual]
    except (LookupError, TypeError, AttributeError):
        return value
    struck = {bool(font.struck_out) for font in fonts}
    if len(struck) > 1:
        return _PARTLY
    names = {font.name for font in fonts}
    return styled(value, _style(names.pop() if len(names) == 1 else usual.name, struck=True in struck))


@lru_cache(maxsize=1024)
def _style(font: str, *, struck: bool) -> Style:
    return Style.of(font, struck=struck)


def _of_text(value: Raw, usual: int, runs: list[tuple[int, int]]) -> list[int]:
    """The fonts of all that can be seen of a text."""
    if not isinstance(value, str) or not runs:
        return []
    ends = [*(begin for begin, _ in runs), len(value)]
    parts = [(0, ends[0], usual), *((*run[:1], end, run[1]) for run, end in zip(runs, ends[1:], strict=True))]
    return [font for begin, end, font in parts if value[begin:end].strip()]
