"""The scripted executive who answers further calls while the demo stays."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from helpline.demo.stage import Stage
from helpline.demo.transcript import Transcript
from helpline.phone.errors import NotHeardError, PhoneError
from helpline.phone.executive import Executive
from helpline.phone.leg import Leg
from helpline.phone.sounds import voice

RING_SECONDS = 3.0
"""Time for a person to see the ring on the desk's page."""
LONGEST_TALK_SECONDS = 60.0
"""A caller who forgets to hang up does not keep the demo's only executive."""
WATCH_SECONDS = 3600.0


@contextlib.asynccontextmanager
async def on_duty(stage: Stage, transcript: Transcript) -> AsyncIterator[None]:
    """Answer calls as long as the context lasts."""
    async with Executive(stage.extension, stage.phone_password, via=stage.sip) as phone:
        await phone.log_in_to_queue()
        task = asyncio.create_task(_answer_all(phone, transcript), name="demo-duty")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            with contextlib.suppress(PhoneError):
                await phone.log_out_of_queue()


async def _answer_all(phone: Executive, transcript: Transcript) -> None:
    while True:
        try:
            leg = await phone.called(within=WATCH_SECONDS)
        except NotHeardError:
            continue
        transcript.line("executive", f"telephone {phone.extension} rings")
        with contextlib.suppress(PhoneError):
            await _talk(leg, phone, transcript)


async def _talk(leg: Leg, phone: Executive, transcript: Transcript) -> None:
    with contextlib.suppress(NotHeardError):
        await leg.ended(within=RING_SECONDS)
        return
    await leg.answer()
    transcript.line("executive", f"{phone.extension} answers")
    leg.say(voice(3.0, seed=181))
    with contextlib.suppress(NotHeardError):
        await leg.ended(within=LONGEST_TALK_SECONDS)
    await leg.hang_up()
    transcript.line("executive", "the conversation ended")
