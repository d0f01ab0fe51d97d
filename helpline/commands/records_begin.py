"""``helpline records begin`` and ``adopt``: what only a person may decide where a book was lost."""

import asyncio
from collections.abc import Awaitable, Callable

import click

from helpline.app import App
from helpline.book import traces
from helpline.state_folder import locked
from helpline.wiring import make_state_dir
from records import utc_now
from records.book import beginning
from records.database.identity import Book
from records.database.urls import address
from records.errors import NumberError
from records.numbers import number_for, validate


class Number(click.ParamType[int]):
    """A complaint number as citizens are told it; gives the running number."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return int(validate(str(value))[:-1])
        except NumberError as error:
            self.fail(str(error), param, ctx)


ABOVE = click.option(
    "--above", type=Number(), metavar="NUMBER", help="Give no number up to this complaint number again."
)


@click.command()
@click.option("--anew", is_flag=True, help="Though there was a book: go on with an empty one.")
@ABOVE
@click.pass_obj
def begin(app: App, *, anew: bool, above: int | None) -> None:
    """Make the book of complaints where `helpline serve` does not do it by itself.

    Without --anew: the first book of a centre, where calls or recordings of a trial look like those of an
    earlier one. With --anew: a new book for one that is lost for good; its numbers go on above the highest
    that is known, so that no number is given twice. Look for the old one first: a disk that is not mounted, a
    backup, *.rescued-* beside the database.

    \b
    helpline records begin
    helpline records begin --anew
    helpline records begin --anew --above 10004211
    """
    if above is not None and not anew:
        raise click.UsageError("--above needs --anew")
    where, settings, kept = address(app.records_url), app.settings.records, traces(app)

    async def work() -> Book:
        if anew:
            return await beginning.begin_anew(where, settings, kept, utc_now, above=above)
        return await beginning.begin_first(where, settings, kept, utc_now)

    _say("begun", where.shown, _alone(app, work))


@click.command()
@ABOVE
@click.pass_obj
def adopt(app: App, *, above: int | None) -> None:
    """Take the database at records.url for this centre's book, though the marks know another one.

    For a database that was moved to another server as a new one, or a backup of before this version. Numbers
    go on above all that the marks know. Run `helpline records verify` after it.
    """
    where, settings, kept = address(app.records_url), app.settings.records, traces(app)
    found = _alone(app, lambda: beginning.adopt(where, settings, kept, utc_now, above=above))
    _say("adopted", where.shown, found)


def _alone(app: App, work: Callable[[], Awaitable[Book]]) -> Book:
    """Do it while no part of the service runs on this state folder."""

    async def run() -> Book:
        return await work()

    with locked(make_state_dir(app), ["agi", "desk", "clock"]):
        return asyncio.run(run())


def _say(what: str, shown: str, book: Book) -> None:
    click.echo(f"{what}: {shown}; the next complaint gets number {number_for(book.highest + 1)}")
