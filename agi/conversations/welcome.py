"""First step: the call is put on record, and the caller says by one key what he calls for.

The way out for an emergency is the first sentence, and its key is heard at any moment of this step. The
greeting holds the notice that the call is recorded, so no key skips it; a language key has all of it said
again in that language. Who has called before is greeted by the notice and little else, who types the code of
his district hears the notice alone. Callers who press nothing reach a person, like all others.
"""

from __future__ import annotations

import asyncio
import logging

from agi import log
from agi.centre import District, Menu
from agi.dialogue import Dialogue, prompt
from agi.keys import KEYS
from dialplan import variables
from records import CallStart, phone

DEFAULT_LANGUAGE = "hi"
_WORDINGS = ((), (prompt("menu-again"),), (prompt("menu-last"),))
_MOST_CHANGES = 3
# After code_key_seconds: so long a key may still belong to the one before it.
_SLOW_SECONDS = 3.0
# Asterisk's word for none.
_NO_NUMBER = "unknown"


async def talk(dialogue: Dialogue) -> None:
    """Arguments 2 and 3: the caller as he arrived, the number he dialled.

    Of a caller who withholds his number Asterisk's own header has it, for the record alone: the argument is
    empty then, unless the settings let such numbers be used.

    Leaves H181_SERVICE, the id of a service of the menu; H181_NEXT, which is the service's target,
    "operator" or "emergency"; and CHANNEL(language).
    """
    session, centre = dialogue.session, dialogue.centre
    environment = session.environment
    caller, dialled = environment.arg(2), environment.arg(3)
    e164 = phone.parse(caller).e164
    withheld = is_restricted(environment.values.get("callingpres", ""))
    shown = environment.values.get("callerid", "") if withheld else caller
    start = CallStart(
        call_id=session.call_id,
        caller_raw="" if shown == _NO_NUMBER else shown,
        caller_e164=e164,
        dialled=dialled,
        channel=environment.values.get("channel", ""),
        started_at=session.now(),
        withheld=withheld,
    )
    centre.journal.write(session.call_id, "start", centre.calls.start, start)
    log.event(logging.INFO, "call", call=session.call_id, caller=phone.mask(caller), dialled=dialled)
    service, following = await _Welcome(dialogue, centre.menu, e164).run()
    dialogue.note("service", service=service, next=following)
    dialogue.leaves |= {variables.SERVICE: service, variables.NEXT: following}


def is_restricted(presentation: str) -> bool:
    """Whether the caller's presentation, a number (Q.931, 3.6), says restricted."""
    readable = presentation.isascii() and presentation.isdecimal() and len(presentation) < 4
    return readable and int(presentation) & 0x60 == 0x20


class _Emergency(Exception):  # noqa: N818
    """The caller pressed the emergency's key."""


class _LateCode(Exception):  # noqa: N818
    """The caller pressed the second key of his code late; the district is set."""


class _OtherLanguage(Exception):  # noqa: N818
    """The caller pressed a language's key; the language is set."""


