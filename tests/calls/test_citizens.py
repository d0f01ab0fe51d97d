"""Citizens of one centre: in danger, outside of its hours, in English from another telephone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.play_stage import register
from helpline.demo.stage import Stage
from helpline.phone.agent import UserAgent
from helpline.phone.citizen import Citizen
from helpline.phone.sounds import voice
from helpline.phone.villager import answer_everything
from records import Call, phone
from tests.calls.centre import centre, citizen
from tests.calls.test_calls import in_order
from tests.dialplan.asterisk_fixture import free_ports

pytestmark = pytest.mark.call

TRUNK_TARGET = "127.0.0.3"
COMPLAINANT = "9826010001"
LIMIT = 240.0


@asynccontextmanager
async def closed_centre(folder: Path, emergency_port: int) -> AsyncIterator[Stage]:
    """It opens in more than an hour; calls to 112 go to a telephone of the test."""
    opens = datetime.now(UTC) + timedelta(hours=5.5 + 2)
    closes = opens + timedelta(hours=1)
    hours = folder / "hours.toml"
    text = f"[centres.39]\nopening = {opens:%H}:00:00\nclosing = {closes:%H}:00:00\n"
    await asyncio.to_thread(hours.write_text, text, "utf-8")
    async with centre(hours_file=hours, trunk_contact=f"{TRUNK_TARGET}:{emergency_port}") as stage:
        yield stage


async def record(stage: Stage, caller: str) -> Call:
    """The caller's only call, once its end is on record."""
    e164 = phone.parse(caller).e164
    async with asyncio.timeout(30):
        while True:
            calls = [one for one in await stage.service.records.calls.recent(10) if one.caller_e164 == e164]
            if calls and calls[0].outcome is not None:
                break
            await asyncio.sleep(0.1)
    assert len(calls) == 1
    return calls[0]


async def in_danger(stage: Stage, caller: Citizen, emergency: UserAgent) -> None:
    call = await caller.call("181", caller="9826010003", via=stage.sip)
    pressing = asyncio.create_task(answer_everything(call, {"emergency-hint": "9"}))
    leg = await emergency.called(within=LIMIT)
    assert leg.number == "9826010003"
    await leg.answer()
    await leg.answered(within=30)
    leg.say(voice(2.0, seed=112))
    await call.ear.until(lambda: call.ear.person_at is not None)
    await leg.hang_up()
    await call.ended(within=LIMIT)
    await pressing
    heard = [one.key for one in await call.heard()]
    assert "emergency-connecting" in heard
    assert (await record(stage, "9826010003")).outcome == "served"


async def outside_of_hours(stage: Stage, caller: Citizen) -> None:
    call = await caller.call("07372181", caller="9826010004", via=stage.sip)
    pressing = asyncio.create_task(answer_everything(call))
    await call.hears("message-intro", within=LIMIT)
    await call.hang_up()
    await pressing
    heard = [one.key for one in await call.heard()]
    assert in_order(heard, ["closed-now", "to-state-operator", "message-intro"]), heard
    ended = await record(stage, "9826010004")
    assert (ended.district_code, ended.outcome) == ("39", "refused")


async def asks_in_english(stage: Stage, caller: Citizen, number: str) -> None:
    call = await caller.call("181", caller="9826010002", via=stage.sip)
    answers = {
        "emergency-hint": "8",
        "en/menu-status": "2",
        "en/status-ask-number": f"{number}#",
        "en/status-ask-number-again": f"{number}#",
        "en/status-ask-phone": COMPLAINANT[-4:],
    }
    await answer_everything(call, answers)
    await call.ended(within=LIMIT)
    heard = [one.key for one in await call.heard()]
    assert in_order(heard, ["en/greeting", "en/status-ask-phone", "en/status-state-open", "en/status-due"]), (
        heard
    )
    assert (await record(stage, "9826010002")).outcome == "served"
    assert await stage.service.records.calls.language("+919826010002") == "en"


async def test_three_citizens_at_once(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    async with (
        closed_centre(tmp_path, port) as stage,
        UserAgent("112", bind=TRUNK_TARGET, port=port) as emergency,
        citizen("en") as caller,
    ):
        complaint = await register(stage.service.records, COMPLAINANT, None)
        await in_danger(stage, caller, emergency)
        async with asyncio.TaskGroup() as group:
            group.create_task(outside_of_hours(stage, caller))
            group.create_task(asks_in_english(stage, caller, complaint.number))
