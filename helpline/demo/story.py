"""One call as it is lived: the citizen dials, presses, speaks, hears his number; the executive writes."""

import asyncio
import contextlib
from typing import Any

from dialplan.districts import load_districts
from dialplan.menu import load_menu
from helpline.demo.clerk import Clerk, Notice
from helpline.demo.on_record import on_record
from helpline.demo.report import PERSON, reporting
from helpline.demo.scene import Outcome, Scene
from helpline.demo.stage import EXECUTIVE, Stage
from helpline.demo.transcript import Transcript
from helpline.phone.citizen import Citizen, CitizenCall
from helpline.phone.errors import NotHeardError
from helpline.phone.executive import Executive
from helpline.phone.hearing import recognise
from helpline.phone.leg import Leg
from helpline.phone.sounds import voice
from ivr_prompts import Catalogue, load_catalogue
from records.phone import mask

CITIZEN_VOICE = "person/citizen"

RING_WITHIN_SECONDS = 1.0
"""An executive must see the call within a second of the ring."""


async def live(stage: Stage, transcript: Transcript, scene: Scene) -> Outcome:
    """Live the scene once, printing it. Raises a room's error naming the step that went wrong.

    The executive's telephone and page are there only for this call.
    """
    catalogue = load_catalogue()
    spoken = voice(2.0, seed=181)
    prompts = {key: catalogue.audio(key) for key in catalogue.keys()} | {PERSON: spoken}  # noqa: SIM118
    async with contextlib.AsyncExitStack() as stack:
        clerk = await stack.enter_async_context(
            Clerk(stage.desk_address, EXECUTIVE, stage.passwords[EXECUTIVE])
        )
        phone = await stack.enter_async_context(
            Executive(stage.extension, stage.phone_password, via=stage.sip)
        )
        await phone.log_in_to_queue()
        stack.push_async_callback(phone.log_out_of_queue)
        await clerk.told("member", within=5)
        transcript.stage(f"executive {stage.extension} is registered and has dialled *11")
        citizen = await stack.enter_async_context(Citizen(prompts))
        await stack.enter_async_context(transcript.call())
        transcript.line("citizen", f"dials 181 from {mask(scene.caller)}")
        call = await citizen.call("181", caller=scene.caller, via=stage.sip)
        return await _Play(stage, transcript, scene, catalogue, clerk, phone, call, spoken).run()


