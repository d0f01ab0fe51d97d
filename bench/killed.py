"""Kills the service with -9 in every step of a real call: does the caller arrive, and is he on record?

Each call is on a running private centre, whose service is killed when the step's prompt speaks and started
again when the call is over. Calls that Asterisk saw are counted in its own event file (CEL), and must be in
the records, each once. Two more rows: the service is not there at all, or hangs (stopped, never answering).
"""

import asyncio
import contextlib
import csv
import io
import os
import signal
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bench.conversations import longest_silence, spoken_spans
from bench.play_stage import TALK_SECONDS, register
from bench.private_centre import PrivateCentre, private_centre
from helpline.phone.citizen import Citizen, CitizenCall
from helpline.phone.errors import PhoneError
from helpline.phone.executive import Executive
from helpline.phone.prompts import centre_prompts
from helpline.phone.sounds import voice
from helpline.phone.villager import ANSWERS, answer_everything
from records import Call

EXTENSION = "2001"
SETTINGS = {
    "agi": {"key_seconds": 3, "confirm_seconds": 2, "waiting_seconds": 5},
    "asterisk": {
        "key_seconds": 3,
        "queue_wait_seconds": 120,
        "ring_seconds": 30,
        "message_silence_seconds": 3,
    },
}
# Not spoken in these calls, and each prompt more is work for the listener.
UNUSED = ("designation/", "department/", "month/", "weekday/", "time/")
CALL_SECONDS = 240.0
CAUGHT_UP_SECONDS = 60.0
FORGOTTEN_SECONDS = 240.0
ASTERISK_DIES_WITH = 2
"""Calls in it."""
_PERSON, _MESSAGE = "person", "message"


@dataclass(frozen=True)
class Step:
    """Where the service is killed: while ``prompt`` speaks; None: before the call. ``hang_up``: with it."""

    name: str
    prompt: str | None
    reaches: str = _PERSON
    answers: Mapping[str, str] | None = None
    """What is pressed, other than the way to an executive."""
    waits: bool = False
    """Nobody answers until the service is dead, so that the caller waits in the queue."""
    stops: bool = False
    hang_up: bool = False


WAITING = {**ANSWERS, "connecting": "5", "waiting-menu": "1", "waiting-menu-again": "1"}
LEAVES = {**ANSWERS, "connecting": "5", "waiting-menu": "2", "message-review": "1"}
STATUS = {"menu-complaint": "2", "status-ask-number": "10000012#"}
STEPS = (
    Step("not there from the start", None),
    Step("hangs from the start (SIGSTOP)", None, stops=True),
    Step("greeting", "greeting"),
    Step("menu", "menu-status"),
    Step("ask-district", "ask-district"),
    Step("confirm", "confirm-district"),
    Step("connecting", "connecting"),
    Step("waiting", "waiting-menu", answers=WAITING, waits=True),
    Step("waiting, message wanted", "waiting-menu", reaches=_MESSAGE, answers=LEAVES, waits=True),
    Step("message", "message-intro", reaches=_MESSAGE, answers=LEAVES, waits=True),
    Step("status", "status-ask-number", answers=STATUS),
    Step("talking", "person"),
    Step("aftercall", "complaint-number-is"),
    Step("ended", "rate-ask", hang_up=True),
)
SMOKE = ("not there from the start", "ask-district")


@dataclass
class Killed:
    """What came of one step."""

    step: Step
    arrived: bool = False
    silence: float = 0.0
    outcome: str = "-"


def run(smoke: bool) -> str:
    """Live the calls (two with ``smoke``) and return the table."""
    chosen = [step for step in STEPS if not smoke or step.name in SMOKE]
    return asyncio.run(_all(chosen))


async def _all(steps: list[Step]) -> str:
    prompts = await asyncio.to_thread(centre_prompts, without=UNUSED)
    rows: list[Killed] = []
    async with private_centre(**SETTINGS) as centre, Citizen(prompts.sounds) as citizen:
        async with centre.executive(EXTENSION) as executive:
            await executive.log_in_to_queue()
            for number, step in enumerate(steps):
                caller = f"98260900{number:02}"
                row = await _one(centre, citizen, executive, step, caller)
                print(
                    f"{step.name}: {'arrived' if row.arrived else 'LOST'}, {row.silence:.1f} s silence",
                    flush=True,
                )
                rows.append(row)
        await centre.serve()
        forgotten = await _asterisk_dies(centre, citizen)
        seen, kept = await _counted(centre)
    placed = len(rows) + ASTERISK_DIES_WITH
    lost = sum((seen - kept).values()) + sum((kept - seen).values())
    lines = [
        f"| {row.step.name} | {row.outcome} | {row.silence:.1f} s | {'yes' if row.arrived else 'NO'} |"
        for row in rows
    ]
    return "\n".join(
        [
            "| service killed in | reached | longest silence | arrived |",
            "| --- | --- | --- | --- |",
            *lines,
            "",
            forgotten,
            "",
            f"Calls placed: {placed}; arrived: {sum(row.arrived for row in rows)} of {len(rows)}; "
            f"seen by Asterisk: {sum(seen.values())}; on record: {sum(kept.values())}; "
            f"rows lost or twice: {lost}.",
        ]
    )


