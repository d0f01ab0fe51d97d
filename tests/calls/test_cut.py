"""Asterisk itself ends in the middle of calls: nobody gave up, and the records say so, with when."""

import asyncio
import datetime as dt
import os
import signal

import pytest

from helpline.app import App
from helpline.serve import service
from helpline.wiring import asterisk_instance, make_state_dir, open_centre_records, secrets
from records import CallLog
from tests.calls.centre import centre_settings
from tests.dialplan.sip_phone import Call, Phone, telephone

pytestmark = pytest.mark.call

DIRECT = "07372181"
EXTENSION = "2001"
TALKER, WAITER = "9826012301", "9826012302"
A_WHILE = 5.0


async def keep_pressing(call: Call) -> None:
    """The answer to whatever is asked on the way to the queue."""
    await call.answered.wait()
    while not call.ended.is_set():
        await asyncio.sleep(1)
        await call.press("1")


async def dials(phone: Phone, code: str) -> None:
    call = await phone.call(code)
    await asyncio.wait_for(call.ended.wait(), 20)


async def steps(calls: CallLog, call_id: str, kind: str, within: float = 60) -> list[tuple[str, dt.datetime]]:
    """The steps of a kind, once there are any."""
    async with asyncio.timeout(within):
        while True:
            found = [
                (str(step.detail.get("reason", "")), step.at)
                for step in await calls.path(call_id)
                if step.kind == kind
            ]
            if found:
                return found
            await asyncio.sleep(0.2)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
async def test_calls_that_were_cut_by_the_exchange(how: signal.Signals) -> None:
    async with centre_settings(queue_wait_seconds=180) as settings:
        app = App(settings=settings)
        make_state_dir(app)
        password = secrets(app).endpoint_passwords[EXTENSION]
        server = ("127.0.0.1", settings.asterisk.sip_port)
        async with (
            asterisk_instance(app) as exchange,
            service(app) as running,
            telephone(EXTENSION, "127.0.0.1", server) as seema,
            telephone(TALKER, "127.0.0.2", server) as talker,
            telephone(WAITER, "127.0.0.2", server) as waiter,
        ):
            assert running.switchboard is not None
            await running.switchboard.ready(20)
            await seema.register(password)
            await dials(seema, "*11")
            talk = await talker.call(DIRECT)
            pressing = asyncio.create_task(keep_pressing(talk))
            leg = await asyncio.wait_for(seema.incoming.get(), 60)
            await leg.answered.wait()
            pressing.cancel()
            pressing = asyncio.create_task(keep_pressing(await waiter.call(DIRECT)))
            async with asyncio.timeout(60):
                # A queue tells no counts.
                while "has 1 calls" not in await exchange.cli("queue show district-39"):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
            pressing.cancel()
            # So long nothing happens that Asterisk would write down.
            await asyncio.sleep(A_WHILE)
            before = dt.datetime.now(dt.UTC)
            assert exchange.pid is not None
            os.kill(exchange.pid, how)
            await exchange.wait()
            after = dt.datetime.now(dt.UTC)
            for phone in (seema, talker, waiter):
                phone.vanish()
            await exchange.stop()
            await asyncio.sleep(A_WHILE)
            await exchange.start()
            await running.switchboard.ready(20)
            async with telephone("2002", "127.0.0.1", server) as rakesh:
                await rakesh.register(secrets(app).endpoint_passwords["2002"])
                # The first channel of the new Asterisk shows that the old one's are over.
                await dials(rakesh, "*11")
            async with await open_centre_records(app) as records:
                known = {call.caller_raw: call for call in await records.calls.recent(9)}
                assert set(known) == {TALKER, WAITER}
                cuts = {who: await steps(records.calls, call.call_id, "cut") for who, call in known.items()}
                known = {call.caller_raw: call for call in await records.calls.recent(9)}
    for who, outcome in ((TALKER, "answered"), (WAITER, "failed")):
        assert known[who].outcome == outcome
        ((reason, at),) = cuts[who]
        assert reason == "exchange"
        ended = known[who].ended_at
        assert ended is not None
        for moment in (at, ended):
            assert before - dt.timedelta(seconds=1) <= moment <= after + dt.timedelta(seconds=1)