class _Play:
    def __init__(
        self,
        stage: Stage,
        transcript: Transcript,
        scene: Scene,
        catalogue: Catalogue,
        clerk: Clerk,
        phone: Executive,
        call: CitizenCall,
        spoken: Any,
    ) -> None:
        self._stage = stage
        self._tell = transcript
        self._scene = scene
        self._catalogue = catalogue
        self._clerk = clerk
        self._phone = phone
        self._call = call
        self._spoken = spoken
        self._answered_s = 0.0
        self._pressed: list[str] = []

    async def run(self) -> Outcome:
        async with reporting(self._call, self._tell, self._catalogue):
            await self._call.answered(within=10)
            await self._menus()
            leg, ring = await self._ring()
            complaint = await self._conversation(leg, ring.data["call_id"])
            await self._number(complaint["number"])
            await self._call.ended(within=20)
            heard = await self._call.heard()
        self._tell.line("citizen", "the call ended")
        outcome = Outcome(ring.data["call_id"], complaint, heard)
        await on_record(self._stage, self._tell, self._scene, outcome, self._pressed)
        return outcome

    async def _menus(self) -> None:
        """Greeting, menu, district: a number that called before is offered its district instead of asked."""
        slug = next(district.slug for district in load_districts() if district.code == self._scene.code)
        complaint = next(one for one in load_menu().services if one.id == "complaint")
        await self._asked(complaint.prompt, within=60)
        await self._press(complaint.key)
        asked = await self._asked("ask-district", "offer-yes-no", within=40)
        if asked == "ask-district":
            await self._press(self._scene.code)
            # Silence is consent: a question that was lost on the line needs no answer.
            asked = await self._asked("confirm-district", "connecting", within=40)
        if asked != "connecting":
            await self._press("1")
        await self._call.hears("connecting", within=15)
        heard = [one.key for one in self._call.ear.heard()]
        self._tell.check("the citizen hears his district's name", f"district/{slug}" in heard, str(heard))

    async def _asked(self, *questions: str, within: float) -> str:
        """Wait until one of the questions was heard to its end, or broke off: a busy machine loses packets.

        Raises NotHeardError after ``within`` seconds.
        """
        ear = self._call.ear
        after = self._answered_s

        def news() -> bool:
            return any(one.key in questions and one.end_s > after for one in ear.heard())

        try:
            async with asyncio.timeout(within):
                await ear.until(news)
        except TimeoutError:
            pass
        for one in ear.heard():
            if one.key in questions and one.end_s > after:
                self._answered_s = one.end_s
                return one.key
        raise NotHeardError(f"none of {', '.join(questions)} was heard within {within:g} s")

    async def _press(self, keys: str) -> None:
        self._tell.line("citizen", f"presses {' '.join(keys)}")
        self._pressed.append(keys)
        await self._call.press(keys)

    async def _ring(self) -> tuple[Leg, Notice]:
        leg = await self._phone.called(within=20)
        rang = asyncio.get_running_loop().time()
        self._tell.line("executive", f"telephone {self._stage.extension} rings")
        ring = await self._clerk.told("ring", within=10)
        delay = ring.at - rang
        self._tell.check(
            "the desk shows the ring within a second", delay <= RING_WITHIN_SECONDS, f"{delay:.2f} s"
        )
        panel = await self._clerk.panel(ring.data["call_id"])
        district = panel["district"] or {}
        self._tell.line(
            "desk",
            f"shows the call {_when(delay)} the ring: {ring.data['caller']}, {district.get('name_hi')}, "
            f"pressed {' '.join(panel['pressed'])}, {len(panel['earlier'])} earlier complaints",
        )
        self._tell.check(
            "the desk shows the district", district.get("code") == self._scene.code, str(district)
        )
        return leg, ring

    async def _conversation(self, leg: Leg, call_id: str) -> dict[str, Any]:
        await leg.answer()
        await leg.answered(within=5)
        self._tell.line("executive", f"{self._stage.extension} answers")
        await self._clerk.told("answered", within=5, call_id=call_id)
        answer = voice(2.0, seed=39)
        leg.say(self._spoken)
        await self._call.hears(PERSON, within=10)
        self._call.say(answer)
        await self._call.leg.said(within=10)
        await _until_heard(leg, {CITIZEN_VOICE: answer}, within=10)
        self._tell.check("both hear each other", call_id)
        self._tell.line("executive", "hears the citizen")
        place, kind = (
            await self._clerk.find_place(self._scene.place),
            await self._clerk.find_type(self._scene.type),
        )
        complaint = await self._clerk.save(
            call_id=call_id,
            citizen_name=self._scene.citizen_name,
            citizen_phone=self._scene.caller,
            place_id=place["id"],
            type_code=kind["code"],
            description=self._scene.description,
        )
        self._tell.line(
            "desk",
            f"saves complaint {complaint['number']}: {complaint['type_hi']}, {complaint['place_hi']} "
            f"({place['where_hi']})",
        )
        self._tell.line(
            "mapper",
            f"{complaint['level_label']} {complaint['post_hi']} must act by {complaint['due']} "
            f"[{complaint['rule']}]",
        )
        self._tell.line("executive", "hangs up")
        await leg.hang_up()
        return complaint

    async def _number(self, number: str) -> None:
        await self._call.hears("complaint-number-is", within=15)
        for digit in number:
            await self._call.hears(f"digit/{digit}", within=10)
        self._tell.check("the citizen hears his complaint number", number)
        await self._asked("rate-ask", within=60)
        await self._press(self._scene.score)
        await self._asked("rate-thanks", "thanks", within=15)


async def _until_heard(leg: Leg, sounds: dict[str, Any], *, within: float) -> None:
    """Wait until one of the sounds is in what this leg recorded. Raises TimeoutError's line otherwise."""
    try:
        async with asyncio.timeout(within):
            while not await asyncio.to_thread(recognise, leg.recording(), sounds):
                await leg.more_sound()
    except TimeoutError:
        raise NotHeardError(f"the executive did not hear the citizen within {within:g} s") from None


def _when(delay: float) -> str:
    return f"{abs(delay) * 1000:.0f} ms {'after' if delay >= 0 else 'before'}"
