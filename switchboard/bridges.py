"""Which channels are together in a bridge of Asterisk's: a caller, and the executive he talks to.

A queue tells whom it gives a caller to. When that one passes him on to a colleague, only the bridges tell.
"""

from collections.abc import Iterator
from typing import NamedTuple

from switchboard.interfaces import Interfaces
from switchboard.model import AmiEvent


class Talk(NamedTuple):
    """An executive and a caller."""

    call_id: str
    extension: str


class Bridges:
    """Channels by their Uniqueid, each in the bridge that it entered last, until it hangs up.

    `callers` are the channels of callers with their call ids: for `LiveState` to keep.
    """

    def __init__(self, interfaces: Interfaces) -> None:
        self.callers: dict[str, str] = {}
        self._interfaces = interfaces
        self._bridge_of: dict[str, str] = {}
        self._inside: dict[str, list[str]] = {}
        self._extensions: dict[str, str] = {}

    def entered(self, event: AmiEvent) -> Talk | None:
        """A channel is in a bridge, by BridgeEnter or in a list of channels. Who talks because of it."""
        channel_id, bridge = event.get("Uniqueid", ""), event.get("BridgeUniqueid") or event.get("BridgeId")
        if not channel_id or not bridge or self._bridge_of.get(channel_id) == bridge:
            return None
        self.left(channel_id)
        self._bridge_of[channel_id] = bridge
        self._inside.setdefault(bridge, []).append(channel_id)
        extension = self._interfaces.extension_of_channel(event.get("Channel", ""))
        if extension is not None:
            self._extensions[channel_id] = extension
        return next(self._talks(channel_id), None)

    def left(self, channel_id: str) -> Talk | None:
        """The channel has left its bridge. Whose talk is over with it, when an executive left."""
        talk = next(self._talks(channel_id), None) if channel_id not in self.callers else None
        bridge = self._bridge_of.pop(channel_id, None)
        self._extensions.pop(channel_id, None)
        if bridge is not None:
            self._inside[bridge].remove(channel_id)
            if not self._inside[bridge]:
                del self._inside[bridge]
        return talk

    def forget(self) -> None:
        """Nobody is known to be in a bridge any more."""
        self._bridge_of.clear()
        self._inside.clear()
        self._extensions.clear()

    def _talks(self, channel_id: str) -> Iterator[Talk]:
        """Talks that the channel takes part in, the newest first."""
        bridge = self._bridge_of.get(channel_id, "")
        for other in reversed(self._inside.get(bridge, [])):
            caller, executive = (channel_id, other) if channel_id in self.callers else (other, channel_id)
            if other != channel_id and caller in self.callers and executive in self._extensions:
                yield Talk(self.callers[caller], self._extensions[executive])
