"""``helpline serve``: everything in one process, or the AGI server, the desk and the clock apart."""

import asyncio

import click

from helpline.app import App
from helpline.commands.serve_clock import clock
from helpline.serve import Part, run


@click.group(invoke_without_command=True)
@click.pass_context
def serve(ctx: click.Context) -> None:
    """Run the service: calls, desk, escalation clock and the link to Asterisk, until SIGTERM or Ctrl-C."""
    if ctx.invoked_subcommand is None:
        _serve(ctx.ensure_object(App), Part.ALL)


serve.add_command(clock)


@serve.command()
@click.option("--listen", metavar="HOST:PORT", help="Address instead of [agi] host and port.")
@click.pass_obj
def agi(app: App, listen: str | None) -> None:
    """Run the FastAGI server alone."""
    _serve(app, Part.AGI, None if listen is None else parse_address(listen))


@serve.command()
@click.pass_obj
def desk(app: App) -> None:
    """Run the desk and the link to Asterisk alone."""
    _serve(app, Part.DESK)


def parse_address(text: str) -> tuple[str, int]:
    """``HOST:PORT`` or ``[V6]:PORT``; raises `click.BadParameter`."""
    host, separator, port = text.rpartition(":")
    host = host.strip("[]")
    if not separator or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise click.BadParameter(
            f"{text!r} is not HOST:PORT, for example 127.0.0.1:4573", param_hint="--listen"
        )
    return host, int(port)


def _serve(app: App, parts: Part, listen: tuple[str, int] | None = None) -> None:
    app.settings  # noqa: B018 - a wrong setting is told before anything starts
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(run(app, parts, listen=listen))


def loop_factory() -> "type[asyncio.AbstractEventLoop] | None":
    """uvloop where it installs: it costs calls less CPU."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop
