"""The reducer on what Asterisk really sent, and on what it might send."""

import re
from datetime import timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan import variables
from switchboard import live
from switchboard.ami import AmiMessage
from switchboard.events import (
    Abandoned,
    Answered,
    CallEnded,
    CallEvent,
    Event,
    MemberChanged,
    Queued,
    RingEnded,
    Ringing,
)
from switchboard.live import LiveState
from switchboard.model import Stage
from switchboard.seats import nobody_logs_in
from tests.switchboard.recording import AT, caller, leg, local_state, member, recorded


def run(state: LiveState, events: list[AmiMessage]) -> list[Event]:
    return [out for event in events for out in state.apply(event, AT)]


def about_calls(events: list[Event]) -> list[CallEvent]:
    return [event for event in events if isinstance(event, CallEvent)]


def test_names_are_the_dialplans() -> None:
    ours = (live.CALL_ID, live.CALLER, live.WITHHELD, live.DISTRICT, live.QUEUE)
    dialplans = (variables.CALL_ID, variables.CALLER, variables.WITHHELD, variables.DISTRICT, variables.QUEUE)
    assert ours == dialplans
    assert nobody_logs_in(variables.extension_queue("2001"))


def test_a_telephone_with_a_queue_of_its_own_is_not_logged_in_for_that() -> None:
    state = LiveState()
    own = member("QueueMemberStatus", "2001", Queue="extension-2001")
    assert state.apply(own, AT) == []
    assert state.members == {}
    state.apply(member("QueueMemberAdded", "2001"), AT)
    state.apply(own, AT)
    assert list(state.members["2001"].queues) == ["district-39"]


def test_recorded_answered_call() -> None:
    state = local_state()
    events = about_calls(run(state, recorded("answered")))
    call_id = events[0].call_id
    assert len(call_id) == 36
    assert events == [
        Queued(AT, call_id, "district-39", "9876543210", district="39"),
        Ringing(AT, call_id, "2001", "district-39", "9876543210", "39"),
        Answered(AT, call_id, "2001", "district-39"),
        CallEnded(AT, call_id, 26),
    ]
    assert state.calls == {}


def test_recorded_abandoned_call() -> None:
    state = local_state()
    events = about_calls(run(state, recorded("abandoned")))
    call_id = events[0].call_id
    ringing = Ringing(AT, call_id, "2002", "district-39", "9876543210", "39")
    over = RingEnded(AT, call_id, "2002")
    assert events[:-1] == [
        Queued(AT, call_id, "district-39", "9876543210", district="39"),
        ringing,
        over,
        ringing,
        over,
        Abandoned(AT, call_id, "district-39", 4.0),
    ]
    assert isinstance(events[-1], CallEnded)
    assert state.calls == {}


def test_recorded_executive_hangs_up_first() -> None:
    events = about_calls(run(local_state(), recorded("executive hangs up first")))
    assert [type(event) for event in events] == [Queued, Ringing, Answered, CallEnded]


def test_recorded_log_in_and_pause() -> None:
    state = local_state()
    assert run(state, recorded("log in")) == [MemberChanged(AT, "2001", True, False, False)]
    assert run(state, recorded("pause")) == [
        MemberChanged(AT, "2001", True, True, False),
        MemberChanged(AT, "2001", True, False, False),
    ]


def test_stages_of_a_call() -> None:
    state = LiveState()
    stages = []
    for event in (
        caller("QueueCallerJoin"),
        leg("AgentCalled", "2001", "1.2"),
        caller("QueueCallerLeave"),
        leg("AgentConnect", "2001", "1.2"),
        leg("AgentComplete", "2001", "1.2"),
    ):
        state.apply(event, AT)
        stages.append(state.calls["c1"].stage)
    assert stages == [Stage.QUEUED, Stage.QUEUED, Stage.MENU, Stage.TALKING, Stage.AFTER]
    call = state.calls["c1"]
    assert (call.caller, call.district, call.answered_by) == ("+919876543210", "39", "2001")


def test_who_comes_back_from_a_menu_waits_as_long_as_he_has_waited() -> None:
    state = LiveState()
    moments = [AT + timedelta(seconds=second) for second in (0, 30, 30, 31, 50, 50, 52)]
    told_anew = ("QueueCallerAbandon", "QueueCallerLeave")
    names = ("QueueCallerJoin", *told_anew, "QueueCallerJoin", *told_anew, "Hangup")
    told = [
        event
        for name, at in zip(names, moments, strict=True)
        for event in state.apply(caller(name, **({"HoldTime": "19"} if name == told_anew[0] else {})), at)
    ]
    assert told == [
        Queued(moments[0], "c1", "district-39", "+919876543210", district="39"),
        Abandoned(moments[4], "c1", "district-39", 50.0),
        CallEnded(moments[6], "c1", None),
    ]


