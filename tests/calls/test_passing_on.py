"""A citizen on hold, a colleague asked, the two joined: through the whole house, judged by the records."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from helpline.demo.stage import Stage
from helpline.phone.citizen import CitizenCall
from helpline.phone.executive import Executive
from helpline.phone.leg import Leg
from helpline.phone.passing import hold, join, pass_on, take_back
from helpline.phone.sounds import voice
from records import Call
from tests.calls.centre import CALLER, centre, citizen
from tests.calls.test_calls import choose_complaint, nothing_left, only_call

pytestmark = pytest.mark.call

LIMIT = 20.0


@dataclass
class Talk:
    """The citizen's call, on hold, and the two executives; the second is not logged in."""

    stage: Stage
    citizen: CitizenCall
    leg: Leg
    first: Executive
    second: Executive

    async def consult(self) -> tuple[Leg, Leg]:
        """The first executive's second call, ringing, and its other end."""
        asking = await self.first.dial(self.second.extension)
        asked = await self.second.called(within=LIMIT)
        await asking.ringing(within=LIMIT)
        return asking, asked

    async def over(self) -> Call:
        """The only call on record, which ended as answered by the first; nobody is left anywhere."""
        await self.citizen.hears("rate-ask", within=LIMIT)
        await self.citizen.hang_up()
        call = await only_call(self.stage)
        assert (call.outcome, call.extension) == ("answered", self.first.extension)
        assert (call.caller_e164, call.dialled) == (f"+91{CALLER}", "07372181")
        assert call.ended_at is not None
        await nothing_left(self.stage)
        async with asyncio.timeout(LIMIT):
            while "(Not in use)" not in await self.stage.exchange.cli("queue show district-39"):
                pass
        assert "0 active channels" in await self.stage.exchange.cli("core show channels")
        return call

    async def recorded(self, call: Call) -> list[list[str]]:
        """Who talks in each recording; each has sound, and there is no other file."""
        found = await self.stage.service.records.calls.recordings(call.call_id)
        assert all(self.stage.recording(one.file) for one in found)
        files = {path.name for path in self.stage.app.exchange.recordings_dir.iterdir()}
        assert files == {one.file for one in found}
        return [[talker.extension for talker in one.talkers] for one in found]


@asynccontextmanager
async def talk() -> AsyncIterator[Talk]:
    async with centre() as stage, citizen() as caller:
        extension, password = next(iter(stage.free_extensions.items()))
        async with (
            Executive(stage.extension, stage.phone_password, via=stage.sip) as first,
            Executive(extension, password, via=stage.sip) as second,
        ):
            await first.log_in_to_queue()
            call = await caller.call("07372181", caller=CALLER, via=stage.sip)
            await choose_complaint(call)
            leg = await first.called(within=60)
            await leg.answer()
            await leg.answered(within=LIMIT)
            await speaks(leg)
            await hold(leg, within=LIMIT)
            yield Talk(stage, call, leg, first, second)


async def speaks(leg: Leg) -> None:
    leg.say(voice(1.0, seed=7))
    await leg.said(within=LIMIT)


@pytest.mark.parametrize("answered_first", [True, False])
async def test_joined_to_a_colleague_he_is_one_call_with_both_in_its_recording(
    *, answered_first: bool
) -> None:
    async with talk() as now:
        asking, asked = await now.consult()
        if answered_first:
            await asked.answer()
            await asking.answered(within=LIMIT)
            await speaks(asking)
        assert await join(now.leg, asking, within=LIMIT) == 200
        if not answered_first:
            await asked.answer()
            await asked.answered(within=LIMIT)
        await speaks(asked)
        await asked.hang_up()
        call = await now.over()
        assert await now.recorded(call) == [[now.first.extension, now.second.extension]]


async def test_passed_on_unasked_he_is_one_call_with_both_in_its_recording() -> None:
    async with talk() as now:
        status = await pass_on(now.leg, now.second.extension, via=now.stage.sip, within=LIMIT)
        assert status == 200
        asked = await now.second.called(within=LIMIT)
        await asked.answer()
        await asked.answered(within=LIMIT)
        await speaks(asked)
        await asked.hang_up()
        call = await now.over()
        assert await now.recorded(call) == [[now.first.extension, now.second.extension]]


async def test_joined_in_vain_he_talks_again_in_a_recording_of_its_own() -> None:
    async with talk() as now:
        asking, asked = await now.consult()
        assert await join(now.leg, asking, within=LIMIT) == 200
        await asked.refuse()
        again = await now.first.called(within=60)
        await again.answer()
        await again.answered(within=LIMIT)
        await speaks(again)
        await again.hang_up()
        call = await now.over()
        assert await now.recorded(call) == [[now.first.extension], [now.first.extension]]


async def test_taken_back_from_hold_he_is_one_call_of_his_executive() -> None:
    async with talk() as now:
        asking, asked = await now.consult()
        await asked.refuse()
        await asking.ended(within=LIMIT)
        await take_back(now.leg, within=LIMIT)
        await speaks(now.leg)
        await now.leg.hang_up()
        call = await now.over()
        assert await now.recorded(call) == [[now.first.extension]]
