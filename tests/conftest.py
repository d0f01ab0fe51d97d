"""What all rooms' tests share."""

import pytest

SOUND = ("tests/calls/", "tests/phone/test_with_asterisk.py", "tests/phone/test_agents.py")
"""Tests that listen to a call as it is played: on two cores only one at a time keeps up with speech."""
RAW = ("tests/calls/test_cut.py", "tests/calls/test_help.py", "tests/calls/test_keys.py")
"""Of those, the tests whose telephones only keep the bytes that they get."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the listening tests to one worker of pytest-xdist, one after the other."""
    for item in items:
        if item.nodeid.startswith(SOUND) and not item.nodeid.startswith(RAW):
            item.add_marker(pytest.mark.xdist_group("sound"))
