"""The spool on disk: what it keeps, what it does when the disk does not, and how processes share it."""

import logging
import multiprocessing
import os
from pathlib import Path

import pytest

from records import Operation, Spool, SpoolError
from records.spool.spool import ASIDE
from tests.records.samples import NOON, at

SMALL = 4096


def operation(number: int) -> Operation:
    """A step that can be told from others."""
    return Operation.new("step", "call-1", at=at(number), kind="key", detail={"key": str(number)})


def kept(spool: Spool) -> list[Operation]:
    """Everything in a spool, taken and forgotten."""
    found: list[Operation] = []
    while (segment := spool.oldest()) is not None:
        found += segment.operations
        for _ in segment.operations:
            spool.done()
        spool.forget(segment)
    return found


def fill(spool: Spool, words: str) -> list[Operation]:
    """Append until the spool refuses with these words; what it took."""
    taken: list[Operation] = []
    try:
        while len(taken) < 1000:
            one = operation(len(taken))
            spool.append(one)
            taken.append(one)
    except SpoolError as error:
        assert words in str(error)  # noqa: PT017
        return taken
    pytest.fail("the spool took everything")


def test_what_was_appended_comes_back_in_order(tmp_path: Path) -> None:
    operations = [operation(number) for number in range(100)]
    spool = Spool(tmp_path / "spool", segment_bytes=SMALL)
    for one in operations:
        spool.append(one)
    assert spool.pending() == 100
    assert kept(spool) == operations
    assert spool.pending() == 0
    assert kept(spool) == []
    spool.close()
    assert list((tmp_path / "spool").iterdir()) == []


def test_what_an_earlier_run_left_comes_first(tmp_path: Path) -> None:
    left, new = operation(1), operation(2)
    Spool(tmp_path).append(left)  # its process dies: nothing is closed
    for handle in _handles(tmp_path):
        os.close(handle)
    spool = Spool(tmp_path)
    assert spool.pending() == 1
    spool.append(new)
    assert kept(spool) == [left, new]
    spool.close()


def test_arguments_of_all_kinds_survive(tmp_path: Path) -> None:
    one = Operation.new(
        "step", "क\x00\ud800", at=NOON, kind="नमस्ते\n", detail={"a": 1.5, "b": None, "c": True}
    )
    spool = Spool(tmp_path)
    spool.append(one)
    assert kept(spool) == [one]
    assert one.arguments["at"] == "2026-07-31T06:30:00.123456+00:00"
    spool.close()


def test_what_killed_processes_wrote_nothing_into_is_removed(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=SMALL)
    behind = b"\0" * 100 + operation(1).line()
    for name, content in {"1.spool": bytes(SMALL), "2.spool": b"", "a.new": b"x", "3.spool": behind}.items():
        (tmp_path / name.rjust(18, "0")).write_bytes(content)
    before = set(tmp_path.iterdir())
    again = Spool(tmp_path, segment_bytes=SMALL)
    gone = sorted(path.name.lstrip("0") for path in before - set(tmp_path.iterdir()))
    assert gone == ["1.spool", "2.spool", "a.new"], "neither what holds something nor what is in use"
    again.close()
    spool.close()


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.append(operation(1))
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "spool").iterdir()} == {0o600}
    spool.close()


def test_a_torn_last_line_is_kept_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    one, two = operation(1), operation(2)
    (tmp_path / "000000000001.spool").write_bytes(one.line() + two.line()[:25] + bytes(50))
    spool = Spool(tmp_path)
    assert spool.pending() == 1
    assert kept(spool) == [one]
    assert (tmp_path / ASIDE).read_bytes() == two.line()[:25] + b"\n"
    assert (tmp_path / ASIDE).stat().st_mode & 0o777 == 0o600
    assert "event=spool-aside" in caplog.text
    spool.close()


def test_a_damaged_line_does_not_hold_up_the_others(tmp_path: Path) -> None:
    one, two = operation(1), operation(2)
    (tmp_path / "000000000001.spool").write_bytes(one.line() + b"\x00\xff{]\n{}\n" + two.line())
    spool = Spool(tmp_path)
    assert kept(spool) == [one, two]
    assert spool.pending() == 0
    assert (tmp_path / ASIDE).read_bytes() == b"\x00\xff{]\n{}\n"
    spool.close()


def test_a_full_spool_says_so_once_and_takes_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    spool = Spool(tmp_path, segment_bytes=SMALL, limit_bytes=2 * SMALL)
    taken = fill(spool, "is full")
    with pytest.raises(SpoolError):
        spool.append(operation(1))
    assert caplog.text.count("event=spool-full") == 1
    assert spool.pending() == len(taken) > 20
    assert kept(spool) == taken
    spool.append(operation(2))
    assert caplog.text.count("event=spool-takes-again") == 1
    assert len(kept(spool)) == 1
    spool.close()


def test_a_disk_that_is_full_is_not_yet_full_for_the_spool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path, segment_bytes=SMALL)

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", no_room)
    taken = fill(spool, "No space left")
    assert len(taken) > 40
    first = spool.oldest()
    assert first is not None
    spool.release(first)
    monkeypatch.undo()
    assert kept(spool) == taken
    spool.append(operation(1))
    assert len(kept(spool)) == 1
    spool.close()


def test_an_operation_that_is_too_long_is_refused(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=SMALL)
    with pytest.raises(SpoolError, match="does not fit"):
        spool.append(Operation.new("step", "x" * SMALL))
    assert spool.pending() == 0
    spool.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match="cannot be written"):
        Spool(tmp_path / "file")


def test_a_segment_given_back_is_still_the_oldest(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append(operation(1))
    first = spool.oldest()
    assert first is not None
    spool.append(operation(2))
    spool.release(first)
    again = spool.oldest()
    assert again is not None
    assert again.operations == first.operations
    spool.release(again)
    assert len(kept(spool)) == 2
    spool.close()


def test_what_another_process_holds_is_left_to_it(tmp_path: Path) -> None:
    other, mine = Spool(tmp_path), Spool(tmp_path)
    mine.append(operation(2))
    assert [one.arguments for one in kept(mine)] == [operation(2).arguments]
    other.append(operation(1))
    mine.append(operation(3))
    assert mine.oldest() is None  # the other's is older
    assert mine.pending() == 1
    assert len(kept(other)) == 1
    assert len(kept(mine)) == 1
    other.close()
    mine.close()


def _append_many(folder: Path, first: int) -> None:
    spool = Spool(folder, segment_bytes=SMALL)
    for number in range(first, first + 100):
        spool.append(operation(number))
    spool.close()


def test_processes_that_append_together(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append_many, args=(tmp_path, first)) for first in (0, 1000, 2000)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    spool = Spool(tmp_path)
    assert spool.pending() == 300
    details = [one.arguments["detail"] for one in kept(spool)]
    numbers = [int(str(detail["key"])) for detail in details if isinstance(detail, dict)]
    for first in (0, 1000, 2000):
        mine = [number for number in numbers if first <= number < first + 1000]
        assert mine == list(range(first, first + 100))
    spool.close()


def _handles(folder: Path) -> list[int]:
    return [
        int(link.name)
        for link in Path("/proc/self/fd").iterdir()
        if link.exists() and link.resolve().parent == folder
    ]
