"""Who sends no sound is there; who answers neither by sound nor by a signal is not. Real timers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from dialplan.binary import AsteriskBinary
from dialplan.settings import LEAST_SESSION_SECONDS, AsteriskSettings
from records.missed_calls.cel import groups, read_cel
from records.missed_calls.cel_facts import CallFacts, facts
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import LIMIT, dial_and_wait, ended, no_channels, rings, rows
from tests.dialplan.passing import hold
from tests.dialplan.sip_phone import Call, Phone, telephone

pytestmark = pytest.mark.call

DIRECT = "07372181"
SILENCE_LIMIT = 9
SIGNAL_SECONDS = 7
SLACK = 4
APART = 1.5


@asynccontextmanager
async def centre_with(binary: AsteriskBinary, **changes: Any) -> AsyncIterator[PrivateCentre]:
    more = {"sip_silence_seconds": SIGNAL_SECONDS, "queue_wait_seconds": 180, **changes}
    async with private_asterisk(binary=binary, change=lambda s: replace(s, **more)) as centre:
        yield centre


@asynccontextmanager
async def at_work(centre: PrivateCentre, extension: str, *, paused: bool = False) -> AsyncIterator[Phone]:
    """An executive's telephone, logged in."""
    async with telephone(extension, "127.0.0.1", centre.server) as phone:
        await phone.register(centre.secrets.endpoint_passwords[extension])
        await dial_and_wait(phone, "*11")
        if paused:
            await dial_and_wait(phone, "*13")
        yield phone


async def calls_in(centre: PrivateCentre, phone: Phone, headers: str = "") -> Call:
    """A call to the district's own number, on its way to the queue."""
    call = await phone.call(DIRECT, headers=headers)
    await call.hears(centre.prompts["language-hint"][:320])
    await call.press("1")
    return call


async def waiting(centre: PrivateCentre, count: int, within: float = LIMIT) -> None:
    async with asyncio.timeout(within):
        # A queue tells no counts.
        while f"has {count} calls" not in await centre.asterisk.cli("queue show district-39"):  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def told(centre: PrivateCentre) -> dict[str, CallFacts]:
    """What Asterisk's own file says of each caller's call, once all are over."""
    await no_channels(centre)
    await rows(centre, "cel-custom/helpline.csv")
    content = (centre.runtime / "log" / "cel-custom" / "helpline.csv").read_bytes()
    return {fact.caller: fact for group in groups(read_cel(content).events) for fact in facts(group)}


def cut(fact: CallFacts) -> str | None:
    return fact.cut.said if fact.cut is not None else None


async def test_only_the_longest_silence_cuts_and_says_so(
    binary: AsteriskBinary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the queue, on hold, in a talk; and a telephone that is gone and knows no session timers."""
    monkeypatch.setattr(AsteriskSettings, "longest_silence", SILENCE_LIMIT)
    now = asyncio.get_running_loop().time
    async with (
        centre_with(binary) as centre,
        at_work(centre, "2001") as seema,
        telephone("9876543211", "127.0.0.2", centre.server) as talker,
        telephone("9876543212", "127.0.0.2", centre.server) as held,
        telephone("9876543213", "127.0.0.2", centre.server) as waiter,
        telephone("9876543214", "127.0.0.2", centre.server) as lost,
    ):
        talk = await calls_in(centre, talker)
        muted = await rings(seema)
        async with at_work(centre, "2002") as rakesh:
            on_hold = await calls_in(centre, held)
            holder = await rings(rakesh)
            await hold(holder)
            waits = await calls_in(centre, waiter)
            await waiting(centre, 1)
            ghost = await calls_in(centre, lost)
            await waiting(centre, 2)
            lost.vanish()
            # Who waits is cut first: an executive who is cut before him is free to answer him.
            quiet = []
            for one in (waits, on_hold, muted):
                one.mute()
                quiet.append((one, now()))
                await asyncio.sleep(APART)
            # A telephone on hold may send nothing either, but it has a limit of its own: none of these.
            await asyncio.sleep(quiet[0][1] + SILENCE_LIMIT - 2 - now())
            assert not any(one.ended.is_set() for one in (talk, muted, on_hold, holder, waits))
            for one, since in quiet:
                await ended(one, SILENCE_LIMIT)
                assert now() - since < SILENCE_LIMIT + SLACK
            await asyncio.gather(ended(talk), ended(holder))
        calls = await told(centre)
        assert not ghost.ended.is_set(), "nobody reached it"
        reasons = {caller[-1]: cut(fact) for caller, fact in calls.items() if caller.startswith("98765")}
        assert reasons == {"1": None, "2": "no-sound", "3": "no-sound", "4": "no-sound"}
        ends = {caller[-1]: fact.end for caller, fact in calls.items()}
        outcomes = [end.outcome if end else None for _, end in sorted(ends.items())]
        assert outcomes[:3] == ["answered", "answered", "failed"]
        # The holder put his telephone down, and the next in the queue may have been answered.
        assert outcomes[3] in ("failed", "answered")


async def test_a_dead_line_with_session_timers_is_cleared_and_a_silent_one_is_not(
    binary: AsteriskBinary,
) -> None:
    """Both ways round: our side asks and gets no answer, or the other side's asking does not come.

    Takes a minute: the standard knows no shorter session.
    """
    now = asyncio.get_running_loop().time
    timers = f"Supported: timer\r\nSession-Expires: {LEAST_SESSION_SECONDS};refresher="
    async with (
        centre_with(binary, session_seconds=LEAST_SESSION_SECONDS) as centre,
        at_work(centre, "2001", paused=True),
        telephone("9876543221", "127.0.0.2", centre.server) as asked,
        telephone("9876543222", "127.0.0.2", centre.server) as asks,
        telephone("9876543223", "127.0.0.2", centre.server) as mute,
        telephone("9876543224", "127.0.0.2", centre.server) as plain,
    ):
        silent = await calls_in(centre, mute, f"{timers}uas\r\n")
        without = await calls_in(centre, plain)
        await calls_in(centre, asked, f"{timers}uas\r\n")
        await calls_in(centre, asks, f"{timers}uac\r\n")
        await waiting(centre, 4)
        silent.mute()
        without.mute()
        asked.vanish()
        asks.vanish()
        began = now()
        await waiting(centre, 2, LEAST_SESSION_SECONDS)
        assert now() - began > LEAST_SESSION_SECONDS / 2, "neither was cut before its time"
        assert silent.refreshed, "our side asked, and got an answer"
        assert not silent.ended.is_set()
        assert not without.ended.is_set()
        await silent.hang_up()
        await without.hang_up()
        calls = await told(centre)
        reasons = {caller[-1]: cut(fact) for caller, fact in calls.items()}
        assert reasons == {"1": "line-dead", "2": "line-dead", "3": None, "4": None}
        ends = [fact.end.outcome if fact.end else None for _, fact in sorted(calls.items())]
        assert ends == ["failed", "failed", "abandoned", "abandoned"]
