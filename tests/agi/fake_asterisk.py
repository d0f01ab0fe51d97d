"""A raw socket that plays Asterisk, well behaved or not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')

ENVIRONMENT = {
    "network": "yes",
    "request": "agi://127.0.0.1:4573/welcome",
    "channel": "PJSIP/trunk-00000001",
    "language": "hi",
    "type": "PJSIP",
    "uniqueid": "1795460680.1",
    "version": "22.10.1",
    "callerid": "9826012310",
    "calleridname": "unknown",
    "callingpres": "0",
    "callingani2": "0",
    "callington": "0",
    "callingtns": "0",
    "dnid": "181",
    "rdnis": "unknown",
    "context": "conversation",
    "extension": "step",
    "priority": "7",
    "enhanced": "0.0",
    "accountcode": "",
    "threadid": "139925181294272",
}


def environment(script: str = "welcome", args: Sequence[str] = (), **more: str) -> bytes:
    """What Asterisk sends first."""
    values = {"network_script": script, **ENVIRONMENT, **more}
    values.update({f"arg_{number}": value for number, value in enumerate(args, 1)})
    return "".join(f"agi_{name}: {value}\n" for name, value in values.items()).encode() + b"\n"


def split(line: str) -> list[str]:
    """A command line as Asterisk splits it."""
    return [
        re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2]
        for match in WORD.finditer(line)
    ]


async def until(condition: Callable[[], object], limit: float = 5.0) -> None:
    """Wait for a condition that has no event."""
    async with asyncio.timeout(limit):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


class FakeAsterisk:
    """One connection to the service. Every wait has a limit, so a test fails instead of hanging."""

    def __init__(self, address: tuple[str, int], limit: float = 5.0) -> None:
        self._address = address
        self.limit = limit
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def __aenter__(self) -> FakeAsterisk:
        self.reader, self.writer = await asyncio.open_connection(*self._address, limit=2**20)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.writer.transport.abort()

    def send(self, data: bytes) -> None:
        """Write without waiting."""
        self.writer.write(data)

    async def flood(self, data: bytes, times: int) -> None:
        """Write until all is sent or the service has closed. Raises ConnectionError in that case."""
        for _ in range(times):
            self.writer.write(data)
            await self.writer.drain()
            await asyncio.sleep(0)

    async def command(self) -> list[str]:
        """The next command, split into words; [] when the service has closed."""
        try:
            line = await asyncio.wait_for(self.reader.readline(), self.limit)
        except ConnectionError:
            return []
        return split(line.decode())

    async def closed(self) -> bytes:
        """Wait until the service closes; what it still sent."""
        try:
            return await asyncio.wait_for(self.reader.read(), self.limit)
        except ConnectionError:
            return b""


class Caller:
    """Plays one whole AGI step: answers commands as Asterisk would for a caller who presses given keys.

    ``keys`` are taken in order, one entry for each time the service waits for keys ("" for none), which at a
    question for a code or a number is all that is typed. An entry "wrong-code:3" is a key pressed while that
    prompt plays. ``variables`` is the channel's. ``spoken`` are
    the messages he records: "4.5" seconds until silence, "4.5#" until a key, "4.5!" until he hangs up.
    """

    def __init__(self, keys: Sequence[str] = (), variables: Mapping[str, str] | None = None) -> None:
        self.keys = list(keys)
        self.variables = dict(variables or {})
        self.played: list[str] = []
        self.commands: list[list[str]] = []
        self.set: list[tuple[str, str]] = []
        self.missing: set[str] = set()
        self.hangup_at: str | None = None
        self.spoken: list[str] = []
        self.recorded: list[str] = []
        self.unwritable: set[str] = set()
        self._typing: str | None = None
        self.contexts = {"keys-12", "keys-#", "keys-0123456789", "keys-89"}

    async def step(self, address: tuple[str, int], script: str, args: Sequence[str]) -> None:
        """Run the step until the service closes. The district becomes the fifth argument."""
        if len(args) == 3:
            more = ("H181_DISTRICT", "H181_PRESSED", "H181_PRESSED_AT")
            args = (*args, "", *(self.variables.get(name, "") for name in more))
        async with FakeAsterisk(address) as asterisk:
            asterisk.send(environment(script, args))
            while words := await asterisk.command():
                self.commands.append(words)
                asterisk.send(self.answer(words))

    def answer(self, words: list[str]) -> bytes:
        """The reply to one command."""
        name = " ".join(words[:2])
        if name == "STREAM FILE":
            return self._play(words)
        if name == "RECORD FILE":
            return self._record(words)
        if name == "WAIT FOR":
            key = self._typed() if self._asked() else self._key()
            return f"200 result={ord(key) if key else 0}\n".encode()
        if name == "SET VARIABLE":
            self._set(words[2], words[3])
            return b"200 result=1\n"
        if words[:2] == ["EXEC", "MSet"]:
            for assignment in words[2].split(","):
                self._set(*assignment.split("=", 1))
            return b"200 result=0\n"
        if words[:2] == ["EXEC", "Read"]:
            return self._read(words[2])
        if words[:2] == ["EXEC", "Background"]:
            return self._background(words[2])
        if words[:3] == ["GET", "FULL", "VARIABLE"] and words[3].startswith("${DIALPLAN_EXISTS(keys-"):
            context, key, _ = words[3].partition("(")[2].split(",")
            return f"200 result=1 ({int(context in self.contexts and key in context)})\n".encode()
        if words[:3] == ["GET", "FULL", "VARIABLE"]:
            return f"200 result=1 ({self.variables.get(words[3][2:-1], '')})\n".encode()
        if name == "CHANNEL STATUS":
            return b"200 result=6\n"
        return b"200 result=1\n"

    def _set(self, name: str, value: str) -> None:
        self.set.append((name, value))
        self.variables[name] = value

    def _play(self, words: list[str]) -> bytes:
        sound = words[2]
        if sound in self.missing:
            return b"200 result=-1 endpos=0\n"
        self.played.append(sound.removeprefix("h181/"))
        self._typing = None
        if sound == self.hangup_at:
            return b"HANGUP\n200 result=-1 endpos=800\n"
        escape = words[3] if len(words) > 3 else ""
        if escape and self.keys and self.keys[0].startswith(f"{self.played[-1]}:"):
            key = self.keys.pop(0).rpartition(":")[2]
            assert key in escape
            return f"200 result={ord(key)} endpos=0\n".encode()
        return b"200 result=0 endpos=0\n"

    def _read(self, options: str) -> bytes:
        name, sound, digits, _, _, _ = options.split(",")
        assert not sound
        rest, self._typing = self._typing, ""
        self.variables[name] = rest[: int(digits)] if rest is not None else self._key()
        assert len(self.variables[name]) <= int(digits)
        return b"200 result=0\n"

    def _background(self, options: str) -> bytes:
        sounds, _, more = options.partition(",")
        keys = more.removeprefix("m,,keys-") if more else "0123456789*#"
        for sound in sounds.split("&"):
            if sound in self.missing:
                break
            self.played.append(sound.removeprefix("h181/"))
            if sound == self.hangup_at:
                return b"HANGUP\n200 result=-1\n"
            if more != "p" and self.keys and self.keys[0].startswith(f"{self.played[-1]}:"):
                key = self.keys.pop(0).rpartition(":")[2]
                assert key in keys
                return f"200 result={ord(key)}\n".encode()
        return b"200 result=0\n"

    def _record(self, words: list[str]) -> bytes:
        if words[2] in self.unwritable:
            return b"200 result=-1 (writefile)\n"
        self.recorded.append(words[2])
        said = self.spoken.pop(0) if self.spoken else "0.5"
        samples = round(float(said.rstrip("#!")) * 8000)
        if said.endswith("!"):
            return f"HANGUP\n200 result=-1 (hangup) endpos={samples}\n".encode()
        if said.endswith("#"):
            assert "#" in words[4]
            return f"200 result=35 (dtmf) endpos={samples}\n".encode()
        return f"200 result=0 (timeout) endpos={samples}\n".encode()

    def _asked(self) -> bool:
        return bool(self.played) and self.played[-1].startswith(("ask-", "status-ask-"))

    def _typed(self) -> str:
        """The next key of what is typed at a question."""
        if self._typing is None:
            self._typing = self._key()
        key, self._typing = self._typing[:1], self._typing[1:]
        return key

    def _key(self) -> str:
        if self.keys and ":" in self.keys[0]:
            raise AssertionError(f"{self.keys[0]} was to be pressed while a prompt plays")
        return self.keys.pop(0) if self.keys else ""
