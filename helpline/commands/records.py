"""``helpline records``: whether what is stored is what happened."""

import click


@click.group()
def records() -> None:
    """Check that what is stored is what happened."""
