"""A FastAGI server of a few lines that behaves well or badly, step by step, as a test tells it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from agi.commands import assignments, encode

Behaviour = Literal["done", "unfinished", "dies", "silent", "hangs"]
"""done: finishes the step. unfinished: ends the session properly without H181_DONE. dies: closes the
connection at once. silent: gives a sign of life, where one is wanted, and then nothing. hangs: takes the call
and says nothing at all."""


@dataclass
class ScriptedAgi:
    """What was asked, and how to behave; `sets` are variables set in a step.

    `patience`: how long Asterisk would wait, in seconds, after each sign of life.
    """

    behaviour: Mapping[str, Behaviour] = field(default_factory=dict)
    sets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, list[str]]] = field(default_factory=list)
    environments: list[dict[str, str]] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    patience: list[float] = field(default_factory=list)
    port: int = 0
    called: asyncio.Event = field(default_factory=asyncio.Event)

    def forget(self) -> None:
        """Begin anew, for the next call."""
        self.asked.clear()
        self.environments.clear()
        self.ended.clear()
        self.called.clear()

    def steps(self) -> list[str]:
        """Names of the steps in the order in which they were asked."""
        return [step for step, _ in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One session."""
        environment: dict[str, str] = {}
        while line := (await reader.readline()).decode("utf-8", "replace").rstrip("\n"):
            name, _, value = line.partition(":")
            environment[name] = value.strip()
        step = environment.get("agi_network_script", "").partition("?")[0]
        count = sum(name.startswith("agi_arg_") for name in environment)
        self.asked.append((step, [environment[f"agi_arg_{n}"] for n in range(1, count + 1)]))
        self.environments.append(environment)
        behaviour = self.behaviour.get(step, "done")
        seconds = environment.get("agi_arg_4") if step != "ended" else None
        try:
            if seconds and behaviour not in {"dies", "hangs"}:
                writer.write(f'SET VARIABLE TIMEOUT(absolute) "{seconds}"\n'.encode())
                await reader.readline()
                writer.write(b'GET FULL VARIABLE "${TIMEOUT(absolute)}"\n')
                reply = (await reader.readline()).decode()
                self.patience.append(float(reply.partition("(")[2].rstrip(")\n") or 0))
            self.called.set()
            if behaviour in {"silent", "hangs"}:
                while await reader.readline():
                    pass
            elif behaviour != "dies":
                variables = dict(self.sets.get(step, {}))
                if behaviour == "done":
                    variables["H181_DONE"] = step
                # As the service does it: all by one command, H181_DONE last.
                if together := assignments(variables):
                    writer.write(encode("EXEC", "MSet", together))
                    await reader.readline()
        finally:
            writer.close()
            if step == "ended":
                self.ended.set()


@asynccontextmanager
async def scripted_agi(agi: ScriptedAgi) -> AsyncIterator[ScriptedAgi]:
    """The server on a free loopback port, ended with the block."""
    server = await asyncio.start_server(agi.serve, "127.0.0.1", 0)
    agi.port = server.sockets[0].getsockname()[1]
    async with server:
        yield agi
