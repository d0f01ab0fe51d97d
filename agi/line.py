"""The connection as a session needs it."""

from __future__ import annotations

from asyncio import Future
from typing import Protocol

from agi.replies import Reply


class Line(Protocol):
    """One channel, to which commands are sent one by one."""

    @property
    def hung_up(self) -> bool:
        """Whether the channel is known to be dead."""

    def ask(self, command: bytes, seconds: float) -> Future[Reply]:
        """Send one command; its reply within ``seconds``. Raises Disconnected when closed."""

    def mark_hung_up(self) -> None:
        """Note that the channel is dead."""
