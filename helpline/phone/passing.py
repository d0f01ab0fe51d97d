"""What an executive does with two calls: hold one, take it back, pass it on, join the two.

Passing on and joining hang up, as every telephone does, when the exchange has done it. All raise
NotHeardError when the exchange does not answer `within` seconds or the call ends meanwhile, and PhoneError
when the library refuses.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from .errors import NotHeardError
from .leg import Leg, operation

ACCEPTED = 200


async def hold(leg: Leg, *, within: float) -> None:
    """Put the other side on hold: a re-INVITE "sendonly"."""
    leg.expect_sound()
    await leg.do(lambda sip, pj: sip.setHold(operation(pj)))
    await leg.sound(within=within)


async def take_back(leg: Leg, *, within: float) -> None:
    """Talk again to the other side, which was on hold."""

    def unhold(sip: Any, pj: Any) -> None:
        parameters = operation(pj)
        parameters.opt.flag |= pj.PJSUA_CALL_UNHOLD
        sip.reinvite(parameters)

    leg.expect_sound()
    await leg.do(unhold)
    await leg.sound(within=within)


async def pass_on(leg: Leg, number: str, *, via: str, within: float) -> int:
    """Send the other side to `number` at host:port `via`, unasked (REFER); the SIP status that came of it."""
    return await _refer(leg, lambda sip, pj: sip.xfer(f"sip:{number}@{via}", operation(pj)), within)


async def join(leg: Leg, other: Leg, *, within: float) -> int:
    """Leave the other sides of two calls to each other (REFER with Replaces); the SIP status that came of it.

    `other` may still ring.
    """
    status = await _refer(leg, lambda sip, pj: sip.xferReplaces(other.sip, operation(pj)), within)
    if status == ACCEPTED:
        await other.hang_up()
    return status


async def _refer(leg: Leg, action: Callable[[Any, Any], None], within: float) -> int:
    passed = leg.expect_passed()
    await leg.do(action)
    done, _ = await asyncio.wait(
        (passed, leg.end_of_call), timeout=within, return_when=asyncio.FIRST_COMPLETED
    )
    if passed not in done:
        raise NotHeardError(f"nothing was told of passing {leg.who} on")
    status = passed.result()
    if status == ACCEPTED:
        await leg.hang_up()
    return status
