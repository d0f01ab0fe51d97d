"""The wire without sockets: any split of the same bytes gives the same events."""

from __future__ import annotations

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agi.environment import Environment, parse_environment
from agi.errors import ProtocolViolation
from agi.protocol import Event, Notice, Wire
from agi.replies import Reply
from tests.agi.fake_asterisk import environment

LIMITS = {"environment_bytes": 65536, "reply_bytes": 131072}

LINES = st.sampled_from(
    [
        b"200 result=1\n",
        b"200 result=0 endpos=1234\n",
        b"200 result=12 (timeout)\n",
        b"200 result= (timeout)\n",
        b"200 result=-1\r\n",
        b"200 result=1 (a (b) c)\n",
        b"200 result=1 (two\nlines)\n",
        b"200 result=0 (timeout) endpos=0\n",
        b"510 Invalid or unknown command\n",
        b"511 Command Not Permitted on a dead channel or intercept routine\n",
        b"520-Invalid command syntax.  Proper usage follows:\nSets a variable.\n520 End of proper usage.\n",
        b"520 Invalid command syntax.  Proper usage not available.\n",
        b"100 result=0 Trying...\n",
        b"HANGUP\n",
        b"HANGUP\r\n",
        b"\n",
        b"garbage \xff\x00\n",
        b"200\n",
        "200 result=1 (राजगढ़)\n".encode(),
    ]
)


def shown(events: list[Event]) -> list[str]:
    return [repr(event.values) if isinstance(event, Environment) else repr(event) for event in events]


def receive(chunks: list[bytes]) -> list[Event]:
    wire = Wire(**LIMITS)
    return [event for chunk in chunks for event in wire.receive(chunk)]


def cut(data: bytes, points: list[int]) -> list[bytes]:
    places = [0, *sorted({point % (len(data) + 1) for point in points}), len(data)]
    return [data[start:end] for start, end in pairwise(places) if end > start]


@given(
    lines=st.lists(LINES, max_size=12),
    points=st.lists(st.integers(0, 5000), max_size=40),
    crlf=st.booleans(),
    arg=st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20),
)
def test_chunks_do_not_matter(lines: list[bytes], points: list[int], crlf: bool, arg: str) -> None:
    head = environment("district", [arg])
    if crlf:
        head = head.replace(b"\n", b"\r\n")
    session = head + b"".join(lines)
    whole = shown(receive([session]))
    assert shown(receive(cut(session, points))) == whole
    assert shown(receive([bytes([byte]) for byte in session])) == whole
    assert sum("HANGUP" in event for event in whole) == sum(line.startswith(b"HANGUP") for line in lines)


@given(chunks=st.lists(st.binary(max_size=200), max_size=20))
def test_nothing_but_a_violation_comes_out_of_noise(chunks: list[bytes]) -> None:
    with contextlib.suppress(ProtocolViolation):
        receive(chunks)
    with contextlib.suppress(ProtocolViolation):
        receive([environment(), *chunks])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"200 result=12 (timeout)", Reply(200, "12", "timeout")),
        (b"200 result= (timeout)", Reply(200, "", "timeout")),
        (b"200 result=1 ()", Reply(200, "1", "")),
        (b"200 result=50 endpos=16000", Reply(200, "50", None, 16000)),
        (b"200 result=0 (dtmf) endpos=160", Reply(200, "0", "dtmf", 160)),
        (b"200 result=1 (x) endpos=5)", Reply(200, "1", "x) endpos=5")),
        (b"200 result=1 (a\nHANGUP\nb)", Reply(200, "1", "a\nHANGUP\nb")),
        (b"510 Invalid or unknown command", Reply(510, text="Invalid or unknown command")),
        (b"520-Usage:\none\n520 End", Reply(520, text="Usage:\none\nEnd")),
        (b"503 result=-2 Memory allocation failure", Reply(503, "-2", text="Memory allocation failure")),
        (b"200 result=1 endpos=" + b"9" * 40, Reply(200, "1", text="endpos=" + "9" * 40)),
    ],
)
def test_reply(line: bytes, expected: Reply) -> None:
    events = receive([environment(), line + b"\n"])
    assert repr(events[1:]) == repr([expected])


def test_hangup_inside_a_usage_text_is_a_hangup() -> None:
    events = receive([environment(), b"520-Usage:\nHANGUP\n520 End\n"])
    assert events[1] is Notice.HANGUP
    assert repr(events[2]) == repr(Reply(520, text="Usage:\nEnd"))


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "٣", "--1"])
def test_a_result_that_is_no_number_reads_as_failure(number: str) -> None:
    assert Reply(200, number).number == -1


def test_environment_fields() -> None:
    block = environment("district%20x/y?a=%31&b=", ["call", "+919826012310", "181"], accountcode="a: b")
    parsed = parse_environment(block[:-2])
    assert parsed.script == "district x/y"
    assert parsed.query == {"a": "1", "b": ""}
    assert parsed.args == ("call", "+919826012310", "181")
    assert [parsed.arg(number) for number in (0, 1, 4)] == ["", "call", ""]
    assert parsed.values["accountcode"] == "a: b"
    assert parsed.odd_lines == 0


def test_environment_is_forgiving() -> None:
    parsed = parse_environment(
        b"agi_network_script: welcome\nno colon\nagi_arg_1: a\xffb\x00c\nagi_x:\xe0\xa4"
    )
    assert parsed.odd_lines == 1
    assert parsed.arg(1) == "a\ufffdb\ufffdc"
    assert parsed.values["x"] == "\ufffd"


def test_script_from_the_request_alone() -> None:
    assert parse_environment(b"agi_request: agi://h:1/ended?x=1").script == "ended"
    assert parse_environment(b"agi_request: agi://h").script == ""


@pytest.mark.parametrize("head", [b"\n", b"\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\n\n"])
def test_who_is_not_asterisk_is_refused(head: bytes) -> None:
    with pytest.raises(ProtocolViolation, match="not Asterisk"):
        receive([head])


def test_too_many_query_fields() -> None:
    with pytest.raises(ProtocolViolation, match="query"):
        receive([environment("welcome?" + "&".join(f"a{n}=1" for n in range(100)))])


def flood(wire: Wire, data: bytes) -> None:
    for _ in range(50_000):
        list(wire.receive(data))


@pytest.mark.parametrize("data", [b"a", b"agi_x: y\n", b"agi_x: y\n" * 1000, b"x" * 100_000])
def test_environment_limit(data: bytes) -> None:
    wire = Wire(65_000, 131_072)
    with pytest.raises(ProtocolViolation, match="65000"):
        flood(wire, data * 2)
    assert len(wire._buffer) <= 65_000 + 2 * len(data)


@pytest.mark.parametrize(
    "data",
    [b"200 result=1 (" + b"x" * 1000, b"520-", b"x" * 1000, b"200 result=1 (\n", b"520-x\n" + b"y\n" * 500],
)
def test_reply_limit(data: bytes) -> None:
    wire = Wire(**LIMITS)
    list(wire.receive(environment()))
    with pytest.raises(ProtocolViolation, match="131072"):
        flood(wire, data)
    assert len(wire._buffer) < 131_072 + 10_000


def test_reply_of_100_kib_is_read() -> None:
    value = "अ" * 34_000
    events = receive([environment(), f"200 result=1 ({value})\n".encode()])
    assert isinstance(events[1], Reply)
    assert events[1].data == value
