"""What the commands share: who acts, when, and how the answer is printed."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import wraps
from typing import Any, TypeVar

import click

from helpline.app import App
from helpline.commands import output
from helpline.errors import room_errors
from helpline.wiring import open_existing_records
from mapper.days import IST
from office import Editions, Office
from office.errors import RefusedError, command_of
from records import NumberError, utc_now
from records.life.steps import Actor
from records.numbers import validate

T = TypeVar("T")


YEARS = range(2000, 2200)
"""Any other is a slip of the finger, and a limit that begins at a calendar's edge has no end."""


class Day(click.ParamType[date]):
    """A day, ISO 8601."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{str(value)!r} is not a day such as 2026-11-23", param, ctx)
        if day.year not in YEARS:
            self.fail(_beyond(value), param, ctx)
        return day


class Moment(click.ParamType[datetime]):
    """A day or a moment, ISO 8601; in India unless it names a zone. A day alone means noon."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            moment = datetime.fromisoformat(text if len(text) > 10 else f"{text}T12:00")
        except ValueError:
            self.fail(f"{text!r} is not a moment such as 2026-11-23T18:30 or 2026-11-23", param, ctx)
        if moment.year not in YEARS:
            self.fail(_beyond(text), param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=IST)


def _beyond(text: object) -> str:
    return f"{str(text)!r}: write a year from {YEARS[0]} to {YEARS[-1]}"


def noon(day: date) -> datetime:
    """The middle of a day in India."""
    return datetime.combine(day, time(12), IST)


class Number(click.ParamType[str]):
    """A complaint number as it is read out: blanks and hyphens are dropped, the check digit is checked."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return validate(str(value))
        except NumberError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


JSON = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
AT = click.option(
    "--at",
    type=Moment(),
    metavar="MOMENT",
    help="As if it were this moment, such as 2026-11-30T10:00 (India).",
)
NUMBER = click.argument("number", type=Number(), metavar="NUMBER")


@dataclass(frozen=True)
class Acting:
    """Who is said to act: a user, or somebody with a shell in the name of a post."""

    by: str | None
    as_post: str | None
    at: datetime | None

    async def actor(self, office: Office) -> Actor:
        """Raises `OfficeError` when nobody of that name works here, or there is no such post."""
        user = await office.actor_for(self.by) if self.by else None
        if self.as_post is None and user is not None:
            return user
        who = user.username if user else f"shell:{getpass.getuser()}"
        return await office.in_post(who, self.as_post or "")


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --by, --as-post and --at, and hands them over as ``acting``."""

    @click.option("--by", metavar="USERNAME", help="The user who acts; his posts are those of the directory.")
    @click.option(
        "--as-post", metavar="POST_ID", help="In the name of a post, such as REVENUE-L1@tehsil:3563."
    )
    @AT
    @wraps(command)
    def with_acting(
        *args: Any, by: str | None, as_post: str | None, at: datetime | None, **kwargs: Any
    ) -> Any:
        if by is None and as_post is None:
            raise click.UsageError(
                "say who acts: --by USERNAME, or --as-post POST_ID to write down what its holder decided"
            )
        return command(*args, acting=Acting(by, as_post, at), **kwargs)

    return with_acting


def in_office(
    app: App, at: datetime | None, work: Callable[[Office], Awaitable[T]], *, as_json: bool = False
) -> T:
    """Open the records, do the work, close them. ``at``: the moment that is taken for now.

    Nothing is written of a moment still to come, except to practise (`ProcessSettings.rehearsal`).

    With ``as_json`` a refusal is told as JSON on standard output too, with status 1.
    """

    async def run() -> T:
        async with await open_existing_records(app) as records:
            clock = utc_now if at is None else lambda: at
            real = None if app.settings.helpline.rehearsal else utc_now
            return await work(Office(records, Editions(app.directory), clock, real=real))

    return answer(run, as_json=as_json)


def answer(work: Callable[[], Coroutine[Any, Any, T]], *, as_json: bool) -> T:
    """Run it. With ``as_json`` what a person can mend is told as JSON on standard output, with status 1."""
    if not as_json:
        return asyncio.run(work())
    try:
        return asyncio.run(work())
    except room_errors() as error:
        click.echo(output.as_json(_refusal(error)))
        raise SystemExit(1) from None


def _refusal(error: Exception) -> dict[str, Any]:
    told: dict[str, Any] = {"ok": False, "error": str(error)}
    if isinstance(error, RefusedError):
        told |= {
            "step": command_of(error.refusal.step),
            "code": error.refusal.code,
            "reason": error.refusal.reason.en,
            "reason_hi": error.refusal.reason.hi,
            "who": [each.en for each in error.who],
            "who_hi": [each.hi for each in error.who],
            "steps": list(map(command_of, error.refusal.legal)),
        }
    return told
