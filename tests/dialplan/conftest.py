"""Fixtures of the dialplan's tests."""

from collections.abc import AsyncIterator

import pytest

from dialplan.binary import AsteriskBinary, find_asterisk
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.sip_phone import Phone, telephone


@pytest.fixture(scope="session")
def binary() -> AsteriskBinary:
    """The Asterisk of this machine; the tests that place calls cannot do without."""
    return find_asterisk()


@pytest.fixture
async def centre(binary: AsteriskBinary) -> AsyncIterator[PrivateCentre]:
    """A running Asterisk whose AGI service is down."""
    async with private_asterisk(binary=binary) as running:
        yield running


@pytest.fixture
async def citizen(centre: PrivateCentre) -> AsyncIterator[Phone]:
    """A telephone on the trunk's side."""
    async with telephone("9876543210", "127.0.0.2", centre.server) as phone:
        yield phone


@pytest.fixture
async def executive(centre: PrivateCentre) -> AsyncIterator[Phone]:
    """Extension 2001, registered."""
    async with telephone("2001", "127.0.0.1", centre.server) as phone:
        await phone.register(centre.secrets.endpoint_passwords["2001"])
        yield phone
