"""What the call tests say again and again."""

import asyncio
import csv
import io

from tests.dialplan.asterisk_fixture import PrivateCentre
from tests.dialplan.sip_phone import SILENCE, Call, Phone

LIMIT = 15.0


async def ended(call: Call, within: float = LIMIT) -> None:
    """Wait for the end of a call."""
    await asyncio.wait_for(call.ended.wait(), within)


async def dial_and_wait(phone: Phone, code: str) -> None:
    """Dial a service code such as *11 and wait until its confirmation has been played."""
    call = await phone.call(code)
    await ended(call)
    assert call.status == 200


async def rings(phone: Phone) -> Call:
    """The call that comes in, answered, and the other side's silence already heard."""
    call = await asyncio.wait_for(phone.incoming.get(), LIMIT)
    await call.hears(SILENCE * 5)
    return call


def heard(centre: PrivateCentre, call: Call) -> list[str]:
    """Keys of the prompts that were heard whole and untranscoded, in the order of their first playing.

    Without those of the menu: a caller presses as soon as he hears the first, and how many are whole before
    his key arrives is chance.
    """
    found = {
        key: bytes(call.heard).find(sound)
        for key, sound in centre.prompts.items()
        if key != "language-hint" and not key.startswith("menu-")
    }
    return sorted((key for key, place in found.items() if place >= 0), key=lambda key: found[key])


async def often(call: Call, sound: bytes, times: int) -> None:
    """Wait until a prompt has been heard so many times."""
    async with asyncio.timeout(25):
        while bytes(call.heard).count(sound) < times:  # noqa: ASYNC110 - a call tells no counts
            await asyncio.sleep(0.05)


async def no_channels(centre: PrivateCentre) -> None:
    """Wait until Asterisk has no channel left."""
    async with asyncio.timeout(LIMIT):
        shown = ""
        while "0 active channels" not in shown:
            shown = await centre.asterisk.cli("core show channels")


async def rows(centre: PrivateCentre, name: str, *, least: int = 1) -> list[list[str]]:
    """Rows of a CSV file in Asterisk's log folder, which it writes a moment after the end of a call."""
    file = centre.runtime / "log" / name
    found: list[list[str]] = []
    async with asyncio.timeout(LIMIT):
        while len(found) < least:
            await centre.asterisk.cli("core show channels")
            if file.exists():
                found = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
    return found


async def variable(centre: PrivateCentre, name: str, channel: str = "") -> str:
    """A channel variable of this channel, or of the trunk's only one."""
    shown = await centre.asterisk.cli("core show channels concise")
    names = [line.split("!")[0] for line in shown.splitlines() if line.startswith("PJSIP/trunk")]
    channel = channel or names[0]
    for line in (await centre.asterisk.cli(f"core show channel {channel}")).splitlines():
        if line.startswith(f"{name}="):
            return line.partition("=")[2]
    return ""
