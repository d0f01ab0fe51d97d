"""The switchboard against a manager interface that comes and goes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from switchboard import (
    Abandoned,
    CallEnded,
    Event,
    LoginRefusedError,
    MemberChanged,
    Queued,
    Resync,
    RingEnded,
    Ringing,
    Subscription,
    Switchboard,
    SwitchboardError,
    SwitchboardSettings,
)
from switchboard.backoff import Pauses
from switchboard.switchboard import utc_now
from tests.switchboard.fake_ami import SECRET, FakeAmi, Headers, message
from tests.switchboard.recording import AT, caller, leg, member

Make = Callable[..., Switchboard]


@pytest.fixture
async def ami() -> AsyncIterator[FakeAmi]:
    async with FakeAmi() as fake:
        yield fake


@pytest.fixture
async def make(ami: FakeAmi) -> AsyncIterator[Make]:
    """Makes switchboards that are quick to try again, and stops them."""
    made: list[Switchboard] = []

    def one(secret: str = SECRET, **settings: float) -> Switchboard:
        quick = SwitchboardSettings(port=ami.port, backoff_first_seconds=0.01, backoff_most_seconds=0.02)
        board = Switchboard(replace(quick, **settings), secret, clock=lambda: AT)  # type: ignore[arg-type]
        made.append(board)
        return board

    yield one
    for board in made:
        await board.stop()


def wire(event: dict[str, str]) -> tuple[str, Headers]:
    """A flat event as the headers it came from."""
    headers: Headers = []
    for key, value in event.items():
        name, _, variable = key.partition("(")
        headers.append((name, f"{variable[:-1]}={value}") if variable else (key, value))
    return event["Event"], headers[1:]


def listed(event: dict[str, str]) -> Headers:
    name, headers = wire(event)
    return [("Event", name), *headers]


async def take(subscription: Subscription, count: int) -> list[Event]:
    async with asyncio.timeout(5):
        return [await anext(subscription) for _ in range(count)]


async def test_start_learns_what_is_there(ami: FakeAmi, make: Make) -> None:
    ami.lists["CoreShowChannels"] = [listed(caller("CoreShowChannel"))]
    ami.lists["QueueStatus"] = [
        listed(member("QueueMember", "2001")),
        [("Event", "QueueEntry"), ("Queue", "district-39"), ("Uniqueid", "1.1")],
    ]
    board = make()
    subscription = board.subscribe()
    await board.start()
    await board.ready(1)
    assert board.connected
    assert list(board.state.calls) == ["c1"]
    assert await take(subscription, 2) == [
        Queued(AT, "c1", "district-39", "+919876543210", district="39"),
        MemberChanged(AT, "2001", True, False, False),
    ]


async def test_events_reach_every_reader(ami: FakeAmi, make: Make) -> None:
    board = make()
    await board.start()
    readers = [board.subscribe() for _ in range(3)]
    await ami.event(*wire(caller("QueueCallerJoin")))
    await ami.event(*wire(leg("AgentCalled", "2001", "1.2")))
    for reader in readers:
        assert [type(event) for event in await take(reader, 2)] == [Queued, Ringing]


async def test_ring_is_told_within_a_hundredth_of_a_second(ami: FakeAmi, make: Make) -> None:
    board = make()
    await board.start()
    reader = board.subscribe()
    await ami.event(*wire(caller("QueueCallerJoin")))
    await take(reader, 1)
    began = time.perf_counter()
    await ami.event(*wire(leg("AgentCalled", "2001", "1.2")))
    await take(reader, 1)
    assert time.perf_counter() - began < 0.1, "a tenth is failed, a hundredth is usual"


async def test_slow_reader_is_told_to_resync(ami: FakeAmi, make: Make) -> None:
    board = make()
    await board.start()
    slow, quick = board.subscribe(maxlen=3), board.subscribe()
    for number in range(5):
        await ami.event(*wire(caller("QueueCallerJoin", call=f"c{number}", channel=f"1.{number}")))
    await take(quick, 5)
    # Three fit, the fourth is lost with them, the fifth comes after the notice.
    assert await take(slow, 2) == [
        Resync(AT),
        Queued(AT, "c4", "district-39", "+919876543210", district="39"),
    ]


async def test_closed_subscription_ends_and_is_not_fed(ami: FakeAmi, make: Make) -> None:
    board = make()
    await board.start()
    with board.subscribe() as reader:
        pass
    await ami.event(*wire(caller("QueueCallerJoin")))
    assert [event async for event in reader] == []
    waiting = board.subscribe()
    collected = asyncio.create_task(collect(waiting))
    await board.stop()
    assert await collected == []


async def collect(subscription: Subscription) -> list[Event]:
    return [event async for event in subscription]


async def test_refused_first_connect_is_bounded(ami: FakeAmi, make: Make) -> None:
    await ami.close()
    board = make(start_seconds=0.2)
    async with asyncio.timeout(5):
        with pytest.raises(SwitchboardError, match=r"cannot be reached.*is Asterisk running"):
            await board.start()
    assert not board.connected
    with pytest.raises(SwitchboardError, match="no link to Asterisk"):
        await board.ready(0.01)


async def test_asterisk_that_starts_late_is_waited_for(ami: FakeAmi, make: Make) -> None:
    await ami.close()
    board = make(start_seconds=5)
    starting = asyncio.create_task(board.start())
    for _ in range(5):
        await asyncio.sleep(0)
    await ami.listen()
    await starting
    assert board.connected


async def test_wrong_password_is_tried_once(ami: FakeAmi, make: Make) -> None:
    board = make(secret="wrong", start_seconds=30)
    async with asyncio.timeout(5):
        with pytest.raises(LoginRefusedError, match=r"its secret in manager\.conf is another"):
            await board.start()
    assert len(ami.actions("Login")) == 1


async def test_after_a_reconnect_actions_are_not_sent_again_and_phantoms_go(ami: FakeAmi, make: Make) -> None:
    board = make(action_seconds=5)
    await board.start()
    reader = board.subscribe()
    await ami.event(*wire(caller("QueueCallerJoin")))
    await ami.event(*wire(leg("AgentCalled", "2001", "1.2")))
    await take(reader, 2)
    ami.silent = {"QueueAdd"}
    adding = asyncio.create_task(board.queue_add("2001", "district-39"))
    await ami.arrival("QueueAdd")
    await ami.drop()
    with pytest.raises(SwitchboardError, match="lost during QueueAdd"):
        await adding
    assert await take(reader, 2) == [RingEnded(AT, "c1", "2001"), CallEnded(AT, "c1", None)]
    await board.ready(5)
    assert ami.connections == 2
    await board.queue_pause("2001", "district-39")
    assert len(ami.actions("QueueAdd")) == 1


async def test_events_during_the_resync_come_after_it(ami: FakeAmi, make: Make) -> None:
    """A call of the snapshot that hangs up before the snapshot is complete must not stay."""
    ami.lists["CoreShowChannels"] = [listed(caller("CoreShowChannel"))]
    ami.silent = {"QueueStatus"}
    board = make()
    reader = board.subscribe()
    starting = asyncio.create_task(board.start())
    action = await ami.arrival("QueueStatus")
    await ami.event(*wire(caller("Hangup", Cause="16")))
    reference = ("ActionID", action["ActionID"])
    await ami.send(message(("Response", "Success"), ("EventList", "start"), ("Message", "list"), reference))
    await ami.send(message(("Event", "QueueStatusComplete"), reference))
    await starting
    assert await take(reader, 1) == [CallEnded(AT, "c1", 16)]
    assert board.state.calls == {}


async def test_half_open_connection_is_noticed(ami: FakeAmi, make: Make) -> None:
    board = make(ping_seconds=0.02, action_seconds=0.05)
    await board.start()
    ami.silent = {"Ping"}
    await ami.arrival("Ping")
    async with asyncio.timeout(5):
        await ami.arrival("Login", 2)
    ami.silent = set()
    await board.ready(5)


async def test_reconnects_go_on_while_the_password_is_wrong(ami: FakeAmi, make: Make) -> None:
    board = make()
    await board.start()
    ami.errors = {"Login": "Authentication failed"}
    await ami.drop()
    await ami.arrival("Login", 4)
    assert not board.connected
    ami.errors = {}
    await board.ready(5)


async def test_state_is_compared_at_a_pace(ami: FakeAmi, make: Make) -> None:
    board = make(ping_seconds=0.02, resync_seconds=0.02)
    await board.start()
    reader = board.subscribe()
    ami.lists["QueueStatus"] = [listed(member("QueueMember", "2001"))]
    assert await take(reader, 1) == [MemberChanged(AT, "2001", True, False, False)]
    assert ami.connections == 1


async def test_queue_actions(ami: FakeAmi, make: Make) -> None:
    board = make()
    with pytest.raises(SwitchboardError, match="is down"):
        await board.queue_add("2001", "state")
    await board.start()
    await board.queue_add("2001", "district-39")
    await board.queue_pause("2001", "district-39", paused=False)
    await board.queue_remove("2001", "district-39")
    sent = {name: ami.actions(name)[0] for name in ("QueueAdd", "QueuePause", "QueueRemove")}
    assert {action["Interface"] for action in sent.values()} == {"PJSIP/2001"}
    assert {action["Queue"] for action in sent.values()} == {"district-39"}
    assert sent["QueuePause"]["Paused"] == "false"
    ami.errors = {
        "QueueAdd": "Unable to add interface: Already there",
        "QueueRemove": "Unable to remove interface: Not there",
        "QueuePause": "Interface not found",
    }
    await board.queue_add("2001", "district-39")
    await board.queue_remove("2001", "district-39")
    with pytest.raises(SwitchboardError, match="Interface not found"):
        await board.queue_pause("2001", "district-39")
    with pytest.raises(ValueError, match="line end"):
        await board.queue_add("2001\r\nAction: Originate", "state")


async def test_stop_leaves_nothing(ami: FakeAmi, make: Make) -> None:
    before = asyncio.all_tasks()
    board = make()
    await board.stop()
    await board.start()
    await board.stop()
    await board.stop()
    await ami.close()
    assert asyncio.all_tasks() - before == set()
    assert not board.connected


async def test_abandoned_call(ami: FakeAmi, make: Make) -> None:
    board = make()
    await board.start()
    reader = board.subscribe()
    await ami.event(*wire(caller("QueueCallerJoin")))
    await ami.event(*wire(caller("QueueCallerAbandon", HoldTime="7")))
    await ami.event(*wire(caller("Hangup")))
    assert (await take(reader, 2))[1] == Abandoned(AT, "c1", "district-39", 7.0)


def test_pauses_double_up_to_the_most_with_jitter() -> None:
    highest = Pauses(0.5, 3, lambda: 1.0)
    lowest = Pauses(0.5, 3, lambda: 0.0)
    assert [next(highest) for _ in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert [next(lowest) for _ in range(5)] == [0.25, 0.5, 1.0, 1.5, 1.5]


def test_clock_is_aware() -> None:
    assert utc_now().utcoffset() == timedelta(0)