class _Welcome:
    """The way of one caller from the first word to his choice."""

    def __init__(self, dialogue: Dialogue, menu: Menu, e164: str | None) -> None:
        self._dialogue = dialogue
        self._menu = menu
        self._e164 = e164
        self._language = DEFAULT_LANGUAGE
        self._greeting = prompt("greeting")
        self._changes = 0
        self._begun = "", 0.0
        self._patience_ends = asyncio.get_running_loop().time() + dialogue.centre.settings.menu_seconds

    async def run(self) -> tuple[str, str]:
        """The id of the service, and what the dialplan is to do next."""
        await self._recall()
        while True:
            try:
                if await self._greet():
                    return variables.DEFAULT_SERVICE, variables.NEXT_DISTRICT
                return await self._choose()
            except _OtherLanguage:
                continue
            except _LateCode:
                return variables.DEFAULT_SERVICE, variables.NEXT_DISTRICT
            except _Emergency:
                return variables.DEFAULT_SERVICE, variables.NEXT_EMERGENCY

    async def _greet(self) -> bool:
        """Whether he has typed the code of a district with a centre, as those do who call often.

        Who types it too early, perhaps with other keys before it, is understood: Rajgarh's own would end with
        the emergency's key else. The notice that the call is recorded he hears all the same.
        """
        hint, greeting = prompt("emergency-hint"), self._greeting
        urgent = self._urgent_keys()
        first = "".join(sorted({one.code[0] for one in self._own().values()} - set(urgent)))
        pressed = await self._obey(await self._dialogue.say(hint, greeting, escape=urgent + first))
        if pressed is None:
            return False
        struck = self._dialogue.centre.clock()
        known = await self._knows_the_code(pressed)
        if known:
            await self._obey(await self._dialogue.say("greeting-notice", escape=urgent))
            return True
        self._begun = pressed, struck
        clock = asyncio.get_running_loop().time
        begun = clock()
        late = await self._dialogue.say(hint, greeting, escape=urgent)
        own = self._own().get(pressed + (late or ""))
        if own is None or clock() - begun > _SLOW_SECONDS:
            await self._obey(late)
            return False
        # Who finds the second key late wants his district, not the police; for that he is asked once more.
        await self._obey(await self._dialogue.say(hint, "greeting-notice", escape=urgent))
        self._dialogue.leaves[variables.DISTRICT] = own.code
        return True

    async def _choose(self) -> tuple[str, str]:
        menu, dialogue, wording = self._menu, self._dialogue, 0
        services = {service.key: service for service in menu.services}
        first = [prompt("language-hint")] if self._language_keys() else []
        pressed = None
        while True:
            dialogue.session.progress[variables.ROUND] = str(wording + 1)
            if pressed is None:
                pressed = await self._obey(await dialogue.choose(*first, *self._offers(wording)))
                first = []
            if pressed is not None and await self._knows_the_code(pressed):
                return variables.DEFAULT_SERVICE, variables.NEXT_DISTRICT
            if pressed is not None and pressed in services:
                return services[pressed].id, services[pressed].target
            if pressed == menu.operator_key:
                return variables.DEFAULT_SERVICE, variables.NEXT_OPERATOR
            # Who asks for the menu again has not failed, but is not kept in it for ever either.
            if pressed != menu.repeat_key:
                wording += 1
            if wording == len(_WORDINGS) or self._out_of_patience():
                return variables.DEFAULT_SERVICE, self._without_choice()
            if pressed == menu.repeat_key:
                pressed = None
            elif pressed is not None:
                # Who knows his mistake presses the right key while he is still being told; but the second key
                # of a code, when it comes late, is no call for help.
                keys = KEYS.replace(menu.emergency_key, "") if self._begins_a_code(pressed) else KEYS
                pressed = await self._obey(await dialogue.say("wrong-key", escape=keys))

    async def _knows_the_code(self, first: str) -> bool:
        """Whether the key began the code of a district with a centre, pressed here by one who calls often.

        Only such a key waits for a second one, and only for a moment. The district is then chosen: a second
        key that is right by chance is too rare to be asked about.
        """
        if not self._begins_a_code(first):
            return False
        dialogue, own = self._dialogue, self._own()
        # Where a code is one key twice, a second press is no repetition.
        listen = dialogue.wait_for_next if first * 2 in own else dialogue.wait_for_key
        second = await listen("menu", dialogue.centre.settings.code_key_seconds)
        chosen = own.get(first + (second or ""))
        if chosen is None:
            return False
        self._dialogue.leaves[variables.DISTRICT] = chosen.code
        return True

    def _begins_a_code(self, key: str) -> bool:
        return any(code.startswith(key) for code in self._own())

    def _own(self) -> dict[str, District]:
        return {one.code: one for one in self._dialogue.centre.districts if one.has_centre}

    def _offers(self, wording: int) -> list[str]:
        services = [service.prompt for service in self._menu.services]
        return [*_WORDINGS[wording], *services, prompt("menu-operator"), prompt("menu-repeat")]

    def _without_choice(self) -> str:
        """Where a caller goes who pressed nothing, or nothing that fits, three times.

        To a person, at once: whoever finds keys hard would not find the district's code easier, and those who
        press nothing are mostly those who want to talk. A direct number has said the district already, and
        its executives are nearer than the state's.
        """
        preset = self._dialogue.district
        if preset and self._dialogue.centre.districts.by_code(preset) is not None:
            return variables.NEXT_DISTRICT
        return variables.NEXT_OPERATOR

    def _out_of_patience(self) -> bool:
        return asyncio.get_running_loop().time() > self._patience_ends

    # ---- keys that are heard all the time

    def _urgent_keys(self) -> str:
        return self._menu.emergency_key + self._language_keys()

    def _language_keys(self) -> str:
        """Those that still change it: nobody goes back and forth for ever."""
        return "".join(self._menu.language_keys) if self._changes < _MOST_CHANGES else ""

    async def _obey(self, pressed: str | None) -> str | None:
        """Act on the emergency's and the languages' keys; every other one is given back."""
        if pressed is None or pressed not in self._urgent_keys():
            return pressed
        if pressed == self._menu.emergency_key:
            self._refuse_late(pressed)
            raise _Emergency
        wanted = self._menu.language_keys[pressed]
        # The key of the language that is spoken leads back from it.
        await self._speak(DEFAULT_LANGUAGE if wanted == self._language else wanted)
        self._changes += 1
        self._remember()
        raise _OtherLanguage

    def _refuse_late(self, pressed: str) -> None:
        """Raise _LateCode when the key is the second one of a code, found late, also past the greeting."""
        begun, struck = self._begun
        limit = self._dialogue.centre.settings.code_key_seconds + _SLOW_SECONDS
        own = self._own().get(begun + pressed) if begun else None
        if own is not None and self._dialogue.centre.clock() - struck < limit:
            self._dialogue.leaves[variables.DISTRICT] = own.code
            raise _LateCode

    # ---- the language

    async def _recall(self) -> None:
        """Speak as the number's last call was spoken, where the menu still has that language.

        Of whom a language or a district is known has heard the whole greeting before.
        """
        e164, dialogue = self._e164, self._dialogue
        calls = dialogue.centre.calls
        if e164 is None:
            return
        language, district = await asyncio.gather(
            dialogue.look_up("language", lambda: calls.language(e164), None),
            dialogue.look_up("last-district", lambda: calls.last_district(e164), None),
        )
        if language is not None or district is not None:
            self._greeting = prompt("greeting-known")
        spoken = self._menu.language_keys.values()
        if language is not None and language != DEFAULT_LANGUAGE and language in spoken:
            await self._speak(language)

    async def _speak(self, language: str) -> None:
        await self._dialogue.session.set_variable("CHANNEL(language)", language)
        self._dialogue.player.language = language
        self._language = language
        self._dialogue.note("language", language=language)

    def _remember(self) -> None:
        centre, call_id = self._dialogue.centre, self._dialogue.session.call_id
        if self._e164 is not None:
            centre.journal.write(call_id, "language", centre.calls.set_language, self._e164, self._language)
