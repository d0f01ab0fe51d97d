"""What the desk makes of the switchboard's events."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desk.board import KNOWN_CALLS, Board
from desk.board_model import Notice
from switchboard import (
    Abandoned,
    Answered,
    CallEnded,
    Event,
    LiveCall,
    LiveMember,
    LiveState,
    MemberChanged,
    Queued,
    Resync,
    RingEnded,
    Ringing,
    Stage,
)

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def ring(call_id: str, extension: str, seconds: float = 0) -> Ringing:
    return Ringing(at(seconds), call_id, extension, "district-39", "9826012345", "39")


def told(board: Board, *events: Event) -> list[tuple[str, str | None]]:
    return [(notice.name, notice.extension) for event in events for notice in board.apply(event)]


def test_a_call_that_is_passed_on_leaves_the_first_screen() -> None:
    board = Board()
    told(board, ring("c-1", "2001"), Answered(at(1), "c-1", "2001", "district-39"))
    told(board, MemberChanged(at(9), "2001", True, False, False))
    assert told(board, ring("c-1", "2002", 9)) == [("ended", "2001"), ("ring", "2002")]
    assert board.for_extension("2001") is None
    ringing = board.for_extension("2002")
    assert ringing is not None
    assert (ringing.state, ringing.answered_at) == ("ringing", None)
    assert told(board, Answered(at(12), "c-1", "2002", "district-39")) == [("answered", "2002")]


def test_a_call_that_is_joined_to_a_colleague_leaves_the_first_screen() -> None:
    board = Board()
    told(board, ring("c-1", "2001"), Answered(at(1), "c-1", "2001", "district-39"))
    events = (
        Answered(at(12), "c-1", "2002", "district-39"),
        MemberChanged(at(12), "2001", True, False, False),
    )
    assert told(board, *events) == [("ended", "2001"), ("answered", "2002"), ("member", "2001")]
    assert [extension for extension, _ in board.live()] == ["2002"]


def test_a_call_from_queue_to_end() -> None:
    board = Board()
    assert told(board, Queued(at(0), "a", "district-39", "9826012345"), ring("a", "2001", 3)) == [
        ("queued", None),
        ("ring", "2001"),
    ]
    call = board.for_extension("2001")
    assert call is not None
    assert (call.state, call.district, call.queued_at) == ("ringing", "39", at(0))
    assert told(board, Answered(at(5), "a", "2001", "district-39")) == [("answered", "2001")]
    assert told(board, CallEnded(at(60), "a", 16)) == [("ended", "2001")]
    call = board.for_extension("2001")
    assert call is not None, "it stays on the screen: its complaint is still being written"
    assert (call.state, call.since, call.answered_at) == ("ended", at(60), at(5))


def test_a_ring_that_moves_on() -> None:
    board = Board()
    events = (ring("a", "2001"), RingEnded(at(15), "a", "2001"), ring("a", "2002", 16))
    assert told(board, *events) == [("ring", "2001"), ("ring-ended", "2001"), ("ring", "2002")]
    assert board.for_extension("2001") is None
    assert [call.call_id for call in board.waiting()] == ["a"]


def test_several_phones_ring_and_one_answers() -> None:
    board = Board()
    told(board, ring("a", "2001"), ring("a", "2002"))
    assert board.ringing_for("a", "2001")
    assert board.ringing_for("a", "2002")
    assert told(board, Answered(at(3), "a", "2002", "district-39")) == [
        ("ring-ended", "2001"),
        ("answered", "2002"),
    ]
    assert told(board, RingEnded(at(3), "a", "2001")) == []
    assert board.for_extension("2001") is None


def test_the_end_of_a_ring_that_is_told_before_the_answer_loses_nothing() -> None:
    board = Board()
    told(
        board,
        Queued(at(0), "a", "district-39", "9826012345"),
        ring("a", "2001"),
        RingEnded(at(3), "a", "2001"),
    )
    assert told(board, Answered(at(3), "a", "2001", "district-39")) == [("answered", "2001")]
    call = board.for_extension("2001")
    assert call is not None
    assert (call.caller, call.district, call.state) == ("9826012345", "39", "talking")


def test_a_caller_who_gives_up() -> None:
    board = Board()
    told(board, Queued(at(0), "a", "district-39", "9826012345"), ring("a", "2001"))
    assert told(board, Abandoned(at(9), "a", "district-39", 9.0)) == [
        ("ring-ended", "2001"),
        ("abandoned", None),
    ]
    assert told(board, CallEnded(at(9), "a", 16)) == []
    assert board.waiting() == []


def test_the_talk_is_over_when_the_phone_is_free_again() -> None:
    board = Board()
    told(board, ring("a", "2001"), Answered(at(1), "a", "2001", "district-39"))
    freed = MemberChanged(at(50), "2001", logged_in=True, paused=False, busy=False)
    assert told(board, freed) == [("member", "2001"), ("ended", "2001")]
    assert told(board, CallEnded(at(70), "a", 16)) == []
    call = board.for_extension("2001")
    assert call is not None
    assert call.since == at(50)


def test_a_resync_is_passed_on() -> None:
    assert told(Board(), Resync(START)) == [("resync", None)]


def test_the_state_read_anew_replaces_what_was_missed() -> None:
    board = Board()
    told(board, ring("gone", "2001"), Answered(at(1), "gone", "2001", "district-39"), ring("lost", "2003"))
    state = LiveState()
    state.calls["new"] = LiveCall(
        "new", "1.1", "98", "39", "district-39", Stage.QUEUED, at(5), ringing=("2002",)
    )
    state.calls["talk"] = LiveCall(
        "talk", "1.2", "99", "39", "district-39", Stage.TALKING, at(6), answered_by="2004"
    )
    state.members["2004"] = LiveMember("2004", {"district-39": True}, "2")
    board.read(state)
    ended, new, talk = (board.for_extension(extension) for extension in ("2001", "2002", "2004"))
    assert ended is not None
    assert ended.state == "ended"
    assert new is not None
    assert (new.state, new.queued_at) == ("ringing", at(5))
    assert talk is not None
    assert (talk.state, talk.answered_at) == ("talking", at(6))
    assert board.for_extension("2003") is None
    assert (board.members["2004"].paused, board.members["2004"].busy) == (True, True)


def test_what_is_remembered_is_bounded() -> None:
    board = Board()
    told(board, ring("kept", "2001"))
    for number in range(KNOWN_CALLS + 50):
        board.apply(Queued(START, f"q{number}", "state", ""))
    assert len(board.calls) == KNOWN_CALLS
    assert board.for_extension("2001") is not None


EXTENSIONS = st.sampled_from(["2001", "2002"])
CALLS = st.sampled_from(["a", "b"])
EVENTS = st.one_of(
    st.builds(lambda c: Queued(START, c, "district-39", "98"), CALLS),
    st.builds(ring, CALLS, EXTENSIONS),
    st.builds(lambda c, e: RingEnded(START, c, e), CALLS, EXTENSIONS),
    st.builds(lambda c, e: Answered(START, c, e, "district-39"), CALLS, EXTENSIONS),
    st.builds(lambda c: Abandoned(START, c, "district-39", 1.0), CALLS),
    st.builds(lambda c: CallEnded(START, c, 16), CALLS),
    st.builds(lambda e, busy: MemberChanged(START, e, True, False, busy), EXTENSIONS, st.booleans()),
)


@given(st.lists(EVENTS, max_size=25))
def test_in_any_order_the_screen_never_shows_a_call_of_another(events: list[Event]) -> None:
    board = Board()
    for event in events:
        notices: list[Notice] = board.apply(event)
        for notice in notices:
            assert notice.extension is not None or notice.name in {"abandoned", "queued"}
        for extension in ("2001", "2002"):
            call = board.for_extension(extension)
            if call is not None:
                assert call.state in {"ringing", "talking", "ended"}
                assert call.state == "ringing" or call.extension == extension
