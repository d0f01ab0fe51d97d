"""How a complaint stands, said in parts: number, state, level and officer, last day.

The complaint is the caller's last one, found by the telephone he calls from, or that of a number he presses.
From another telephone he is asked for the last four digits of the one that was given with the complaint.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Iterator, Sequence

from agi.dialogue import DIGITS, Dialogue, prompt
from agi.standing import standing
from dialplan import variables
from records import Complaint, ComplaintEvent, NumberError, numbers, phone

_QUESTIONS = (
    prompt("status-ask-number"),
    prompt("status-ask-number-again"),
    prompt("status-ask-number-last"),
)
_OFFERS = (
    prompt("status-last-offer"),
    prompt("status-last-offer-again"),
    prompt("status-last-offer-last"),
)
_PROOFS = (prompt("status-ask-phone"), prompt("status-ask-phone-again"), prompt("status-ask-phone-last"))
_MINE, _ANOTHER = "1", "2"
_LONGEST_NUMBER = 20
_TAIL = 4
_WRONG_KEYS = 3


async def talk(dialogue: Dialogue) -> None:
    """Argument 2: the caller as he arrived. Leaves H181_NEXT: "end" once he has heard it, else "operator".

    So it stands at every moment: by it `ended` knows whether who hangs up here has heard it.
    """
    await dialogue.session.set_variable(variables.NEXT, variables.NEXT_OPERATOR)
    following = await _Status(dialogue).run()
    dialogue.note("service", service="status", next=following)
    dialogue.leaves[variables.NEXT] = following


class _Status:
    """One caller who wants to know."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self._menu = dialogue.centre.menu
        self._e164 = phone.parse(dialogue.session.environment.arg(2)).e164
        self._patience_ends = asyncio.get_running_loop().time() + dialogue.centre.settings.menu_seconds

    async def run(self) -> str:
        """What the dialplan is to do next. Whoever cannot be told here is passed on to a person."""
        complaint = await self._find()
        if complaint is None:
            return variables.NEXT_OPERATOR
        self._dialogue.note("complaint-told", number=complaint.number, status=complaint.status)
        return await self._tell(complaint)

    def _out_of_patience(self) -> bool:
        """Whether a person had better take over: slow typing and many slips take longer than a step may."""
        return asyncio.get_running_loop().time() > self._patience_ends

    # ---- which complaint

    async def _find(self) -> Complaint | None:
        mine = await self._mine()
        if mine is not None:
            choice = await self._offer()
            if choice != _ANOTHER:
                return mine if choice == _MINE else None
        return await self._by_number()

    async def _mine(self) -> Complaint | None:
        e164, complaints = self._e164, self._dialogue.centre.complaints
        if e164 is None:
            return None
        nothing: Sequence[Complaint] = ()
        found = await self._dialogue.look_up("complaints", lambda: complaints.by_phone(e164, 1), nothing)
        return found[0] if found else None

    async def _offer(self) -> str:
        """1, 2 or the operator's key.

        Silence is 1: it is the caller's own telephone, and hearing his own complaint is what he came for.
        """
        for question in _OFFERS:
            pressed = await self._dialogue.choose(question)
            if pressed in {_MINE, _ANOTHER, self._menu.operator_key}:
                return pressed
            if pressed is not None:
                await self._dialogue.say("wrong-key")
        return _MINE

    async def _by_number(self) -> Complaint | None:
        dialogue, typed = self._dialogue, ""
        for question in _QUESTIONS:
            typed = await dialogue.ask(question, _LONGEST_NUMBER, typed)
            if typed == self._menu.operator_key:
                return None
            if not typed:
                continue
            found = await self._read(typed, dialogue.repeated)
            if not isinstance(found, str):
                return found if found is not None and await self._may_hear(found) else None
            if self._out_of_patience():
                return None
            # Who knows his mistake presses the right number while he is still being told.
            last = question is _QUESTIONS[-1]
            typed = await dialogue.say(found, escape="" if last else DIGITS) or ""
        return None

    async def _read(self, typed: str, repeated: str) -> Complaint | str | None:
        """The complaint of a number, or the prompt that says what is wrong; None when records fail.

        ``repeated``: a key passed over before it, which was its first digit if only with it it is a number.
        """
        number = _valid(typed) or _valid(repeated + typed)
        if number is None:
            return prompt("status-number-wrong")
        complaints = self._dialogue.centre.complaints

        async def get() -> Complaint | str | None:
            return await complaints.get(number) or prompt("status-none")

        return await self._dialogue.look_up("complaint", get, None)

    # ---- whether he may hear it

    async def _may_hear(self, complaint: Complaint) -> bool:
        """From a registered telephone at once; else after the last four digits of one, in three guesses.

        One complaint is asked about in a call, so three are all the guesses of a call.
        """
        if self._e164 is not None and self._e164 in {complaint.citizen_e164, complaint.caller_e164}:
            return True
        dialogue, tails = self._dialogue, list(_tails(complaint))
        for question in _PROOFS if tails else ():
            typed = await dialogue.ask(question, _TAIL)
            if len(typed) < _TAIL:
                typed = dialogue.repeated + typed
            # Every comparison is made, and each takes as long for a wrong digit as for a right one.
            if sum(hmac.compare_digest(typed, tail) for tail in tails):
                return True
            if typed == self._menu.operator_key:
                return False
            if typed:
                await dialogue.say("status-phone-wrong")
            if self._out_of_patience():
                return False
        return False

    # ---- telling it

    async def _tell(self, complaint: Complaint) -> str:
        menu, dialogue = self._menu, self._dialogue
        parts = await self._parts(complaint)
        choices = {menu.repeat_key, menu.operator_key}
        again: str | None = menu.repeat_key
        while again == menu.repeat_key:
            again = await dialogue.say(*parts, escape="".join(sorted(choices)))
            if again is None:
                await dialogue.session.set_variable(variables.NEXT, variables.NEXT_END)
            for _ in range(_WRONG_KEYS):
                if again in choices:
                    break
                again = await dialogue.choose("menu-repeat", "menu-operator")
                if again is None:
                    await dialogue.say("thanks")
                    return variables.NEXT_END
                if again not in choices:
                    await dialogue.say("wrong-key")
            if self._out_of_patience():
                break
        return variables.NEXT_OPERATOR

    async def _parts(self, complaint: Complaint) -> list[str]:
        """Without what was done, when records do not tell it in time: all else is told."""
        session, complaints = self._dialogue.session, self._dialogue.centre.complaints
        nothing: Sequence[ComplaintEvent] = ()
        events = await self._dialogue.look_up("events", lambda: complaints.events(complaint.number), nothing)
        return standing(complaint, events, session.now(), session.environment.values.get("language", ""))


def _valid(typed: str) -> str | None:
    try:
        return numbers.validate(typed)
    except NumberError:
        return None


def _tails(complaint: Complaint) -> Iterator[str]:
    """The last digits of the telephones a complaint was registered with."""
    for number in (complaint.citizen_e164, complaint.citizen_phone, complaint.caller_e164):
        digits = re.sub(r"\D", "", number or "", flags=re.ASCII)
        if len(digits) >= _TAIL:
            yield digits[-_TAIL:]
