"""Every test that asks for ``records`` or ``database_url`` runs on SQLite and on a real PostgreSQL.

Both databases are migrated once for each test process and copied for each test.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from records import Records, open_records, sqlite_url
from tests.records.postgres_fixture import (
    PostgresError,
    Server,
    create_database,
    drop_database,
    private_server,
)
from tests.records.samples import QUICK, FakeClock

# A machine that is busy with other things is no fault of the code.
hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")

DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A private server; a test that needs it fails, with the remedy, where PostgreSQL is not installed."""
    try:
        with private_server() as server:
            yield server
    except PostgresError as error:
        pytest.fail(str(error))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    file = tmp_path_factory.mktemp("template") / "records.sqlite"
    _migrate(sqlite_url(file))
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """The name of a migrated, empty PostgreSQL database nobody is connected to."""
    name = create_database(postgres)
    _migrate(postgres.url(name))
    return name


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database of its own, on each kind in turn."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "records.sqlite")
        yield sqlite_url(tmp_path / "records.sqlite")
    else:
        server: Server = request.getfixturevalue("postgres")
        name = create_database(server, template=request.getfixturevalue("postgres_template"))
        yield server.url(name)
        drop_database(server, name)


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.sqlite")
    else:
        server: Server = request.getfixturevalue("postgres")
        name = create_database(server)
        yield server.url(name)
        drop_database(server, name)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until a test moves it."""
    return FakeClock()


@pytest.fixture
async def records(database_url: str, clock: FakeClock) -> AsyncIterator[Records]:
    """Open records on a fresh database."""
    async with await open_records(database_url, clock=clock, settings=QUICK) as opened:
        yield opened


def _migrate(url: str) -> None:
    async def migrate() -> None:
        await (await open_records(url)).aclose()

    # In a thread: the fixture may be asked for while a test's own loop runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate()).result()
