"""``helpline records aside``: what could not be stored is listed, stored again or given up."""

import json
from pathlib import Path

import pytest

from helpline.app import App
from records import Operation
from records.spool import aside as shelf
from tests.helpline.conftest import Run
from tests.records.samples import NOON, at

GOOD = Operation.new("ended", "call-1", at=at(5), cause=16, outcome="abandoned")
BAD = Operation.new("ended", "call-2", at=at(5), cause=10**40, outcome="abandoned")


@pytest.fixture
def spool(app: App) -> Path:
    shelf.put(app.spool, [GOOD.line()], "the schema was older", NOON)
    shelf.put(app.spool, [BAD.line()], "cause must be 0 to 999", NOON)
    shelf.put(app.desk_spool, [b'"half a line of 9826012345'], "helpline.csv: not 13 quoted fields", NOON)
    return app.spool


def keys(run: Run) -> list[str]:
    return [one["key"] for one in run("records", "aside", "--json").json["aside"]]


def test_nothing_aside(run: Run) -> None:
    told = run("records", "aside")
    assert (told.status, told.out) == (0, "nothing was put aside\n")


def test_the_list_says_why_and_not_what(run: Run, spool: Path) -> None:
    told = run("records", "aside")
    assert told.status == 0
    for part in ("ended of call call-1", "the schema was older", "a line that is no operation", "31.07.2026"):
        assert part in " ".join(told.out.split())
    assert "9826012345" not in told.out
    listed = run("records", "aside", "--json").json["aside"]
    assert [(one["operation"], one["call_id"]) for one in listed] == [
        ("ended", "call-1"), ("ended", "call-2"), (None, None),
    ]  # fmt: skip


def test_what_is_no_text_is_listed_too(run: Run, app: App) -> None:
    line = b'{"id":"a","name":"ended","call_id":"\\udc80-7","arguments":{}}'
    shelf.put(app.spool, [line], "half \udfff", NOON)
    told = run("records", "aside")
    assert told.status == 0
    assert "call \\udc80-7" in told.out
    assert [one["call_id"] for one in run("records", "aside", "--json").json["aside"]] == ["\udc80-7"]


def test_what_can_be_stored_is_stored_and_leaves_the_list(run: Run, spool: Path) -> None:
    told = run("records", "aside", "--store", "--json")
    assert told.status == 1
    assert (told.json["stored"], len(told.json["failed"])) == (1, 2)
    assert "cause must be" in told.json["failed"][0]["reason"]
    assert len(keys(run)) == 2
    again = run("records", "aside", "--store")
    assert again.status == 1
    assert again.out.startswith("0 stored\n")


def test_one_by_its_key(run: Run, spool: Path) -> None:
    first = keys(run)[0]
    told = run("records", "aside", first, "--store")
    assert (told.status, told.out) == (0, "1 stored\n")
    assert first not in keys(run)


def test_what_is_given_up_leaves_its_reason(run: Run, spool: Path, app: App) -> None:
    told = run("records", "aside", *keys(run), "--drop", "--reason", "forged")
    assert (told.status, told.out) == (0, "3 given up\n")
    assert keys(run) == []
    notes = [json.loads(line) for line in (spool / shelf.DROPPED).read_text().splitlines()]
    assert [(one["reason"], one["call_id"]) for one in notes] == [("forged", "call-1"), ("forged", "call-2")]
    assert "9826012345" not in (app.desk_spool / shelf.DROPPED).read_text()


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("--store", "--drop"), "give one of them"),
        (("--drop", "--reason", "x"), "--drop needs the keys"),
        (("0123456789ab", "--store"), "see the list: helpline records aside"),
        (("0123456789ab",), "keys go with --store or --drop"),
    ],
)
def test_what_makes_no_sense_is_told(run: Run, spool: Path, arguments: tuple[str, ...], remedy: str) -> None:
    told = run("records", "aside", *arguments)
    assert told.status == 1
    assert remedy in " ".join(told.err.split())
    assert len(keys(run)) == 3


def test_doctor_tells_of_it(run: Run, spool: Path) -> None:
    told = " ".join(run("doctor").out.split())
    assert "2 entries could not be stored" in told
    assert "helpline records aside --store" in told
