"""What the tests of this room share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import pytest
import uvloop
from blockbuster import BlockBuster, blockbuster_ctx

from agi.outcomes import Conversation
from agi.server import FastAgiServer
from agi.settings import AgiSettings
from ivr_prompts.numbers import designation_key

_ON_BOTH_LOOPS = {
    "test_handshake",
    "test_hangups",
    "test_rude_peers",
    "test_serve",
    "test_server",
    "test_session_commands",
    "test_stuck_conversations",
}

designation_key("")  # reads the catalogue, which no event loop may do


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The service runs on both event loops, and their transports differ in how they close."""
    factories: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
    if item.path.stem in _ON_BOTH_LOOPS:
        factories["uvloop"] = uvloop.new_event_loop
    return factories


@pytest.fixture(autouse=True)
def event_loop_is_free() -> Iterator[BlockBuster]:
    """A blocking call inside the event loop fails the test."""
    with blockbuster_ctx() as guard:
        yield guard


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., object]]:
    """Start servers that are stopped after the test; leftover tasks fail it."""
    running: list[FastAgiServer] = []

    async def start(conversations: dict[str, Conversation], **limits: float) -> FastAgiServer:
        settings = AgiSettings(port=0, tick_seconds=0.02, **limits)  # type: ignore[arg-type]
        server = FastAgiServer(conversations, settings)
        await server.start()
        running.append(server)
        return server

    yield start
    for server in running:
        await server.stop(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
