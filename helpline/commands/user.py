"""``helpline user``: the people who log in to the desk.

A password is never an argument: arguments are seen by every user of the machine and kept by the shell.
"""

import asyncio
import json as json_module
import sys
from dataclasses import asdict

import click

from helpline.app import App
from helpline.wiring import open_centre_records, open_existing_records
from records import NewUser, Role, User
from records.passwords import check, generate
from records.users import ROLES

ASK = click.option("--ask", is_flag=True, help="Ask for the password, twice, without showing it.")
STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from the first line of stdin.")


@click.group()
def user() -> None:
    """Add and list the people who log in to the desk, and give new passwords."""


@user.command()
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the person may do at the desk.")
@click.option("--name-hi", help="The person's name in Hindi (default: the English name).")
@click.option("--name-en", help="The person's name in English (default: the username).")
@click.option("--extension", help="The person's telephone, such as 2001.")
@click.option("--district", help="Two-digit district code (default: the centre's).")
@ASK
@STDIN
@click.pass_obj
def add(
    app: App,
    username: str,
    *,
    role: Role,
    name_hi: str | None,
    name_en: str | None,
    extension: str | None,
    district: str | None,
    ask: bool,
    password_stdin: bool,
) -> None:
    """Add USERNAME. Without --ask or --password-stdin a password is made and printed, this once only."""
    name_en = name_en or username
    password, generated = _password(ask=ask, stdin=password_stdin)
    new = NewUser(
        username=username,
        display_name_hi=name_hi or name_en,
        display_name_en=name_en,
        role=role,
        password=password,
        extension=extension,
        district_code=district or app.settings.asterisk.district_code,
    )

    async def create() -> User:
        async with await open_centre_records(app) as records:
            return await records.users.create(new)

    made = asyncio.run(create())
    click.echo(f"added {made.username} ({made.role})")
    _tell(password, generated=generated)


@user.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print the users as JSON.")
@click.pass_obj
def list_users(app: App, *, as_json: bool) -> None:
    """List everybody who may log in."""

    async def read() -> list[User]:
        async with await open_existing_records(app) as records:
            return await records.users.list()

    found = asyncio.run(read())
    if as_json:
        rows = [{**asdict(one), "created_at": one.created_at.isoformat()} for one in found]
        click.echo(json_module.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("nobody yet; add somebody with: helpline user add NAME --role executive")
    for one in found:
        where = f"{one.extension or '-':<6} {one.district_code or '-':<3}"
        click.echo(f"{one.username:<20} {one.role:<14} {where} {one.display_name_hi} ({one.display_name_en})")


@user.command()
@click.argument("username")
@ASK
@STDIN
@click.pass_obj
def password(app: App, username: str, *, ask: bool, password_stdin: bool) -> None:
    """Give USERNAME a new password and end the sessions that are open."""
    new, generated = _password(ask=ask, stdin=password_stdin)

    async def change() -> None:
        async with await open_existing_records(app) as records:
            await records.users.set_password(username, new)

    asyncio.run(change())
    click.echo(f"new password set for {username}")
    _tell(new, generated=generated)


def _password(*, ask: bool, stdin: bool) -> tuple[str, bool]:
    """The password and whether it was made here. Raises `records.UserError` for one that is too short."""
    if ask and stdin:
        raise click.UsageError("--ask and --password-stdin exclude each other")
    if not ask and not stdin:
        return generate(), True
    if ask:
        given: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    check(given)
    return given, False


def _tell(password: str, *, generated: bool) -> None:
    if generated:
        click.echo(f"password: {password}")
        click.echo("It is not shown again. Hand it over in person.", err=True)
