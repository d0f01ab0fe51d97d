"""Asterisk's event file, with lines of a stranger's making in it: believed is only what Asterisk wrote."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records import Records
from records.missed_calls.catchup import catch_up
from records.missed_calls.cel import read_cel
from records.spool import aside as shelf
from tests.records.cel_sample import START, EventFile
from tests.records.samples import NOON

FORGED_ID = "11111111-2222-4333-8444-555555555555"


def quoted(*fields: str) -> str:
    """A line as Asterisk's CSV_QUOTE writes it."""
    return ",".join('"' + field.replace('"', '""') + '"' for field in fields) + "\n"


def event_line(caller: str = "98", **changed: str) -> str:
    row = {
        "time": f"{START:.6f}", "kind": "CHAN_START", "call": "", "unique": f"{int(START)}.1",
        "linked": f"{int(START)}.1", "channel": "PJSIP/trunk-1", "caller": caller, "dialled": "181",
        "context": "trunk-in", "app": "", "data": "", "named": "", "extra": "",
    } | changed  # fmt: skip
    return quoted(*row.values())


def forged(*, quotes: bool) -> str:
    """A whole call, as a stranger would write it: with a wish to be called back, and an end."""
    rows = []
    for kind, said in (
        ("CHAN_START", ""),
        ("H181_CALLBACK", "39"),
        ("H181_ENDED", "CONTINUE/q/PJSIP/2001/9"),
    ):
        extra = json.dumps({"extra": said}) if said else ""
        own = f"{int(START)}.9"
        fields = (f"{START:.1f}", kind, FORGED_ID, own, own, "PJSIP/x", "9999999999", "181", "c", "", "",
                  kind if said else "", extra)  # fmt: skip
        rows.append(quoted(*fields).strip() if quotes else ",".join(fields))
    return "\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize("quotes", [True, False])
async def test_a_caller_of_several_lines_forges_no_call(
    records: Records, tmp_path: Path, *, quotes: bool
) -> None:
    """In a file of an earlier version, which wrote his line breaks as they came."""
    path, kept = tmp_path / "helpline.csv", tmp_path / "spool"
    events = EventFile()
    true = events.call(60)
    path.write_text(event_line(caller=forged(quotes=quotes)) + str(events))
    done = await catch_up(records, path, aside=kept)
    assert [one.call_id for one in await records.calls.recent(9)] == [true]
    assert await records.callbacks.open(9) == []
    assert done.unreadable == len(shelf.read(kept)) == 5
    assert all("quoted fields" in one.reason and one.operation is None for one in shelf.read(kept))
    assert (await catch_up(records, path, aside=kept)).unreadable == 0, "told once"


@given(st.text(alphabet='",\n 19.aHé\x00\r\\', max_size=80))
@settings(max_examples=400, derandomize=True)
def test_no_text_in_a_field_becomes_a_line(text: str) -> None:
    """The caller's number as CSV_QUOTE writes it, line breaks and all: one event at most, and his."""
    if "\x00" in text:
        text = text.partition("\x00")[0]
    line = event_line(caller=text)
    read = read_cel(line.encode())
    assert len(read.events) == (0 if "\n" in text else 1)
    for one in read.events:
        assert (one.caller, one.kind) == (text, "CHAN_START")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (event_line(time="1.5"), "time"),
        (event_line(time="99999999999.5"), "time"),
        (event_line(time="１７９６"), "no time"),
        (event_line(time=f"{(NOON + timedelta(days=3)).timestamp():.6f}"), "time"),
        (event_line(kind="<b>"), "name of an event"),
        (event_line(call="call-1"), "account code"),
        (event_line(unique="a b"), "id of a channel"),
        (event_line(linked=""), "id of a channel"),
        (event_line(extra="[1]"), "JSON"),
        (event_line(extra="{"), "JSON"),
        (event_line(extra="[" * 5000), "JSON"),
        (event_line().replace('"181"', "181"), "quoted"),
        (event_line().strip() + ',"more"\n', "quoted"),
        ('"' + event_line(), "quoted"),
    ],
)
def test_what_is_wrong_with_it_is_told(line: str, reason: str) -> None:
    read = read_cel(line.encode(), latest=NOON + timedelta(days=1))
    assert read.events == []
    assert reason in read.odd[0].reason


def test_a_cause_that_no_database_can_hold_is_none() -> None:
    (event,) = read_cel(event_line(kind="HANGUP", extra='{"hangupcause":' + "9" * 40 + "}").encode()).events
    assert event.cause is None


async def test_lines_between_those_of_an_open_call_are_told_once(records: Records, tmp_path: Path) -> None:
    path, kept = tmp_path / "helpline.csv", tmp_path / "spool"
    events = EventFile()
    events.call(0)
    events.lines[4:4] = ["rubbish\n"]
    whole = "".join(events.lines)
    path.write_text("".join(events.lines[:-2]))
    for _ in range(3):
        await catch_up(records, path, aside=kept)
    path.write_text(whole)
    for _ in range(3):
        await catch_up(records, path, aside=kept)
    assert (kept / shelf.ASIDE).read_bytes() == b"rubbish\n"
