"""``helpline asterisk``: check what administrators edited, apply it, run a private Asterisk with it."""

import asyncio
import contextlib
import signal
import sys
from pathlib import Path

import click

from helpline.app import App
from helpline.errors import HelplineError
from helpline.state_folder import close_to_others, locked
from helpline.wiring import apply_configuration, asterisk_instance, configuration_problems, make_state_dir


@click.group()
def asterisk() -> None:
    """Check, apply and run the Asterisk configuration."""


@asterisk.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.pass_obj
def check(app: App, folder: Path | None) -> int:
    """Look for what an edit may have broken. FOLDER is the configuration (default: dialplan/)."""
    problems = configuration_problems(app, folder)
    for problem in problems:
        click.echo(str(problem), err=True)
    if not problems:
        click.echo("no problem found")
    return 1 if problems else 0


@asterisk.command()
@click.pass_obj
def apply(app: App) -> None:
    """Write the configuration with this centre's ports, queues and secrets, unless check finds a problem."""
    apply_configuration(app)
    click.echo(f"written to {app.asterisk_runtime / 'etc'}")


@asterisk.command()
@click.pass_obj
def run(app: App) -> None:
    """Apply the configuration and run Asterisk in the foreground until Ctrl-C, or until it ends by itself."""
    asyncio.run(_run(app))


async def _run(app: App) -> None:
    from helpline.logs_kept import keep_rotating

    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    folder = await asyncio.to_thread(make_state_dir, app)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(locked(folder, ["asterisk"]))
        await asyncio.to_thread(close_to_others, app.asterisk_runtime)
        exchange = await stack.enter_async_context(asterisk_instance(app))
        print(
            f"Asterisk runs, SIP on {app.settings.asterisk.bind}:{app.settings.asterisk.sip_port}",
            file=sys.stderr,
            flush=True,
        )
        stopped, ended = asyncio.create_task(stop.wait()), asyncio.create_task(exchange.wait())
        logs = keep_rotating(exchange.layout.log, app.settings.logs, exchange.cli)
        rotating = asyncio.create_task(logs, name="logs")
        await asyncio.wait((stopped, ended), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        rotating.cancel()
        await asyncio.wait((rotating,))
        if not stop.is_set():
            raise HelplineError(
                f"Asterisk ended by itself (status {ended.result()}); see {app.asterisk_runtime / 'log'}, "
                "and let what starts this command start it again"
            )
        ended.cancel()
