"""The contract with a real Asterisk: one Local call through a real queue."""

import asyncio
from pathlib import Path

import pytest

from switchboard import (
    Abandoned,
    Answered,
    CallEnded,
    CallEvent,
    Event,
    MemberChanged,
    Queued,
    RingEnded,
    Ringing,
    Subscription,
    Switchboard,
    SwitchboardError,
    SwitchboardSettings,
)
from switchboard.ami import AmiLink
from tests.switchboard.private_asterisk import MANAGER_SECRET, QUEUE, PrivateAsterisk, private_asterisk

pytestmark = [pytest.mark.call, pytest.mark.xdist_group("switchboard-asterisk")]

SECONDS = 20


async def hang_up(asterisk: PrivateAsterisk) -> None:
    """The citizen hangs up."""
    channels = (await asterisk.cli("core show channels concise")).splitlines()
    ear = next(line.split("!")[0] for line in channels if line.startswith("Local/181@") and ";1!" in line)
    await asterisk.cli(f"channel request hangup {ear}")


async def call(asterisk: PrivateAsterisk) -> None:
    """A citizen calls 181 and listens."""
    link = AmiLink(asterisk.host, asterisk.port, "helpline", MANAGER_SECRET, lambda _: None)
    await link.open(SECONDS)
    try:
        await link.action(
            "Originate",
            {
                "Channel": "Local/181@citizen",
                "Context": "citizen",
                "Exten": "listen",
                "Priority": "1",
                "Async": "true",
            },
            seconds=SECONDS,
        )
    finally:
        link.close()


def settings(asterisk: PrivateAsterisk) -> SwitchboardSettings:
    return SwitchboardSettings(host=asterisk.host, port=asterisk.port, interface="Local/{extension}@desk")


async def until(reader: Subscription, last: type[Event]) -> list[Event]:
    events: list[Event] = []
    async with asyncio.timeout(SECONDS):
        async for event in reader:
            events.append(event)
            if isinstance(event, last):
                break
    return events


async def test_a_call_from_queue_to_end(tmp_path: Path) -> None:
    async with (
        private_asterisk(tmp_path) as asterisk,
        Switchboard(settings(asterisk), MANAGER_SECRET) as board,
    ):
        reader = board.subscribe()
        with pytest.raises(SwitchboardError, match="No such queue"):
            await board.queue_add("2003", "no-such-queue")
        await board.queue_add("2003", QUEUE)
        await board.queue_add("2003", QUEUE)
        assert [type(event) for event in await until(reader, MemberChanged)] == [MemberChanged]

        await call(asterisk)
        events = [event for event in await until(reader, CallEnded) if isinstance(event, CallEvent)]
        assert [type(event) for event in events] == [Queued, Ringing, Answered, CallEnded]
        assert len({event.call_id for event in events}) == 1
        assert len(events[0].call_id) == 36
        ringing = events[1]
        assert isinstance(ringing, Ringing)
        assert (ringing.extension, ringing.queue, ringing.caller, ringing.district) == (
            "2003", QUEUE, "9876543210", "39",
        )  # fmt: skip
        assert board.state.calls == {}

        # The caller gives up while a phone rings that nobody answers.
        await board.queue_remove("2003", QUEUE)
        await board.queue_add("2002", QUEUE)
        await call(asterisk)
        seen = await until(reader, Ringing)
        await hang_up(asterisk)
        seen += await until(reader, CallEnded)
        events = [event for event in seen if isinstance(event, CallEvent)]
        assert [type(event) for event in events] == [Queued, Ringing, RingEnded, Abandoned, CallEnded]


async def test_a_ringing_call_is_found_by_a_switchboard_that_comes_later(tmp_path: Path) -> None:
    async with private_asterisk(tmp_path) as asterisk:
        first = Switchboard(settings(asterisk), MANAGER_SECRET)
        reader = first.subscribe()
        async with first:
            await first.queue_add("2002", QUEUE)
            await call(asterisk)
            rung = (await until(reader, Ringing))[-1]
        later = Switchboard(settings(asterisk), MANAGER_SECRET)
        reader = later.subscribe()
        async with later:
            found = (await until(reader, Ringing))[-1]
            assert isinstance(rung, Ringing)
            assert isinstance(found, Ringing)
            assert (found.call_id, found.extension, found.queue) == (rung.call_id, rung.extension, rung.queue)
            await hang_up(asterisk)
            ended = (await until(reader, CallEnded))[-1]
            assert isinstance(ended, CallEnded)
            assert ended.call_id == rung.call_id
