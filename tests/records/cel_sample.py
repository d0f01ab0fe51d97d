"""Event files as Asterisk writes them, for any call."""

import json
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from tests.records.samples import NOON

START = NOON.timestamp()


def call_id_of(name: str) -> str:
    """An id as the dialplan makes them, the same for the same name; an id stays as it is."""
    try:
        return str(UUID(name))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, name))


@dataclass
class EventFile:
    """Lines of the event file; seconds count from `START`."""

    lines: list[str] = field(default_factory=list)
    channels: int = 0

    def line(
        self, seconds: float, event: str, call_id: str, unique: str, linked: str, channel: str, caller: str,
        dialled: str = "s", app: str = "", data: str = "", said: str | None = None, **extra: object,
    ) -> None:  # fmt: skip
        """One event. ``said``: what a user's event carries; ``extra``: the JSON of others."""
        named = event if said is not None else ""
        more = {"extra": said} if said is not None else extra
        row = (
            f"{START + seconds:.6f}", event, call_id, unique, linked, channel, caller, dialled, "context",
            app, data, named, json.dumps(more, separators=(",", ":")) if more else "",
        )  # fmt: skip
        self.lines.append(",".join('"' + value.replace('"', '""') + '"' for value in row) + "\n")

    def begin(self, seconds: float, channel: str, linked: str | None = None, **more: str) -> str:
        """A channel begins; gives its unique id."""
        unique = f"{int(START + seconds)}.{self.channels}"
        self.channels += 1
        self.line(seconds, "CHAN_START", "", unique, linked or unique, channel, **{"caller": "", **more})
        return unique

    def call(
        self,
        seconds: float = 0,
        *,
        call_id: str | None = None,
        caller: str = "9826012345",
        queue: str = "district-39",
        extension: str | None = "2001",
        status: str | None = None,
        cause: int = 16,
        until: float | None = None,
        user: tuple[tuple[str, str], ...] = (),
        emergency: str = "",
        recorded: float = 0.0,
        source: str | None = None,
    ) -> str:
        """A citizen's call: menu 10 s, queue 5 s, talk 15 s. ``until``: nothing is written from then on.

        ``emergency``: its number was called last, and "answered" or not. ``recorded``: seconds of a message,
        before what ``user`` tells. ``source``: who hung up, by default the caller.
        """
        call_id = call_id_of(call_id) if call_id else str(uuid4())
        first = len(self.lines)
        trunk = f"PJSIP/trunk-{self.channels:08x}"
        own = self.begin(seconds, trunk, caller=caller, dialled="181")

        def say(after: float, event: str, **more: object) -> None:
            self.line(seconds + after, event, call_id, own, own, trunk, caller, **more)  # type: ignore[arg-type]

        say(0.1, "ANSWER", app="Answer")
        agi = f"agi://127.0.0.1:4573/welcome,{call_id},{caller},181"
        say(0.5, "APP_START", app="AGI", data=agi)
        say(9, "APP_END", app="AGI", data=agi)
        for event, after in (("APP_START", 0), ("APP_END", recorded)) if recorded else ():
            say(1 + after, event, app="Record", data="/recordings/message.wav,5,180,kqy")
        for name, said in user:
            say(9.5, name, app="CELGenUserEvent", said=said)
        waiting = {"app": "Queue", "data": f"{queue},c,,,180"}
        if queue:
            say(10, "APP_START", **waiting)
        if extension:
            phone = f"PJSIP/{extension}-{self.channels:08x}"
            leg = self.begin(seconds + 10.1, phone, own, caller=extension)
            bridge = {"bridge_id": str(uuid4()), "bridge_technology": "simple_bridge"}
            self.line(seconds + 15, "BRIDGE_ENTER", "", leg, own, phone, extension, **bridge)
            say(15.1, "BRIDGE_ENTER", **waiting, **bridge)
            say(30, "BRIDGE_EXIT", **waiting, **bridge)
            self.line(seconds + 30.1, "HANGUP", "", leg, own, phone, extension, hangupcause=16)
        if queue:
            say(30.2, "APP_END", **waiting)
        if emergency:
            say(31, "H181_EMERGENCY", app="CELGenUserEvent", said="112")
        if emergency == "answered":
            bridge = {"bridge_id": str(uuid4()), "bridge_technology": "simple_bridge"}
            leg = self.begin(seconds + 31.1, f"PJSIP/trunk-{self.channels:08x}", own)
            self.line(seconds + 33, "BRIDGE_ENTER", "", leg, own, "PJSIP/trunk-7", "112", **bridge)
            say(33, "BRIDGE_ENTER", app="Dial", data="PJSIP/112@trunk,60,r", **bridge)
        member = f"PJSIP/{extension}" if extension else ""
        status = status if status is not None else "CONTINUE" if extension else ""
        say(
            35,
            "H181_ENDED",
            app="CELGenUserEvent",
            said=f"{status}/{queue}/{member}/{15 if extension else 0}",
        )
        say(
            35.1, "HANGUP", hangupcause=cause, hangupsource=trunk if source is None else source, dialstatus=""
        )
        say(35.1, "CHAN_END")
        say(35.1, "LINKEDID_END")
        if until is not None:
            last = START + seconds + until
            self.lines[first:] = [line for line in self.lines[first:] if float(line.split('"', 2)[1]) <= last]
        return call_id

    def login(self, seconds: float) -> None:
        """An executive dials *11: no citizen's call."""
        phone = f"PJSIP/2001-{self.channels:08x}"
        own = self.begin(seconds, phone, caller="2001", dialled="*11")
        for event in ("HANGUP", "CHAN_END", "LINKEDID_END"):
            self.line(seconds + 1, event, "", own, own, phone, "2001")

    def __str__(self) -> str:
        return "".join(self.lines)
