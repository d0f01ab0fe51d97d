"""``helpline user``: the people who log in to the desk.

A password is never an argument: arguments are seen by every user of the machine and kept by the shell.
"""

import asyncio
import json as json_module
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime

import click

from dialplan.districts import load_districts
from helpline.app import App
from helpline.wiring import open_centre_records, open_existing_records
from records import NewUser, Role, User
from records.users.password_rules import check_new
from records.users.passwords import generate
from records.users.users import ROLES, UserBook

ASK = click.option("--ask", is_flag=True, help="Ask for the password, twice, without showing it.")
YES = click.option("--yes", is_flag=True, help="Do not ask, also when nobody is left who leads.")
LEADING = {"supervisor", "administrator"}
STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from the first line of stdin.")


@click.group()
def user() -> None:
    """Add, list, disable and remove the people who log in to the desk, and give new passwords."""


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
    password, generated = _password([username, name_hi or "", name_en], ask=ask, stdin=password_stdin)
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
        rows = [
            {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
            for row in map(asdict, found)
        ]
        click.echo(json_module.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("nobody yet; add somebody with: helpline user add NAME --role executive")
    for one in found:
        where = f"{one.extension or '-':<6} {one.district_code or '-':<3}"
        state = " [removed]" if one.removed_at else " [disabled]" if one.disabled_at else ""
        names = f"{one.display_name_hi} ({one.display_name_en})"
        click.echo(f"{one.username:<20} {one.role:<14} {where} {names}{state}")


@user.command()
@click.argument("username")
@ASK
@STDIN
@click.pass_obj
def password(app: App, username: str, *, ask: bool, password_stdin: bool) -> None:
    """Give USERNAME a new password and end the sessions that are open."""

    async def names() -> list[str]:
        async with await open_existing_records(app) as records:
            him = await records.users.get(username)
            return [username] if him is None else [username, him.display_name_hi, him.display_name_en]

    new, generated = _password(asyncio.run(names()), ask=ask, stdin=password_stdin)
    _change(app, lambda users: users.set_password(username, new))
    click.echo(f"new password set for {username}")
    _tell(new, generated=generated)


@user.command()
@click.argument("username")
@YES
@click.pass_obj
def disable(app: App, username: str, *, yes: bool) -> None:
    """Keep USERNAME out until enabled again; open pages end within a second or two."""
    _ask_about_the_last(app, username, "disable", yes=yes)
    _change(app, lambda users: users.disable(username))
    click.echo(f"{username} may not log in any more; let him in again with: helpline user enable {username}")


@user.command()
@click.argument("username")
@click.pass_obj
def enable(app: App, username: str) -> None:
    """Let USERNAME, who was disabled, log in again with the password of before."""
    _change(app, lambda users: users.enable(username))
    click.echo(f"{username} may log in")


@user.command()
@click.argument("username")
@YES
@click.pass_obj
def remove(app: App, username: str, *, yes: bool) -> None:
    """Keep USERNAME out for good; open pages end within a second or two. What he wrote keeps his name, and
    nobody else can get it."""
    _ask_about_the_last(app, username, "remove", yes=yes)
    _change(app, lambda users: users.remove(username))
    click.echo(f"{username} is removed; the history keeps the name")


def _change(app: App, change: Callable[[UserBook], Awaitable[None]]) -> None:
    async def run() -> None:
        async with await open_existing_records(app) as records:
            await change(records.users)

    asyncio.run(run())


def _ask_about_the_last(app: App, username: str, step: str, *, yes: bool) -> None:
    """Ask before nobody is left who leads. Raises `click.Abort` for a no."""

    async def last() -> User | None:
        async with await open_existing_records(app) as records:
            him = await records.users.get(username)
            if him is None or not him.may_log_in or him.role not in LEADING:
                return None
            return him if await records.users.is_last(username) else None

    him = asyncio.run(last())
    if him is not None and not yes:
        click.confirm(f"{him.username} is the last {him.role} who can log in; {step} anyway?", abort=True)


def _password(names: list[str], *, ask: bool, stdin: bool) -> tuple[str, bool]:
    """The password and whether it was made here. Raises `records.UserError` for one that is guessed soon."""
    if ask and stdin:
        raise click.UsageError("--ask and --password-stdin exclude each other")
    if not ask and not stdin:
        return generate(), True
    if ask:
        given: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    places = [name for each in load_districts() for name in (each.name_en, each.name_hi)]
    check_new(given, [*names, *places])
    return given, False


def _tell(password: str, *, generated: bool) -> None:
    if generated:
        click.echo(f"password: {password}")
        click.echo("It is not shown again. Hand it over in person.", err=True)
