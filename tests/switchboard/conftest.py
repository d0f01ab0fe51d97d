"""A real centre with the switchboard connected to it."""

from collections.abc import AsyncIterator

import pytest

from dialplan.binary import AsteriskBinary, find_asterisk
from switchboard import Switchboard, SwitchboardSettings
from tests.dialplan.agi_server import ScriptedAgi, scripted_agi
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.sip_phone import Phone, telephone


@pytest.fixture
async def agi() -> AsyncIterator[ScriptedAgi]:
    """A service that sends every call to Rajgarh's queue."""
    script = ScriptedAgi(sets={"connect": {"H181_QUEUE": "district-39", "H181_DISTRICT": "39"}})
    async with scripted_agi(script):
        yield script


@pytest.fixture(scope="module")
def binary() -> AsteriskBinary:
    return find_asterisk()


@pytest.fixture
async def centre(binary: AsteriskBinary, agi: ScriptedAgi) -> AsyncIterator[PrivateCentre]:
    async with private_asterisk(binary=binary, agi_port=agi.port) as running:
        yield running


@pytest.fixture
async def board(centre: PrivateCentre) -> AsyncIterator[Switchboard]:
    settings = SwitchboardSettings(port=centre.settings.ami_port, backoff_most_seconds=1.0)
    async with Switchboard(settings, centre.secrets.ami_password) as running:
        yield running


@pytest.fixture
async def citizen(centre: PrivateCentre) -> AsyncIterator[Phone]:
    async with telephone("9876543210", "127.0.0.2", centre.server) as phone:
        yield phone


@pytest.fixture
async def executive(centre: PrivateCentre) -> AsyncIterator[Phone]:
    async with telephone("2001", "127.0.0.1", centre.server) as phone:
        await phone.register(centre.secrets.endpoint_passwords["2001"])
        yield phone
