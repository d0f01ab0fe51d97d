"""A real centre with the switchboard connected to it."""

from collections.abc import AsyncIterator

import pytest

from dialplan.binary import AsteriskBinary
from switchboard import Switchboard, SwitchboardSettings
from tests.dialplan.agi_server import ScriptedAgi, scripted_agi
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conftest import binary, citizen, executive

__all__ = ["binary", "citizen", "executive"]


@pytest.fixture
async def agi() -> AsyncIterator[ScriptedAgi]:
    """A service that sends every call to Rajgarh's queue."""
    script = ScriptedAgi(sets={"connect": {"H181_QUEUE": "district-39", "H181_DISTRICT": "39"}})
    async with scripted_agi(script):
        yield script


@pytest.fixture
async def centre(binary: AsteriskBinary, agi: ScriptedAgi) -> AsyncIterator[PrivateCentre]:
    async with private_asterisk(binary=binary, agi_port=agi.port) as running:
        yield running


@pytest.fixture
async def board(centre: PrivateCentre) -> AsyncIterator[Switchboard]:
    settings = SwitchboardSettings(port=centre.settings.ami_port, backoff_most_seconds=1.0)
    async with Switchboard(settings, centre.secrets.ami_password) as running:
        yield running
