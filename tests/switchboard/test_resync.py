"""What is made up for after a lost connection."""

from datetime import timedelta

from switchboard.ami import AmiMessage
from switchboard.events import Answered, CallEnded, MemberChanged, Queued, RingEnded, Ringing
from switchboard.live import LiveState
from switchboard.model import Stage
from switchboard.resync import Snapshot, resync
from tests.switchboard.recording import AT, caller, leg, member

CHANNEL = "CoreShowChannel"
EMPTY = Snapshot([], [], [])


def phone(extension: str, channel: str, state: str, **headers: str) -> AmiMessage:
    """An executive's channel that was called for the caller's."""
    return {
        "Event": CHANNEL,
        "Channel": f"PJSIP/{extension}-0000000a",
        "Uniqueid": channel,
        "Linkedid": "1.1",
        "ChannelState": state,
        **headers,
    }


def entry(queue: str = "district-39") -> AmiMessage:
    return {"Event": "QueueEntry", "Queue": queue, "Uniqueid": "1.1"}


def talking() -> LiveState:
    state = LiveState()
    for event in (caller("QueueCallerJoin"), caller("QueueCallerLeave"), leg("AgentConnect", "2001", "1.2")):
        state.apply(event, AT)
    return state


def ringing() -> LiveState:
    state = LiveState()
    for event in (caller("QueueCallerJoin"), leg("AgentCalled", "2001", "1.2")):
        state.apply(event, AT)
    return state


def test_phantom_call_is_dropped_with_events() -> None:
    state = ringing()
    assert resync(state, EMPTY, AT) == [RingEnded(AT, "c1", "2001"), CallEnded(AT, "c1", None)]
    assert state.calls == {}


def test_what_went_while_the_link_was_away_ended_when_it_was_lost() -> None:
    before = AT - timedelta(minutes=10)
    state = talking()
    assert resync(state, EMPTY, AT, before) == [CallEnded(before, "c1", None)]


def test_nothing_changed() -> None:
    state = ringing()
    now = Snapshot([caller(CHANNEL), phone("2001", "1.2", "5")], [], [entry()])
    assert resync(state, now, AT) == []


def test_call_that_began_unseen() -> None:
    state = LiveState()
    now = Snapshot([phone("2001", "1.2", "5"), caller(CHANNEL)], [], [entry()])
    assert resync(state, now, AT) == [
        Queued(AT, "c1", "district-39", "+919876543210", district="39"),
        Ringing(AT, "c1", "2001", "district-39", "+919876543210", "39"),
    ]
    assert state.apply({"Event": "Hangup", "Uniqueid": "1.2"}, AT) == [RingEnded(AT, "c1", "2001")]


def test_answered_unseen() -> None:
    state = ringing()
    now = Snapshot([caller(CHANNEL), phone("2001", "1.2", "6")], [], [])
    assert resync(state, now, AT) == [Answered(AT, "c1", "2001", "district-39")]
    assert resync(state, now, AT) == []


def test_another_rings_now() -> None:
    state = ringing()
    now = Snapshot([caller(CHANNEL), phone("2002", "1.3", "5")], [], [entry()])
    assert resync(state, now, AT) == [
        RingEnded(AT, "c1", "2001"),
        Ringing(AT, "c1", "2002", "district-39", "+919876543210", "39"),
    ]


def test_executive_left_unseen_and_caller_still_there() -> None:
    state = talking()
    assert resync(state, Snapshot([caller(CHANNEL)], [], []), AT) == []
    assert state.calls["c1"].stage is Stage.AFTER


def test_left_the_queue_unseen() -> None:
    state = ringing()
    assert resync(state, Snapshot([caller(CHANNEL)], [], []), AT) == [RingEnded(AT, "c1", "2001")]
    assert state.calls["c1"].stage is Stage.MENU


def test_moved_to_another_queue_unseen() -> None:
    state = ringing()
    events = resync(state, Snapshot([caller(CHANNEL)], [], [entry("state")]), AT)
    assert Queued(AT, "c1", "state", "+919876543210", district="39") in events
    assert state.calls["c1"].queue == "state"


def test_inherited_call_id_is_not_a_caller() -> None:
    heir = phone("2001", "1.2", "6", **{"ChanVariable(H181_CALL_ID)": "c1"})
    state = LiveState()
    resync(state, Snapshot([heir, caller(CHANNEL)], [], []), AT)
    assert state.calls["c1"].channel_id == "1.1"
    assert resync(state, Snapshot([heir], [], []), AT) == [CallEnded(AT, "c1", None)]


def test_members() -> None:
    state = LiveState()
    state.apply(member("QueueMemberAdded", "2001"), AT)
    state.apply(member("QueueMemberAdded", "2002"), AT)
    now = [member("QueueMember", "2002", Paused="1"), member("QueueMember", "2003", Status="2")]
    assert resync(state, Snapshot([], now, []), AT) == [
        MemberChanged(AT, "2001", False, False, False),
        MemberChanged(AT, "2002", True, True, False),
        MemberChanged(AT, "2003", True, False, True),
    ]
    assert sorted(state.members) == ["2002", "2003"]
