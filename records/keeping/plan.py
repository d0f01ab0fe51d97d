"""What an erasure takes away, by number, call and file: it says nothing of the person himself.

Found by his telephone number once, it can be carried out again on an older copy of the records, where the
same complaints and calls have the same numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from records.life.sealing import PARTS, Part

T = TypeVar("T")
_AT_ONCE = 500
"""Values in one statement; SQLite and PostgreSQL both take some thousand."""


@dataclass(frozen=True)
class File:
    """A file in the recordings folder. ``kind``: "recording" or "message"; ``made_at`` ISO 8601, UTC."""

    kind: str
    name: str
    call_id: str
    made_at: str


@dataclass(frozen=True)
class Plan:
    """``complaints``: by number, which parts go. ``drafts`` and ``callbacks`` by id."""

    complaints: Mapping[str, Sequence[Part]] = field(default_factory=dict)
    calls: Sequence[str] = ()
    drafts: Sequence[int] = ()
    callbacks: Sequence[int] = ()
    files: Sequence[File] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing would go."""
        return not (self.complaints or self.calls or self.drafts or self.callbacks or self.files)

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)


def plan_of(data: Mapping[str, Any]) -> Plan:
    """The plan of `Plan.as_data`. Raises `ValueError` when it is none."""
    try:
        complaints = {
            str(number): tuple(part for part in PARTS if part in parts)
            for number, parts in data["complaints"].items()
        }
        files = tuple(File(**{name: str(one[name]) for name in _FILE}) for one in data["files"])
        calls = tuple(map(str, data["calls"]))
        return Plan(
            complaints, calls, tuple(map(int, data["drafts"])), tuple(map(int, data["callbacks"])), files
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("this is not what an erasure writes down") from error


def pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in as many pieces as statements need."""
    for first in range(0, len(values), _AT_ONCE):
        yield values[first : first + _AT_ONCE]


_FILE = ("kind", "name", "call_id", "made_at")
