"""A desk on a copy of real records with four people, and the shipped directory."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from blockbuster import blockbuster_ctx

from desk.app import create_app
from desk.condition import Health
from desk.settings import DeskSettings
from dialplan.districts import Districts, load_districts
from mapper import Edition, load_edition
from mapper.directory.store import DirectoryStore
from office import Editions
from records import NewUser, Records, RecordsSettings, open_records, sqlite_url
from tests.desk.rig import PASSWORD, FakeClock, Phones, Rig

QUICK = RecordsSettings(hash_memory_mib=8)
"""Passwords hashed with little memory: what takes time in the real one is not what is tested here."""

PEOPLE = (
    NewUser("sunita", "सुनीता वर्मा", "Sunita Verma", "executive", PASSWORD, "2001", "39"),
    NewUser("ramesh", "रमेश दांगी", "Ramesh Dangi", "executive", PASSWORD, "2002", "39"),
    NewUser("meera", "मीरा शर्मा", "Meera Sharma", "supervisor", PASSWORD, None, "39"),
    NewUser("anil", "अनिल जोशी", "Anil Joshi", "officer", PASSWORD, None, "39"),
    NewUser("kavita", "कविता राठौर", "Kavita Rathore", "administrator", PASSWORD, None, None),
)

MakeRig = Callable[..., Awaitable[Rig]]


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped directory published."""
    folder = tmp_path_factory.mktemp("directory")
    DirectoryStore(folder).ensure()
    return folder


@pytest.fixture(scope="session")
def edition(directory: Path) -> Edition:
    """The shipped directory, ready to be searched."""
    loaded = load_edition(DirectoryStore(directory).ensure())
    loaded.warm()
    return loaded


@pytest.fixture(scope="session")
def districts() -> Districts:
    return load_districts()


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which `PEOPLE` can log in."""
    file = tmp_path_factory.mktemp("people") / "records.sqlite"

    async def fill() -> None:
        async with await open_records(sqlite_url(file), settings=QUICK) as records:
            for person in PEOPLE:
                await records.users.create(person)

    # In a thread: the fixture may be asked for while a test's own loop runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, fill()).result()
    return file


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def records(people: Path, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Records]:
    file = Path(shutil.copy(people, tmp_path / "records.sqlite"))
    async with await open_records(sqlite_url(file), clock=clock, settings=QUICK) as opened:
        yield opened


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Where callers' messages lie."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    return folder


@pytest.fixture
async def make_rig(
    records: Records,
    edition: Edition,
    directory: Path,
    districts: Districts,
    clock: FakeClock,
    recordings: Path,
) -> AsyncIterator[MakeRig]:
    """Make a desk with changed settings or another edition; nothing it does may block the event loop."""
    async with AsyncExitStack() as stack:

        async def make(in_force: Edition = edition, health: Health | None = None, **settings: Any) -> Rig:
            phones = Phones(clock)
            app = await asyncio.to_thread(
                create_app,
                records=records,
                editions=Editions(directory, lambda: in_force),
                switchboard=phones,
                districts=districts,
                settings=DeskSettings(**settings),
                clock=clock,
                recordings=recordings,
                health=health,
            )
            server = TestServer(app)
            await server.start_server()
            stack.push_async_callback(server.close)
            rig = Rig(server, records, phones, clock)
            stack.push_async_callback(rig.close)
            return rig

        with blockbuster_ctx(["desk", "mapper", "office", "records"]):
            yield make


@pytest.fixture
async def rig(make_rig: MakeRig) -> Rig:
    """The desk with its default settings."""
    return await make_rig()


@pytest.fixture
def complaint(edition: Edition) -> dict[str, str]:
    """A form that can be registered: no power in Khilchipur."""
    place = edition.search_places("Khilchipur")[0].place
    kind = edition.search_types("बिजली")[0].type
    return {
        "key": "11111111-2222-4333-8444-555555555555",
        "citizen_name": "रामप्रसाद दांगी",
        "citizen_phone": "9826012345",
        "place_id": place.id,
        "type_code": kind.code,
        "description": "तीन दिन से बिजली नहीं है।",
    }
