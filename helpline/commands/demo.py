"""``helpline demo``: a whole centre on this machine, one call lived, then it stays for yours."""

import asyncio
import logging
import signal

import click

from helpline.app import App
from helpline.commands.serve import loop_factory
from helpline.demo.duty import on_duty
from helpline.demo.scene import Scene
from helpline.demo.stage import Stage, stage
from helpline.demo.story import live
from helpline.demo.transcript import Transcript
from helpline.logs import set_up_logs


@click.command()
@click.option(
    "--once", is_flag=True, help="Leave after the first call; status 0 only if every step was seen."
)
@click.option("--verbose", is_flag=True, help="Show the service's log too.")
@click.pass_obj
def demo(app: App, *, once: bool, verbose: bool) -> None:
    """Start a whole centre on this machine and live one call."""
    set_up_logs(logging.INFO if verbose else logging.ERROR)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_demo(app, once=once))


async def _demo(app: App, *, once: bool) -> None:
    transcript = Transcript()
    loop, main = asyncio.get_running_loop(), asyncio.current_task()
    if main is not None:
        loop.add_signal_handler(signal.SIGTERM, main.cancel)
    async with stage(app, transcript) as running:
        outcome = await live(running, transcript, Scene())
        transcript.stage(f"all {len(transcript.seen)} steps were seen: {'; '.join(transcript.seen)}")
        if not once:
            transcript.last(outcome.sentence)
            _invite(running, transcript)
            async with on_duty(running, transcript):
                await _until_interrupted()
    if once:
        transcript.last(outcome.sentence)


def _invite(running: Stage, transcript: Transcript) -> None:
    say = transcript.last
    say("")
    say(f"The desk:   http://{running.desk_address[0]}:{running.desk_address[1]}")
    for username, password in running.passwords.items():
        say(f"            user {username}, password {password}")
    say("A call:     .venv/bin/helpline call 181 --press 1 --press 39 --press 1    (in another terminal)")
    say(f"A softphone registers at {running.sip} (UDP, codec PCMA), then dials *11 to take calls:")
    for extension, password in running.free_extensions.items():
        say(f"            user {extension}, password {password}")
    say(f"Until then executive {running.extension} is played by the demo: it answers after three seconds.")
    say("Ctrl-C ends everything.")


async def _until_interrupted() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
