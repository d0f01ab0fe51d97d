"""Limits of the manager link, each with its reason."""

from dataclasses import dataclass, fields

from switchboard.errors import SwitchboardError


@dataclass(frozen=True)
class SwitchboardSettings:
    """How to reach Asterisk's manager interface. All times are seconds.

    Raises SwitchboardError when a value cannot work.
    """

    host: str = "127.0.0.1"
    port: int = 5038
    username: str = "helpline"
    interface: str = "PJSIP/{extension}"
    """Queue member interface of an extension."""
    start_seconds: float = 10.0
    """How long the first connection is tried: Asterisk may still be loading its modules."""
    action_seconds: float = 5.0
    """An action on loopback is answered in milliseconds; five seconds of silence mean a stuck Asterisk."""
    ping_seconds: float = 10.0
    """A half-open connection is noticed after at most this plus `action_seconds`."""
    resync_seconds: float = 300.0
    """The state is compared with Asterisk's own at this pace, so that no error of ours lives for long."""
    backoff_first_seconds: float = 0.5
    backoff_most_seconds: float = 30.0
    """Pauses between reconnects double up to this, each with jitter: many desks must not return in step."""
    message_bytes: int = 1024 * 1024
    """Longest single manager message; the longest real one is a few kilobytes."""

    def __post_init__(self) -> None:
        if not 1 <= self.port <= 65535:
            raise SwitchboardError(f"switchboard port = {self.port} is not a port: use 1 to 65535")
        if self.interface.count("{extension}") != 1:
            raise SwitchboardError(
                f"switchboard interface = {self.interface!r} must hold {{extension}}, as PJSIP/{{extension}}"
            )
        for one in fields(self):
            if one.name.endswith(("_seconds", "_bytes")) and getattr(self, one.name) <= 0:
                raise SwitchboardError(
                    f"switchboard {one.name} = {getattr(self, one.name)}: use a number above 0"
                )
