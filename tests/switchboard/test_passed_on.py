"""Callers whom an executive passes on are seen with the colleague: real calls, and made-up events."""

import asyncio

import pytest

from switchboard import Answered, CallEnded, RingEnded, Ringing, Stage, Switchboard
from switchboard.live import LiveState
from switchboard.resync import Snapshot, resync
from tests.dialplan.asterisk_fixture import PrivateCentre
from tests.dialplan.conversation import LIMIT, dial_and_wait, ended, rings
from tests.dialplan.passing import hold, join, pass_on
from tests.dialplan.sip_phone import SILENCE, Phone, telephone
from tests.switchboard.recording import AT, caller, leg
from tests.switchboard.test_live import about_calls, run
from tests.switchboard.test_real_centre import calls_of

REAL = [pytest.mark.call, pytest.mark.xdist_group("switchboard-asterisk")]


@pytest.mark.parametrize(
    "way",
    [
        pytest.param("unasked", marks=REAL),
        pytest.param("after a talk", marks=REAL),
        pytest.param("while it rings", marks=REAL),
    ],
)
async def test_the_colleague_has_the_caller(
    centre: PrivateCentre, board: Switchboard, citizen: Phone, executive: Phone, way: str
) -> None:
    reader = board.subscribe()
    await dial_and_wait(executive, "*11")
    async with telephone("2002", "127.0.0.1", centre.server) as colleague:
        await colleague.register(centre.secrets.endpoint_passwords["2002"])
        colleague.pick_up_by_itself = False
        call = await citizen.call("181")
        first = await rings(executive)
        call_id = (await calls_of(reader, Answered))[-1].call_id
        if way == "unasked":
            assert await pass_on(first, "2002") == 200
            other = await asyncio.wait_for(colleague.incoming.get(), LIMIT)
            await colleague.pick_up(other)
        else:
            await hold(first)
            second = await executive.call("2002")
            other = await asyncio.wait_for(colleague.incoming.get(), LIMIT)
            await asyncio.wait_for(second.ringing.wait(), LIMIT)
            if way == "after a talk":
                await colleague.pick_up(other)
                # Answered is not yet together: at that very moment no event tells of the joining.
                await second.hears(SILENCE * 5)
            assert await join(first, second, "2002") == 200
            if way == "while it rings":
                await colleague.pick_up(other)
        events = await calls_of(reader, Answered)
        answered = events[-1]
        assert isinstance(answered, Answered)
        # Joined to him, the colleague's telephone rang for the executive.
        assert [type(event) for event in events[:-1]] == ([Ringing] if way == "unasked" else [])
        assert (answered.call_id, answered.extension, answered.queue) == (call_id, "2002", "district-39")
        assert board.state.calls[call_id].stage is Stage.TALKING
        await other.hang_up()
        await ended(call)
        events = await calls_of(reader, CallEnded)
        assert [type(event) for event in events] == [CallEnded]
    assert board.state.calls == {}


def talking() -> LiveState:
    """2001 talks to the caller; the bridge is `b`."""
    state = LiveState()
    run(
        state,
        [
            caller("QueueCallerJoin"),
            leg("AgentCalled", "2001", "1.2"),
            leg("AgentConnect", "2001", "1.2"),
            enters("2001", "1.2"),
            caller("BridgeEnter", BridgeUniqueid="b"),
        ],
    )
    return state


def enters(extension: str, channel: str, bridge: str = "b", **more: str) -> dict[str, str]:
    """An executive's channel enters a bridge."""
    name = f"PJSIP/{extension}-{int(channel.replace('.', '')):08x}"
    return {"Event": "BridgeEnter", "Channel": name, "Uniqueid": channel, "BridgeUniqueid": bridge, **more}


def test_whoever_passed_the_caller_on_is_told_complete_late() -> None:
    state = talking()
    assert run(state, [enters("2002", "1.4")]) == [Answered(AT, "c1", "2002", "district-39")]
    run(state, [leg("AgentComplete", "2001", "1.2")])
    run(state, [{"Event": "Hangup", "Uniqueid": "1.2"}])
    assert (state.calls["c1"].stage, state.calls["c1"].answered_by) == (Stage.TALKING, "2002")
    run(state, [{"Event": "Hangup", "Uniqueid": "1.4"}])
    assert state.calls["c1"].stage is Stage.AFTER


def test_executives_who_talk_to_each_other_have_no_caller() -> None:
    state = talking()
    assert run(state, [enters("2001", "1.3", "other"), enters("2002", "1.4", "other")]) == []
    assert state.calls["c1"].answered_by == "2001"


def test_the_colleagues_telephone_rings_without_a_queue() -> None:
    state = talking()
    run(state, [leg("AgentComplete", "2001", "1.2")])
    ringing = caller("Newstate", channel="1.4", Channel="PJSIP/2002-0000000e", ChannelState="5")
    ringing["Linkedid"] = "1.1"
    events = run(state, [ringing])
    assert events == [Ringing(AT, "c1", "2002", "district-39", "+919876543210", "39")]
    assert run(state, [{"Event": "Hangup", "Uniqueid": "1.4"}]) == [RingEnded(AT, "c1", "2002")]


def test_a_list_of_channels_tells_who_is_together() -> None:
    """After the link was down the bridges are read anew."""
    state = talking()
    channels = [
        caller("CoreShowChannel", ChannelState="6", BridgeId="b2"),
        enters("2001", "1.2", "", Linkedid="1.1", ChannelState="6", BridgeId="b2"),
    ]
    assert about_calls(resync(state, Snapshot(channels, [], []), AT)) == []
    assert run(state, [enters("2002", "1.4", "b")]) == []
    assert run(state, [enters("2002", "1.4", "b2")]) == [Answered(AT, "c1", "2002", "district-39")]
