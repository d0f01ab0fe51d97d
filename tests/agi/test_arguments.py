"""What the dialplan can give, and what it cannot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from agi.arguments import ArgumentRefused, check
from agi.environment import parse_environment
from tests.agi.fake_asterisk import Caller, environment
from tests.agi.house import CALL_ID, NOW, House, running

CALL = (CALL_ID, "+919826012310", "07372181")
BEGAN = int(NOW.timestamp()) - 60
ENDED = (
    *CALL, "CONTINUE", "16", "PJSIP/2001", "district-39", "42", f"{CALL_ID}.wav",
    f"2001/{BEGAN}/{CALL_ID}.wav&2002/{BEGAN + 9}/{CALL_ID}-{BEGAN}.wav&",
)  # fmt: skip


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with running(House()) as made:
        yield made


def look(step: str, args: tuple[str, ...], **more: str) -> None:
    check(parse_environment(environment(step, args, **more)[:-1]), step, NOW)


def changed(args: tuple[str, ...], number: int, value: str) -> tuple[str, ...]:
    return (*args[: number - 1], value, *args[number:])


@pytest.mark.parametrize(
    ("step", "args"),
    [
        ("welcome", (*CALL, "180", "")),
        ("welcome", (CALL_ID, "", "")),
        ("status", (*CALL, "", "39")),
        ("ended", ENDED),
        ("ended", (*CALL, "", "0", "", "", "0", "", "")),
        ("ended", (*CALL, "JOINEMPTY", "127", "", "state", "", "")),
    ],
)
def test_what_the_dialplan_gives(step: str, args: tuple[str, ...]) -> None:
    look(step, args)


@pytest.mark.parametrize("value", ["\x00", "९", "\u200b", "a\rb", "\xff", "\ufffd"])
@pytest.mark.parametrize("number", range(1, 11))
def test_no_argument_holds_what_is_not_plain(number: int, value: str) -> None:
    with pytest.raises(ArgumentRefused, match=f"argument {number} "):
        look("ended", changed(ENDED, number, value))


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (1, ""), (1, "call-1"), (1, CALL_ID[:-1]), (1, f"{CALL_ID} "[:-1] + "0"), (1, "x" * 36),
        (2, "9" * 41), (2, "98;rm"), (2, "<9>"), (3, "1" * 33), (3, "181,x"),
        (4, "answer"), (4, "A" * 21), (5, "-1"), (5, "9999"), (5, "9" * 40), (5, "1e3"), (5, "१६"),
        (6, "PJSIP"), (6, "PJSIP/../2001"), (6, "PJSIP/" + "2" * 65), (7, "district 39"), (7, "d" * 61),
        (8, "-5"), (8, "9999999"), (9, "../a.wav"), (9, "/etc/passwd"), (9, ".wav"), (9, "a" * 121),
        (10, "2001/1/x"), (10, f"2001/{BEGAN}"), (10, f"2001/{BEGAN}/../x&"),
        (10, f"2001/{BEGAN + 3 * 86400}/a.wav&"), (10, "2001/99999999999/a.wav&"),
        (10, f"2001/{BEGAN}/{'a' * 100}.wav&" * 90),
    ],
)  # fmt: skip
def test_what_it_cannot(number: int, value: str) -> None:
    with pytest.raises(ArgumentRefused, match=f"argument {number} "):
        look("ended", changed(ENDED, number, value))


@pytest.mark.parametrize(
    ("number", "value"), [(4, "-1"), (4, "123456"), (5, "madhya pradesh"), (5, "39/"), (6, "x" * 513)]
)
def test_of_other_steps(number: int, value: str) -> None:
    args = (*CALL, "180", "39", "more")
    look("district", args)
    with pytest.raises(ArgumentRefused, match=f"argument {number} "):
        look("district", changed(args, number, value))


@pytest.mark.parametrize(
    ("name", "value"), [("channel", "PJSIP/ x"), ("channel", "x" * 161), ("language", "../en")]
)
def test_of_asterisks_own_values(name: str, value: str) -> None:
    with pytest.raises(ArgumentRefused, match=f"agi_{name}"):
        look("welcome", CALL, **{name: value})


def test_too_many() -> None:
    with pytest.raises(ArgumentRefused, match="argument 17 "):
        look("welcome", (*CALL, *[""] * 14))


async def test_a_refused_request_writes_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Nor does it set H181_DONE, so that the dialplan does the step."""
    caller = Caller()
    await caller.step(house.server.address, "ended", changed(ENDED, 5, "9" * 40))
    assert caller.variables == {}
    assert caller.commands == []
    assert house.calls.told == []
    assert "argument 5 (hangup cause)" in caplog.text
    assert "9" * 20 not in caplog.text
