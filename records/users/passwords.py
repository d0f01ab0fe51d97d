"""Passwords: hashed with argon2id, off the event loop, a few at a time."""

import asyncio
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from records.errors import UserError

SHORTEST = 8
LONGEST = 200
"""Longer ones only cost time: argon2 takes any length."""

# Without the letters and digits people confuse when they read a password from paper.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def generate() -> str:
    """A password to hand over on paper: four groups of four, 80 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def check(password: str) -> None:
    """Raises `UserError` for a password too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UserError(f"the password must have {SHORTEST} to {LONGEST} characters; choose another")


class Passwords:
    """Hashes and verifies. ``workers``: how many at the same time; further ones wait in order."""

    def __init__(self, *, memory_mib: int, workers: int) -> None:
        self._hasher = PasswordHasher(memory_cost=memory_mib * 1024)
        self._turn = asyncio.Semaphore(workers)
        self._decoy: str | None = None
        self._making = threading.Lock()

    async def hash(self, password: str) -> str:
        """The encoded argon2id hash with its own salt."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, encoded: str | None, password: str) -> bool:
        """Whether the password is right. With None (no such user) it takes as long and says no."""
        if len(password) > LONGEST:
            return False
        async with self._turn:
            right = await asyncio.to_thread(self._verify_or_pretend, encoded, password)
        return right and encoded is not None

    def outdated(self, encoded: str) -> bool:
        """Whether the hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(encoded)

    def _verify_or_pretend(self, encoded: str | None, password: str) -> bool:
        return self._verify(encoded or self._made_decoy(), password)

    def _verify(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except (VerificationError, InvalidHashError):
            return False

    def _made_decoy(self) -> str:
        """Made once, however many ask for it at the same time."""
        with self._making:
            self._decoy = self._decoy or self._hasher.hash(secrets.token_urlsafe())
            return self._decoy
