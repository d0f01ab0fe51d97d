"""What ``helpline backup`` and ``helpline restore`` share: how far they are, and how a hash is written."""

import re
import sys
from collections.abc import Callable

import click

from helpline.backup.archive import no_progress

_HEX = re.compile(r"[0-9a-f]{64}")


class Hash(click.ParamType[str]):
    """A SHA-256 in hexadecimal."""

    name = "hash"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip().lower()
        if not _HEX.fullmatch(text):
            self.fail("a SHA-256 has 64 hexadecimal digits", param, ctx)
        return text


SHA256 = click.option(
    "--sha256", type=Hash(), metavar="HASH", help="The archive must have this hash (default: FILE.sha256)."
)


def on_terminal(what: str) -> Callable[[int, int], None]:
    """Says how much of a piece of work is done, on a terminal in one line; on anything else nothing."""
    if not sys.stderr.isatty():
        return no_progress
    shown = -1

    def progress(done: int, every: int) -> None:
        nonlocal shown
        percent = 100 if every <= done else done * 100 // every
        if percent != shown:
            shown = percent
            click.echo(f"\r{what}: {percent} %", nl=percent == 100, err=True)

    return progress
