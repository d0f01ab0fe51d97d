"""Every command of a session as it goes over the wire, and what its reply becomes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from agi.errors import (
    CommandFailed,
)
from agi.results import Digits
from agi.session import Session
from tests.agi.fake_asterisk import FakeAsterisk, environment
from tests.agi.scripts import Serve, session_with


async def test_typed_commands(serve: Serve) -> None:
    async def talk(session: Session) -> list[object]:
        commands: list[Awaitable[object]] = [
            session.answer(),
            session.play("h181/a b", "12"),
            session.background(["a", "b"], "m,,keys-12"),
            session.background(["a", "b"]),
            session.read("a", 3.5, 2),
            session.get_data("x", 3.5, 2),
            session.get_data("x", 1, 2),
            session.get_option("x", "12#", 2),
            session.wait_for_digit(0.25),
            session.record("f", "wav", "#", 10, beep=True, silence=3),
            session.channel_status(),
            session.set_variable("CHANNEL(language)", 'a"\\'),
            session.set_variables({"A": "1", "B": ""}),
            session.set_variables({"A": "1"}),
            session.set_variables({"A": "1", "B": "2,3"}),
            session.get_variable("X"),
            session.exec("Playback", "a&b,noanswer"),
            session.verbose("say", 3),
            session.noop(),
            session.database_get("f", "k"),
            session.database_get("f", "none"),
            session.database_put("f", "k", "v"),
            session.database_del("f", "k"),
            session.hangup(),
        ]
        return [session.call_id, *[await command for command in commands]]

    dialogue = [
        ("ANSWER", "200 result=0", None),
        ("STREAM FILE|h181/a b|12", "200 result=50 endpos=10", ("2", 0.00125)),
        ("EXEC|Background|a&b,m,,keys-12", "200 result=49", "1"),
        ("EXEC|Background|a&b", "200 result=0", None),
        ("EXEC|Read|H181_KEYS,a,2,,1,3.500", "200 result=0", ...),
        ("GET FULL VARIABLE|${H181_KEYS}", "200 result=1 (39)", "39"),
        ("GET DATA|x|3500|2", "200 result=39", Digits("39", False)),
        ("GET DATA|x|1000|2", "200 result=3 (timeout)", Digits("3", True)),
        ("GET OPTION|x|12#|2000", "200 result=35 endpos=0", "#"),
        ("WAIT FOR DIGIT|250", "200 result=0", None),
        ("RECORD FILE|f|wav|#|10000|0|BEEP|s=3", "200 result=35 (dtmf) endpos=100", ("dtmf", "#", 0.0125)),
        ("CHANNEL STATUS", "200 result=6", 6),
        ('SET VARIABLE|CHANNEL(language)|a"\\', "200 result=1", None),
        ("EXEC|MSet|A=1,B=", "200 result=0", None),
        ("SET VARIABLE|A|1", "200 result=1", None),
        ("SET VARIABLE|A|1", "200 result=1", None),
        ("SET VARIABLE|B|2,3", "200 result=1", ...),
        ("GET FULL VARIABLE|${X}", "200 result=1 ()", None),
        ("EXEC|Playback|a&b,noanswer", "200 result=0", 0),
        ("VERBOSE|say|3", "200 result=1", None),
        ("NOOP", "200 result=0", None),
        ("DATABASE GET|f|k", "200 result=1 (v)", "v"),
        ("DATABASE GET|f|none", "200 result=0", None),
        ("DATABASE PUT|f|k|v", "200 result=1", None),
        ("DATABASE DEL|f|k", "200 result=1", None),
        ("HANGUP", "200 result=1", None),
    ]
    server, script = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk", ["call"]))
        for command, reply, _ in dialogue:
            name, *arguments = command.split("|")
            assert await asterisk.command() == [*name.split(), *arguments]
            asterisk.send(reply.encode() + b"\n")
        await asterisk.closed()
    assert script.result == ["call", *(expected for *_, expected in dialogue if expected is not ...)]


@pytest.mark.parametrize(
    ("talk", "reply", "message"),
    [
        (lambda session: session.exec("Nope"), b"200 result=-2\n", "no application Nope"),
        (lambda session: session.database_put("f", "k", "v"), b"200 result=0\n", "could not write"),
    ],
)
async def test_commands_that_fail(
    serve: Serve, talk: Callable[[Session], Awaitable[object]], reply: bytes, message: str
) -> None:
    server, script = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        asterisk.send(reply)
        await asterisk.closed()
    assert isinstance(script.error, CommandFailed)
    assert message in str(script.error)
