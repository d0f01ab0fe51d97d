"""One TCP connection from Asterisk: bytes to the wire, replies to the conversation, deadlines kept.

Nothing is buffered on either side beyond set limits. What arrives is taken apart at once, so reading need
never be paused. A command is written when the one before it has been answered; a peer that answers what it
does not read is closed as soon as the transport's buffer is past its high-water mark.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from agi import log
from agi.deadlines import Deadlines
from agi.environment import Environment
from agi.errors import AgiError, CommandTimeout, Disconnected, ProtocolViolation
from agi.outcomes import carried_out, unknown_script
from agi.protocol import Notice, Wire
from agi.replies import Reply
from agi.session import Session

if TYPE_CHECKING:
    from agi.server import FastAgiServer

Clock = Callable[[], datetime]

_ENVIRONMENT_SECONDS = 0.002
"""Asterisk writes its environment in some thirty packets: waking for each costs more than waiting."""


class Connection(asyncio.Protocol):
    """The asyncio shell around `Wire`; also the `Line` of its session."""

    __slots__ = (
        "_deadlines",
        "_gone",
        "_loop",
        "_opened",
        "_pending",
        "_server",
        "_settings",
        "_task",
        "_transport",
        "_unasked",
        "_wire",
        "closed",
        "hung_up",
        "session",
        "source",
    )

    def __init__(self, server: FastAgiServer) -> None:
        settings = server.settings
        self._server = server
        self._settings = settings
        self._loop = server.loop
        self._wire = Wire(settings.environment_bytes, settings.reply_bytes)
        self._opened = self._loop.time()
        self._deadlines = Deadlines(settings, self._opened)
        self._pending: asyncio.Future[Reply] | None = None
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._unasked = 0
        self._gone = False
        self.closed = False
        self.hung_up = False
        self.session: Session | None = None
        self.source = ""
        """The other side's host; "" when it has none."""

    # ---- the Line of the session

    def ask(self, command: bytes, seconds: float) -> asyncio.Future[Reply]:
        """Send one command. Raises Disconnected, or RuntimeError while another command is under way."""
        if self.closed or self._transport is None:
            raise Disconnected("the connection to Asterisk is closed")
        if self._pending is not None:
            if self._pending.cancelled():
                raise ProtocolViolation("a command was given up before its reply: this session is spent")
            raise RuntimeError("one command at a time: the reply of the one before has not come yet")
        self._pending = pending = self._loop.create_future()
        if self.hung_up:
            seconds = min(seconds, self._settings.hangup_reply_seconds)
        self._deadlines.asked(self._loop.time() + seconds)
        self._transport.write(command)
        return pending

    def mark_hung_up(self) -> None:
        """The channel is dead: what still runs gets the time to store what it knows, and no more."""
        if self.hung_up:
            return
        self.hung_up = True
        self._deadlines.hung_up(self._loop.time(), pending=self._pending is not None)

    # ---- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the server's connections, or close at once when it is full."""
        self._transport = cast(asyncio.Transport, transport)
        name = transport.get_extra_info("peername")
        self.source = str(name[0]) if isinstance(name, tuple) and name else ""
        if not self._server.join(self):
            self.close()

    def data_received(self, data: bytes) -> None:
        """Take apart what came; close when it breaks a limit."""
        if self.closed:
            return
        try:
            for event in self._wire.receive(data):
                if isinstance(event, Reply):
                    self._answered(event)
                elif isinstance(event, Environment):
                    if not self._begin(event):
                        return
                else:
                    if event is Notice.HANGUP:
                        self.mark_hung_up()
                    self._count_unasked()
        except ProtocolViolation as error:
            self._cut(error)
        if self.session is None and not self.closed and self._transport is not None:
            self._transport.pause_reading()
            self._loop.call_later(_ENVIRONMENT_SECONDS, self._go_on)

    def pause_writing(self) -> None:
        """Close: Asterisk has read every command that it answers."""
        self._cut(ProtocolViolation("the peer answers commands that it does not read"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake whoever waits for a reply; the conversation has its time to store what it knows."""
        if self.session is None and not self.closed:
            self._server.noise.event(logging.INFO, "connection-without-call", peer=self.peer())
        self.closed = self._gone = True
        self._lose(Disconnected("Asterisk closed the connection"))
        self.mark_hung_up()
        if self._task is None:
            self._server.leave(self)

    # ---- deadlines, called by the server's one timer

    def check(self, now: float) -> None:
        """Close what has waited too long, cancel a conversation that does not end."""
        if now > self._deadlines.reply and not self.closed:
            name = "handshake-timeout" if self.session is None else "command-timeout"
            self._server.noise.event(logging.WARNING, name, call=self._call_id(), peer=self.peer())
            self._lose(CommandTimeout("no reply from Asterisk within the time of the command"))
            self.close()
        if self._task is not None and self._deadlines.is_silent(now):
            log.event(logging.ERROR, "session-silent", call=self._call_id(), script=self._script())
            self._task.cancel()
            # Also when it does not heed that: the dialplan takes over now.
            self.close()
        if self._deadlines.is_over(now):
            if self._task is None:
                self.close()
            else:
                log.event(logging.WARNING, "session-overdue", call=self._call_id(), hung_up=self.hung_up)
                self._task.cancel()

    def stop(self) -> asyncio.Task[None] | None:
        """Cancel the conversation; close at once when there is none yet."""
        if self._task is None:
            self.close()
        else:
            self._task.cancel()
        return self._task

    def close(self) -> None:
        """Close the transport now; what a peer does not read is thrown away."""
        self.closed = True
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if self.session is None or self._pending is not None or transport.get_write_buffer_size():
            transport.abort()
        else:
            transport.close()

    def peer(self) -> str:
        """Address of the other side, for the log."""
        name = self._transport.get_extra_info("peername") if self._transport is not None else None
        return f"{name[0]}:{name[1]}" if name else "unknown"

    # ---- inside

    def _go_on(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def _answered(self, reply: Reply) -> None:
        if reply.code < 200:
            return
        pending = self._pending
        if pending is None:
            self._count_unasked()
        elif not pending.cancelled():
            self._pending = None
            self._deadlines.heard(self._loop.time())
            pending.set_result(reply)

    def _count_unasked(self) -> None:
        self._unasked += 1
        if self._unasked > self._settings.unasked_lines:
            raise ProtocolViolation(f"more than {self._settings.unasked_lines} lines that answer nothing")

    def _begin(self, environment: Environment) -> bool:
        if reason := self._server.begin(self, environment):
            script = environment.script[:80]
            self._server.noise.event(
                logging.ERROR, "request-refused", peer=self.peer(), script=script, reason=reason
            )
            self.close()
            return False
        self._deadlines.heard(self._loop.time())
        self.session = session = Session(self, environment, self._settings, self._server.clock)
        if environment.odd_lines:
            self._server.noise.event(
                logging.WARNING, "environment-odd", call=session.call_id, lines=environment.odd_lines
            )
        self._task = self._loop.create_task(self._converse(session))
        return True

    def _cut(self, error: ProtocolViolation) -> None:
        self._server.noise.event(
            logging.WARNING, "session-cut", call=self._call_id(), peer=self.peer(), reason=str(error)
        )
        self._lose(error)
        self.close()

    def _lose(self, error: AgiError) -> None:
        pending = self._pending
        if pending is not None and not pending.done():
            pending.set_exception(error)
            pending.exception()  # a conversation cancelled in the same moment never looks at it

    def _script(self) -> str | None:
        return self.session.environment.script if self.session is not None else None

    def _call_id(self) -> str | None:
        return self.session.call_id if self.session is not None else None

    async def _converse(self, session: Session) -> None:
        script = session.environment.script
        conversation = self._server.conversations.get(script, unknown_script)
        level, outcome = await carried_out(conversation, session)
        self.close()
        self._task = None
        if self._gone:
            self._server.leave(self)
        log.event(
            level,
            "session",
            script=script,
            call=session.call_id,
            outcome=outcome,
            unasked=self._unasked if self._unasked > 2 else None,  # one or two are HANGUP
            commands=session.commands,
            seconds=self._loop.time() - self._opened,
        )
