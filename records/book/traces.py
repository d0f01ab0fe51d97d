"""Whether there was a book before, and what is to be done where it is not: only a first start makes one.

A database that is gone, empty or another one looks like a first start to whoever looks at it alone. So it is
not looked at alone: marks (`records.book.marks`) say that there was a book, and traces of other kinds say
that there may have been one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from records.book.marks import ENDING, Found, Mark, Marks
from records.database.urls import Address
from records.errors import LostError, NoBookError
from records.numbers import FIRST, number_for

REMEDIES = (
    "mount its disk or put the database back where it was; or put a backup in its place (`helpline restore`);"
    " or, if nothing of it can be had, go on with a new book above the old numbers:"
    " `helpline records begin --anew`"
)


@dataclass(frozen=True)
class Traces:
    """Where it is known that there was a book. ``others`` names what else speaks for one, a phrase each."""

    marks: Marks
    others: Callable[[], Sequence[str]] = field(default=tuple)

    def look(self) -> "Known":
        """What is known. Blocks.

        To be asked before the database is: a process that makes a book at the same time makes the database
        first, so what is found here was there when the database is looked at.
        """
        return Known(tuple(self.marks.found()), tuple(self.others()))


@dataclass(frozen=True)
class Known:
    """What speaks for a book at one moment."""

    found: tuple[Found, ...]
    others: tuple[str, ...]

    @property
    def marks(self) -> list[Mark]:
        """The marks that can be read."""
        return [one.mark for one in self.found if one.mark is not None]

    @property
    def highest(self) -> int:
        """The highest running number that any mark knows; below `FIRST` when none was given."""
        return max((mark.highest for mark in self.marks), default=FIRST - 1)


def beside(address: Address) -> Path | None:
    """Where the mark beside a SQLite file lies."""
    file = address.sqlite_file
    return None if file is None else file.with_name(file.name + ENDING)


def traces_beside(address: Address) -> Traces:
    """For who knows nothing but the address: the mark beside the file, and what SQLite left of it."""
    mark = beside(address)
    return Traces(Marks([mark] if mark is not None else []), lambda: leftovers(address))


def leftovers(address: Address) -> list[str]:
    """SQLite's own files of a database that is not there."""
    if (file := address.sqlite_file) is None:
        return []
    found = [file.with_name(file.name + ending) for ending in ("-wal", "-journal")]
    there = [f"{one.name} lies there without its database" for one in found if _filled(one)]
    # In this order: a database that is just being made is there before its journal.
    return [] if file.exists() else there


def refuse_first_start(known: Known, shown: str, what: str) -> None:
    """Raise `LostError` when a book was there before. ``what``: how the database is found, "is not there"."""
    if marks := known.marks:
        newest = max(marks, key=lambda mark: mark.highest)
        last = f", its last number was {number_for(known.highest)}" if known.highest >= FIRST else ""
        where = ", ".join(str(one.file) for one in known.found)
        raise LostError(
            f"the book of this centre is lost: {shown} {what}. There was one at {newest.book}, begun"
            f" {newest.begun[:10]}{last}; so say {where}. No other was made. What to do: {REMEDIES}"
        )
    if known.found:
        where = ", ".join(str(one.file) for one in known.found)
        raise LostError(
            f"the book of this centre is lost: {shown} {what}, and {where} cannot be read, but says that"
            f" there was one. No other was made. What to do: {REMEDIES}"
        )
    if known.others:
        raise LostError(
            f"{shown} {what}, yet this seems to be no first start: {'; '.join(known.others)}. No book was"
            f" made. What to do: {REMEDIES}; or, if there never was a book and this comes from a trial, make"
            " the first: `helpline records begin`"
        )


def refuse_another(known: Known, shown: str, identity: str) -> None:
    """Raise `LostError` when a mark knows another book than the one that is there."""
    others = [one for one in known.found if one.mark is not None and one.mark.identity != identity]
    if others:
        where = ", ".join(str(one.file) for one in others)
        raise LostError(
            f"{shown} holds another book than this centre's: {where} knows the one begun"
            f" {others[0].mark.begun[:10] if others[0].mark else ''}. Nothing was written. What to do: put"
            " the right database back; or correct records.url; or, if this one is to take its place,"
            " `helpline records adopt`"
        )


def refuse_to_make(shown: str) -> None:
    """Raise `NoBookError`: who only looks makes no book."""
    raise NoBookError(f"there is no book of complaints yet: {shown} is not there; `helpline serve` makes it")


def _filled(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False
