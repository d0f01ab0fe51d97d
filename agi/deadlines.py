"""Until when one connection may wait: for Asterisk, for its conversation's next command, for its end.

Times of the event loop's clock. The server's one timer compares them; nothing here acts by itself.
"""

from __future__ import annotations

import math

from agi.settings import AgiSettings


class Deadlines:
    """The three of one connection, each ``math.inf`` while there is none."""

    __slots__ = ("_settings", "command", "end", "reply")

    def __init__(self, settings: AgiSettings, now: float) -> None:
        self._settings = settings
        self.reply = now + settings.handshake_seconds
        """When Asterisk's environment, or its reply to a command, must be here."""
        self.command = math.inf
        """When the conversation must have asked something again."""
        self.end = now + settings.session_seconds
        """When the conversation must be over."""

    def asked(self, reply: float) -> None:
        """A command is under way, to be answered until ``reply``."""
        self.reply = reply
        self.command = math.inf

    def heard(self, now: float) -> None:
        """The environment or a reply is here: it is the conversation's turn."""
        self.reply = math.inf
        self.command = now + self._settings.silent_seconds

    def hung_up(self, now: float, *, pending: bool) -> None:
        """The channel is dead: time to store what is known. ``pending``: whether a command is."""
        self.end = min(self.end, now + self._settings.cleanup_seconds)
        if pending:
            self.reply = min(self.reply, now + self._settings.hangup_reply_seconds)

    def is_over(self, now: float) -> bool:
        """Whether the end has come, which is then put off once more, for cleaning up."""
        if now <= self.end:
            return False
        self.end = now + self._settings.cleanup_seconds
        return True

    def is_silent(self, now: float) -> bool:
        """Whether the conversation asked nothing for too long; told once."""
        if now <= self.command:
            return False
        self.command = math.inf
        return True
