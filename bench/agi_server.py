"""The Python servers of the agi bench, each alone in a process: ``python -m bench.agi_server NAME``.

NAME is ours, streams, pystrix or panoramisk. All run the same session of six commands, on uvloop where they
are asynchronous. ``streams`` is the floor: asyncio streams that neither quote, nor check, nor time anything.
"""

import asyncio
import importlib
import sys
from typing import Any

import uvloop

from agi.server import FastAgiServer
from agi.session import Session
from agi.settings import AgiSettings

SOUND = "h181/greeting"


async def six_commands(session: Session) -> None:
    """What a step of a call does: answer, play, ask, look, set, note."""
    await session.answer()
    await session.play(SOUND, "")
    await session.get_data(SOUND, 1.0, 2)
    await session.get_variable("H181_DISTRICT")
    await session.set_variable("H181_QUEUE", "district-39")
    await session.set_variable("H181_DONE", "bench")


PLAIN = (
    b"ANSWER\n",
    f'STREAM FILE "{SOUND}" ""\n'.encode(),
    f'GET DATA "{SOUND}" 1000 2\n'.encode(),
    b'GET FULL VARIABLE "${H181_DISTRICT}"\n',
    b'SET VARIABLE "H181_QUEUE" "district-39"\n',
    b'SET VARIABLE "H181_DONE" "bench"\n',
)


async def streams(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The floor's session."""
    while (await reader.readline()).strip():
        pass
    for command in PLAIN:
        writer.write(command)
        await reader.readline()
    writer.close()


async def panoramisk_server() -> asyncio.Server:
    """panoramisk writes what it is given: its users quote by themselves."""
    fast_agi: Any = importlib.import_module("panoramisk.fast_agi")

    async def session(request: Any) -> None:
        for command in PLAIN:
            await request.send_command(command.decode().rstrip("\n"))

    application = fast_agi.Application(loop=asyncio.get_running_loop())
    application.add_route("bench", session)
    return await asyncio.start_server(application.handler, "127.0.0.1", 0, backlog=1024)


def serve_pystrix() -> None:
    """pystrix has no event loop: a thread for each session."""
    agi: Any = importlib.import_module("pystrix.agi")
    core: Any = importlib.import_module("pystrix.agi.core")

    def session(call: Any, *_: object) -> None:
        call.execute(core.Answer())
        call.execute(core.StreamFile(SOUND))
        call.execute(core.GetData(SOUND, timeout=1000, max_digits=2))
        call.execute(core.GetFullVariable("${H181_DISTRICT}"))
        call.execute(core.SetVariable("H181_QUEUE", "district-39"))
        call.execute(core.SetVariable("H181_DONE", "bench"))

    server = agi.FastAGIServer(interface="127.0.0.1", port=0, daemon_threads=True)
    server.register_script_handler("bench", session)
    print(server.server_address[1], flush=True)
    server.serve_forever()


async def main(which: str) -> None:
    """Serve until standard input closes; the first line printed is the port."""
    loop = asyncio.get_running_loop()
    if which == "ours":
        settings = AgiSettings(port=0, max_sessions=4000)
        server = FastAgiServer({"bench": six_commands}, settings)
        await server.start()
        port = server.address[1]
    else:
        if which == "panoramisk":
            plain = await panoramisk_server()
        else:
            plain = await asyncio.start_server(streams, "127.0.0.1", 0, backlog=1024)
        port = plain.sockets[0].getsockname()[1]
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    if sys.argv[1] == "pystrix":
        serve_pystrix()
    else:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main(sys.argv[1]))
