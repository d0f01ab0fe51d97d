"""Whose sound and keys are a caller's: those that come from where he said, and nobody else's."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from dialplan.binary import AsteriskBinary
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import dial_and_wait, no_channels, rows
from tests.dialplan.sip_phone import ALAW, EVENTS, FRAME, SILENCE, Call, telephone

pytestmark = pytest.mark.call

DIRECT = "07372181"
VOICE = bytes([0x2A]) * FRAME


@dataclass
class Stranger:
    """Sends `voice` and keys from an address of its own to the port where a call's sound is awaited."""

    door: socket.socket
    to: tuple[str, int]
    got: int = 0
    _sequence: int = field(default=900, init=False)
    _stamp: int = field(default=70_000, init=False)

    async def talk(self, voice: bytes, seconds: float) -> None:
        for _ in range(int(seconds / 0.02)):
            self._send(ALAW, voice)
            self._stamp += FRAME
            with contextlib.suppress(BlockingIOError):
                while self.door.recv(2048):
                    self.got += 1
            await asyncio.sleep(0.02)

    def press(self, key: int) -> None:
        for step in range(1, 7):
            end = 0x80 if step > 3 else 0
            self._send(EVENTS, struct.pack("!BBH", key, 10 | end, step * FRAME))

    def _send(self, kind: int, payload: bytes) -> None:
        self._sequence += 1
        header = struct.pack("!BBHII", 0x80, kind, self._sequence, self._stamp, 0x9999)
        self.door.sendto(header + payload, self.to)


@asynccontextmanager
async def stranger(call: Call, address: str) -> AsyncIterator[Stranger]:
    with socket.socket(type=socket.SOCK_DGRAM) as door:
        door.bind((address, 0))
        door.setblocking(False)
        assert call.rtp_to is not None
        yield Stranger(door, call.rtp_to)


async def test_nobody_speaks_or_presses_keys_for_a_caller_who_is_silent(binary: AsteriskBinary) -> None:
    async with (
        private_asterisk(binary=binary) as centre,
        telephone("2001", "127.0.0.1", centre.server) as seema,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        await seema.register(centre.secrets.endpoint_passwords["2001"])
        await dial_and_wait(seema, "*11")
        call = await citizen.call(DIRECT)
        call.mute()
        await call.answered.wait()
        async with stranger(call, "127.0.0.9") as other:
            await other.talk(VOICE, 1.0)
            other.press(9)
            await call.press("1")
            with_seema = await asyncio.wait_for(seema.incoming.get(), 20)
            await with_seema.answered.wait()
            await other.talk(VOICE, 1.0)
        assert other.got == 0, "what the caller is told is not for strangers"
        assert VOICE not in with_seema.heard
        # He finds his voice again.
        call.voice = bytes([0x35]) * FRAME
        speaking = asyncio.create_task(call.talk())
        await with_seema.hears(call.voice, 5)
        await call.hang_up()
        await speaking
        assert await emergencies(centre) == []


@pytest.mark.parametrize("anywhere", [True, False])
async def test_sound_from_another_address_than_was_named_needs_a_setting(
    binary: AsteriskBinary, *, anywhere: bool
) -> None:
    """As from a gateway whose sound leaves by another port, or one behind NAT."""
    async with (
        private_asterisk(binary=binary, change=lambda s: replace(s, sound_from_anywhere=anywhere)) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await citizen.call(DIRECT)
        call.mute()
        await call.answered.wait()
        async with stranger(call, "127.0.0.2") as other_port:
            await other_port.talk(SILENCE, 1.0)
            other_port.press(9)
            await other_port.talk(SILENCE, 1.0)
            assert (other_port.got > 0) is anywhere
        await call.hang_up()
        assert (len(await emergencies(centre)) > 0) is anywhere


async def emergencies(centre: PrivateCentre) -> list[str]:
    await no_channels(centre)
    found = await rows(centre, "cel-custom/helpline.csv")
    return [row[12] for row in found if row[1] == "H181_EMERGENCY"]
