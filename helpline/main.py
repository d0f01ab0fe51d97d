"""``helpline``: the command line. Commands live in ``helpline/commands``, one module each."""

import contextlib
import importlib
import json
import logging
import os
import sys
from pathlib import Path

import click

from helpline.errors import room_errors

COMMANDS = {
    "asterisk": "Check, apply and run the Asterisk configuration.",
    "backup": "Put the whole centre into one archive while it works; check an archive.",
    "call": "Place a call as a citizen and print what was heard.",
    "complaint": "Register, show, list and explain complaints, and take the steps of their life.",
    "demo": "Start a whole centre on this machine and live one call.",
    "directory": "Import, check, publish and explain the directory of places and officers.",
    "doctor": "Say what is missing on this machine and how to get it.",
    "person": "Find what is on record of a telephone number, and erase the person on his request.",
    "prompts": "Build, check, list and hear what the caller hears.",
    "records": "Check that what is stored is what happened; go on where a book was lost.",
    "report": "Show habitual complainants and the monthly grading.",
    "retention": "Remove recordings, spoken messages and logs whose days are over.",
    "restore": "Bring a centre back from an archive, into an empty place.",
    "serve": "Run the service: calls, desk and the link to Asterisk.",
    "user": "Add and list the people who log in to the desk.",
}
"""Command name to the line `helpline --help` shows; the module of that name holds it."""


class LazyGroup(click.Group):
    """Imports a command's module only when it is asked for, so that ``--help`` needs no audio stack."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"helpline.commands.{cmd_name}")
        command = getattr(module, cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"helpline.commands.{cmd_name}.{cmd_name} is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--config", type=click.Path(path_type=Path), help="Settings file (default: helpline.toml if there)."
)
@click.version_option(package_name="helpline181", prog_name="helpline")
@click.pass_context
def cli(ctx: click.Context, config: Path | None) -> None:
    """helpline181: the telephony service of a district nodal call centre for CM Helpline 181."""
    from helpline.app import App
    from helpline.state_folder import private_files

    if ctx.invoked_subcommand != "prompts":
        # Prompts are part of the product: whoever installs it for others lets them read those.
        ctx.with_resource(private_files())
    ctx.obj = App(config)


def main(argv: list[str] | None = None) -> None:
    """Entry point. A person's mistake gives one line and status 1 (2 for wrong usage), never a traceback.

    Who asked for JSON is told of it in JSON, on standard output, in one line like what came before it.
    """
    # Until a command sets up logs, a room's log lines go nowhere: what stops a command is told once, below.
    logging.getLogger().addHandler(logging.NullHandler())
    as_json = "--json" in (sys.argv[1:] if argv is None else argv)
    try:
        status = cli.main(args=argv, prog_name="helpline", standalone_mode=False)
    except click.ClickException as error:
        if as_json:
            click.echo(json.dumps(_as_data(error), ensure_ascii=False))
        else:
            error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo("helpline: stopped", err=True)
        sys.exit(130)
    except room_errors() as error:
        if as_json:
            click.echo(json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False))
        else:
            click.echo(f"helpline: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        _forget_output()
        where = f" {error.filename}" if error.filename else ""
        click.echo(
            f"helpline: {error.strerror or error}{where}; check the free space and the permissions", err=True
        )
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def _as_data(error: click.ClickException) -> dict[str, object]:
    """Wrong usage for a program: what is wrong, how the command is written, and which command explains it."""
    told: dict[str, object] = {"ok": False, "error": error.format_message()}
    context = getattr(error, "ctx", None)
    if isinstance(context, click.Context):
        told |= {"usage": " ".join(context.get_usage().split()), "help": f"{context.command_path} --help"}
    return told


def _forget_output() -> None:
    """What standard output could not take is not tried again when the process ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
