"""Watches over the process itself: an event loop that stands still answers no caller, and must not stay.

A process that dies is noticed at once: Asterisk's connections end, the dialplan takes over, and whoever
started it starts it again. One that hangs is not. So it ends itself, with the stacks of its threads on
standard error; nothing is lost by it, as facts of calls are on disk before they are anywhere else. systemd,
where it started the process with ``WatchdogSec=``, does the same from outside, also for a stopped process.
"""

import asyncio
import contextlib
import faulthandler
import os
import socket
from collections.abc import AsyncIterator, Mapping

_TICKS = 4
"""In the time after which the process ends; the last of them may be late."""


@contextlib.asynccontextmanager
async def watched(hang_seconds: float, environ: Mapping[str, str] = os.environ) -> AsyncIterator[None]:
    """Watch for as long as the context lasts, and tell systemd, where it asks, when it begins and ends.

    The process ends with exit code 1 when the event loop does nothing for ``hang_seconds``; 0: never. For
    the main task of a process: there is one such watch in it.
    """
    systemd = environ.get("NOTIFY_SOCKET", "")
    # systemd tells whom it watches: a child has inherited the variable and is not meant.
    asked = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    limits = [float(environ.get("WATCHDOG_USEC", "0")) / 1e6 if asked else 0.0, hang_seconds]
    shortest = min((limit for limit in limits if limit > 0), default=0.0)
    ticking = (
        asyncio.create_task(_tick(shortest / _TICKS, hang_seconds, systemd), name="watch")
        if shortest
        else None
    )
    _notify(systemd, "READY=1")
    try:
        yield
    finally:
        _notify(systemd, "STOPPING=1")
        if ticking is not None:
            ticking.cancel()
            await asyncio.wait({ticking})
        if hang_seconds:
            faulthandler.cancel_dump_traceback_later()


async def _tick(pause: float, hang_seconds: float, systemd: str) -> None:
    while True:
        if hang_seconds:
            faulthandler.dump_traceback_later(hang_seconds, exit=True)
        _notify(systemd, "WATCHDOG=1")
        await asyncio.sleep(pause)


def _notify(address: str, state: str) -> None:
    """One datagram; nobody listening is no reason not to serve."""
    if not address:
        return
    path = "\0" + address[1:] if address.startswith("@") else address
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(state.encode(), path)
