"""Who is at work while the conversations of a scene are played: executives, and the emergency's telephone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

from bench.plays import Scene
from bench.private_centre import PrivateCentre
from helpline.phone.agent import UserAgent
from helpline.phone.errors import PhoneError
from helpline.phone.executive import Executive
from helpline.phone.leg import Leg
from helpline.phone.sounds import voice
from records import AssignedTo, Complaint, NewComplaint, Records, phone

EXTENSIONS = ("2001", "2002", "2003", "2004")
EMERGENCY_ADDRESS = "127.0.0.3"
TALK_SECONDS = 3.0
RING_SECONDS = 2.0
"""So long an executive lets it ring: the caller hears meanwhile with whom he is connected."""
_WAITS = 3600.0
_ASSIGNED = AssignedTo(
    *("1", "bench", "PHE", "लोक स्वास्थ्य यांत्रिकी विभाग", "Public Health Engineering", 1, "L1"),
    *("phe-sub-engineer", "उपयंत्री", "Sub Engineer"),
    due=(datetime.now(UTC) + timedelta(days=7)).date(),
    drafted=True,
)


async def left(records: Records, call_id: str) -> str | None:
    """What a caller whom nobody answered has left: "message" or "callback"."""
    if any(one.call_id == call_id for one in await records.drafts.open(100)):
        return "message"
    if any(one.call_id == call_id for one in await records.callbacks.open(100)):
        return "callback"
    return None


async def register(records: Records, caller: str, call_id: str | None) -> Complaint:
    """A complaint of this caller, as an executive saves it while they talk."""
    return await records.complaints.register(
        NewComplaint(
            *(call_id, phone.parse(caller).e164, "रामप्रसाद", caller, "39", "v1", "खजूरी", "Khajuri"),
            *("t1", "हैंडपंप खराब", "Hand pump out of order", "गांव का हैंडपंप खराब है।", _ASSIGNED, "bench"),
            datetime.now(UTC),
        ),
        key=call_id or caller,
    )


class Crew:
    """Executives who answer, register what is to be registered, and hang up first."""

    def __init__(self, centre: PrivateCentre, registers: Callable[[str], bool]) -> None:
        self._centre = centre
        self._registers = registers
        self.rescued: set[str] = set()
        """Callers whom the emergency's telephone was called by."""

    @contextlib.asynccontextmanager
    async def at_work(self, scene: Scene, emergency_port: int) -> AsyncIterator[None]:
        """Telephones are registered, logged in and served until the context ends."""
        async with contextlib.AsyncExitStack() as stack:
            tasks = await stack.enter_async_context(_tasks())
            for extension in EXTENSIONS[: scene.answering + scene.ringing]:
                one = await stack.enter_async_context(self._centre.executive(extension))
                await one.log_in_to_queue()
                if len(tasks) < scene.answering:
                    tasks.append(asyncio.create_task(self._answer(one)))
            if scene.emergency:
                agent = UserAgent("112", bind=EMERGENCY_ADDRESS, port=emergency_port)
                await stack.enter_async_context(agent)
                tasks.append(asyncio.create_task(self._rescue(agent)))
            yield

    async def _answer(self, executive: Executive) -> None:
        while True:
            leg = await executive.called(within=_WAITS)
            await asyncio.sleep(RING_SECONDS)
            with contextlib.suppress(PhoneError):
                await self._talk(leg, register_it=self._registers(leg.number))

    async def _talk(self, leg: Leg, *, register_it: bool) -> None:
        await leg.answer()
        await leg.answered(within=10)
        leg.say(voice(TALK_SECONDS, seed=181))
        if register_it:
            calling = phone.parse(leg.number).e164
            active = await self._centre.records.calls.active()
            call_id = next((one.call_id for one in active if one.caller_e164 == calling), None)
            await register(self._centre.records, leg.number, call_id)
        await leg.said(within=TALK_SECONDS + 10)
        await leg.hang_up()

    async def _rescue(self, agent: UserAgent) -> None:
        while True:
            leg = await agent.called(within=_WAITS)
            self.rescued.add(leg.number)
            with contextlib.suppress(PhoneError):
                await self._talk(leg, register_it=False)


@contextlib.asynccontextmanager
async def _tasks() -> AsyncIterator[list[asyncio.Task[None]]]:
    """Tasks that are cancelled at the end; one that failed is told then."""
    tasks: list[asyncio.Task[None]] = []
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome
