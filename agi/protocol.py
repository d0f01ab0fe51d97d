"""FastAGI without sockets: bytes go in; an environment, replies and hangups come out.

Asterisk speaks first (the environment, ended by a blank line), then answers our commands one by one.
``HANGUP`` arrives unasked, even between a command and its reply. Nothing a peer sends makes this object
hold more than the limits it was made with, nor work more than in proportion to the bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from agi.environment import Environment, parse_environment
from agi.errors import ProtocolViolation
from agi.replies import Reply, is_end_of_value, parse_reply


class Notice(Enum):
    """What a peer says besides its environment and its replies."""

    HANGUP = "hangup"
    JUNK = "junk"


Event = Environment | Reply | Notice

_HANGUP = (Notice.HANGUP,)
_JUNK = (Notice.JUNK,)


class Wire:
    """The receiving side of one session.

    Not reusable: after ProtocolViolation the session must be closed.
    """

    __slots__ = ("_block", "_buffer", "_environment_bytes", "_held", "_reply_bytes", "_started")

    def __init__(self, environment_bytes: int, reply_bytes: int) -> None:
        self._environment_bytes = environment_bytes
        self._reply_bytes = reply_bytes
        self._buffer = bytearray()
        self._started = False
        self._block: list[str] = []
        self._held = 0

    def receive(self, data: bytes) -> Iterable[Event]:
        """Take what the socket gave; the events that are complete now, in order.

        The caller goes through all of them before it calls again, or closes the session. Raises
        ProtocolViolation, at once or on the way, when the environment or one reply is longer than its
        limit, or when the environment names no script.
        """
        if self._started and not self._buffer and data.find(b"\n") == len(data) - 1:
            return self._line(data)
        return self._events(data)

    def _events(self, data: bytes) -> Iterator[Event]:
        buffer = self._buffer
        scanned = len(buffer)
        buffer += data
        if not self._started:
            after = self._end_of_environment(max(0, scanned - 2))
            if not after:
                return
            yield parse_environment(bytes(buffer[:after]))
            self._started = True
            del buffer[:after]
            scanned = 0
        start = 0
        while (end := buffer.find(b"\n", scanned)) >= 0:
            yield from self._line(buffer[start : end + 1])
            start = scanned = end + 1
        del buffer[:start]
        if len(buffer) > self._reply_bytes:
            raise ProtocolViolation(f"a reply of more than {self._reply_bytes} bytes")

    def _end_of_environment(self, start: int) -> int:
        buffer = self._buffer
        if buffer.startswith((b"\n", b"\r\n")):
            raise ProtocolViolation("the peer is not Asterisk: its environment is empty")
        plain = buffer.find(b"\n\n", start, self._environment_bytes)
        carriage = buffer.find(b"\n\r\n", start, self._environment_bytes)
        if plain >= 0 and not 0 <= carriage < plain:
            return plain + 2
        if carriage >= 0:
            return carriage + 3
        if len(buffer) > self._environment_bytes:
            raise ProtocolViolation(f"an environment of more than {self._environment_bytes} bytes")
        return 0

    def _line(self, line: bytes | bytearray) -> tuple[Event, ...]:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if self._block:
            return self._further(line, text)
        if len(line) > self._reply_bytes:
            raise ProtocolViolation(f"a reply of more than {self._reply_bytes} bytes")
        if line[:3].isdigit():
            separator = text[3:4]
            if separator in {" ", ""}:
                reply = parse_reply(text)
                if reply is not None:
                    return (reply,)
                separator = "-"
            if separator == "-":
                self._block.append(text)
                self._held = len(line)
                return ()
        return _HANGUP if text == "HANGUP" else _JUNK

    def _further(self, line: bytes | bytearray, text: str) -> tuple[Event, ...]:
        block = self._block
        self._held += len(line)
        if self._held > self._reply_bytes:
            raise ProtocolViolation(f"a reply of more than {self._reply_bytes} bytes")
        first = block[0]
        if first[3:4] == "-":
            if text == "HANGUP":
                return _HANGUP
            block.append(text)
            if text[:3] != first[:3] or text[3:4] not in {" ", ""}:
                return ()
            self._block = []
            block[0], block[-1] = first[4:], text[4:]
            return (Reply(int(line[:3]), text="\n".join(block)),)
        block.append(text)
        if not is_end_of_value(text):
            return ()
        self._block = []
        reply = parse_reply("\n".join(block))
        return _JUNK if reply is None else (reply,)
