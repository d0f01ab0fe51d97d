"""What an executive does with two calls, at a telephone of these tests: hold, take back, pass on, join."""

import asyncio
import re
from urllib.parse import quote

from tests.dialplan.conversation import LIMIT
from tests.dialplan.sip_phone import Call


async def hold(call: Call) -> None:
    """Put the other side on hold."""
    await _again(call, "a=sendonly\r\n")


async def take_back(call: Call) -> None:
    """Talk again to the other side."""
    await _again(call, "a=sendrecv\r\n")


async def pass_on(call: Call, number: str) -> int:
    """Send the other side to a number, unasked, and be gone when that was taken; the status of it."""
    return await _refer(call, number)


async def join(call: Call, other: Call, number: str) -> int:
    """Leave the other sides of two calls to each other, and be gone; `number` is what `other` dialled."""
    dialog = f"{other.call_id};to-tag={_tag(other.other_end)};from-tag={_tag(other.local)}"
    status = await _refer(call, f"{number}", f"?Replaces={quote(dialog, safe='')}")
    if status == 200:
        other.finish()
    return status


async def _again(call: Call, direction: str) -> None:
    call.cseq += 1
    call.answered.clear()
    call.phone.request("INVITE", call, call.target, "", call.sdp + direction)
    await asyncio.wait_for(call.answered.wait(), LIMIT)


async def _refer(call: Call, number: str, headers: str = "") -> int:
    call.cseq += 1
    host, port = call.phone.server
    refer_to = f"Refer-To: <sip:{number}@{host}:{port}{headers}>\r\n"
    call.phone.request("REFER", call, call.target, refer_to)
    status = await asyncio.wait_for(call.passed.get(), LIMIT)
    if status == 200:
        await call.hang_up()
    return status


def _tag(header: str) -> str:
    found = re.search(r";tag=([^;>\s]+)", header)
    assert found is not None, header
    return found[1]
