"""Whole calls by SIPp: Asterisk and the service beside the same menu in pure dialplan, in one run."""

import asyncio
import contextlib
import itertools
import shutil
import statistics
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.ivr_capture import Capture, Heard
from bench.ivr_centre import PROMPT_SECONDS, BenchCentre, Kind, bench_centre
from bench.ivr_menu import Press, dialplan_asks, keys
from bench.ivr_sipp import executives, place
from bench.load import load_average, percentile
from dialplan.layout import layout

TITLES: dict[Kind, str] = {"agi": "Asterisk and the service", "dialplan": "pure dialplan"}
FIRST_RTP_PORTS: dict[Kind, int] = {"agi": 10000, "dialplan": 12000}
RATES = (5.0, 8.0, 12.0, 16.0, 20.0, 25.0, 32.0, 40.0)
"""Calls a second. The highest that all calls survive counts; one failed step is tried once more."""
MOST_CALLS = 2000
MOST_SECONDS = 280.0


@dataclass(frozen=True)
class Plan:
    """How much to measure."""

    rates: tuple[float, ...]
    step_seconds: float
    rounds: int
    calls: int


FULL = Plan(rates=RATES, step_seconds=3.0, rounds=4, calls=70)
SMOKE = Plan(rates=(), step_seconds=1.0, rounds=1, calls=4)
SMOKE_RATE = 4.0


@dataclass
class Run:
    """One run of calls through one centre."""

    rate: float
    calls: int
    failed: int
    asterisk_seconds: float
    service_seconds: float
    heard: list[Heard]


@dataclass
class Side:
    """One of the two, and all that was measured of it."""

    centre: BenchCentre
    presses: tuple[Press, ...]
    highest: float = 0.0
    beaten: bool = False
    runs: list[Run] = field(default_factory=list)

    @property
    def ok(self) -> int:
        """Calls of the measured runs that reached an executive."""
        return sum(run.calls - run.failed for run in self.runs)

    def milliseconds(self, which: Callable[[Heard], float | None]) -> list[float]:
        """One latency of all calls of the measured runs."""
        found = (which(heard) for run in self.runs for heard in run.heard)
        return [one * 1e3 for one in found if one is not None]


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
    table = asyncio.run(_bench(SMOKE if smoke else FULL))
    return f"{table}\nLoad average before {before}, after {load_average()}."


async def _bench(plan: Plan) -> str:
    async with contextlib.AsyncExitStack() as stack:
        agi, dialplan = await asyncio.gather(
            stack.enter_async_context(_side("agi")), stack.enter_async_context(_side("dialplan"))
        )
        sides = (agi, dialplan)
        numbers = itertools.count(10_000_000, 10_000)
        placed = 0
        until = time.monotonic() + MOST_SECONDS
        for side in sides if plan.rates else ():
            await _calls(side, 2, SMOKE_RATE, next(numbers))
        for rate in plan.rates:
            for side in sides:
                count = max(5, round(rate * plan.step_seconds))
                for _ in range(2):
                    if side.beaten or side.highest == rate or time.monotonic() > until - 60:
                        continue
                    placed += count
                    if (await _calls(side, count, rate, next(numbers))).failed == 0:
                        side.highest = rate
                side.beaten = side.highest != rate
        half = min(side.highest for side in sides) / 2 or SMOKE_RATE
        for _ in range(plan.rounds):
            for side in sides:
                if time.monotonic() < until and placed + plan.calls <= MOST_CALLS:
                    placed += plan.calls
                    side.runs.append(await _calls(side, plan.calls, half, next(numbers)))
        return _table(agi, dialplan, plan, half, placed)


@contextlib.asynccontextmanager
async def _side(kind: Kind) -> AsyncIterator[Side]:
    async with bench_centre(kind, FIRST_RTP_PORTS[kind]) as centre:
        menu = kind == "agi" or dialplan_asks(layout(centre.runtime).etc)
        async with executives(centre.runtime, centre.executive_port):
            yield Side(centre, keys(menu=menu))


async def _calls(side: Side, count: int, rate: float, first: int) -> Run:
    """Calls that all end before it returns. Failed: SIPp says so, or no executive was rung."""
    centre = side.centre
    with Capture(centre.sip_port, centre.executive_port) as capture:
        before = centre.cpu_seconds()
        placed = await place(
            Path(centre.runtime), centre.sip_port, side.presses, calls=count, rate=rate, first=first
        )
        after = centre.cpu_seconds()
    heard = list(capture.calls.values())
    reached = sum(one.offered is not None for one in heard)
    asterisk, service = (late - early for late, early in zip(after, before, strict=True))
    return Run(rate, count, max(placed.failed, count - reached), asterisk, service, heard)


def _table(agi: Side, dialplan: Side, plan: Plan, half: float, placed: int) -> str:
    lines = ["| figure | " + " | ".join(TITLES.values()) + " | ratio | target |"]
    lines.append("| --- | ---: | ---: | ---: | ---: |")
    asterisk = [[run.asterisk_seconds / run.calls * 1e3 for run in side.runs] for side in (agi, dialplan)]
    service = [[run.service_seconds / run.calls * 1e3 for run in side.runs] for side in (agi, dialplan)]
    both = [[sum(pair) for pair in zip(*one, strict=True)] for one in zip(asterisk, service, strict=True)]
    for title, cpu, target in (
        ("CPU ms a call", both, "at most 1.15"),
        ("of it Asterisk", asterisk, ""),
        ("of it the service", service, ""),
    ):
        ratios = [ours / theirs for ours, theirs in zip(*cpu, strict=False) if theirs]
        ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})" if ratios else ""
        ours, theirs = (statistics.median(one) for one in cpu)
        lines.append(f"| {title} | {ours:.1f} | {theirs:.1f} | {ratio} | {target} |")
    if plan.rates:
        ratio = f"{agi.highest / dialplan.highest:.2f}" if dialplan.highest else ""
        above = " or more" if agi.highest == dialplan.highest == plan.rates[-1] else ""
        lines.append(
            f"| highest rate without a failed call, a second | {agi.highest:.0f}{above} "
            f"| {dialplan.highest:.0f}{above} | {ratio} | at least 0.9 |"
        )
    for title, which in (
        ("answer to first sound", lambda heard: heard.answer_to_speech),
        ("last key to the executive's INVITE, prompts excluded", lambda heard: heard.key_to_invite),
    ):
        cells = []
        for side in (agi, dialplan):
            found = side.milliseconds(which)
            cells.append(f"{percentile(found, 50):.0f} / {percentile(found, 99):.0f}" if found else "none")
        lines.append(f"| {title}, ms, p50 / p99 | {cells[0]} | {cells[1]} | | p99 at most 100 |")
    lines.append(
        f"| calls at half load that reached an executive | {agi.ok} of {sum(run.calls for run in agi.runs)} "
        f"| {dialplan.ok} of {sum(run.calls for run in dialplan.runs)} | | |"
    )
    pressed = [" ".join(press.key for press in side.presses) for side in (agi, dialplan)]
    lines.append(
        f"\n{placed} calls. CPU and times: {plan.rounds} alternating rounds of {plan.calls} calls at "
        f"{half:.1f} a second, half of the lower highest rate; the ratio is the median of the rounds'. "
        f"Keys: {pressed[0]}; in the dialplan {pressed[1]}. Prompts are {PROMPT_SECONDS} s each."
    )
    return "\n".join(lines)
