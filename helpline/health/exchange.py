"""Looks at the exchange: whether Asterisk is there, and whether anybody takes calls."""

import time
from collections.abc import Callable
from datetime import datetime

from desk.condition import Condition
from dialplan.hours import Hours
from switchboard import LiveState

UNREGISTERED = "5"
"""Asterisk's device state of a telephone that is not there."""


class Away:
    """How long the link to Asterisk has been down, from the first look that found it so."""

    def __init__(
        self, address: str, most_seconds: float, *, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = address
        self._most = most_seconds
        self._steady = steady
        self._since: float | None = None

    def look(self, *, connected: bool) -> list[Condition]:
        """Told when it is longer than expected."""
        now = self._steady()
        if connected:
            self._since = None
            return []
        self._since = now if self._since is None else self._since
        gone = now - self._since
        if gone < self._most:
            return []
        minutes = max(1, int(gone // 60))
        return [
            Condition(
                "asterisk_away", self._address, f"no link to Asterisk at {self._address} for {gone:.0f} s",
                "start it: helpline asterisk run; then look into its messages.log", data={"minutes": minutes},
            )
        ]  # fmt: skip


class Nobody:
    """How long nobody has taken calls while the centre is open."""

    def __init__(
        self,
        queue: str,
        code: str,
        hours: Hours,
        most_seconds: float,
        *,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue = queue
        self._code = code
        self._hours = hours
        self._most = most_seconds
        self._steady = steady
        self._since: float | None = None

    def look(self, state: LiveState, now: datetime, *, connected: bool) -> list[Condition]:
        """Told when it is longer than a change of shift takes. Without a link nobody knows."""
        staffed = any(
            one.queues.get(self._queue) is False and one.device != UNREGISTERED
            for one in state.members.values()
        )
        if staffed or not connected or not self._hours.is_open(self._code, now):
            self._since = None
            return []
        moment = self._steady()
        self._since = moment if self._since is None else self._since
        if moment - self._since < self._most:
            return []
        return [
            Condition(
                "nobody_logged_in", self._queue, f"nobody takes calls in {self._queue}, and it is open",
                "an executive dials *11; all who pause dial *13", data={"queue": self._queue},
            )
        ]  # fmt: skip
