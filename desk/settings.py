"""What can be set about the desk, each with the reason for its default."""

from dataclasses import dataclass

from desk.door.sources import networks


@dataclass(frozen=True)
class DeskSettings:
    """Limits and addresses of the desk. Raises ValueError when a value cannot work."""

    host: str = "127.0.0.1"
    """Loopback: a reverse proxy with TLS stands in front when others than this machine's people come."""
    port: int = 8181
    language: str = "hi"
    """Shown until a person chooses otherwise: ``hi`` or ``en``."""
    district_code: str = "39"
    """District of complaints taken without a call, when the person's account names none."""

    session_hours: float = 12.0
    """One shift with handover; a forgotten browser is closed the next day."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of the reverse proxies in front: what they say of who asks (``X-Forwarded-For``,
    ``X-Forwarded-Proto``) is believed, of nobody else."""

    session_look_seconds: float = 1.0
    """Between two looks at whether the sessions with open pages still are: a person who was disabled or got a
    new password sees nothing after that. One short query while pages are open."""
    login_tries: int = 5
    """Wrong passwords of a name from one address (or one of the person's own browsers) within the window
    before the door stays shut there. People mistype twice, not five times; a guesser gets 60 an hour."""
    login_source_tries: int = 20
    """Wrong passwords from one address over all names within the window: an office behind one address where
    everybody mistypes once, and no list of names. Browsers in which the person has logged in do not count."""
    login_window_seconds: float = 300.0
    login_name_tries: int = 10
    """Wrong passwords of a name from everywhere within its window before strangers are slowed: the next try
    a second after the last, then two, four and so on."""
    login_name_window_seconds: float = 3600.0
    login_name_longest_seconds: float = 60.0
    """The longest such delay. Never shut: else whoever likes could lock a person out."""
    login_workers: int = 1
    """Passwords checked at the same time. One check keeps four threads busy and takes ``[records]
    hash_memory_mib``: a second one beside it makes both slower, and the calls need a core, too."""
    login_waiting: int = 8
    """Log-ins that wait for that: one or two seconds' worth. Further ones are told to try again."""
    login_wait_seconds: float = 5.0

    connections: int = 600
    """Open connections: each executive's browser keeps six at most, and a file descriptor each."""
    connections_reserved: int = 200
    """Of these only for people who are logged in: some thirty browsers."""
    connections_per_source: int = 40
    """Of one address while nobody there is logged in: six browsers that open the login page at once. At the
    bound the oldest makes room for the newest. Trusted proxies have no such bound."""
    connections_per_user: int = 48
    """Of one person that count as his: his browsers' six each. Further ones are a stranger's."""
    head_seconds: float = 15.0
    """From the first byte of a request to the last of its headers; a slow mobile network takes two."""
    body_seconds: float = 20.0
    """For the body: 64 KiB over the slowest mobile network."""
    idle_seconds: float = 75.0
    """A connection kept open between two requests: longer than the 60 seconds of common proxies."""

    description_chars: int = 4000
    """About two printed pages; longer texts are pasted by mistake."""
    name_chars: int = 120
    body_bytes: int = 65_536
    """Largest accepted request body: the form's fields at their limits, in Devanagari at three bytes a
    letter, URL-encoded at nine."""

    heartbeat_seconds: float = 10.0
    """The page calls the line dead after three silent heartbeats, and proxies keep the stream open
    meanwhile."""
    stream_events: int = 64
    """Events kept for one slow page; more than this and it is told to read the state anew instead."""
    stream_replay: int = 256
    """Events kept for pages that come back after a short break."""
    stream_write_seconds: float = 10.0
    """A page that takes no byte for this long is let go; it reconnects when it wakes up."""
    streams_per_user: int = 6
    """Tabs and devices of one person; the oldest stream is closed for the seventh."""

    alarm_seconds: float = 2.0
    """How often the standing alarms are read: soon enough for a person to act on."""
    alarm_limit_seconds: float = 5.0
    """A database that has not told of them by then hangs: pages and probes are told so meanwhile."""
    list_rows: int = 50
    """Rows of the supervisor's and the officer's lists: one screen and a bit."""
    supervisor_sees_numbers: bool = True
    """Supervisors call back abandoned callers, so they need the whole number."""
    officer_sees_numbers: bool = True
    """The officer who has a complaint must reach its citizen: he looks for the place, and has to talk to him
    before he calls it another department's. Others' complaints show him a masked number."""
    executive_sees_number_ringing: bool = False
    """Executives see a masked number until they answer, so that calls are not picked by caller."""

    def __post_init__(self) -> None:
        """Refuse what would only fail later."""
        if self.language not in ("hi", "en"):
            raise ValueError(f"language {self.language!r} is not known; write hi or en")
        networks(self.trusted_proxies)
        if not 0 <= self.port <= 65535:
            raise ValueError(f"port {self.port} is outside 0 to 65535; choose a free one, for example 8181")
        for name in (
            "session_hours",
            "session_look_seconds",
            "login_tries",
            "login_source_tries",
            "login_window_seconds",
            "login_name_tries",
            "login_name_window_seconds",
            "login_name_longest_seconds",
            "login_workers",
            "login_waiting",
            "login_wait_seconds",
            "connections",
            "connections_reserved",
            "connections_per_source",
            "connections_per_user",
            "head_seconds",
            "body_seconds",
            "idle_seconds",
            "description_chars",
            "name_chars",
            "heartbeat_seconds",
            "stream_events",
            "stream_replay",
            "stream_write_seconds",
            "streams_per_user",
            "alarm_seconds",
            "alarm_limit_seconds",
            "list_rows",
        ):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be above 0; leave it out for the default")
        if self.connections_reserved >= self.connections:
            raise ValueError(
                "connections_reserved must be below connections; leave both out for the defaults"
            )
        if self.body_bytes < 9 * (self.description_chars + self.name_chars):
            raise ValueError(
                "body_bytes is too small for the longest description; raise it or lower description_chars"
            )
