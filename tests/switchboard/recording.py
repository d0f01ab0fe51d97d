"""What a real Asterisk sent (recorded.txt), and events made by hand in the same form."""

from datetime import UTC, datetime
from pathlib import Path

from panoramisk.message import Message

from switchboard.ami import AmiMessage, plain
from switchboard.interfaces import Interfaces
from switchboard.live import LiveState

AT = datetime(2026, 1, 26, 6, 0, tzinfo=UTC)
RECORDED = Path(__file__).with_name("recorded.txt")


def local_state() -> LiveState:
    """A state for the recording's executives, who are on Local channels."""
    return LiveState(Interfaces("Local/{extension}@desk"))


def recorded(scenario: str) -> list[AmiMessage]:
    """The events of one section, parsed as the link parses them."""
    sections = RECORDED.read_text(encoding="utf-8").split("\n## ")[1:]
    title_and_blocks = next(section for section in sections if section.startswith(f"{scenario}\n"))
    blocks = title_and_blocks.partition("\n\n")[2].strip("\n").split("\n\n")
    return [plain(Message.from_line(block.replace("\n", "\r\n"))) for block in blocks]


def caller(event: str, call: str = "c1", channel: str = "1.1", **headers: str) -> AmiMessage:
    """A manager event about the caller's channel."""
    return {
        "Event": event,
        "Channel": f"PJSIP/trunk-{int(channel.replace('.', ''), 10):08x}",
        "Uniqueid": channel,
        "Linkedid": channel,
        "CallerIDNum": "9876543210",
        "ChanVariable(H181_CALL_ID)": call,
        "ChanVariable(H181_CALLER)": "+919876543210",
        "ChanVariable(H181_DISTRICT)": "39",
        "ChanVariable(H181_QUEUE)": "district-39",
        "Queue": "district-39",
        **headers,
    }


def leg(event: str, extension: str, channel: str, call: str = "c1", **headers: str) -> AmiMessage:
    """A queue event about the caller and one executive's phone."""
    return caller(event, call, Interface=f"PJSIP/{extension}", DestUniqueid=channel) | headers


def member(event: str, extension: str, **headers: str) -> AmiMessage:
    """A manager event about a queue member."""
    return {
        "Event": event,
        "Interface": f"PJSIP/{extension}",
        "Location": f"PJSIP/{extension}",
        "Queue": "district-39",
        "Status": "1",
        "Paused": "0",
        **headers,
    }
