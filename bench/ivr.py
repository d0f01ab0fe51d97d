"""Whole calls by SIPp: Asterisk and the service beside the same menu in pure dialplan, in one run.

Two kinds of caller. Natural ones hear the product's prompts and press after them; both centres take them at
the same time. Hurried ones have prompts of a tenth of a second and press at once: the hard case for the
service, whose share of such a call is many times that of a real one; they also give the highest rate.
"""

import asyncio
import contextlib
import itertools
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.ivr_capture import Capture
from bench.ivr_centre import Kind, bench_centre
from bench.ivr_menu import Pace, caller, dialplan_asks
from bench.ivr_sipp import executives, place
from bench.ivr_table import Pair, Run, Side, table
from bench.load import load_average
from dialplan.layout import layout

FIRST_RTP_PORTS: dict[Kind, int] = {"agi": 10000, "dialplan": 12000}
FIRST_MEDIA_PORTS: dict[Kind, int] = {"agi": 14000, "dialplan": 24000}
RATES = (8.0, 12.0, 16.0, 20.0, 23.0, 26.0, 29.0, 32.0, 35.0, 38.0, 41.0, 44.0)
"""Calls a second. The highest that all calls survive counts; one failed step is tried once more."""
MOST_CALLS = 2000
MOST_SECONDS = 200.0
"""For the hurried callers; the natural ones take as long as their calls."""


@dataclass(frozen=True)
class Plan:
    """How much to measure."""

    rates: tuple[float, ...]
    step_seconds: float
    rounds: int
    calls: int
    natural_rate: float
    natural_rounds: int
    natural_calls: int


FULL = Plan(
    rates=RATES,
    step_seconds=3.0,
    rounds=3,
    calls=70,
    natural_rate=2.0,
    natural_rounds=2,
    natural_calls=40,
)
SMOKE = Plan(
    rates=(),
    step_seconds=1.0,
    rounds=1,
    calls=4,
    natural_rate=2.0,
    natural_rounds=0,
    natural_calls=0,
)
SMOKE_RATE = 4.0


def run(smoke: bool) -> str:
    """The table; one line instead when this machine cannot run it."""
    if shutil.which("sipp") is None:
        return "not measured: SIPp is not installed (Debian: sip-tester)"
    try:
        with Capture(1, 2):
            pass
    except PermissionError:
        return "not measured: keys are sent and packets read on raw sockets, which needs root"
    before = load_average()
    text = asyncio.run(_bench(SMOKE if smoke else FULL))
    return f"{text}\nLoad average before {before}, after {load_average()}."


async def _bench(plan: Plan) -> str:
    numbers = itertools.count(10_000_000, 10_000)
    natural = await _natural(plan, numbers) if plan.natural_rounds else None
    hurried, half = await _hurried(plan, numbers)
    return table(natural, hurried, rates=plan.rates, natural_rate=plan.natural_rate, half=half)


async def _natural(plan: Plan, numbers: Iterator[int]) -> Pair:
    """Both centres at the same time, so that what else the machine does falls on both."""
    async with _pair("natural") as pair:
        # A service learns from its first calls; it lives for months.
        await asyncio.gather(*(_calls(side, 2, SMOKE_RATE, next(numbers)) for side in pair))
        for _ in range(plan.natural_rounds):
            runs = await asyncio.gather(
                *(_calls(side, plan.natural_calls, plan.natural_rate, next(numbers)) for side in pair)
            )
            for side, done in zip(pair, runs, strict=True):
                side.runs.append(done)
        return pair


async def _hurried(plan: Plan, numbers: Iterator[int]) -> tuple[Pair, float]:
    """Rising rates, then alternating rounds at half of the lower highest rate, which is given too."""
    async with _pair("hurried") as pair:
        placed = 0
        until = time.monotonic() + MOST_SECONDS
        for side in pair if plan.rates else ():
            await _calls(side, 2, SMOKE_RATE, next(numbers))
        for rate in plan.rates:
            for side in pair:
                count = max(5, round(rate * plan.step_seconds))
                for _ in range(2):
                    if side.beaten or side.highest == rate or time.monotonic() > until - 60:
                        continue
                    placed += count
                    if (await _calls(side, count, rate, next(numbers))).failed == 0:
                        side.highest = rate
                side.beaten = side.highest != rate
        half = min(side.highest for side in pair) / 2 or SMOKE_RATE
        for _ in range(plan.rounds):
            for side in pair:
                if time.monotonic() < until and placed + plan.calls <= MOST_CALLS:
                    placed += plan.calls
                    side.runs.append(await _calls(side, plan.calls, half, next(numbers)))
        return pair, half


@contextlib.asynccontextmanager
async def _pair(pace: Pace) -> AsyncIterator[Pair]:
    async with contextlib.AsyncExitStack() as stack:
        agi, dialplan = await asyncio.gather(
            stack.enter_async_context(_side("agi", pace)), stack.enter_async_context(_side("dialplan", pace))
        )
        yield agi, dialplan


@contextlib.asynccontextmanager
async def _side(kind: Kind, pace: Pace) -> AsyncIterator[Side]:
    async with bench_centre(kind, pace, FIRST_RTP_PORTS[kind]) as centre:
        menu = kind == "agi" or dialplan_asks(layout(centre.runtime).etc)
        async with executives(centre.runtime, centre.executive_port):
            yield Side(centre, caller(pace, menu=menu))


async def _calls(side: Side, count: int, rate: float, first: int) -> Run:
    """Calls that all end before it returns. Failed: SIPp says so, or no executive was rung."""
    centre = side.centre
    with Capture(centre.sip_port, centre.executive_port) as capture:
        before = centre.cpu_seconds()
        placed = await place(
            Path(centre.runtime), centre.sip_port, side.script,
            calls=count, rate=rate, first=first, media_port=FIRST_MEDIA_PORTS[centre.kind],
        )  # fmt: skip
        after = centre.cpu_seconds()
    heard = list(capture.calls.values())
    reached = sum(one.offered is not None for one in heard)
    asterisk, service = (late - early for late, early in zip(after, before, strict=True))
    return Run(rate, count, max(placed.failed, count - reached), asterisk, service, heard)
