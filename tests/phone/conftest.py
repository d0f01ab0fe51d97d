"""Telephones of the tests: both ends of a call on loopback, no exchange between them."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.phone.sounds import voice
from tests.phone.channel import Audio


def open_sockets() -> set[str]:
    """The sockets this process has, by inode."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(entry)
        except FileNotFoundError:
            continue
        if target.startswith("socket:"):
            found.add(target)
    return found


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """Fails when the test leaves a thread of the telephone or a socket behind."""
    before = open_sockets()
    yield
    left = [one.name for one in threading.enumerate() if one.name.startswith("helpline-sip")]
    assert left == []
    assert len(open_sockets()) <= len(before)


@pytest.fixture(scope="session")
def prompts() -> dict[str, Audio]:
    """What the other end says in these tests; the citizen knows it."""
    return {"hello": voice(1.6, seed=1), "question": voice(1.2, seed=2), "goodbye": voice(0.8, seed=3)}
