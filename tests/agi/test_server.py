"""The service against a peer that plays Asterisk well and badly: it never stops serving."""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import tracemalloc
from collections.abc import Awaitable, Callable

import pytest

from agi.errors import (
    AgiError,
    CommandFailed,
    CommandRefused,
    CommandTimeout,
    Disconnected,
    Hangup,
    ListenError,
    ProtocolViolation,
)
from agi.server import FastAgiServer
from agi.session import Digits, Session
from agi.settings import AgiSettings
from tests.agi.fake_asterisk import FakeAsterisk, environment, until

Serve = Callable[..., Awaitable[FastAgiServer]]


class Script:
    """A conversation made of any steps; remembers how it ended."""

    def __init__(self, talk: Callable[[Session], Awaitable[object]]) -> None:
        self.talk = talk
        self.result: object = None
        self.error: BaseException | None = None
        self.finished = asyncio.Event()

    async def __call__(self, session: Session) -> None:
        try:
            self.result = await self.talk(session)
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.finished.set()

    async def end(self) -> None:
        await asyncio.wait_for(self.finished.wait(), 5)


async def six_commands(session: Session) -> str | None:
    for number in range(5):
        await session.set_variable("X", str(number))
    return await session.get_variable("X")


async def serve_one(server: FastAgiServer) -> None:
    """A whole ordinary call: the proof that the service still serves."""
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("good", ["call"]))
        for number in range(5):
            assert await asterisk.command() == ["SET", "VARIABLE", "X", str(number)]
            asterisk.send(b"200 result=1\n")
        assert await asterisk.command() == ["GET", "FULL", "VARIABLE", "${X}"]
        asterisk.send(b"200 result=1 (4)\n")
        assert await asterisk.closed() == b""


async def empty(server: FastAgiServer) -> None:
    """Wait until no connection is left."""
    await until(lambda: not server.sessions)


async def session_with(
    serve: Serve, talk: Callable[[Session], Awaitable[object]], **limits: float
) -> tuple[FastAgiServer, Script]:
    script = Script(talk)
    server = await serve({"good": six_commands, "talk": script}, **limits)
    return server, script


async def test_an_ordinary_session(serve: Serve) -> None:
    server = await serve({"good": six_commands})
    for _ in range(3):
        await serve_one(server)
    await empty(server)


# ---- before the conversation


async def test_port_scan(serve: Serve) -> None:
    server = await serve({"good": six_commands})
    for _ in range(200):
        _, writer = await asyncio.open_connection(*server.address)
        writer.transport.abort()
    await empty(server)
    await serve_one(server)


@pytest.mark.parametrize("dribble", [False, True])
async def test_stalled_handshake_is_closed(serve: Serve, dribble: bool) -> None:
    server = await serve({"good": six_commands}, handshake_seconds=0.15)
    async with FakeAsterisk(server.address) as asterisk:
        head = environment("good")
        if dribble:

            async def drip() -> None:
                for byte in head:
                    asterisk.send(bytes([byte]))
                    await asyncio.sleep(0.01)

            drops = asyncio.create_task(drip())
        else:
            asterisk.send(head[:100])
        assert await asterisk.closed() == b""
        if dribble:
            drops.cancel()
            await asyncio.wait({drops})
    await empty(server)
    await serve_one(server)


@pytest.mark.parametrize(
    "spoilt",
    [
        environment("good", ["call"]).replace(b"agi_type", b"agi_\xff\xfe\xe0\xa4type"),
        environment("good", ["call"]).replace(b"agi_dnid: 181", b"no colon here"),
        environment("good", ["call"]).replace(b"agi_dnid: 181", b"agi_dnid: \x00\x00"),
        environment("good", ["call"]).replace(b"\n", b"\r\n"),
    ],
)
async def test_spoilt_environment_is_served(serve: Serve, spoilt: bytes) -> None:
    server = await serve({"good": six_commands})
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(spoilt)
        assert await asterisk.command() == ["SET", "VARIABLE", "X", "0"]


