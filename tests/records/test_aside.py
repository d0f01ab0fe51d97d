"""What cannot be stored holds up nothing, and is kept with its reason; a database that is away is none."""

import sqlite3
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import event

from records import (
    Operation,
    Records,
    RecordsSettings,
    Spool,
    UnavailableError,
    open_records,
    replay,
    sqlite_url,
)
from records.spool import aside as shelf
from records.spool.aside import ASIDE
from records.spool.replay import ATTEMPTS
from tests.records.samples import NOON, at

HUGE = 10**40
MODULE = import_module("records.spool.replay")


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    opened = Spool(tmp_path / "spool")
    yield opened
    opened.close()


def key(call_id: str, number: int) -> Operation:
    return Operation.new("step", call_id, at=at(number), kind="key", detail={"key": str(number)})


POISON = [
    Operation.new("ended", "c", at=at(1), cause=HUGE, outcome="abandoned"),
    Operation.new("ended", "c", at=at(1), cause=-1, outcome="abandoned"),
    Operation("o1", "step", "c", {"at": "9999-12-31T23:59:59-14:00", "kind": "key"}),
    Operation("o2", "step", "c", {"at": at(1).isoformat(), "kind": "key", "detail": {"n": HUGE}}),
    Operation("o3", "queued", "c", {"at": at(1).isoformat(), "queue": ["a", "list"]}),  # type: ignore[dict-item]
    Operation("o4", "set_district", "c", {"code": 7}),
    Operation("o5", "store_draft", "c", {
        "at": at(1).isoformat(), "e164": None, "district_code": None, "recording": "a", "seconds": "9x"}),
    Operation("o6", "step", "c", {"at": at(1).isoformat(), "kind": None}),
    Operation("o7", "no such thing", "c", {}),
    Operation("o8", "start", "c", {"started_at": 5, "caller_raw": "9"}),
]  # fmt: skip


@pytest.mark.parametrize(
    "poison", [pytest.param(one, id=f"{place}-{one.name}") for place, one in enumerate(POISON)]
)
async def test_what_is_behind_is_written_whatever_the_error(
    records: Records, spool: Spool, tmp_path: Path, poison: Operation
) -> None:
    spool.append(key("call-1", 1))
    spool.append(poison)
    spool.append(key("call-1", 2))
    done = await replay(records, spool)
    assert (done.left, done.reason) == (0, "")
    assert [step.detail["key"] for step in await records.calls.path("call-1")] == ["1", "2"]
    lying = shelf.read(tmp_path / "spool")
    if done.aside:  # what one of the databases can store is no poison to it
        assert [one.line for one in lying] == [poison.line().rstrip(b"\n")]
        assert lying[0].reason
        assert lying[0].operation == poison
    else:
        assert lying == []


async def test_a_number_too_large_for_the_database_is_put_aside(
    records: Records, spool: Spool, tmp_path: Path
) -> None:
    """As 130 bytes to the AGI port once stopped the book for ever."""
    huge = Operation("h", "step", "c", {"at": at(1).isoformat(), "kind": "key", "detail": {}})
    spool.append(Operation.new("ended", "c", at=at(1), cause=HUGE, outcome="abandoned"))
    spool.append(huge)
    assert (await replay(records, spool)).aside == 1
    (one,) = shelf.read(tmp_path / "spool")
    assert "cause" in one.reason


async def test_an_error_of_the_driver_that_nobody_foresaw(
    records: Records, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OverflowError, as the driver of SQLite raises it, for one operation alone."""
    bad, good = key("bad", 1), key("good", 1)

    real = MODULE.fact

    def fact(operation: Operation, now: object) -> object:
        if operation.id == bad.id:
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        return real(operation, now)

    monkeypatch.setattr(MODULE, "fact", fact)
    spool.append(bad)
    spool.append(good)
    done = await replay(records, spool)
    assert (done.aside, done.left) == (1, 0)
    assert await records.calls.get("good") is not None


async def test_what_another_moment_may_mend_is_tried_a_few_times(
    records: Records, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, real = key("bad", 1), MODULE.store

    def store(database: object, connection: object, facts: list[object]) -> object:
        if any(getattr(one, "call_id", "") == "bad" for one in facts):
            raise UnavailableError("took too long")
        return real(database, connection, facts)

    monkeypatch.setattr(MODULE, "store", store)
    spool.append(bad)
    spool.append(key("good", 1))
    rounds = 0
    while (done := await replay(records, spool)).left:
        assert "took too long" in done.reason
        rounds += 1
        assert rounds < 3 * ATTEMPTS
    assert rounds >= ATTEMPTS - 1
    assert done.aside == 1
    assert await records.calls.get("good") is not None


async def test_a_locked_database_puts_nothing_aside(
    sqlite_template: Path, tmp_path: Path, spool: Spool
) -> None:
    file = tmp_path / "records.sqlite"
    file.write_bytes(sqlite_template.read_bytes())  # noqa: ASYNC240
    hasty = RecordsSettings(busy_timeout_ms=100)
    async with await open_records(sqlite_url(file), settings=hasty) as records:
        spool.append(key("call-1", 1))
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        for _ in range(ATTEMPTS + 2):
            assert (await replay(records, spool)).left == 1
        holder.close()
        assert (await replay(records, spool)).done == 1
    assert shelf.read(tmp_path / "spool") == []


async def test_a_database_that_fails_strangely_puts_nothing_aside(
    records: Records, spool: Spool, tmp_path: Path
) -> None:
    """Whatever it raises: it does not take other things either."""
    broken = [True]
    engine = records.database.direct or records.database.engine.sync_engine

    @event.listens_for(engine, "before_cursor_execute")
    def execute(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if broken and "spooled_operations" in statement:
            raise KeyError("strange")

    spool.append(key("call-1", 1))
    for _ in range(3):
        done = await replay(records, spool)
        assert (done.aside, done.left) == (0, 1)
        assert "strange" in done.reason
    broken.clear()
    assert (await replay(records, spool)).done == 1
    assert shelf.read(tmp_path / "spool") == []


def test_what_an_earlier_version_put_aside_is_read(tmp_path: Path) -> None:
    whole = key("a", 1).line()
    (tmp_path / ASIDE).write_bytes(whole + b"\xff half\n" + whole)
    one, two = shelf.read(tmp_path)
    assert (one.operation and one.operation.call_id, one.reason, one.at) == ("a", "", None)
    assert (two.operation, two.line) == (None, b"\xff half")


def test_taking_out_leaves_the_others(tmp_path: Path) -> None:
    for number in range(3):
        shelf.put(tmp_path, [key("a", number).line()], f"reason {number}", NOON)
    first, second, _ = shelf.read(tmp_path)
    shelf.remove(tmp_path, [first.key])
    shelf.drop(tmp_path, [second], "forged", NOON)
    (left,) = shelf.read(tmp_path)
    assert (left.reason, left.at) == ("reason 2", NOON)
    dropped = (tmp_path / shelf.DROPPED).read_text()
    assert "forged" in dropped
    assert "reason 1" in dropped
    assert '"key": "1"' not in dropped, "what it said is gone"
    for name in (ASIDE, shelf.REASONS, shelf.DROPPED):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_lines_of_strangers_do_not_fill_the_disk(tmp_path: Path) -> None:
    assert shelf.put(tmp_path, [b"x" * 99] * 50, "odd", NOON, limit=1000) == 10
    assert shelf.put(tmp_path, [b"x" * 99], "odd", NOON, limit=1000) == 0
    assert shelf.put(tmp_path, [b"an operation"], "refused", NOON) == 1
