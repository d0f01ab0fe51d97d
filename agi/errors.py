"""Everything that can go wrong in this room, as one tree.

A conversation sees `Hangup` and its child `Disconnected` in the ordinary way of a call; the rest mean
that something is wrong with a command, a prompt or the peer. ``str()`` of each is one line for people.
"""

# ruff: noqa: N818 (these name what happened on the line; most are no programming errors)

from __future__ import annotations


class AgiError(Exception):
    """Base of all errors of this room."""


class ListenError(AgiError):
    """The service cannot listen on the address it was given."""


class Hangup(AgiError):
    """The caller has hung up.

    Raised by the next command that needs a living channel. Commands that Asterisk still takes on a dead
    channel (variables, database, verbose, noop, exec) go on working, so a conversation can store what
    it knows.
    """


class Disconnected(Hangup):
    """The connection to Asterisk is closed: no command of any kind can be sent any more."""


class CommandRefused(AgiError):
    """Asterisk did not know the command (510), or found its syntax wrong (520).

    Attributes: ``code``, the three-digit code, and ``text``, the whole answer (several lines for 520).
    """

    def __init__(self, command: str, code: int, text: str) -> None:
        first_line = text.partition("\n")[0]
        super().__init__(f"Asterisk refused {command}: {code} {first_line}".rstrip())
        self.code = code
        self.text = text


class CommandFailed(AgiError):
    """Asterisk took the command and could not do it, with the caller still on the line.

    The usual cause is a sound file that is not installed, or an application whose module is not loaded.
    """


class CommandTimeout(AgiError):
    """No reply came within the time the command may take; the connection has been closed."""


class ProtocolViolation(AgiError):
    """The peer does not speak FastAGI, or more of it than the set limits allow."""


class SessionLimit(AgiError):
    """The service already holds as many sessions as its settings allow."""
