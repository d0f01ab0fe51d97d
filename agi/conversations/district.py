"""Second step: which district the caller wants, by the two digits of its number plates.

Three questions, each worded differently; whatever goes wrong, the call goes on, at last without a district,
which `connect` takes to the state's operators.
"""

from __future__ import annotations

from agi.centre import District
from agi.dialogue import DIGITS, Dialogue, prompt
from dialplan import variables
from ivr_prompts.numbers import digit_keys, district_key

_QUESTIONS = (prompt("ask-district"), prompt("ask-district-again"), prompt("ask-district-last"))
_YES, _AGAIN = "1", "2"


async def talk(dialogue: Dialogue) -> None:
    """Leaves H181_DISTRICT: a code, or empty. A district set already (direct number) is not asked for."""
    session, centre = dialogue.session, dialogue.centre
    preset = await session.get_variable(variables.DISTRICT)
    chosen = centre.districts.by_code(preset) if preset else None
    if chosen is None:
        chosen = await _choose(dialogue)
        await session.set_variable(variables.DISTRICT, chosen.code if chosen is not None else "")
    code = chosen.code if chosen is not None else None
    centre.journal.write(
        session.call_id, "district", lambda: centre.calls.set_district(session.call_id, code)
    )
    dialogue.note("district", district=code, preset=bool(preset and preset == code))


async def _choose(dialogue: Dialogue) -> District | None:
    pressed = ""
    for question in _QUESTIONS:
        code = await dialogue.ask(question, 2, pressed)
        pressed = ""
        if not code:
            continue
        district = dialogue.centre.districts.by_code(code)
        if district is None:
            # Who knows his mistake presses the right code while he is still being told.
            last = question is _QUESTIONS[-1]
            pressed = await dialogue.say("wrong-code", escape="" if last else DIGITS) or ""
        elif await _confirmed(dialogue, district):
            return district
    return None


async def _confirmed(dialogue: Dialogue, district: District) -> bool:
    """Read the choice back. Only 2 takes it back.

    Silence is consent: the caller pressed a code that exists and heard his district's name. Someone who
    does not object to hearing it, in a shop or on the phone, has agreed; asking him again would send those
    who find keys hard round in circles, while a district heard wrongly costs one transfer.
    """
    keys = (prompt("you-chose"), *digit_keys(district.code), district_key(district.slug))
    pressed = await dialogue.say(*keys, prompt("confirm-district"), escape=_YES + _AGAIN)
    if pressed is None:
        pressed = await _answer(dialogue)
        if pressed is not None and pressed not in _YES + _AGAIN:
            pressed = await dialogue.say("confirm-district", escape=_YES + _AGAIN) or await _answer(dialogue)
    return pressed != _AGAIN


async def _answer(dialogue: Dialogue) -> str | None:
    pressed = await dialogue.session.wait_for_digit(dialogue.centre.settings.confirm_seconds)
    dialogue.note("key", prompt="confirm-district", key=pressed)
    return pressed
