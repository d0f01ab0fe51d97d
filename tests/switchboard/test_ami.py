"""The link against a manager interface that misbehaves: panoramisk's faults must not come through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from switchboard.ami import AmiLink, AmiMessage
from switchboard.errors import LoginRefusedError, SwitchboardError
from tests.switchboard.fake_ami import SECRET, FakeAmi, message


class Inbox:
    """Events of a link, to be waited for."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[AmiMessage] = asyncio.Queue()

    async def next(self) -> AmiMessage:
        async with asyncio.timeout(5):
            return await self.queue.get()


@asynccontextmanager
async def linked(ami: FakeAmi, *, message_bytes: int = 100_000) -> AsyncIterator[tuple[AmiLink, Inbox]]:
    inbox = Inbox()
    link = AmiLink(
        "127.0.0.1", ami.port, "helpline", SECRET, inbox.queue.put_nowait, message_bytes=message_bytes
    )
    await link.open(5)
    try:
        yield link, inbox
    finally:
        link.close()


async def test_utf8_split_over_two_segments() -> None:
    name = "रामप्रसाद अ"
    data = message(("Event", "Newchannel"), ("CallerIDName", name), ("Last", "अ"))
    async with FakeAmi() as ami, linked(ami) as (_, inbox):
        for cut in range(1, len(data)):
            await ami.send(data[:cut])
            await ami.send(data[cut:])
            event = await inbox.next()
            assert (event["CallerIDName"], event["Last"]) == (name, "अ"), f"cut at byte {cut}"


async def test_messages_in_one_segment_and_byte_by_byte() -> None:
    data = b"".join(message(("Event", "Hangup"), ("Number", str(number))) for number in range(5))
    async with FakeAmi() as ami, linked(ami) as (_, inbox):
        await ami.send(data)
        for byte in data:
            await ami.send(bytes([byte]))
        assert [(await inbox.next())["Number"] for _ in range(10)] == [*"01234", *"01234"]


async def test_invalid_utf8_does_not_end_the_link() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, inbox):
        await ami.send(b"Event: Newchannel\r\nCallerIDName: \xff\xfe\xe0\r\nUniqueid: 1.1\r\n\r\n")
        assert (await inbox.next())["Uniqueid"] == "1.1"
        assert await link.action("Ping", seconds=5)


async def test_an_action_has_a_time_limit_and_a_late_answer_hurts_nobody() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.silent = {"QueueAdd"}
        with pytest.raises(SwitchboardError, match=r"did not answer QueueAdd within 0\.05 s"):
            await link.action("QueueAdd", {"Queue": "state"}, seconds=0.05)
        late = ami.actions("QueueAdd")[0]["ActionID"]
        await ami.send(message(("Response", "Error"), ("ActionID", late), ("Message", "too late")))
        assert (await link.action("Ping", seconds=5))[0]["Message"] == "Ping done"


async def test_a_lost_link_ends_waiting_actions_at_once() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.silent = {"QueueAdd"}
        waiting = asyncio.create_task(link.action("QueueAdd", seconds=60))
        await ami.arrival("QueueAdd")
        await ami.drop()
        with pytest.raises(SwitchboardError, match="lost during QueueAdd"):
            await waiting
        with pytest.raises(SwitchboardError, match="is down"):
            await link.action("Ping", seconds=60)


@pytest.mark.parametrize("bad", ["state\r\nAction: Originate", "state\n", "state\r", "a\0b"])
async def test_line_ends_in_fields_are_refused(bad: str) -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        before = ami.raw
        for name, fields in (("QueueAdd", {"Queue": bad}), ("QueueAdd", {bad: "state"}), (bad, {})):
            with pytest.raises(ValueError, match="line end"):
                await link.action(name, fields, seconds=5)
        await link.action("Ping", seconds=5)
        assert b"state" not in ami.raw.removeprefix(before)


async def test_a_line_end_in_the_secret_is_refused() -> None:
    async with FakeAmi() as ami:
        link = AmiLink("127.0.0.1", ami.port, "helpline", "right\r\nX: y", lambda _: None)
        with pytest.raises(ValueError, match="line end"):
            await link.open(5)
        assert ami.raw == b""


