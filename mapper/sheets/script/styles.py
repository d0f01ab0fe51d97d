"""What the look of a cell says of its text: set in a font that draws Hindi, or struck through."""

from __future__ import annotations

from dataclasses import dataclass

from mapper.sheets.grid import LegacyText, OtherFontText, Raw, Struck
from mapper.sheets.script.legacy_fonts import is_legacy_font, other_font


@dataclass(frozen=True, slots=True)
class Style:
    """`krutidev`: set in a font of Kruti Dev's family; `other`: the name of another such font, or empty."""

    krutidev: bool = False
    other: str = ""
    struck: bool = False

    @classmethod
    def of(cls, font: str | None, *, struck: bool) -> Style:
        """The style of a font of that name."""
        return cls(is_legacy_font(font), (font or "").strip() if other_font(font) else "", struck)


def styled(value: Raw, style: Style) -> Raw:
    """A cell's value with what its style says of it."""
    if style.struck and value is not None and value != "":
        return Struck.whole(str(value))
    if isinstance(value, str):
        if style.krutidev:
            return LegacyText(value)
        if style.other:
            return OtherFontText.set_in(style.other, value)
    return value