def test_who_left_the_queue_for_something_else_has_not_given_up() -> None:
    state = LiveState()
    run(state, [caller("QueueCallerJoin"), caller("QueueCallerAbandon"), caller("QueueCallerLeave")])
    after_a_message = AT + timedelta(seconds=30)
    assert state.apply(caller("Hangup"), after_a_message) == [CallEnded(after_a_message, "c1", None)]


def test_another_queue_is_another_wait() -> None:
    state = LiveState()
    events = run(
        state,
        [caller("QueueCallerJoin"), caller("QueueCallerLeave"), caller("QueueCallerJoin", Queue="state")],
    )
    assert [event.queue for event in events if isinstance(event, Queued)] == ["district-39", "state"]


def test_ringing_at_several_ends_for_the_others_when_one_answers() -> None:
    state = LiveState()
    events = run(
        state,
        [
            caller("QueueCallerJoin"),
            leg("AgentCalled", "2001", "1.2"),
            leg("AgentCalled", "2002", "1.3"),
            leg("AgentConnect", "2002", "1.3"),
        ],
    )
    assert events[-2:] == [RingEnded(AT, "c1", "2001"), Answered(AT, "c1", "2002", "district-39")]
    assert state.calls["c1"].ringing == ()


def test_a_phone_that_hangs_up_stops_ringing() -> None:
    state = LiveState()
    run(state, [caller("QueueCallerJoin"), leg("AgentCalled", "2001", "1.2")])
    hangup = {"Event": "Hangup", "Uniqueid": "1.2", "Linkedid": "1.1", "Cause": "21"}
    assert state.apply(hangup, AT) == [RingEnded(AT, "c1", "2001")]
    assert state.apply(hangup, AT) == []


def test_inherited_call_id_does_not_end_the_call() -> None:
    state = LiveState()
    run(state, [caller("QueueCallerJoin"), leg("AgentConnect", "2001", "1.2")])
    assert state.apply(caller("Hangup", channel="1.2", Linkedid="1.1", Cause="16"), AT) == []
    assert state.apply(caller("Hangup", Cause="16"), AT) == [CallEnded(AT, "c1", 16)]


def test_caller_in_the_menu_is_known_and_not_told_of() -> None:
    state = LiveState()
    assert (
        run(state, [caller("Newstate"), caller("Newstate", channel="1.2", Linkedid="1.1", call="c2")]) == []
    )
    assert [(call.call_id, call.stage) for call in state.calls.values()] == [("c1", Stage.MENU)]
    assert run(state, [caller("Hangup", Cause="16")]) == [CallEnded(AT, "c1", 16)]
    assert state.calls == {}


def test_district_chosen_in_the_menu_is_learned() -> None:
    state = LiveState()
    state.apply(caller("Newstate") | {"ChanVariable(H181_DISTRICT)": ""}, AT)
    state.apply(caller("QueueCallerJoin"), AT)
    assert state.calls["c1"].district == "39"


def test_caller_who_was_never_answered_is_only_seen_ending() -> None:
    state = LiveState()
    assert run(state, [caller("Hangup", Cause="16")]) == [CallEnded(AT, "c1", 16)]
    assert run(state, [caller("Hangup", channel="1.2", Linkedid="1.1", call="c2")]) == []


def test_events_after_the_end_do_not_bring_a_call_back() -> None:
    state = LiveState()
    run(state, [caller("QueueCallerJoin"), leg("AgentConnect", "2001", "1.2"), caller("Hangup", Cause="16")])
    late = [
        leg("AgentComplete", "2001", "1.2"),
        caller("QueueCallerLeave"),
        leg("AgentRingNoAnswer", "2001", "1.2"),
    ]
    assert run(state, late) == []
    assert state.calls == {}


def test_second_queue() -> None:
    state = LiveState()
    events = run(
        state,
        [caller("QueueCallerJoin"), caller("QueueCallerLeave"), caller("QueueCallerJoin", Queue="state")],
    )
    assert [event.queue for event in events if isinstance(event, Queued)] == ["district-39", "state"]


