"""Who may be at the door of the FastAGI service: Asterisk's addresses, and so many who have not spoken yet.

Whoever has connected and not said what he wants is a stranger. Strangers have places of their own, so that
they cannot take those of calls; when theirs are all taken the one who has been silent longest loses his, of
the address that has most of them. Asterisk speaks within milliseconds: it is through the door before its
turn.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Generic, TypeVar

from agi.settings import AgiSettings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
T = TypeVar("T")

LOOPBACK = ("127.0.0.1", "::1")
"""This machine as it calls itself; the other addresses of 127.0.0.0/8 are not it."""


_REMEMBERED = 256
"""Addresses that need not be looked at anew: Asterisk has a few."""


class Door(Generic[T]):
    """The strangers, ``T``, by the address they came from."""

    def __init__(self, settings: AgiSettings) -> None:
        self._networks = networks(settings)
        self._most = settings.max_strangers
        self._most_each = settings.max_source_strangers
        self._known: dict[str, bool] = {}
        self._waiting: dict[str, dict[T, None]] = {}
        self._count = 0

    def __len__(self) -> int:
        """Strangers now."""
        return self._count

    def admits(self, source: str) -> bool:
        """Whether Asterisk may come from this address; "" is none, a UNIX socket's."""
        known = self._known.get(source)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[source] = self._is_asterisks(source)
        return known

    def _is_asterisks(self, source: str) -> bool:
        try:
            address = plain(ipaddress.ip_address(source.partition("%")[0]))
        except ValueError:
            return False
        return any(address.version == one.version and address in one for one in self._networks)

    def enter(self, stranger: T, source: str) -> T | None:
        """A stranger comes in; gives the one who has to leave for him."""
        waiting = self._waiting.setdefault(source, {})
        waiting[stranger] = None
        self._count += 1
        if len(waiting) > self._most_each:
            return self._longest(source)
        if self._count > self._most:
            return self._longest(max(self._waiting, key=lambda one: len(self._waiting[one])))
        return None

    def leave(self, stranger: T, source: str) -> None:
        """He has spoken, or gone; no effect when he is no stranger."""
        waiting = self._waiting.get(source)
        if waiting is None or stranger not in waiting:
            return
        del waiting[stranger]
        self._count -= 1
        if not waiting:
            del self._waiting[source]

    def _longest(self, source: str) -> T:
        oldest = next(iter(self._waiting[source]))
        self.leave(oldest, source)
        return oldest


def networks(settings: AgiSettings) -> tuple[Network, ...]:
    """The addresses of the settings; none set: this machine, and the address that is listened on."""
    named: Iterable[str] = settings.asterisk_addresses or (*LOOPBACK, settings.host)
    found = []
    for one in named:
        try:
            network = ipaddress.ip_network(one, strict=False)
        except ValueError:
            # The host that is listened on may be a name; settings refuse any other.
            continue
        if not network.network_address.is_unspecified or settings.asterisk_addresses:
            found.append(network)
    return tuple(found)


def plain(address: Address) -> Address:
    """An IPv4 address that came in over IPv6 as what it is."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
