"""Settings that cannot work are refused in one line."""

import pytest

from switchboard import SwitchboardError, SwitchboardSettings
from switchboard.interfaces import Interfaces


@pytest.mark.parametrize(
    ("field", "value"),
    [("port", 0), ("port", 70000), ("interface", "PJSIP"), ("ping_seconds", 0), ("message_bytes", -1)],
)
def test_impossible_values(field: str, value: object) -> None:
    with pytest.raises(SwitchboardError, match=f"switchboard {field} = ") as caught:
        SwitchboardSettings(**{field: value})  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("template", "interface", "channel"),
    [
        ("PJSIP/{extension}", "PJSIP/2001", "PJSIP/2001-0000001f"),
        ("Local/{extension}@desk", "Local/2001@desk", "Local/2001@desk-0000001f;1"),
    ],
)
def test_interfaces_there_and_back(template: str, interface: str, channel: str) -> None:
    names = Interfaces(template)
    assert names.of("2001") == interface
    assert names.extension(interface) == "2001"
    assert names.extension_of_channel(channel) == "2001"
    for strange in ("", "PJSIP/trunk", f"{interface}x", f"x{interface}", channel.replace(";1", ";2") + "0"):
        assert names.extension(strange) is None
        assert names.extension_of_channel(strange) is None
