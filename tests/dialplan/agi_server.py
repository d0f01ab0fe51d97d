"""A FastAGI server of a few lines that behaves well or badly, step by step, as a test tells it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

Behaviour = Literal["done", "unfinished", "dies", "silent"]
"""done: finishes the step. unfinished: ends the session properly without H181_DONE. dies: closes the
connection at once. silent: takes the call and says nothing."""


@dataclass
class ScriptedAgi:
    """What was asked, and how to behave; `sets` are variables set in a step.

    Whether it is alive is asked before the first step of a call: `lives` counts it, `asked` leaves it out.
    """

    behaviour: Mapping[str, Behaviour] = field(default_factory=dict)
    sets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, list[str]]] = field(default_factory=list)
    environments: list[dict[str, str]] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    lives: int = 0
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
        step = environment.get("agi_network_script", "")
        count = sum(name.startswith("agi_arg_") for name in environment)
        if step == "alive":
            self.lives += 1
        else:
            self.asked.append((step, [environment[f"agi_arg_{n}"] for n in range(1, count + 1)]))
            self.environments.append(environment)
            self.called.set()
        behaviour = self.behaviour.get(step, "done")
        try:
            if behaviour == "silent":
                while await reader.readline():
                    pass
            elif behaviour != "dies":
                variables = dict(self.sets.get(step, {}))
                if behaviour == "done":
                    variables["H181_DONE"] = step
                for name, value in variables.items():
                    writer.write(f'SET VARIABLE {name} "{value}"\n'.encode())
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
