"""Looks at clocks: the machine's own, and the one that escalates."""

import ctypes
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from desk.condition import Condition
from records import Records
from records.book.heartbeat import CLOCK, last_beat

_TIME_ERROR = 5
"""What ntp_gettime gives while the kernel's clock is not synchronised (timex.h)."""


class Jumps:
    """Compares the clock people see with one that only goes forward."""

    def __init__(
        self,
        most_seconds: float,
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most_seconds
        self._wall = wall
        self._steady = steady
        self._before: float | None = None

    def look(self) -> list[Condition]:
        """A jump since the last look; told once."""
        now = self._wall() - self._steady()
        jump = now - (self._before if self._before is not None else now)
        self._before = now
        if abs(jump) <= self._most:
            return []
        return [
            Condition(
                "clock_jumped", "", f"the clock jumped by {jump:+.0f} s",
                "check the time service; times of calls around this moment may be wrong",
                data={"seconds": f"{jump:+.0f}"}, lasts=False,
            )
        ]  # fmt: skip


def synchronised() -> list[Condition]:
    """Whether the kernel says that its clock is kept in step; nothing where it cannot be asked."""
    ask = getattr(ctypes.CDLL(None), "ntp_gettime", None)
    if ask is None or ask(ctypes.create_string_buffer(256)) != _TIME_ERROR:
        return []
    return [
        Condition(
            "clock_unsynchronised", "", "this machine's clock is not synchronised",
            "start chrony or systemd-timesyncd; if the host keeps the time: [health] clock_sync = false",
        )
    ]  # fmt: skip


async def escalation(records: Records, now: datetime, begun: datetime, pace: timedelta) -> list[Condition]:
    """Whether the escalation clock looked within its pace; ``begun``: since when it may be expected."""
    last = await last_beat(records.database, CLOCK)
    late = now - max(last or begun, begun) if last is None or last < begun else now - last
    if late <= pace:
        return []
    minutes = int(late.total_seconds() // 60)
    return [
        Condition(
            "clock_behind", "", f"overdue complaints have not been looked at for {minutes} min",
            "start it: helpline serve clock; see event=not-escalated in its log", data={"minutes": minutes},
        )
    ]  # fmt: skip
