"""The archive's file: a tar, compressed by gzip, that any tar can unpack, written and read by strict rules.

The first part is the manifest, the others follow in its order and are what it says: plain files with its
names, lengths and hashes. Links, devices, longer or other parts, and anything after the last one are refused
before a byte of them is kept, so that an archive that somebody made writes nothing but what it declares.
"""

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from helpline.backup.manifest import MANIFEST, MOST_BYTES, Manifest, Part, read_manifest
from helpline.errors import HelplineError

BLOCK = tarfile.BLOCKSIZE
_CHUNK = 1 << 20
_LEVEL = 6
"""Of gzip: a higher one takes twice as long for a twentieth of the room."""

Progress = Callable[[int, int], None]
"""Told how many bytes are done, and how many there are."""
Sink = Callable[[Part], BinaryIO | None]
"""Where the bytes of a part go; None: nowhere, they are only checked."""


class _Reading(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class Archive:
    """An archive that was read to its end, and is whole. ``sha256`` is the file's own."""

    manifest: Manifest
    sha256: str
    size: int


def no_progress(_done: int, _every: int) -> None:
    """For who tells nobody."""


class _Hashed:
    """A file that is hashed as it is read or written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self.size += len(data)
        return self._file.write(data)

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        self.size += len(data)
        return data

    def flush(self) -> None:
        self._file.flush()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def hash_file(file: Path, size: int) -> str:
    """SHA-256 of the first bytes of a file. Raises `OSError`, and `HelplineError` when it is shorter."""
    found = hashlib.sha256()
    with file.open("rb") as stream:
        left = size
        while left:
            data = _some(stream, left, file)
            found.update(data)
            left -= len(data)
    return found.hexdigest()


def write_archive(
    stream: BinaryIO, manifest: Manifest, where: Callable[[Part], Path], progress: Progress = no_progress
) -> Archive:
    """Write all parts, each read from its file. Blocks. Raises `OSError`.

    Raises `HelplineError` when a file is not what the manifest says any more.
    """
    hashed, done = _Hashed(stream), 0
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=hashed, mtime=0) as packed:
        content, at = manifest.as_json(), int(manifest.made_at.timestamp())
        packed.write(_header(MANIFEST, len(content), at))
        packed.write(content + bytes(-len(content) % BLOCK))
        for part in manifest.parts:
            packed.write(_header(part.name, part.size, at))
            source, found, left = where(part), hashlib.sha256(), part.size
            with source.open("rb") as reading:
                while left:
                    data = _some(reading, left, source)
                    found.update(data)
                    packed.write(data)
                    left -= len(data)
                    done += len(data)
                    progress(done, manifest.size)
            if found.hexdigest() != part.sha256:
                raise HelplineError(f"{source} was changed while it was read; run the backup again")
            packed.write(bytes(-part.size % BLOCK))
        packed.write(bytes(2 * BLOCK))
    return Archive(manifest, hashed.sha256, hashed.size)


def read_archive(
    stream: BinaryIO,
    sink: Callable[[Manifest], Sink] = lambda _manifest: lambda _part: None,
    progress: Progress = no_progress,
) -> Archive:
    """Read an archive to its end and check all of it. Blocks.

    ``sink`` is asked once the manifest is known, and may refuse it. Raises `HelplineError` for an archive
    that is damaged, cut off or none; what the sink got until then is worth nothing.
    """
    hashed = _Hashed(stream)
    try:
        with gzip.GzipFile(mode="rb", fileobj=hashed) as packed:
            manifest = _manifest(packed)
            _parts(packed, manifest, sink(manifest), progress)
            _end(packed)
    except gzip.BadGzipFile as error:
        what = (
            "is no archive of gzip"
            if hashed.size <= _CHUNK and "Not a gzipped" in str(error)
            else "is damaged"
        )
        raise HelplineError(f"the archive {what}; take another backup") from None
    except EOFError:
        raise HelplineError("the archive is cut off; take another backup, or copy it again") from None
    except zlib.error:
        raise HelplineError("the archive is damaged; take another backup, or copy it again") from None
    return Archive(manifest, hashed.sha256, hashed.size)


def _manifest(packed: _Reading) -> Manifest:
    name, size = _entry(packed)
    if name != MANIFEST or size > MOST_BYTES:
        raise HelplineError("this is no backup of helpline: it does not begin with a manifest")
    content = _exactly(packed, size)
    _exactly(packed, -size % BLOCK)
    return read_manifest(content)


def _parts(packed: _Reading, manifest: Manifest, sink: Sink, progress: Progress) -> None:
    done = 0
    for part in manifest.parts:
        if _entry(packed) != (part.name, part.size):
            raise HelplineError(
                f"the archive has something else where {part.name} should be; somebody changed it"
            )
        found, left = hashlib.sha256(), part.size
        with ExitStack() as stack:
            if (target := sink(part)) is not None:
                stack.enter_context(target)
            while left:
                data = _exactly(packed, min(left, _CHUNK))
                found.update(data)
                if target is not None:
                    target.write(data)
                left -= len(data)
                done += len(data)
                progress(done, manifest.size)
        if found.hexdigest() != part.sha256:
            raise HelplineError(f"{part.name} in the archive is not what was put there; take another backup")
        _exactly(packed, -part.size % BLOCK)


def _end(packed: _Reading) -> None:
    """Nothing but blanks, as tar ends, to the end of the stream, where gzip checks its own sum."""
    tail = packed.read(tarfile.RECORDSIZE + 1)
    while more := packed.read(tarfile.RECORDSIZE + 1):
        tail += more
        if len(tail) > tarfile.RECORDSIZE:
            break
    if len(tail) > tarfile.RECORDSIZE or tail.strip(b"\0"):
        raise HelplineError("the archive has more in it than its manifest says; somebody changed it")


def _entry(packed: _Reading) -> tuple[str, int]:
    """Name and length of the plain file that begins here. Links, devices and extended headers are refused."""
    try:
        info = tarfile.TarInfo.frombuf(_exactly(packed, BLOCK), "utf-8", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError):
        raise HelplineError("the archive is damaged or cut off; take another backup") from None
    if info.type != tarfile.REGTYPE or info.size < 0:
        raise HelplineError("the archive has a part that is no plain file; somebody made or changed it")
    return info.name, info.size


def _exactly(packed: _Reading, size: int) -> bytes:
    data = b""
    while len(data) < size:
        some = packed.read(size - len(data))
        if not some:
            raise EOFError
        data += some
    return data


def _some(stream: BinaryIO, left: int, file: Path) -> bytes:
    data = stream.read(min(left, _CHUNK))
    if not data:
        raise HelplineError(f"{file} became shorter while it was read; run the backup again")
    return data


def _header(name: str, size: int, at: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, at, 0o600
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")
