"""The way a single prompt is spoken, where the usual one is not understood best.

Ways are data: the table ``ways`` of a catalogue gives them by key. They were found by trying several and
listening to each with a recogniser in what callers hear it in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from ivr_prompts.carrier import CARRIERS
from ivr_prompts.errors import CatalogueError

SLOWEST: Final = 0.7
FASTEST: Final = 1.1
LONGEST_STYLE: Final = 510


@dataclass(frozen=True)
class Way:
    """``carrier``: a name of `CARRIERS`. ``pace``: of the voice's own. ``style``: the voice speaks as it does
    in texts of so many sounds. What is empty or nothing is as usual.
    """

    carrier: str = ""
    pace: float = 0.0
    style: int = 0

    def __str__(self) -> str:
        """What differs from the usual way; empty when nothing does."""
        parts = (self.carrier, f"pace {self.pace:g}" if self.pace else "")
        return " ".join(filter(None, (*parts, f"style {self.style}" if self.style else "")))


USUAL: Final = Way()


def way_of(entry: object, where: str) -> Way:
    """The way a catalogue gives. Raises CatalogueError naming the fault, ``where`` it is."""
    names = [field.name for field in fields(Way)]
    if not isinstance(entry, Mapping) or not set(entry) <= set(names):
        raise CatalogueError(f"{where} may have {', '.join(names)}, nothing else")
    given: Mapping[str, Any] = entry
    carrier, pace, style = given.get("carrier", ""), given.get("pace", 0.0), given.get("style", 0)
    if carrier and carrier not in CARRIERS:
        raise CatalogueError(f"{where}: carrier must be one of {', '.join(CARRIERS)}, not {carrier!r}")
    if pace and not (isinstance(pace, int | float) and SLOWEST <= pace <= FASTEST):
        raise CatalogueError(f"{where}: pace must be from {SLOWEST:g} to {FASTEST:g}, not {pace!r}")
    if style and not (isinstance(style, int) and 0 < style <= LONGEST_STYLE):
        raise CatalogueError(f"{where}: style must be from 1 to {LONGEST_STYLE}, not {style!r}")
    return Way(carrier, float(pace), style)