async def _one(
    centre: PrivateCentre, citizen: Citizen, executive: Executive, step: Step, caller: str
) -> Killed:
    if step.prompt is not None or step.stops:
        await centre.serve()
    if step.stops:
        centre.send(signal.SIGSTOP)
    row = Killed(step)
    dead = asyncio.Event()
    if step.prompt is None:
        dead.set()
    call = await citizen.call("181", caller=caller, via=centre.sip)
    tasks = [
        asyncio.create_task(answer_everything(call, step.answers or ANSWERS)),
        asyncio.create_task(_serve_caller(centre, executive, dead if step.waits else None)),
        asyncio.create_task(_speak(call)),
    ]
    try:
        async with asyncio.timeout(CALL_SECONDS):
            if step.prompt is not None:
                await _reached(call, step.prompt)
                if step.hang_up:
                    await call.hang_up()
                await centre.stop(signal.SIGKILL)
                dead.set()
            await call.ended(within=CALL_SECONDS)
    except (TimeoutError, PhoneError) as error:
        row.outcome = str(error) or "never ended"
    finally:
        await call.hang_up()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if step.stops:
        centre.send(signal.SIGCONT)
    await centre.stop(signal.SIGKILL)
    heard = await call.heard()
    row.silence = longest_silence(
        call.recording(), spoken_spans([(one.key, one.start_s, one.end_s) for one in heard])
    )
    await centre.serve()
    record = await _record(centre, caller)
    await centre.stop(signal.SIGKILL)
    row.outcome = await _outcome(centre, record)
    row.arrived = row.outcome == step.reaches
    return row


async def _asterisk_dies(centre: PrivateCentre, citizen: Citizen) -> str:
    """Kill Asterisk with calls in it and start it again: what becomes of them in the records."""
    calls = [
        await citizen.call("181", caller=f"982609100{n}", via=centre.sip) for n in range(ASTERISK_DIES_WITH)
    ]
    for call in calls:
        await call.hears("greeting", within=60)
    before = {one.call_id for one in await centre.records.calls.active()}
    if centre.exchange.pid is not None:
        os.kill(centre.exchange.pid, signal.SIGKILL)
    await centre.exchange.stop()
    began = time.monotonic()
    await centre.exchange.start()
    for call in calls:
        await call.hang_up()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FORGOTTEN_SECONDS):
            # Another process writes: nobody tells this one.
            while await centre.records.calls.active():  # noqa: ASYNC110
                await asyncio.sleep(0.5)
    left = len(await centre.records.calls.active())
    took = time.monotonic() - began
    return (
        f"Asterisk killed with {len(before)} calls in it and started again: {left} of them active on record "
        f"after {took:.0f} s."
    )


async def _reached(call: CitizenCall, prompt: str) -> None:
    """Until the prompt speaks; "person": until somebody answered."""
    if prompt == "person":
        await call.ear.until(lambda: call.ear.person_at is not None)
    else:
        await call.hears(prompt, within=CALL_SECONDS)


async def _serve_caller(centre: PrivateCentre, executive: Executive, dead: asyncio.Event | None) -> None:
    """Answer when it rings (not before ``dead``), write a complaint down, hang up."""
    while True:
        leg = await executive.called(within=CALL_SECONDS)
        if dead is not None and not dead.is_set():
            await leg.ended(within=CALL_SECONDS)
            continue
        with contextlib.suppress(PhoneError):
            await leg.answer()
            await leg.answered(within=10)
            leg.say(voice(TALK_SECONDS, seed=181))
            active = [
                one for one in await centre.records.calls.active() if one.caller_e164 == f"+91{leg.number}"
            ]
            if active:
                await register(centre.records, leg.number, active[0].call_id)
            await leg.said(within=TALK_SECONDS + 10)
            await leg.hang_up()


async def _speak(call: CitizenCall) -> None:
    """Say something after every beep."""
    answered = 0

    def beeped() -> bool:
        return sum(one.key == "beep" for one in call.ear.heard()) > answered

    while True:
        await call.ear.until(beeped)
        if not beeped():
            return
        answered += 1
        call.say(voice(4.0, seed=39))


async def _record(centre: PrivateCentre, caller: str) -> Call | None:
    """The caller's call once its end is on record."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CAUGHT_UP_SECONDS):
            while True:
                for one in await centre.records.calls.recent(100):
                    if one.caller_e164 == f"+91{caller}" and one.outcome is not None:
                        return one
                await asyncio.sleep(0.2)
    return None


async def _outcome(centre: PrivateCentre, call: Call | None) -> str:
    if call is None:
        return "not on record"
    if call.outcome == "answered":
        return _PERSON
    if any(one.call_id == call.call_id for one in await centre.records.drafts.open(100)):
        return _MESSAGE
    return str(call.outcome)


async def _counted(centre: PrivateCentre) -> tuple[Counter[str], Counter[str]]:
    """Ids of calls: those in Asterisk's event file, and those in the records as often as they are there."""
    text = await asyncio.to_thread(centre.events_file.read_text, "utf-8")
    seen = Counter({row[2] for row in csv.reader(io.StringIO(text)) if len(row) > 2 and row[2]})
    ends = time.monotonic() + CAUGHT_UP_SECONDS
    while True:
        kept = Counter(one.call_id for one in await centre.records.calls.recent(1000))
        if (kept == seen and not await centre.records.calls.active()) or time.monotonic() > ends:
            return seen, kept
        await asyncio.sleep(0.5)
