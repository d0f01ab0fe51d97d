"""Requests are known by their key."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agi.gate import Gate, token
from agi.server import FastAgiServer
from agi.session import Session
from agi.settings import AgiSettings
from tests.agi.fake_asterisk import FakeAsterisk, environment
from tests.agi.scripts import six_commands

KEY = "a-key-of-this-centre"
CALL = "2baea01a-eaed-4c6c-8722-638df9283526"


async def good(session: Session) -> None:
    await six_commands(session)


@asynccontextmanager
async def guarded(gate: Gate) -> AsyncIterator[FastAgiServer]:
    async with FastAgiServer({"good": good}, AgiSettings(port=0), gate=gate) as server:
        yield server


async def served(server: FastAgiServer, script: str, call_id: str = CALL) -> bool:
    """Whether a request gets a command instead of being closed at once."""
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment(script, [call_id]))
        return bool(await asterisk.command())


async def test_the_right_key_and_no_other(caplog: pytest.LogCaptureFixture) -> None:
    right = token(KEY, "good", CALL)
    async with guarded(Gate(KEY)) as server:
        assert await served(server, f"good?key={right}")
        for wrong in (
            "good", "good?key=", f"good?key={right[:-1]}", f"good?key={right.upper()}", f"good?key={KEY}",
            f"good?key={token('another', 'good', CALL)}", f"good?key={token(KEY, 'ended', CALL)}",
            f"good?key=x&key={token('b', 'good', CALL)}", "good?key=%00%ff%ed%a0%80", f"good?Key={right}",
        ):  # fmt: skip
            assert not await served(server, wrong), wrong
        assert not await served(server, f"good?key={right}", "3baea01a-eaed-4c6c-8722-638df9283526")
    assert "helpline asterisk apply" in caplog.text
    assert KEY not in caplog.text
    assert right not in caplog.text


async def test_a_dialplan_of_the_version_before_is_served_and_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        async with guarded(Gate(KEY, old_dialplan=True)) as server:
            assert await served(server, "good")
            assert "event=dialplan-old" in caplog.text
            assert "helpline asterisk apply" in caplog.text
            assert not await served(server, "good?key=wrong")
            assert await served(server, "good"), "a wrong key ends nothing"
            assert await served(server, f"good?key={token(KEY, 'good', CALL)}")
            assert not await served(server, "good"), "Asterisk has the new one now"


def test_an_empty_key_guards_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        Gate("")
