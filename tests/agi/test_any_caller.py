"""Whatever a caller presses, and whenever he hangs up, a step ends with a way on and its path on record."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import pytest

from records import numbers
from tests.agi.fake_asterisk import Caller
from tests.agi.fake_records import complaint
from tests.agi.house import MENU, House, running

NUMBER = numbers.number_for(numbers.FIRST)
TYPED = [NUMBER, NUMBER, "2310", "0", "12", "*", "", NUMBER[:-1]]
WAYS_ON: dict[str, set[str | None]] = {
    "welcome": {*(service.target for service in MENU.services), "operator", "emergency"},
    "status": {"end", "operator"},
    "aftercall": {None},
}


class AnyCaller(Caller):
    """Presses and hangs up by chance, which ``seed`` decides."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.random = random.Random(seed)  # noqa: S311
        self.gone = False

    def answer(self, words: list[str]) -> bytes:
        self.gone = self.gone or self.random.random() < 0.02
        if self.gone and words[0] != "SET" and words[:2] != ["EXEC", "MSet"]:
            return b"HANGUP\n200 result=-1\n" if words[0] != "CHANNEL" else b"511 result=-1\n"
        return super().answer(words)

    def _typed(self) -> str:
        if self._typing is None:
            self._typing = self.random.choice(TYPED)
        return super()._typed()

    def _play(self, words: list[str]) -> bytes:
        self.played.append(words[2].removeprefix("h181/"))
        self._typing = None
        escape = words[3] if len(words) > 3 else ""
        pressed = self.random.choice(escape) if escape and self.random.random() < 0.1 else ""
        return f"200 result={ord(pressed) if pressed else 0} endpos=0\n".encode()

    def _key(self) -> str:
        return self.random.choice("0123456789*#") if self.random.random() < 0.6 else ""


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with running(House()) as opened:
        opened.complaints.stored = [complaint(NUMBER)]
        opened.complaints.numbers = [NUMBER]
        yield opened


@pytest.mark.parametrize("script", WAYS_ON)
@pytest.mark.parametrize("number", ["9826012310", "9876543210", ""])
async def test_no_keys_lead_nowhere(house: House, script: str, number: str) -> None:
    ended = set()
    for seed in range(40):
        house.calls.told.clear()
        caller = AnyCaller(seed)
        await house.play(script, caller, number)
        heard = [key for step in house.calls.steps("prompt") for key in str(step["prompt"]).split()]
        # The prompt in which he hung up is on record too.
        assert heard[: len(caller.played)] == caller.played
        assert len(heard) - len(caller.played) <= caller.gone
        if caller.gone and "H181_DONE" not in caller.variables:
            assert house.calls.steps("hangup") == [{"step": script}]
            ended.add("hangup")
        else:
            assert caller.variables["H181_DONE"] == script
            assert caller.variables.get("H181_NEXT") in WAYS_ON[script]
            ended.add(str(caller.variables.get("H181_NEXT")))
        assert len(caller.commands) < 400
    assert "hangup" in ended
    assert len(ended) > 1
