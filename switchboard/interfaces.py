"""Extension to queue member interface ("2001" to "PJSIP/2001") and back."""

import re


class Interfaces:
    """Reads and writes member interfaces by one template, in which `{extension}` stands for the extension."""

    def __init__(self, template: str = "PJSIP/{extension}") -> None:
        before, found, after = template.partition("{extension}")
        if not found:
            raise ValueError(f"the interface template {template!r} lacks {{extension}}")
        self._before, self._after = before, after
        self._interface = re.compile(f"{re.escape(before)}([0-9]+){re.escape(after)}")
        self._channel = re.compile(f"{self._interface.pattern}-[0-9a-f]{{8}}(?:;1)?")

    def of(self, extension: str) -> str:
        """The interface of an extension."""
        return f"{self._before}{extension}{self._after}"

    def extension(self, interface: str) -> str | None:
        """The extension of an interface, None when it is not one of ours."""
        match = self._interface.fullmatch(interface)
        return match[1] if match else None

    def extension_of_channel(self, channel: str) -> str | None:
        """The extension of a channel name such as PJSIP/2001-0000002f, None when it is not one of ours."""
        match = self._channel.fullmatch(channel)
        return match[1] if match else None
