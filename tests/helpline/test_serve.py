"""The service as a process would run it, ended by signals while a caller is in a menu."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agi.gate import token
from helpline import serve
from helpline.app import App
from helpline.settings import ProcessSettings, Settings
from helpline.wiring import open_centre_records, secrets
from tests.agi.fake_asterisk import Caller, FakeAsterisk, environment, until

CALL = ("2baea01a-eaed-4c6c-8722-638df9283526", "", "181")


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """A centre with a folder of its own, whose log lines stay with the tests."""
    monkeypatch.setattr(serve, "set_up_logs", lambda: None)
    return App(settings=Settings(helpline=ProcessSettings(state_dir=tmp_path, hang_seconds=0)))


@asynccontextmanager
async def running(app: App) -> AsyncIterator[tuple[asyncio.Task[None], tuple[str, int]]]:
    """The service for calls, listening; it must have ended by itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address: tuple[str, int] = probe.getsockname()
    task = asyncio.create_task(serve.run(app, serve.Part.AGI, listen=address))
    try:
        async with asyncio.timeout(30):
            while not await listens(address):
                assert not task.done()
                await asyncio.sleep(0.01)
        yield task, address
        await asyncio.wait_for(task, 30)
    finally:
        task.cancel()
        await asyncio.wait({task})
        gc.unfreeze()


def asked(app: App) -> bytes:
    """A request as this centre's dialplan makes it."""
    return environment(f"welcome?key={token(secrets(app).agi_key, 'welcome', CALL[0])}", CALL)


async def listens(address: tuple[str, int]) -> bool:
    try:
        _, writer = await asyncio.open_connection(*address)
    except OSError:
        return False
    writer.transport.abort()
    return True


async def deaf(address: tuple[str, int]) -> None:
    async with asyncio.timeout(30):
        while await listens(address):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def kinds(app: App) -> list[str]:
    """What is on record of the call, once the service has ended."""
    async with await open_centre_records(app) as records:
        assert await records.calls.get(CALL[0]) is not None
        return [step.kind for step in await records.calls.path(CALL[0])]


async def test_what_is_loaded_is_not_looked_through_for_garbage_again(app: App) -> None:
    async with running(app):
        await until(lambda: gc.get_freeze_count() > 10_000, 30)
        os.kill(os.getpid(), signal.SIGTERM)


async def test_sigterm_lets_the_caller_finish_and_writes_what_is_known(app: App) -> None:
    async with running(app) as (task, address), FakeAsterisk(address, limit=30) as asterisk:
        asterisk.send(asked(app))
        caller = Caller(["1"])
        first = await asterisk.command()
        assert first[:2] == ["STREAM", "FILE"]
        os.kill(os.getpid(), signal.SIGTERM)
        await deaf(address)
        assert not task.done()
        asterisk.send(caller.answer(first))
        while words := await asterisk.command():
            asterisk.send(caller.answer(words))
        assert caller.variables["H181_DONE"] == "welcome"
    assert {"prompt", "key", "service"} <= set(await kinds(app))


async def test_a_second_signal_does_not_wait_for_callers(app: App) -> None:
    async with running(app) as (_, address), FakeAsterisk(address, limit=30) as asterisk:
        asterisk.send(asked(app))
        await asterisk.command()
        os.kill(os.getpid(), signal.SIGTERM)
        await deaf(address)
        os.kill(os.getpid(), signal.SIGINT)
        assert await asterisk.closed() == b""
    assert await kinds(app) == ["prompt"]
