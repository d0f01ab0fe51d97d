"""Archives that somebody made or changed: nothing of them is written but what a backup has."""

import gzip
import hashlib
import io
import tarfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpline.backup.archive import read_archive, write_archive
from helpline.backup.manifest import LONGEST_NAME, Manifest, Part, is_fit
from helpline.errors import HelplineError

CONTENT = {"records.sqlite": b"book" * 400, "spool/1.spool": b"", "directory/manifest.json": b"{}"}


def _parts(content: dict[str, bytes]) -> tuple[Part, ...]:
    return tuple(Part(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in content.items())


def _manifest(content: dict[str, bytes]) -> Manifest:
    return Manifest(
        made_at=datetime(2026, 11, 2, tzinfo=UTC), program="1", database="SQLite", schema="0012", book="b",
        highest=1, complaints=1, calls=1, waiting=0, recordings=0, recording_bytes=0, with_recordings=False,
        with_secrets=True, verified=True, parts=_parts(content),
    )  # fmt: skip


def _tar(manifest: Manifest, members: list[tuple[tarfile.TarInfo, bytes]], after: bytes = b"") -> bytes:
    """An archive as somebody with tar would make it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as tar:
        told = manifest.as_json()
        for info, data in [(_info("manifest.json", len(told)), told), *members]:
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(stream.getvalue() + after)


def _info(name: str, size: int, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, kind, link
    return info


def _read(content: bytes) -> dict[str, bytes]:
    """What a sink would get of it."""
    got: dict[str, bytes] = {}

    class File(io.BytesIO):
        def __init__(self, name: str) -> None:
            super().__init__()
            self._of = name

        def close(self) -> None:
            got[self._of] = self.getvalue()
            super().close()

    read_archive(io.BytesIO(content), lambda _: lambda part: File(part.name))
    return got


def _members(content: dict[str, bytes]) -> list[tuple[tarfile.TarInfo, bytes]]:
    return [(_info(name, len(data)), data) for name, data in content.items()]


def test_what_is_written_is_read_and_any_tar_unpacks_it(tmp_path: Path) -> None:
    for name, data in CONTENT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    stream = io.BytesIO()
    written = write_archive(stream, _manifest(CONTENT), lambda part: tmp_path / part.name)
    assert written.sha256 == hashlib.sha256(stream.getvalue()).hexdigest()
    assert _read(stream.getvalue()) == CONTENT
    with tarfile.open(fileobj=io.BytesIO(stream.getvalue())) as tar:
        assert tar.getnames() == ["manifest.json", *CONTENT]
    assert _read(_tar(_manifest(CONTENT), _members(CONTENT))) == CONTENT


def test_a_file_that_changes_while_it_is_written_is_told(tmp_path: Path) -> None:
    manifest = _manifest({"records.sqlite": b"before"})
    for now, told in ((b"behind", "was changed"), (b"be", "became shorter")):
        (tmp_path / "records.sqlite").write_bytes(now)
        with pytest.raises(HelplineError, match=told):
            write_archive(io.BytesIO(), manifest, lambda part: tmp_path / part.name)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd", "../records.sqlite", "directory/../../x", "spool/..", "directory//x", "directory/./x",
        "spool", "spool/", "notes.txt", "spool/a\nb", "spool/a\\b", "spool/\ud800", "", "records.sqlite/x",
        "spool/" + "x" * LONGEST_NAME, "Records.sqlite", ".bashrc", "spool/a\0b",
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    assert not is_fit(name)
    if name.isprintable():
        content = {**CONTENT, name: b"x"}
        with pytest.raises(HelplineError, match="which no backup has"):
            _read(_tar(_manifest(content), _members(CONTENT)))


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE],
)
def test_links_and_devices_are_refused(kind: bytes) -> None:
    members = _members(CONTENT)
    members[1] = (_info("spool/1.spool", 0, kind, "/etc/shadow"), b"")
    with pytest.raises(HelplineError, match="no plain file"):
        _read(_tar(_manifest(CONTENT), members))


def test_extended_headers_are_refused_however_long_they_say_they_are() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(replace_size(_info("manifest.json", 4, tarfile.XHDTYPE), 1 << 40))
    with pytest.raises(HelplineError, match="no plain file"):
        _read(gzip.compress(stream.getvalue()))


def replace_size(info: tarfile.TarInfo, size: int) -> tarfile.TarInfo:
    info.size = size
    return info


def test_what_the_manifest_does_not_say_is_refused() -> None:
    manifest, members = _manifest(CONTENT), _members(CONTENT)
    more = [*members, (_info("spool/2.spool", 4), b"more")]
    for changed in (more, members[::-1], members[1:], [members[0], members[0], *members[1:]]):
        with pytest.raises(HelplineError):
            _read(_tar(manifest, changed))
    for after in (b"more", bytes(1 << 22)):
        with pytest.raises(HelplineError, match="more in it"):
            _read(_tar(manifest, members, after))
    longer = [(_info("records.sqlite", 1700), bytes(1700)), *members[1:]]
    with pytest.raises(HelplineError, match="something else where"):
        _read(_tar(manifest, longer))
    other = [(_info("records.sqlite", 1600), bytes(1600)), *members[1:]]
    with pytest.raises(HelplineError, match="not what was put there"):
        _read(_tar(manifest, other))


def test_a_manifest_that_contradicts_itself_is_refused() -> None:
    manifest, members = _manifest(CONTENT), _members(CONTENT)
    part = manifest.parts[0]
    for parts in (
        (*manifest.parts, part),
        (*manifest.parts, replace(part, name="spool/1.spool/x")),
        manifest.parts[1:],
        (replace(part, size=-1),),
        (replace(part, sha256="x"),),
    ):
        with pytest.raises(HelplineError):
            _read(_tar(replace(manifest, parts=parts), members))
    with pytest.raises(HelplineError):
        _read(_tar(replace(manifest, made_at=datetime(2026, 11, 2)), members))  # noqa: DTZ001
    for strange in (
        b"",
        b"PK\x03\x04",
        gzip.compress(b""),
        gzip.compress(bytes(1 << 16)),
        gzip.compress(b"x" * 600),
    ):
        with pytest.raises(HelplineError):
            _read(strange)