def test_callers_without_a_call_id_and_strange_members_are_left_alone() -> None:
    state = LiveState()
    events = [
        caller("QueueCallerJoin", call=""),
        leg("AgentCalled", "2001", "1.2", call=""),
        member("QueueMemberAdded", "2001", Interface="SIP/trunk"),
        {"Event": "Hangup"},
        {},
        {"Event": "VarSet", "Variable": "H181_CALL_ID"},
    ]
    assert run(state, events) == []
    assert (state.calls, state.members) == ({}, {})


def test_withheld_number_is_empty() -> None:
    state = LiveState()
    event = caller("QueueCallerJoin", CallerIDNum="<unknown>") | {"ChanVariable(H181_CALLER)": ""}
    assert state.apply(event, AT) == [Queued(AT, "c1", "district-39", "", district="39")]


def test_member_of_two_queues() -> None:
    state = LiveState()
    run(state, [member("QueueMemberAdded", "2001"), member("QueueMemberAdded", "2001", Queue="state")])
    assert run(state, [member("QueueMemberPause", "2001", Paused="1")]) == []
    paused = run(state, [member("QueueMemberPause", "2001", Queue="state", Paused="1")])
    assert paused == [MemberChanged(AT, "2001", True, True, False)]
    assert run(state, [member("QueueMemberRemoved", "2001")]) == []
    assert run(state, [member("QueueMemberRemoved", "2001", Queue="state")]) == [
        MemberChanged(AT, "2001", False, False, False)
    ]
    assert state.members == {}


def test_device_states() -> None:
    state = LiveState()
    run(state, [member("QueueMemberAdded", "2001", Status="5")])
    assert not state.members["2001"].busy
    for status, busy in (("1", False), ("6", True), ("2", True), ("8", True), ("3", True), ("4", False)):
        run(state, [member("QueueMemberStatus", "2001", Status=status)])
        assert state.members["2001"].busy is busy


SCRIPTS = st.lists(
    st.one_of(
        st.builds(
            caller,
            st.sampled_from(["QueueCallerJoin", "QueueCallerLeave", "QueueCallerAbandon", "Hangup"]),
            st.sampled_from(["c1", "c2"]),
            st.sampled_from(["1.1", "2.1"]),
        ),
        st.builds(
            leg,
            st.sampled_from(["AgentCalled", "AgentConnect", "AgentComplete", "AgentRingNoAnswer"]),
            st.sampled_from(["2001", "2002"]),
            st.sampled_from(["1.2", "1.3"]),
            st.sampled_from(["c1", "c2"]),
        ),
        st.builds(
            member,
            st.sampled_from(["QueueMemberAdded", "QueueMemberRemoved", "QueueMemberPause"]),
            st.sampled_from(["2001", "2002"]),
            Paused=st.sampled_from(["0", "1"]),
        ),
    ),
    max_size=40,
)


@given(SCRIPTS)
def test_any_order_keeps_events_and_state_in_step(script: list[AmiMessage]) -> None:
    state = LiveState()
    ringing: set[tuple[str, str]] = set()
    for ami_event in script:
        for event in state.apply(ami_event, AT):
            if isinstance(event, Ringing):
                assert (event.call_id, event.extension) not in ringing
                ringing.add((event.call_id, event.extension))
            elif isinstance(event, RingEnded):
                ringing.remove((event.call_id, event.extension))
            elif isinstance(event, Answered):
                ringing.discard((event.call_id, event.extension))
            elif isinstance(event, CallEnded):
                assert event.call_id not in state.calls
        assert ringing == {(call.call_id, one) for call in state.calls.values() for one in call.ringing}
        again = state.apply(ami_event, AT)
        assert [event for event in again if not isinstance(event, CallEnded)] == []


@pytest.fixture(scope="module")
def wanted() -> re.Pattern[str]:
    """What the manager's user is sent."""
    text = resources.files("dialplan").joinpath("manager.conf").read_text(encoding="utf-8")
    (found,) = re.findall(r"^eventfilter = (.+)$", text, re.MULTILINE)
    return re.compile(found)


def test_asterisk_sends_what_is_read(wanted: re.Pattern[str]) -> None:
    sent = {name for name in LiveState().reads if wanted.match(f"Event: {name}\r\nPrivilege: call,all\r\n")}
    assert sent == LiveState().reads


@pytest.mark.parametrize("name", ["RTCPSent", "HangupRequest", "QueueMemberPenalty", "VarSet", "NewstateX"])
def test_asterisk_sends_nothing_else(wanted: re.Pattern[str], name: str) -> None:
    assert wanted.search(f"Event: {name}\r\nPrivilege: call,all\r\nHeader: Event: Hangup\r\n") is None
