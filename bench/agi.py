"""FastAGI servers beside each other, with one session and one driver: CPU, turnaround, connects, memory."""

import asyncio
import contextlib
import resource
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

import psutil
import uvloop

from bench.agi_driver import BURST, burst, hold_open, run_sessions
from bench.agi_peers import HOW, Peer, peers
from bench.load import load_average, percentile

AT_ONCE = 50
OPEN = (100, 500, 2000)
COMMANDS_A_SECOND = 1000
"""Together, however many sessions are open: so the columns differ by the open sessions alone."""


@dataclass
class Figures:
    """What was measured of one server, over all rounds."""

    cpu: list[float] = field(default_factory=list)
    turnarounds: dict[int, list[float]] = field(default_factory=dict)
    refused: int = 0
    slowest: list[float] = field(default_factory=list)
    kilobytes: list[float] = field(default_factory=list)
    error: str = ""


@dataclass(frozen=True)
class Plan:
    """How long to measure."""

    rounds: int
    busy_seconds: float
    open_seconds: float
    open_sessions: tuple[int, ...]


FULL = Plan(rounds=5, busy_seconds=1.5, open_seconds=2.0, open_sessions=OPEN)
SMOKE = Plan(rounds=1, busy_seconds=0.3, open_seconds=0.2, open_sessions=(100,))


def run(smoke: bool) -> str:
    """The tables. Rounds alternate between the servers, so that noise meets all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    plan = SMOKE if smoke else FULL
    before = load_average()
    every = {peer: Figures() for peer in peers()}
    for number in range(plan.rounds):
        for peer, figures in every.items():
            if peer.installed and not figures.error:
                try:
                    _measure(peer, plan, figures, whole=number == 0)
                except Exception as error:
                    # A peer that breaks is a finding about it, not the end of the bench; ours must work.
                    if peer is next(iter(every)):
                        raise
                    figures.error = f"failed: {type(error).__name__} {error}".strip()
    return _table(every, plan) + f"\nLoad average before {before}, after {load_average()}."


def _measure(peer: Peer, plan: Plan, figures: Figures, *, whole: bool) -> None:
    """CPU; the rest too when the `whole` is wanted."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        with _server(peer) as (process, port):
            runner.run(run_sessions(port, AT_ONCE, 0, 0.2))
            spent = _cpu(process)
            sessions = runner.run(run_sessions(port, AT_ONCE, 0, plan.busy_seconds))
            figures.cpu.append((_cpu(process) - spent) / len(sessions) * 1e6)
            if not whole:
                return
            for count in (one for one in plan.open_sessions if one <= peer.most_open):
                think = count / COMMANDS_A_SECOND
                calls = runner.run(run_sessions(port, count, think, plan.open_seconds))
                found = [one for call in calls for one in call.turnarounds]
                figures.turnarounds.setdefault(count, []).extend(found)
        with _server(peer) as (_, port):
            runner.run(run_sessions(port, AT_ONCE, 0, 0.1))
            refused, slowest = runner.run(burst(port))
            figures.refused += refused
            figures.slowest.append(slowest)
        with _server(peer) as (process, port):
            runner.run(run_sessions(port, AT_ONCE, 0, 0.1))
            held = min(max(plan.open_sessions), peer.most_open)
            empty = _memory(process)
            figures.kilobytes.append(runner.run(_held_memory(process, port, held, empty)))


async def _held_memory(process: psutil.Process, port: int, count: int, empty: int) -> float:
    calls = await hold_open(port, count)
    used = await asyncio.to_thread(_memory, process)
    for call in calls:
        call.close()
    await asyncio.sleep(0.05)
    return (used - empty) / count / 1024


@contextlib.contextmanager
def _server(peer: Peer) -> Iterator[tuple[psutil.Process, int]]:
    with subprocess.Popen(
        peer.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        children: list[psutil.Process] = []
        try:
            assert server.stdout is not None
            process = psutil.Process(server.pid)
            yield process, int(server.stdout.readline())
            children = process.children()
        finally:
            server.kill()
            for child in children:
                with contextlib.suppress(psutil.Error):
                    child.kill()


def _cpu(process: psutil.Process) -> float:
    """Seconds of the server and of the children it has waited for."""
    times = process.cpu_times()
    return times.user + times.system + times.children_user + times.children_system


def _memory(process: psutil.Process) -> int:
    """Bytes that only the server and its children have."""
    total = 0
    for one in [process, *process.children()]:
        with contextlib.suppress(psutil.Error):
            total += one.memory_full_info().uss
    return total


def _table(every: dict[Peer, Figures], plan: Plan) -> str:
    floor = statistics.median(list(every.values())[1].cpu)
    heads = ["server", "CPU µs a session", "ratio"]
    heads += [f"turnaround ms at {count} open, p50 / p99" for count in plan.open_sessions]
    heads += [f"refused of {BURST} in 100 ms", "slowest of them, ms", "kB a session"]
    lines = [f"| {' | '.join(heads)} |", "| --- |" + " ---: |" * (len(heads) - 1)]
    for peer, figures in every.items():
        if not peer.installed or figures.error:
            cells = [peer.title, figures.error or HOW, *[""] * (len(heads) - 2)]
        else:
            cpu = statistics.median(figures.cpu)
            cells = [peer.title, f"{cpu:.0f}", f"{cpu / floor:.2f}"]
            for count in plan.open_sessions:
                found = figures.turnarounds.get(count)
                cells.append(
                    f"{percentile(found, 50) * 1e3:.2f} / {percentile(found, 99) * 1e3:.2f}"
                    if found
                    else "not tried"
                )
            cells.append(str(figures.refused))
            cells += [f"{max(figures.slowest):.0f}", f"{statistics.median(figures.kilobytes):.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    lines.append(
        f"\n{plan.rounds} alternating rounds. CPU: {AT_ONCE} sessions at once, as fast as they go, "
        f"{plan.busy_seconds} s; median. The rest in the first round. Turnaround: {COMMANDS_A_SECOND} "
        "commands a second over all open sessions, from the reply to the next command at the driver. "
        "Slowest: from connect to first command. Memory: own pages for each of "
        f"{max(plan.open_sessions)} open sessions (with a process each: fewer)."
    )
    return "\n".join(lines)
