"""Asterisk itself is killed with calls in it, and started again: what becomes of them in the records."""

import asyncio
import contextlib
import os
import signal
import time

from bench.private_centre import PrivateCentre
from helpline.phone.citizen import Citizen
from helpline.phone.errors import PhoneError
from helpline.phone.villager import answer_everything

NAME = "asterisk"
CALLS = 2
HEARD_SECONDS = 60.0
FORGOTTEN_SECONDS = 120.0


async def asterisk_dies(centre: PrivateCentre, citizen: Citizen) -> str:
    """What happened, in a sentence. The centre's service runs, and nobody is logged in.

    The callers are in the greeting when Asterisk is killed. When it runs again somebody calls once more, and
    must get as far as the beep of a message.
    """
    calls = [await citizen.call("181", caller=f"982609100{n}", via=centre.sip) for n in range(CALLS)]
    for call in calls:
        await call.hears("greeting", within=HEARD_SECONDS)
    before = len(await centre.records.calls.active())
    if centre.exchange.pid is not None:
        os.kill(centre.exchange.pid, signal.SIGKILL)
    await centre.exchange.stop()
    began = time.monotonic()
    await centre.exchange.start()
    up = time.monotonic() - began
    for call in calls:
        await call.hang_up()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FORGOTTEN_SECONDS):
            # Another process writes: nobody tells this one.
            while await centre.records.calls.active():  # noqa: ASYNC110
                await asyncio.sleep(0.2)
    left = len(await centre.records.calls.active())
    took = time.monotonic() - began
    return (
        f"Asterisk killed with {before} calls in it and started again, which took {up:.1f} s: {left} of them "
        f"active on record {took:.1f} s after it was dead. {await _calls_again(centre, citizen)}"
    )


async def _calls_again(centre: PrivateCentre, citizen: Citizen) -> str:
    call = await citizen.call("181", caller=f"98260910{CALLS:02}", via=centre.sip)
    pressing = asyncio.create_task(answer_everything(call))
    try:
        heard = await call.hears("beep", within=FORGOTTEN_SECONDS)
    except PhoneError as error:
        return f"The next caller did not come to the beep: {error}."
    else:
        return f"The next caller came to the beep of a message after {heard.start_s:.0f} s."
    finally:
        await call.hang_up()
        pressing.cancel()
        await asyncio.gather(pressing, return_exceptions=True)
