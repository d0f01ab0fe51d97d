"""What an archive says of itself, in its first part; checked at the door, for it comes from outside."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from helpline.errors import HelplineError

FORMAT = "helpline backup 1"
MANIFEST = "manifest.json"
DATABASE = "records.sqlite"
SECRETS = "secrets.json"
RECORDINGS = "recordings.jsonl"
ERASURES = "erasures.jsonl"
FOLDERS = ("spool", "directory", "configuration", "recordings")
"""Parts are the files named above, and files below these folders."""

LONGEST_NAME = 100
"""Bytes; what a tar header takes without extensions."""
MOST_BYTES = 64 << 20
"""Of the manifest itself: 500,000 parts."""
_FILES = frozenset({DATABASE, SECRETS, RECORDINGS, ERASURES})
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")


@dataclass(frozen=True)
class Part:
    """A file of the archive: its name there, its length in bytes, its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. ``schema``: the revision of the records; ``book``: which book it is.

    ``highest``: the last running number given. ``waiting``: operations in the copy of the spool.
    ``recordings`` and ``recording_bytes``: on the disk when it was made, in the archive only if
    ``with_recordings``. ``verified``: whether `records verify` found nothing wrong; None when not asked.
    """

    made_at: datetime
    program: str
    database: str
    schema: str
    book: str
    highest: int
    complaints: int
    calls: int
    waiting: int
    recordings: int
    recording_bytes: int
    with_recordings: bool
    with_secrets: bool
    verified: bool | None
    parts: Sequence[Part]

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)

    def as_json(self) -> bytes:
        """The manifest as the archive holds it."""
        told = asdict(self) | {"made_at": self.made_at.isoformat(timespec="seconds")}
        return json.dumps({"format": FORMAT, **told}, ensure_ascii=False, indent=1).encode()


def read_manifest(content: bytes) -> Manifest:
    """The manifest of an archive. Raises `HelplineError` for one that is none, or leads out of its place."""
    try:
        told: Any = json.loads(content)
        kind = told.pop("format")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise HelplineError("this is no backup of helpline: its first part says nothing of it") from None
    if kind != FORMAT:
        raise HelplineError(
            f"the archive is a {str(kind)[:40]!r}, this program reads {FORMAT!r}; restore it with the version"
            " that made it, or a newer one"
        )
    try:
        parts = tuple(_part(one) for one in told.pop("parts"))
        made_at = datetime.fromisoformat(told.pop("made_at"))
        manifest = Manifest(made_at=made_at, parts=parts, **told)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise HelplineError("the archive's manifest is damaged; take another backup") from None
    _check(manifest)
    return manifest


def _part(told: Any) -> Part:
    part = Part(**told)
    if type(part.size) is not int or part.size < 0 or not _SHA256.fullmatch(part.sha256):
        raise ValueError(part)
    return part


def _check(manifest: Manifest) -> None:
    numbers = (manifest.highest, manifest.complaints, manifest.calls, manifest.waiting, manifest.recordings)
    texts = (manifest.program, manifest.database, manifest.schema, manifest.book)
    if (
        any(type(number) is not int for number in numbers)
        or not all(isinstance(one, str) for one in texts)
        or manifest.made_at.tzinfo is None
    ):
        raise HelplineError("the archive's manifest is damaged; take another backup")
    names = [part.name for part in manifest.parts]
    for name in names:
        if not is_fit(name):
            raise HelplineError(
                f"the archive has a part {name[:60]!r}, which no backup has; somebody made or changed it:"
                " nothing of it was used"
            )
    folders = {folder for name in names for folder in _above(name)}
    if len(set(names)) < len(names) or folders & set(names):
        raise HelplineError("the archive has a part twice; somebody made or changed it: nothing was used")
    if DATABASE not in names:
        raise HelplineError("the archive has no records in it; take another backup")


def is_fit(name: object) -> bool:
    """Whether a part may have this name: a file of the archive's places, and nothing that leads elsewhere."""
    if not isinstance(name, str) or _UNFIT.search(name) or len(name.encode()) > LONGEST_NAME:
        return False
    first, *rest = name.split("/")
    if not rest:
        return first in _FILES
    return first in FOLDERS and all(one not in {"", ".", ".."} for one in rest)


def _above(name: str) -> list[str]:
    steps = name.split("/")
    return ["/".join(steps[:many]) for many in range(1, len(steps))]
