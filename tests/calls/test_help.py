"""A caller presses 9 while the service is up, and the trunk answers no ping, or nothing at all."""

import asyncio

import pytest

from records.calls.ways import WAY
from tests.calls.centre import centre
from tests.dialplan.carrier import carrier
from tests.dialplan.sip_phone import SILENCE, Call, telephone

pytestmark = pytest.mark.call

CALLER = "9826012309"


async def keep_pressing(key: str, call: Call) -> None:
    while True:
        await asyncio.sleep(1)
        await call.press(key)


@pytest.mark.parametrize("answers", [("100 Trying", "486 Busy Here"), ()], ids=("busy", "nothing"))
async def test_the_call_leaves_by_a_deaf_trunk_and_then_by_the_second(answers: tuple[str, ...]) -> None:
    async with (
        carrier("127.0.0.2", *answers) as trunk,
        telephone("112", "127.0.0.4", ("127.0.0.1", 9)) as rescue,
        centre(
            trunk_contact=trunk.address,
            emergency_second=f"127.0.0.4:{rescue.port}",
            sip_silence_seconds=7,
            emergency_ring_seconds=20,
        ) as stage,
        telephone(CALLER, "127.0.0.2", ("127.0.0.1", stage.asterisk.sip_port)) as citizen,
    ):
        rescue.server = citizen.server
        call = await citizen.call("181")
        await asyncio.wait_for(call.answered.wait(), 20)
        pressing = asyncio.create_task(keep_pressing("9", call))
        try:
            await asyncio.wait_for(trunk.invited.wait(), 40)
        finally:
            pressing.cancel()
        talk = await asyncio.wait_for(rescue.incoming.get(), 20)
        await talk.hears(SILENCE * 5)
        assert CALLER in talk.remote
        assert trunk.numbers == {"112"}
        assert not [line for line in trunk.asked if line.startswith("OPTIONS")]
        await talk.hang_up()
        await asyncio.wait_for(call.ended.wait(), 20)
        calls = stage.service.records.calls
        tries: list[object] = []
        async with asyncio.timeout(40):
            while len(tries) < 2:
                await asyncio.sleep(0.2)
                (one,) = await calls.recent(9)
                tries = [step.detail["code"] for step in await calls.path(one.call_id) if step.kind == WAY]
            while one.outcome is None:
                await asyncio.sleep(0.2)
                (one,) = await calls.recent(9)
        assert tries == [486 if answers else None, 200]
        assert one.outcome == "served", "the emergency number answered"
