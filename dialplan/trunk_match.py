"""Which addresses may be the trunk's: whoever sends from one of them calls as a citizen."""

import ipaddress
from collections.abc import Sequence

from dialplan.errors import DialplanError

_WIDEST = {4: 16, 6: 48}
"""Shortest prefixes taken: an operator's own network, not half of the internet."""
_HERE = ("127.0.0.1", "::1")


def check_trunk_match(matches: Sequence[str], own: Sequence[str]) -> None:
    """Raises DialplanError for what is no address or network, is too wide, or holds an address of ours.

    ``own`` are the addresses we listen on. From them, and from this machine's own, telephones and browsers
    on this machine come, and those behind its web proxy: they would all be the trunk.
    """
    for text in matches:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise DialplanError(
                f"trunk_match holds {text!r}: give an IP address or a network such as 10.1.0.0/24"
            ) from None
        if network.version == 6 and network.overlaps(ipaddress.IPv6Network("::ffff:0:0/96")):
            _refuse(text, "is an IPv4 address in IPv6's clothes")
        if network.prefixlen < _WIDEST[network.version]:
            _refuse(text, f"is wider than /{_WIDEST[network.version]}: strangers would be the trunk")
        if network.network_address.is_multicast or network.network_address.is_unspecified:
            _refuse(text, "is nobody's address")
        for address in map(ipaddress.ip_address, (*_HERE, *own)):
            if address.version == network.version and address in network:
                _refuse(text, f"holds {address}, from where telephones call: each of them would be the trunk")


def _refuse(text: str, why: str) -> None:
    raise DialplanError(
        f"trunk_match holds {text!r}, which {why}; give the addresses that the operator named, such as"
        " 203.0.113.7 or 203.0.113.0/29"
    )
