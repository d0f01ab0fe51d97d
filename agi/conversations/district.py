"""Second step: which district the caller wants, by the two digits of its number plates.

What his number tells (a landline's STD code, his last call) is offered first, for one key. Then come three
questions, each worded differently, with a list of codes for those who ask for it. Whatever goes wrong, the
call goes on, at last without a district, which `connect` takes to the state's operators.

A code that may have come about by a key counted twice (docs/conversations.md) is not taken by silence, unless
it is this centre's own. Of this centre's own code in no doubt only the district's name is said, and a moment
is left to object.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agi.centre import District
from agi.dialogue import DIGITS, Dialogue, prompt
from dialplan import variables
from ivr_prompts.numbers import digit_keys, district_key
from records import phone

_QUESTIONS = (prompt("ask-district"), prompt("ask-district-again"), prompt("ask-district-last"))
_YES, _AGAIN = "1", "2"
_LIST, _OPERATOR = "00", "0"
_INDIA = "+91"
# First digits of a landline behind its STD code.
_SUBSCRIBER = tuple("23456")
# One division has at most nine districts; a longer list is not remembered to its end.
_LONGEST_LIST = 10


class _Code(NamedTuple):
    """What was typed: its district, None for none; ``doubtful``: perhaps by a key that was counted twice."""

    district: District | None
    doubtful: bool = False


async def talk(dialogue: Dialogue) -> None:
    """Leaves H181_DISTRICT: a code, or empty. A district set already (direct number) is not asked for."""
    session, centre = dialogue.session, dialogue.centre
    preset = dialogue.district
    chosen = centre.districts.by_code(preset) if preset else None
    if chosen is None:
        chosen = await _choose(dialogue)
        dialogue.leaves[variables.DISTRICT] = chosen.code if chosen is not None else ""
    code = chosen.code if chosen is not None else None
    centre.journal.write(session.call_id, "district", centre.calls.set_district, session.call_id, code)
    dialogue.note("district", district=code, preset=bool(preset and preset == code))


async def _choose(dialogue: Dialogue) -> District | None:
    likely = await _likely(dialogue)
    pressed = await _offer(dialogue, likely) if likely is not None else ""
    if likely is not None and pressed == _YES:
        return likely
    begun = "" if pressed == _AGAIN else pressed
    stands = likely.code if likely is not None and not pressed else ""
    chosen, answered = await _ask(dialogue, begun, likely, stands)
    # For a caller who never presses a key, what was offered and not refused stands.
    return chosen if chosen is not None or pressed or answered else likely


async def _ask(
    dialogue: Dialogue, pressed: str, likely: District | None, stands: str
) -> tuple[District | None, bool]:
    """The three questions: the district, and whether the caller pressed anything at all.

    ``stands``: the code of what was offered, as long as he has not.
    """
    progress = dialogue.session.progress
    listed = answered = False
    questions = list(_QUESTIONS)
    while questions:
        progress |= {
            variables.ROUND: str(len(_QUESTIONS) + 1 - len(questions)),
            variables.LIKELY: "" if answered else stands,
            variables.TYPED: "",
        }
        code = await dialogue.ask(questions[0], 2, pressed)
        answered = answered or bool(code)
        pressed = ""
        if code == _OPERATOR or (code == _LIST and listed):
            return None, True
        if code == _LIST:
            listed = True
            codes = _neighbours(dialogue.centre.districts, likely or await _own(dialogue))
            if not codes:
                return None, True
            # He asked for help and made no mistake: the question that he asked it at is still open.
            pressed = await _tell(dialogue, codes)
            continue
        questions.pop(0)
        before = dialogue.keys.before
        typed = _understood(dialogue, code, before)
        if typed.district is None and code in {"", before}:
            # Also who pressed the menu's key once more has made no mistake.
            continue
        dialogue.keys.before = ""
        if typed.district is None:
            # Who knows his mistake presses the right code while he is still being told.
            pressed = await dialogue.say("wrong-code", escape=DIGITS if questions else "") or ""
            continue
        district = await _confirmed(dialogue, typed.district, doubtful=typed.doubtful)
        if district is not None:
            return district, True
    return None, answered


def _understood(dialogue: Dialogue, code: str, before: str) -> _Code:
    """What was meant by the keys. ``before``: the key that answered the menu, when this is what followed.

    One key alone may be the second of a code: its first was passed over as the menu's key once more, or was
    taken for the menu's key when the second was found late.
    """
    find, repeated = dialogue.centre.districts.by_code, dialogue.repeated
    if len(code) == 1 and repeated:
        return _Code(find(repeated + code), doubtful=True)
    if len(code) == 1 and before:
        late = find(before + code)
        return _Code(late if late is not None and late.has_centre else None, doubtful=True)
    return _Code(find(code), doubtful=bool(repeated) or code[:1] * 2 == code)


async def _confirmed(dialogue: Dialogue, district: District, *, doubtful: bool) -> District | None:
    """Read the choice back; what was confirmed. Only 2 takes it back.

    Silence is consent: the caller pressed a code that exists and heard his district's name. Someone who
    does not object to hearing it, in a shop or on the phone, has agreed; asking him again would send those
    who find keys hard round in circles, while a district heard wrongly costs one transfer. Not so for a
    doubtful code, or one at which other keys came, when it is not this centre's own: those want a yes.

    Of this centre's own, in no doubt, the name is said alone: nearly all who dial it mean it.

    A code of one key twice may be that key's only press, and what comes next its second: that is read back.
    """
    dialogue.session.progress[variables.TYPED] = district.code
    answers, twice = _YES + _AGAIN, district.code[:1] * 2 == district.code
    typed = dialogue.centre.clock()
    name, seconds = district_key(district.slug), dialogue.centre.settings.confirm_seconds
    keys = [prompt("you-chose"), *digit_keys(district.code), name, prompt("confirm-district")]
    if not doubtful and await _own(dialogue) == district:
        keys, seconds = [name], dialogue.centre.settings.own_code_seconds
    pressed = await dialogue.say(*keys, escape=DIGITS if twice else answers)
    if pressed is None:
        pressed = await dialogue.wait_for_key(keys[-1], seconds)
    at_once = dialogue.centre.clock() - typed < dialogue.centre.settings.same_key_seconds
    if twice and pressed is not None and (at_once or pressed not in answers):
        other = dialogue.centre.districts.by_code(district.code[0] + pressed)
        if other is not None and other.code != district.code:
            return await _confirmed(dialogue, other, doubtful=True)
    if pressed is not None and pressed not in answers:
        doubtful, pressed = True, await _once_more(dialogue)
    elif pressed is None and doubtful and await _own(dialogue) != district:
        pressed = await _once_more(dialogue)
    if pressed == _YES:
        return district
    silent = pressed is None or pressed not in answers
    if silent and (not doubtful or await _own(dialogue) == district):
        return district
    return None


async def _once_more(dialogue: Dialogue) -> str | None:
    return await dialogue.say("confirm-district", escape=_YES + _AGAIN) or await _answer(dialogue)


async def _answer(dialogue: Dialogue) -> str | None:
    return await dialogue.wait_for_key("confirm-district", dialogue.centre.settings.confirm_seconds)


# ---- what the caller's number tells


async def _likely(dialogue: Dialogue) -> District | None:
    """The district of a landline's STD code, else of the number's last call.

    The numbering plan leaves open for many numbers of this state whether they are landlines: for those the
    last call tells more than the first digits.
    """
    centre = dialogue.centre
    number = phone.parse(dialogue.session.environment.arg(2))
    e164 = number.e164
    if e164 is None:
        return None
    by_code = district_of(e164, centre.districts) if number.kind in {"landline", "unknown"} else None
    if by_code is not None and number.kind == "landline":
        return by_code
    code = await dialogue.look_up("last-district", lambda: centre.calls.last_district(e164), None)
    return (centre.districts.by_code(code) if code else None) or by_code


def district_of(e164: str, districts: Iterable[District]) -> District | None:
    """The district in which a landline stands, by its longest STD code that fits; None for another state."""
    if not e164.startswith(_INDIA):
        return None
    national = "0" + e164.removeprefix(_INDIA)
    fitting = [
        (len(code), district)
        for district in districts
        for code in district.std_codes
        if national.startswith(code) and national[len(code) :][:1] in _SUBSCRIBER
    ]
    return max(fitting, key=lambda found: found[0])[1] if fitting else None


async def _offer(dialogue: Dialogue, likely: District) -> str:
    """The key pressed: 1 takes it, 2 refuses it, any other digit begins a code. "" for none."""
    dialogue.note("offer", district=likely.code)
    keys = (prompt("offer-district"), district_key(likely.slug), prompt("offer-yes-no"))
    pressed = await dialogue.choose(*keys, seconds=dialogue.centre.settings.confirm_seconds)
    return pressed if pressed is not None and pressed in DIGITS else ""


# ---- the list of codes


async def _own(dialogue: Dialogue) -> District | None:
    """The district of this centre: most who dial it are from near it."""
    queue = await dialogue.session.get_variable(variables.CENTRE_QUEUE)
    return next(
        (one for one in dialogue.centre.districts if variables.district_queue(one.code) == queue), None
    )


def _neighbours(districts: Iterable[District], near: District | None) -> Sequence[District]:
    """The districts of one division, `near` first; none without it."""
    if near is None:
        return []
    return [near, *(one for one in districts if one.division == near.division and one.code != near.code)]


async def _tell(dialogue: Dialogue, districts: Sequence[District]) -> str:
    """Name the districts with their codes; the key pressed meanwhile, which begins a code, or ""."""
    keys = [prompt("list-intro")]
    for district in districts[:_LONGEST_LIST]:
        keys += (district_key(district.slug), prompt("code-is"), *digit_keys(district.code))
    return await dialogue.say(*keys, escape=DIGITS) or ""
