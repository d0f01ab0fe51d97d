"""`helpline directory`: the office's sheets become the edition by which complaints find their officer."""

from __future__ import annotations

import click

from helpline.commands.directory.changing import diff, move_open_, publish, return_
from helpline.commands.directory.explaining import explain_
from helpline.commands.directory.listing import check, editions
from helpline.commands.directory.sheets import import_, template


@click.group()
def directory() -> None:
    """Places, officers and time limits: import, check, publish, explain, list."""


for _command in (check, diff, editions, explain_, import_, move_open_, publish, return_, template):
    directory.add_command(_command)