async def test_a_refused_list_is_an_error_and_not_a_wait() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        ami.errors = {"QueueStatus": "Permission denied"}
        with pytest.raises(SwitchboardError, match="refused QueueStatus: Permission denied"):
            await link.action("QueueStatus", seconds=60)


async def test_a_list_comes_whole_and_apart_from_events() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, inbox):
        ami.lists["QueueStatus"] = [[("Event", "QueueMember"), ("Name", str(n))] for n in range(500)]
        waiting = asyncio.create_task(link.action("QueueStatus", seconds=60))
        await ami.arrival("QueueStatus")
        await ami.event("Hangup", [("Uniqueid", "1.1")])
        messages = await waiting
        assert [part["Name"] for part in messages[1:-1]] == [str(n) for n in range(500)]
        assert (await inbox.next())["Event"] == "Hangup"
        assert inbox.queue.empty()


async def test_many_actions_at_once_each_get_their_own_answer() -> None:
    async with FakeAmi() as ami, linked(ami) as (link, _):
        names = [f"Act{number}" for number in range(200)]
        answers = await asyncio.gather(*(link.action(name, seconds=10) for name in names))
        assert [answer[0]["Message"] for answer in answers] == [f"{name} done" for name in names]


async def test_refused_login_says_so() -> None:
    async with FakeAmi() as ami:
        link = AmiLink("127.0.0.1", ami.port, "helpline", "wrong", lambda _: None)
        with pytest.raises(
            LoginRefusedError, match=r"refused the manager user helpline \(Authentication failed\)"
        ):
            await link.open(5)
        assert "wrong" not in str(link)


async def test_silent_server_and_server_that_hangs_up() -> None:
    async with FakeAmi() as ami:
        ami.silent = {"Login"}
        link = AmiLink("127.0.0.1", ami.port, "helpline", SECRET, lambda _: None)
        with pytest.raises(SwitchboardError, match="did not answer"):
            await link.open(0.05)
        ami.hang_up_at_once = True
        link = AmiLink("127.0.0.1", ami.port, "helpline", SECRET, lambda _: None)
        async with asyncio.timeout(5):
            with pytest.raises(SwitchboardError, match="closed"):
                await link.open(60)


async def test_endless_message_ends_the_link() -> None:
    async with FakeAmi() as ami, linked(ami, message_bytes=10_000) as (link, _):
        await ami.send(b"Event: X\r\nValue: " + b"x" * 20_000)
        async with asyncio.timeout(5):
            assert "longer than 10000 bytes" in await link.lost()


async def test_reader_that_fails_does_not_end_the_link(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: AmiMessage) -> None:
        raise RuntimeError("broken reader")

    async with FakeAmi() as ami:
        link = AmiLink("127.0.0.1", ami.port, "helpline", SECRET, fail)
        await link.open(5)
        await ami.event("Hangup", [("CallerIDNum", "9876543210")])
        assert await link.action("Ping", seconds=5)
        link.close()
    assert "the manager event Hangup could not be taken in" in caplog.text
    assert "9876543210" not in caplog.text


async def test_variables_of_both_channels_have_keys_of_their_own() -> None:
    async with FakeAmi() as ami, linked(ami) as (_, inbox):
        await ami.event(
            "AgentCalled",
            [
                ("ChanVariable", "H181_CALL_ID=a=b"),
                ("ChanVariable", "H181_QUEUE="),
                ("DestChanVariable", "X=1"),
            ],
        )
        event = await inbox.next()
        assert event["ChanVariable(H181_CALL_ID)"] == "a=b"
        assert event["ChanVariable(H181_QUEUE)"] == ""
        assert event["DestChanVariable(X)"] == "1"


async def test_secrets_and_numbers_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with FakeAmi() as ami, linked(ami) as (link, inbox):
        await ami.event("Newchannel", [("CallerIDNum", "9876543210")])
        await inbox.next()
        ami.silent = {"QueueAdd"}
        waiting = asyncio.create_task(link.action("QueueAdd", {"Interface": "PJSIP/2001"}, seconds=60))
        await ami.arrival("QueueAdd")
        await ami.drop()
        with pytest.raises(SwitchboardError):
            await waiting
    assert SECRET not in caplog.text
    assert "9876543210" not in caplog.text