async def test_environment_of_26_mb_is_cut(serve: Serve) -> None:
    server = await serve({"good": six_commands})
    tracemalloc.start()
    async with FakeAsterisk(server.address) as asterisk:
        line = b"agi_arg_1: " + b"x" * 1013 + b"\n"
        with pytest.raises(ConnectionError):
            await asterisk.flood(line, 26_000)
    await empty(server)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
    await serve_one(server)


async def test_http_is_refused(serve: Serve) -> None:
    server = await serve({"good": six_commands})
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(b"GET / HTTP/1.1\r\nHost: example\r\n\r\n")
        assert await asterisk.closed() == b""


async def test_unknown_script_is_told(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    server = await serve({"good": six_commands})
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("no%0Asuch%20thing", ["call"]))
        words = await asterisk.command()
        assert words[0] == "VERBOSE"
        assert "there is no script" in words[1]
        asterisk.send(b"200 result=1\n")
        assert await asterisk.closed() == b""
    assert 'event=unknown-script script="no\\nsuch thing" call=call' in caplog.text


async def test_500_connections_at_once(serve: Serve) -> None:
    server = await serve({"good": six_commands})

    await asyncio.gather(*(serve_one(server) for _ in range(500)))
    await empty(server)


async def test_beyond_the_session_limit_connections_close_at_once(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server, _ = await session_with(serve, Session.noop, max_sessions=2)
    async with FakeAsterisk(server.address) as one, FakeAsterisk(server.address) as two:
        for held in (one, two):
            held.send(environment("talk"))
            assert await held.command() == ["NOOP"]
        for _ in range(5):
            async with FakeAsterisk(server.address) as three:
                assert await three.closed() == b""
        one.send(b"200 result=0\n")
        assert await one.closed() == b""
        await serve_one(server)
    assert caplog.text.count("event=session-refused") == 1
    assert "agi.max_sessions" in caplog.text


# ---- in the conversation


async def test_reply_of_100_kib(serve: Serve) -> None:
    server, script = await session_with(serve, lambda session: session.get_variable("BIG"))
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        asterisk.send(b"200 result=1 (" + b"x" * 102_400 + b")\n")
        await asterisk.closed()
    assert script.result == "x" * 102_400


async def test_endless_reply_is_cut(serve: Serve) -> None:
    server, script = await session_with(serve, lambda session: session.get_variable("BIG"))
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        with pytest.raises(ConnectionError):
            await asterisk.flood(b"x" * 1024, 20_000)
    await script.end()
    assert isinstance(script.error, ProtocolViolation)
    await empty(server)
    await serve_one(server)


async def hear(session: Session) -> list[object]:
    """Three prompts, then what was known is stored."""
    heard: list[object] = []
    try:
        for number in range(3):
            heard.append((await session.play(f"h181/{number}", "12")).key)
    except Hangup:
        heard.append("hangup")
        await session.set_variable("STORED", "yes")
        heard.append("stored")
    return heard


@pytest.mark.parametrize(
    ("before", "replies", "expected"),
    [
        (b"HANGUP\n", [b"200 result=1\n"], ["hangup", "stored"]),
        (
            b"",
            [b"HANGUP\n200 result=-1 endpos=100\n", b"200 result=1\n"],
            ["hangup", "stored"],
        ),
        (b"", [b"200 result=49 endpos=1\nHANGUP\n", b"200 result=1\n"], ["1", "hangup", "stored"]),
        (
            b"",
            [b"HANGUP\n200 result=49 endpos=1\nHANGUP\n", b"HANGUP\n200 result=1\n"],
            ["1", "hangup", "stored"],
        ),
        (b"", [b"511 Command Not Permitted on a dead channel\n", b"200 result=1\n"], ["hangup", "stored"]),
        (
            b"",
            [b"200 result=-1 endpos=0\n", b"HANGUP\n511 Command Not Permitted\n", b"200 result=1\n"],
            ["hangup", "stored"],
        ),
        (b"", [b"200 result=-1 endpos=0\n", b"200 result=0\n", b"200 result=1\n"], ["hangup", "stored"]),
        (b"", [b"100 result=0 Trying...\n200 result=0\n"] * 3, [None, None, None]),
    ],
)
async def test_hangup_in_band(
    serve: Serve, before: bytes, replies: list[bytes], expected: list[object]
) -> None:
    server, script = await session_with(serve, hear)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk") + before)
        for reply in replies:
            assert await asterisk.command()
            asterisk.send(reply)
        assert await asterisk.closed() == b""
    assert script.result == expected
    await serve_one(server)


async def test_a_failure_with_the_caller_on_the_line_is_no_hangup(serve: Serve) -> None:
    server, script = await session_with(serve, lambda session: session.play("h181/none"))
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        assert await asterisk.command() == ["STREAM", "FILE", "h181/none", ""]
        asterisk.send(b"200 result=-1 endpos=0\n")
        assert await asterisk.command() == ["CHANNEL", "STATUS"]
        asterisk.send(b"200 result=6\n")
        assert await asterisk.closed() == b""
    assert isinstance(script.error, CommandFailed)
    assert str(script.error) == "Asterisk could not do STREAM FILE h181/none"


@pytest.mark.parametrize(
    ("reply", "code", "text"),
    [
        (b"510 Invalid or unknown command\n", 510, "Invalid or unknown command"),
        (b"520 Invalid command syntax.  Proper usage not available.\n", 520, "Invalid command syntax."),
        (
            b"520-Invalid command syntax.\nUsage: X\nmore\n520 End of proper usage.\n",
            520,
            "Usage: X\nmore\nEnd of",
        ),
    ],
)
async def test_refused_command(serve: Serve, reply: bytes, code: int, text: str) -> None:
    server, script = await session_with(serve, Session.noop)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        asterisk.send(reply)
        assert await asterisk.closed() == b""
    assert isinstance(script.error, CommandRefused)
    assert script.error.code == code
    assert text in script.error.text
    assert "\n" not in str(script.error)
    await serve_one(server)


async def test_peer_closes_in_the_middle_of_a_reply(serve: Serve) -> None:
    async def talk(session: Session) -> str:
        try:
            await session.noop()
        except Hangup as error:
            with pytest.raises(Disconnected):
                await session.set_variable("X", "1")
            return type(error).__name__
        return "no error"

    server, script = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        asterisk.send(b"200 resu")
        asterisk.writer.close()
        await script.end()
    assert script.result == "Disconnected"
    await serve_one(server)


async def test_reply_that_never_comes(serve: Serve) -> None:
    server, script = await session_with(serve, Session.noop, command_seconds=0.1)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        assert await asterisk.closed() == b""
    assert isinstance(script.error, CommandTimeout)
    await serve_one(server)


async def test_no_reply_after_a_hangup_is_waited_for_shortly(serve: Serve) -> None:
    server, script = await session_with(serve, lambda session: session.play("x"), hangup_reply_seconds=0.1)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        asterisk.send(b"HANGUP\n")
        assert await asterisk.closed() == b""
    assert isinstance(script.error, CommandTimeout)


async def test_no_reply_to_cleanup_after_a_hangup_is_waited_for_shortly(serve: Serve) -> None:
    server, script = await session_with(serve, lambda session: session.noop(), hangup_reply_seconds=0.1)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk") + b"HANGUP\n")
        assert await asterisk.command() == ["NOOP"]
        assert await asterisk.closed() == b""
    assert isinstance(script.error, CommandTimeout)


async def chatter(session: Session) -> None:
    while True:
        await session.verbose("x" * 8000)


async def test_peer_that_never_reads(serve: Serve) -> None:
    server, script = await session_with(serve, chatter, command_seconds=0.2)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.writer.transport.pause_reading()  # type: ignore[attr-defined]
        asterisk.send(environment("talk"))
        await script.end()
    assert isinstance(script.error, CommandTimeout)
    await empty(server)


async def test_peer_that_answers_what_it_does_not_read(serve: Serve) -> None:
    sessions: list[Session] = []

    async def talk(session: Session) -> None:
        sessions.append(session)
        await chatter(session)

    server, script = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.writer.transport.pause_reading()  # type: ignore[attr-defined]
        asterisk.send(environment("talk"))
        await until(lambda: sessions)
        for number in range(1, 20_000):
            await until(lambda number=number: sessions[0].commands == number or script.finished.is_set())  # type: ignore[misc]
            if script.finished.is_set():
                break
            asterisk.send(b"200 result=1\n")
        assert isinstance(script.error, ProtocolViolation)
        await empty(server)
    await serve_one(server)


@pytest.mark.parametrize("line", [b"junk\n", b"HANGUP\n"])
async def test_unasked_lines_before_a_reply_are_cut(
    serve: Serve, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    server, script = await session_with(serve, Session.noop)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk", ["call"]))
        await asterisk.command()
        asterisk.send(line * 65)
        assert await asterisk.closed() == b""
    assert isinstance(script.error, ProtocolViolation)
    assert "event=session-cut call=call" in caplog.text


@pytest.mark.parametrize("line", [b"200 result=0\n", b"junk\n", b"HANGUP\n", b"\n", b"200\n"])
async def test_unasked_lines_are_ignored_then_cut(
    serve: Serve, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    go_on = asyncio.Event()

    async def talk(session: Session) -> str | None:
        await go_on.wait()
        return await session.get_variable("X")

    server, script = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk") + line * 10)
        await until(lambda: server.sessions)
        go_on.set()
        assert (await asterisk.command())[:2] == ["GET", "FULL"]
        asterisk.send(b"200 result=1 (right)\n" + line * 1_000_000)
        await asterisk.closed()
    assert script.result == "right"
    await empty(server)
    await serve_one(server)


async def test_a_crash_is_logged_and_closes_the_session(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async def talk(session: Session) -> None:
        raise KeyError("bug")

    server, _ = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk", ["call-7"]))
        assert await asterisk.closed() == b""
    assert "event=crash script=talk call=call-7" in caplog.text
    assert "KeyError: 'bug'" in caplog.text
    await serve_one(server)


async def test_cleanup_after_a_hangup_has_its_time_and_no_more(serve: Serve) -> None:
    stored: list[str] = []

    async def talk(session: Session) -> None:
        try:
            await session.play("x")
        except Hangup:
            await asyncio.sleep(0.05)
            stored.append("in time")
            await asyncio.Event().wait()
            stored.append("never")

    server, script = await session_with(serve, talk, cleanup_seconds=0.3)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
    await script.end()
    assert isinstance(script.error, asyncio.CancelledError)
    assert stored == ["in time"]
    await empty(server)


async def test_a_session_that_does_not_end_is_cancelled(serve: Serve) -> None:
    async def talk(session: Session) -> None:
        await asyncio.Event().wait()

    server, script = await session_with(serve, talk, session_seconds=0.1)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        assert await asterisk.closed() == b""
    assert isinstance(script.error, asyncio.CancelledError)


@pytest.mark.parametrize("heeds", [True, False])
async def test_a_conversation_that_asks_nothing_leaves_the_call_to_the_dialplan(
    serve: Serve, caplog: pytest.LogCaptureFixture, *, heeds: bool
) -> None:
    released = asyncio.Event()

    async def talk(session: Session) -> None:
        if session.call_id == "plays":
            await session.play("x")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if heeds:
                raise
            await released.wait()

    short = {"lookup_seconds": 0.1, "complaint_wait_seconds": 0.1, "ended_seconds": 0.1}
    server, _ = await session_with(serve, talk, silent_seconds=0.2, **short)
    async with FakeAsterisk(server.address) as plays, FakeAsterisk(server.address) as silent:
        plays.send(environment("talk", ["plays"]))
        assert (await plays.command())[:2] == ["STREAM", "FILE"]
        silent.send(environment("talk", ["silent"]))
        assert await silent.closed() == b""
        assert "event=session-silent call=silent script=talk" in caplog.text
        assert "call=plays" not in caplog.text, "while a prompt is played, it is Asterisk that is silent"
        plays.send(b"200 result=0\n")
        assert await plays.closed() == b""
        assert "event=session-silent call=plays script=talk" in caplog.text
    released.set()
    await empty(server)


async def test_one_command_at_a_time(serve: Serve) -> None:
    async def talk(session: Session) -> str:
        first = asyncio.ensure_future(session.noop())
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="one command at a time"):
            await session.noop()
        first.cancel()
        await asyncio.wait({first})
        with pytest.raises(ProtocolViolation, match="given up"):
            await session.noop()
        return "ok"

    server, script = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        await asterisk.closed()
    assert script.result == "ok"


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


# ---- the whole service


async def test_memory_and_cpu_stay_flat_under_abuse(serve: Serve) -> None:
    server = await serve({"good": six_commands}, handshake_seconds=0.3)

    async def abuse(data: bytes) -> None:
        async with FakeAsterisk(server.address) as asterisk:
            asterisk.send(data)
            await asyncio.sleep(0)

    attacks = [
        b"",
        b"agi_x",
        b"\xff" * 3000,
        b"\n",
        environment("good") + b"HANGUP\n" * 100,
        environment("good") + b"200 result=" + b"9" * 50_000,
        environment("nope"),
        environment("good"),
    ]

    async def round_of_attacks() -> None:
        for data in attacks * 5:
            await abuse(data)
        await empty(server)

    await round_of_attacks()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    tasks = len(asyncio.all_tasks())
    for _ in range(3):
        await round_of_attacks()
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 300_000
    assert len(asyncio.all_tasks()) == tasks
    used = resource.getrusage(resource.RUSAGE_SELF)
    async with FakeAsterisk(server.address):
        await asyncio.sleep(0.2)  # an idle peer costs nothing: this is the time it is watched
    idle = resource.getrusage(resource.RUSAGE_SELF)
    assert (idle.ru_utime + idle.ru_stime) - (used.ru_utime + used.ru_stime) < 0.1
    await serve_one(server)


async def test_drain_lets_sessions_end(serve: Serve) -> None:
    server, script = await session_with(serve, six_commands)
    async with FakeAsterisk(server.address) as asterisk, FakeAsterisk(server.address) as stalled:
        asterisk.send(environment("talk", ["call"]))
        await asterisk.command()
        address = server.address
        stopping = asyncio.create_task(server.stop(5))
        assert await stalled.closed() == b""
        with pytest.raises(ConnectionError):
            await asyncio.open_connection(*address)
        for _ in range(5):
            asterisk.send(b"200 result=1\n")
            await asterisk.command()
        asterisk.send(b"200 result=1 (4)\n")
        await asyncio.wait_for(stopping, 5)
    assert script.result == "4"
    assert server.sessions == 0


async def test_drain_ends(serve: Serve) -> None:
    server, script = await session_with(serve, Session.noop)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk", ["call"]))
        await asterisk.command()
        await asyncio.wait_for(server.stop(0.05), 5)
        assert await asterisk.closed() == b""
    assert isinstance(script.error, asyncio.CancelledError)


async def test_address_in_use_is_one_clear_line(serve: Serve) -> None:
    server = await serve({})
    second = FastAgiServer({}, AgiSettings(port=server.address[1]))
    with pytest.raises(ListenError, match=r"cannot listen for Asterisk on 127\.0\.0\.1:\d+ .*set another"):
        await second.start()
    with pytest.raises(ListenError, match="not listening"):
        _ = second.address
    await second.stop()


def test_errors_are_one_tree() -> None:
    for kind in (Hangup, Disconnected, CommandFailed, CommandTimeout, ProtocolViolation, ListenError):
        assert issubclass(kind, AgiError)


@pytest.mark.parametrize(
    "wrong", [{"port": 70000}, {"host": ""}, {"max_sessions": 0}, {"command_seconds": float("nan")}]
)
def test_settings_out_of_range(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        AgiSettings(**wrong)  # type: ignore[arg-type]


def test_log_lines_cannot_be_forged(caplog: pytest.LogCaptureFixture) -> None:
    from agi import log

    with caplog.at_level(logging.INFO, "helpline.agi"):
        log.event(logging.INFO, "session", call='x\nevent=forged "q"', seconds=0.25, none=None)
    assert caplog.messages == ['event=session call="x\\nevent=forged \\"q\\"" seconds=0.250']
