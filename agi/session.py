"""One conversation's view of a call: typed commands, each one line to Asterisk and its answer."""

# ruff: noqa: ASYNC109 (the timeouts here are Asterisk's, which waits for keys; ours stand behind them)

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NoReturn

from agi import log
from agi.commands import assignments, encode, variable
from agi.environment import Environment
from agi.errors import CommandFailed, CommandRefused, Hangup
from agi.line import Line
from agi.replies import Reply
from agi.results import Digits, Played, Recording
from agi.settings import AgiSettings
from dialplan import variables

_STATE_UP = 6
_SAMPLES_A_SECOND = 8000
_CALL_ID_LENGTH = 64
_UNKNOWN, _BEEP = 60.0, 2.0
"""Seconds of a sound that was not yet played to its end, and of the beep before a recording."""
_LOOSE = 2.0
"""Seconds by which Asterisk may take over later than it could: saves most signs of life."""


class Session:
    """The commands a conversation may give, and what it was called with.

    Every method raises Disconnected when the connection is gone, CommandTimeout when no reply comes,
    CommandRefused for 510, 520 and other error codes, ValueError for an argument that cannot be sent.
    Methods that need the caller raise Hangup once he has gone. One command at a time; a command given up
    by cancellation ends the use of the session.
    """

    __slots__ = (
        "_clock",
        "_ends",
        "_line",
        "_settings",
        "_until",
        "call_id",
        "commands",
        "environment",
        "progress",
        "time",
    )

    def __init__(
        self, line: Line, environment: Environment, settings: AgiSettings, clock: Callable[[], datetime]
    ) -> None:
        self._line = line
        self._settings = settings
        self._clock = clock
        self.environment = environment
        # Without our own id (a dialplan written by hand) Asterisk's still tells calls apart.
        self.call_id = (environment.arg(1) or environment.values.get("uniqueid", ""))[:_CALL_ID_LENGTH]
        self.commands = 0
        self.progress: dict[str, str] = {}
        """Variables that tell Asterisk how far the conversation is; sent with the next sign of life."""
        self.time: Callable[[], float] = time.monotonic
        self._until = self._ends = math.inf

    # ---- signs of life

    def watch(self, seconds: float) -> None:
        """Asterisk takes over when it hears nothing; the step has ``seconds`` from now on, whatever it does.

        From now on each command that lasts is announced to it with its length (`variables.STEP_TIME`).
        """
        self._ends = self.time() + seconds
        self._until = 0.0

    async def sign(self, lasts: float = 0.0) -> None:
        """Tell Asterisk that the next command comes within ``lasts`` seconds and the time to think after it.

        Nothing is sent where Asterisk does not watch, or when what it was told last still fits.
        """
        if self._ends == math.inf:
            return
        settings, now = self._settings, self.time()
        needed = now + lasts + settings.silent_seconds + settings.stuck_seconds
        if needed <= self._until <= needed + _LOOSE and not self.progress:
            return
        self._until = min(needed + _LOOSE / 2, max(self._ends, now + 1))
        told = {variables.STEP_TIME: f"{self._until - now:.1f}", **self.progress}
        self.progress.clear()
        await self.set_variables(told)

    @property
    def hung_up(self) -> bool:
        """Whether the caller is known to have gone (or the script was started on a dead channel)."""
        return self._line.hung_up

    def now(self) -> datetime:
        """The time by the server's clock, UTC."""
        return self._clock()

    # ---- what needs the caller on the line

    def need_the_caller(self) -> None:
        """Raise Hangup once he is known to have gone."""
        if self._line.hung_up:
            raise Hangup("the caller has hung up")

    async def answer(self) -> None:
        """Answer the channel; no effect when it is answered already."""
        await self._live("ANSWER")

    async def play(self, sound: str, escape: str = "", lasts: float = _UNKNOWN) -> Played:
        """Play ``sound`` to its end or until a key of ``escape``; ``lasts``: its length, as far as known.

        Raises CommandFailed when there is no such sound.
        """
        await self.sign(lasts)
        reply = await self._live("STREAM FILE", sound, escape, seconds=self._settings.play_seconds)
        return Played(_key(reply), max(reply.endpos or 0, 0) / _SAMPLES_A_SECOND)

    async def background(
        self, sounds: Sequence[str], options: str = "", lasts: float = _UNKNOWN
    ) -> str | None:
        """Play plain names of sounds one after another by the application Background; the key that ended it.

        A sound that is not there ends it like the last one's end. ``options``: Background's, from the second
        argument on; without any, every key ends it. ``lasts``: their length.
        """
        await self.sign(lasts)
        arguments = "&".join(sounds) + (f",{options}" if options else "")
        return _key(await self._live("EXEC", "Background", arguments, seconds=self._settings.play_seconds))

    async def read(self, sound: str, timeout: float, max_digits: int) -> str:
        """Play ``sound``, which the first key stops, and collect up to ``max_digits`` keys; # ends them.

        As `get_data`, by the application Read, for which Asterisk does not watch the connection to us.
        """
        longest = timeout * (max_digits + 1)
        await self.sign(longest + (_UNKNOWN if sound else 0))
        seconds = self._settings.play_seconds + longest
        arguments = f"{variables.KEYS},{sound},{max_digits},,1,{timeout:.3f}"
        await self._live("EXEC", "Read", arguments, seconds=seconds)
        return await self.get_variable(variables.KEYS) or ""

    async def get_data(self, sound: str, timeout: float, max_digits: int) -> Digits:
        """Play ``sound``, which the first key stops, and collect up to ``max_digits`` keys; # ends them.

        ``timeout``: seconds from the end of the sound, or from one key, to the next. Raises CommandFailed
        when there is no such sound.
        """
        seconds = self._settings.play_seconds + timeout * (max_digits + 1)
        reply = await self._live("GET DATA", sound, _milliseconds(timeout), str(max_digits), seconds=seconds)
        return Digits(reply.result, reply.data == "timeout")

    async def get_option(self, sound: str, escape: str, timeout: float) -> str | None:
        """Play ``sound`` and wait ``timeout`` seconds after it for one key of ``escape``."""
        seconds = self._settings.play_seconds + timeout
        return _key(await self._live("GET OPTION", sound, escape, _milliseconds(timeout), seconds=seconds))

    async def wait_for_digit(self, timeout: float) -> str | None:
        """The next key within ``timeout`` seconds."""
        await self.sign(timeout)
        seconds = self._settings.command_seconds + timeout
        return _key(await self._live("WAIT FOR DIGIT", _milliseconds(timeout), seconds=seconds))

    async def record(
        self,
        file: str,
        suffix: str,
        escape: str,
        timeout: float,
        *,
        beep: bool = False,
        silence: int = 0,
    ) -> Recording:
        """Record up to ``timeout`` seconds into ``file``, until a key of ``escape``.

        ``suffix`` is the sound format, such as "wav", and is added to the file's name by Asterisk.
        ``silence``: end after so many seconds of silence, 0 for never. A caller who hangs up meanwhile ends
        it too: no Hangup is raised for that, as long as Asterisk tells the length.
        """
        options = ["0"] + (["BEEP"] if beep else []) + ([f"s={silence}"] if silence else [])
        seconds = self._settings.command_seconds + timeout
        words = (file, suffix, escape, _milliseconds(timeout), *options)
        self.need_the_caller()
        await self.sign(timeout + _BEEP)
        reply = await self._any("RECORD FILE", *words, seconds=seconds)
        if reply.data == "hangup":
            self._line.mark_hung_up()
        elif reply.result == "-1":
            await self._refuse("RECORD FILE", file)
        key = _key(reply) if reply.data == "dtmf" else None
        return Recording(reply.data or "", key, max(reply.endpos or 0, 0) / _SAMPLES_A_SECOND)

    async def hangup(self) -> None:
        """End the call."""
        await self._live("HANGUP")

    async def channel_status(self) -> int:
        """Asterisk's channel state; 6 is up."""
        return (await self._live("CHANNEL STATUS")).number

    # ---- what Asterisk also does on a dead channel

    async def set_variable(self, name: str, value: str) -> None:
        """Set a channel variable, or write to a dialplan function."""
        await self._any("SET VARIABLE", variable(name), value)

    async def set_variables(self, values: Mapping[str, str]) -> None:
        """Set several in their order; plain values by one command, so that all are set or none."""
        together = assignments(values) if len(values) > 1 else None
        if together is not None:
            await self.exec("MSet", together, seconds=self._settings.command_seconds)
            return
        for name, value in values.items():
            await self.set_variable(name, value)

    async def get_variable(self, name: str) -> str | None:
        """The value of a variable or function; None when there is none, or when it is empty."""
        reply = await self._any("GET FULL VARIABLE", "${" + variable(name) + "}")
        return reply.data or None

    async def exec(self, application: str, options: str = "", *, seconds: float = 3600.0) -> int:
        """Run a dialplan application to its end; its result, 0 mostly.

        Raises CommandFailed when Asterisk does not know the application.
        """
        reply = await self._any("EXEC", application, options, seconds=seconds)
        if reply.number == -2:
            raise CommandFailed(f"Asterisk has no application {application}: load its module")
        return reply.number

    async def verbose(self, text: str, level: int = 1) -> None:
        """Write into Asterisk's log."""
        await self._any("VERBOSE", text, str(level))

    async def noop(self) -> None:
        """Do nothing: tells whether the session works."""
        await self._any("NOOP")

    async def database_get(self, family: str, key: str) -> str | None:
        """A value of Asterisk's own database; None when it has none."""
        reply = await self._any("DATABASE GET", family, key)
        return reply.data if reply.result == "1" else None

    async def database_put(self, family: str, key: str, value: str) -> None:
        """Store a value in Asterisk's own database. Raises CommandFailed when it cannot be written."""
        if (await self._any("DATABASE PUT", family, key, value)).result != "1":
            raise CommandFailed("Asterisk could not write its database")

    async def database_del(self, family: str, key: str) -> None:
        """Remove a value from Asterisk's own database; no error when there was none."""
        await self._any("DATABASE DEL", family, key)

    # ---- the way of every command

    async def _any(self, name: str, *arguments: str, seconds: float = 0.0) -> Reply:
        line = encode(name, *arguments)
        self.commands += 1
        reply = await self._line.ask(line, seconds or self._settings.command_seconds)
        if reply.code == 200:
            return reply
        if reply.code == 511:
            self._line.mark_hung_up()
            raise Hangup("the caller has hung up")
        raise CommandRefused(name, reply.code, reply.text)

    async def _live(self, name: str, *arguments: str, seconds: float = 0.0) -> Reply:
        self.need_the_caller()
        reply = await self._any(name, *arguments, seconds=seconds)
        if reply.result != "-1":
            return reply
        return await self._refuse(name, *arguments)

    async def _refuse(self, name: str, *arguments: str) -> NoReturn:
        # A hangup and a missing sound both give -1. Asterisk tells a dead channel apart when asked.
        if (
            self._line.hung_up
            or (await self._any("CHANNEL STATUS")).number != _STATE_UP
            or self._line.hung_up
        ):
            self._line.mark_hung_up()
            raise Hangup("the caller has hung up")
        log.event(logging.WARNING, "command-failed", call=self.call_id, command=" ".join((name, *arguments)))
        raise CommandFailed(f"Asterisk could not do {name} {arguments[0] if arguments else ''}".rstrip())


def _key(reply: Reply) -> str | None:
    code = reply.number
    return chr(code) if 32 < code < 127 else None


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))
