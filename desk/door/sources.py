"""Addresses: which are one source, and which are a trusted proxy's. Pure."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def networks(given: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks as the settings name them. Raises ValueError with the one that is none."""
    found = []
    for one in given:
        try:
            found.append(ip_network(one))
        except ValueError:
            raise ValueError(
                f"trusted_proxies: {one!r} is neither an address nor a network; write 10.0.0.5 or 10.0.0.0/24"
            ) from None
    return tuple(found)


def plain(address: str | None) -> str:
    """An address in its one spelling: IPv4 in IPv6 as IPv4, no zone. What is none becomes empty."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def source_of(address: str | None) -> str:
    """What is counted as one source: an IPv4 address, or an IPv6 /64, as one subscriber has at least that."""
    text = plain(address)
    return str(ip_network(f"{text}/64", strict=False)) if ":" in text else text


def is_trusted(address: str | None, trusted: tuple[Network, ...]) -> bool:
    """Whether this peer is one of the proxies."""
    text = plain(address)
    return bool(text) and any(ip_address(text) in network for network in trusted)
