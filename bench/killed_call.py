"""One call in which the service is killed: lived, and looked up in the records."""

import asyncio
import contextlib
import signal
from dataclasses import dataclass

from bench.killed_steps import PERSON, Step
from bench.play_stage import TALK_SECONDS, left, register
from bench.private_centre import PrivateCentre
from bench.silence import longest_silence, spoken_spans
from helpline.phone.citizen import Citizen, CitizenCall
from helpline.phone.errors import PhoneError
from helpline.phone.executive import Executive
from helpline.phone.sounds import voice
from helpline.phone.villager import answer_everything
from records import Call, Records

CALL_SECONDS = 180.0
RECORD_SECONDS = 60.0


@dataclass
class Killed:
    """What came of one step."""

    step: Step
    silence: float = 0.0
    outcome: str = "-"

    @property
    def arrived(self) -> bool:
        """Whether the caller reached what he called for."""
        return self.outcome == self.step.reaches


async def live(
    centre: PrivateCentre, citizen: Citizen, executive: Executive, row: Killed, caller: str
) -> None:
    """Place the call of ``row`` and fill the row in; the service is dead before and after it.

    A call that does not end, or is not on record, says so in its outcome. Raises RuntimeError when the
    service does not start.
    """
    step = row.step
    if step.prompt is not None or step.stops:
        await centre.serve()
    if step.stops:
        centre.send(signal.SIGSTOP)
    fault = ""
    call = await citizen.call("181", caller=caller, via=centre.sip)
    dead = asyncio.Event()
    if step.prompt is None:
        dead.set()
    tasks = [
        asyncio.create_task(answer_everything(call, step.answers)),
        asyncio.create_task(_serve_caller(centre, executive, dead if step.waits else None)),
        asyncio.create_task(_speak(call)),
    ]
    try:
        async with asyncio.timeout(CALL_SECONDS):
            if step.prompt is not None:
                await _reached(call, step.prompt)
                if step.hang_up:
                    await call.hang_up()
                await centre.stop(signal.SIGKILL)
                dead.set()
            await call.ended(within=CALL_SECONDS)
    except (TimeoutError, PhoneError) as error:
        fault = str(error) or "never ended"
    finally:
        await call.hang_up()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if step.stops:
        centre.send(signal.SIGCONT)
    await centre.stop(signal.SIGKILL)
    spoken = [(one.key, one.start_s, one.end_s) for one in await call.heard()]
    row.silence = longest_silence(call.recording(), spoken_spans(spoken))
    await centre.serve()
    row.outcome = fault or await _outcome(centre.records, await _record(centre.records, caller))
    await centre.stop(signal.SIGKILL)


async def _reached(call: CitizenCall, prompt: str) -> None:
    """Until the prompt speaks; "person": until somebody answered."""
    if prompt == PERSON:
        await call.ear.until(lambda: call.ear.person_at is not None)
    else:
        await call.hears(prompt, within=CALL_SECONDS)


async def _serve_caller(centre: PrivateCentre, executive: Executive, dead: asyncio.Event | None) -> None:
    """Answer when it rings (not before ``dead``), write a complaint down, hang up."""
    while True:
        leg = await executive.called(within=CALL_SECONDS)
        if dead is not None and not dead.is_set():
            await leg.ended(within=CALL_SECONDS)
            continue
        with contextlib.suppress(PhoneError):
            await leg.answer()
            await leg.answered(within=10)
            leg.say(voice(TALK_SECONDS, seed=181))
            active = [
                one for one in await centre.records.calls.active() if one.caller_e164 == f"+91{leg.number}"
            ]
            if active:
                await register(centre.records, leg.number, active[0].call_id)
            await leg.said(within=TALK_SECONDS + 10)
            await leg.hang_up()


async def _speak(call: CitizenCall) -> None:
    """Say something after every beep."""
    answered = 0

    def beeped() -> bool:
        return sum(one.key == "beep" for one in call.ear.heard()) > answered

    while True:
        await call.ear.until(beeped)
        if not beeped():
            return
        answered += 1
        call.say(voice(4.0, seed=39))


async def _record(records: Records, caller: str) -> Call | None:
    """The caller's call once its end is on record."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(RECORD_SECONDS):
            while True:
                for one in await records.calls.recent(100):
                    if one.caller_e164 == f"+91{caller}" and one.outcome is not None:
                        return one
                await asyncio.sleep(0.2)
    return None


async def _outcome(records: Records, call: Call | None) -> str:
    if call is None:
        return "not on record"
    if call.outcome == "answered":
        return PERSON
    return await left(records, call.call_id) or str(call.outcome)
