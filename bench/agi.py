"""FastAGI: CPU of the server for a session of six commands, beside plain asyncio streams, in one run."""

import asyncio
import statistics
import subprocess
import sys
import time

import psutil
import uvloop

FIELDS = {
    "network": "yes",
    "network_script": "bench",
    "request": "agi://127.0.0.1/bench",
    "channel": "PJSIP/trunk-00000001",
    "language": "hi",
    "type": "PJSIP",
    "uniqueid": "1767225600.1",
    "version": "22.0.0",
    "callerid": "9826012345",
    "calleridname": "unknown",
    "callingpres": "0",
    "callingani2": "0",
    "callington": "0",
    "callingtns": "0",
    "dnid": "181",
    "rdnis": "unknown",
    "context": "inbound",
    "extension": "s",
    "priority": "1",
    "enhanced": "0.0",
    "accountcode": "",
    "threadid": "139637",
    "arg_1": "00000000-0000-4000-8000-000000000000",
}
ENVIRONMENT = "".join(f"agi_{name}: {value}\n" for name, value in FIELDS.items()).encode() + b"\n"
REPLY = b"200 result=0\n"
AT_ONCE = 50
ROUNDS = 5


async def _session(port: int) -> float:
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ENVIRONMENT)
    commands = 0
    while await reader.readline():
        commands += 1
        writer.write(REPLY)
    writer.close()
    if commands != 6:
        raise RuntimeError(f"a session had {commands} commands instead of 6")
    return time.perf_counter() - began


async def _drive(port: int, sessions: int) -> list[float]:
    async def worker(count: int) -> list[float]:
        return [await _session(port) for _ in range(count)]

    taken = await asyncio.gather(*(worker(sessions // AT_ONCE) for _ in range(AT_ONCE)))
    return [seconds for each in taken for seconds in each]


def _measure(which: str, sessions: int) -> tuple[float, float]:
    """CPU microseconds a session in the server, and the median milliseconds of a session at the driver."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.agi_server", which],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_drive(port, AT_ONCE * 2))
                process = psutil.Process(server.pid)
                before = sum(process.cpu_times()[:2])
                taken = runner.run(_drive(port, sessions))
                spent = sum(process.cpu_times()[:2]) - before
        finally:
            server.terminate()
    return spent / len(taken) * 1e6, statistics.median(taken) * 1e3


def run(smoke: bool) -> str:
    """The table, rounds alternating between the two servers so that noise meets both."""
    rounds, sessions = (1, 500) if smoke else (ROUNDS, 10_000)
    figures: dict[str, list[tuple[float, float]]] = {"ours": [], "streams": []}
    for _ in range(rounds):
        for which, measured in figures.items():
            measured.append(_measure(which, sessions))
    cpu = {which: statistics.median(one for one, _ in measured) for which, measured in figures.items()}
    took = {which: statistics.median(one for _, one in measured) for which, measured in figures.items()}
    lines = ["| server | CPU µs a session | ratio | median session ms |", "| --- | ---: | ---: | ---: |"]
    names = {"ours": "agi/ (this project)", "streams": "floor: asyncio streams on uvloop, nothing checked"}
    for which, name in names.items():
        lines.append(f"| {name} | {cpu[which]:.0f} | {cpu[which] / cpu['streams']:.2f} | {took[which]:.2f} |")
    lines.append(f"\n{rounds} rounds of {sessions} sessions, {AT_ONCE} at once; medians.")
    return "\n".join(lines)
