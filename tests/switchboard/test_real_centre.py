"""The switchboard on our own dialplan, with SIP telephones, and with an Asterisk that dies in mid-call."""

import asyncio
import os
import signal

import pytest

from switchboard import (
    Answered,
    CallEnded,
    CallEvent,
    Event,
    MemberChanged,
    Queued,
    Ringing,
    Stage,
    Subscription,
    Switchboard,
)
from tests.dialplan.agi_server import ScriptedAgi
from tests.dialplan.asterisk_fixture import PrivateCentre
from tests.dialplan.conversation import dial_and_wait, ended, rings
from tests.dialplan.sip_phone import Phone

pytestmark = [pytest.mark.call, pytest.mark.xdist_group("switchboard-asterisk")]

SECONDS = 20


async def until(reader: Subscription, last: type[Event]) -> list[Event]:
    events: list[Event] = []
    async with asyncio.timeout(SECONDS):
        async for event in reader:
            events.append(event)
            if isinstance(event, last):
                break
    return events


async def calls_of(reader: Subscription, last: type[Event]) -> list[CallEvent]:
    return [event for event in await until(reader, last) if isinstance(event, CallEvent)]


async def test_a_citizens_call(board: Switchboard, citizen: Phone, executive: Phone) -> None:
    reader = board.subscribe()
    await dial_and_wait(executive, "*11")
    logged_in = (await until(reader, MemberChanged))[-1]
    assert isinstance(logged_in, MemberChanged)
    assert (logged_in.extension, logged_in.logged_in) == ("2001", True)

    call = await citizen.call("181")
    answered = await rings(executive)
    queued, ringing, talking = await calls_of(reader, Answered)
    call_id = queued.call_id
    assert {event.call_id for event in (ringing, talking)} == {call_id}
    assert isinstance(queued, Queued)
    assert (queued.queue, queued.caller) == ("district-39", "9876543210")
    assert isinstance(ringing, Ringing)
    assert (ringing.extension, ringing.district) == ("2001", "39")
    assert isinstance(talking, Answered)
    assert talking.extension == "2001"
    assert board.state.calls[call_id].stage is Stage.TALKING
    assert board.state.members["2001"].busy

    await answered.hang_up()
    await ended(call)
    end = (await calls_of(reader, CallEnded))[-1]
    assert isinstance(end, CallEnded)
    assert (end.call_id, end.cause) == (call_id, 16)
    assert board.state.calls == {}


async def test_a_caller_in_the_menu_is_known(agi: ScriptedAgi, board: Switchboard, citizen: Phone) -> None:
    agi.behaviour = {"district": "silent"}
    reader = board.subscribe()
    call = await citizen.call("181")
    async with asyncio.timeout(SECONDS):
        while "district" not in agi.steps() or not board.state.calls:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert [live.stage for live in board.state.calls.values()] == [Stage.MENU]
    (call_id,) = board.state.calls
    await call.hang_up()
    assert [(type(event), event.call_id) for event in await calls_of(reader, CallEnded)] == [
        (CallEnded, call_id)
    ]


async def test_asterisk_dies_during_a_call(
    centre: PrivateCentre, board: Switchboard, citizen: Phone, executive: Phone
) -> None:
    reader = board.subscribe()
    await dial_and_wait(executive, "*11")
    await citizen.call("181")
    await rings(executive)
    call_id = (await calls_of(reader, Answered))[-1].call_id

    pid = centre.asterisk.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await centre.asterisk.stop()
    await centre.asterisk.start()
    await board.ready(SECONDS)
    end = (await calls_of(reader, CallEnded))[-1]
    assert isinstance(end, CallEnded)
    assert (end.call_id, end.cause) == (call_id, None)
    assert board.state.calls == {}
