"""``helpline doctor``: what is missing on this machine and how to get it."""

import json as json_module

import click

from helpline.app import App
from helpline.checkup import examine
from helpline.finding import Finding, State

MARK = {State.OK: ("ok", "green"), State.WARNING: ("warning", "yellow"), State.ERROR: ("error", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def doctor(app: App, *, as_json: bool) -> int:
    """Look at everything the service needs. Exit status 1 when a line says error."""
    findings = examine(app)
    if as_json:
        click.echo(
            json_module.dumps([finding.as_dict() for finding in findings], ensure_ascii=False, indent=2)
        )
    else:
        for finding in findings:
            _print(finding)
    return 1 if any(finding.state is State.ERROR for finding in findings) else 0


def _print(finding: Finding) -> None:
    word, colour = MARK[finding.state]
    click.echo(f"{click.style(f'{word:<7}', fg=colour)}  {finding.subject}: {finding.what}")
    if finding.remedy:
        click.echo(f"         -> {finding.remedy}")
