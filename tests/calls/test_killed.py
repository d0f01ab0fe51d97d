"""The service is killed in the middle of a step: the caller still reaches a person, and is on record."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from helpline.app import App
from helpline.phone.executive import Executive
from helpline.phone.villager import answer_everything
from helpline.settings import Settings
from helpline.wiring import asterisk_instance, make_state_dir, open_centre_records, secrets
from records import Call
from tests.calls.centre import CALLER, centre_settings, citizen, environment

pytestmark = pytest.mark.call

EXTENSION = "2001"


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """`helpline serve` as a process of its own, ready for calls."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from helpline.main import main; main()",
        "serve",
        env=environment(settings),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(30):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", settings.agi.port)
                except OSError:
                    assert process.returncode is None
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    break
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def on_record(app: App) -> list[Call]:
    """All calls on record once none of them is active."""
    async with await open_centre_records(app) as records, asyncio.timeout(30):
        # Another process writes: nobody tells this one.
        while not (calls := await records.calls.recent(10)) or calls[0].outcome is None:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    return calls


async def test_an_exchange_that_died_is_told_to_who_started_it() -> None:
    async with centre_settings() as settings:
        run = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from helpline.main import main; main()", "asterisk", "run"),
            env=environment(settings),
            stderr=asyncio.subprocess.PIPE,
        )
        assert run.stderr is not None
        async with asyncio.timeout(60):
            assert b"Asterisk runs" in await run.stderr.readline()
            pid_file = App(settings=settings).asterisk_runtime / "run" / "asterisk.pid"
            os.kill(int(await asyncio.to_thread(pid_file.read_text)), signal.SIGKILL)
            said = (await run.stderr.read()).decode()
            assert await run.wait() == 1
    assert said.startswith("helpline: Asterisk ended by itself (status -9)"), said


@pytest.mark.parametrize("prompt", ["ask-district", "connecting"])
async def test_killed_in_a_step(prompt: str) -> None:
    async with centre_settings() as settings:
        app = App(settings=settings)
        make_state_dir(app)
        async with asterisk_instance(app), citizen() as caller:
            password = secrets(app).endpoint_passwords[EXTENSION]
            sip = f"127.0.0.1:{settings.asterisk.sip_port}"
            async with Executive(EXTENSION, password, via=sip) as phone:
                await phone.log_in_to_queue()
                async with served(settings) as process:
                    call = await caller.call("181", caller=CALLER, via=sip)
                    persevering = asyncio.create_task(answer_everything(call))
                    await call.hears(prompt, within=60)
                    os.kill(process.pid, signal.SIGKILL)
                    await process.wait()
                    leg = await phone.called(within=120)
                    await leg.answer()
                    await leg.answered(within=10)
                    await leg.hang_up()
                    await call.ended(within=120)
                    await persevering
            async with served(settings):
                calls = await on_record(app)
    assert len(calls) == 1
    assert (calls[0].outcome, calls[0].extension, calls[0].district_code) == ("answered", EXTENSION, "39")
    assert calls[0].caller_e164 == f"+91{CALLER}"
