"""What ``helpline doctor`` says of ports that the running Asterisk has open beyond its settings.

Asterisk's SIP library opens a socket for its DNS client at each start, one for each family, on a random port
of every address; no setting of Asterisk 20 or 22 closes it. It takes answers of this machine's name servers
only, and Asterisk finds names by another way, so the firewall may close it.
"""

import os
from pathlib import Path

from dialplan.layout import layout
from helpline.app import App
from helpline.finding import Finding, State

_PROC = Path("/proc")
_FAMILIES = 2


def sockets(app: App) -> Finding:
    """One line. Raises DialplanError for a runtime folder that does not suit Asterisk."""
    exchange = app.settings.asterisk
    wanted = {exchange.sip_port, *range(exchange.rtp_first, exchange.rtp_last + 1)}
    try:
        pid = int((layout(app.asterisk_runtime).run / "asterisk.pid").read_text(encoding="ascii"))
        found = [port for port in open_to_all(pid) if port not in wanted]
    except (OSError, ValueError):
        return Finding(State.OK, "sockets", "Asterisk does not run, or is another user's")
    shown = ", ".join(map(str, found))
    if not found:
        return Finding(State.OK, "sockets", "Asterisk has no UDP port open beyond its settings")
    if len(found) > _FAMILIES:
        what = f"Asterisk has UDP ports open on every address: {shown}"
        return Finding(State.WARNING, "sockets", what, "close all but SIP and sound in the firewall")
    what = f"UDP {shown} on every address is a DNS client: close it in the firewall (docs/operating.md)"
    return Finding(State.OK, "sockets", what)


def open_to_all(pid: int) -> list[int]:
    """UDP ports that the process has open on every address (0.0.0.0 or ::). Raises OSError."""
    folder = _PROC / str(pid)
    links = [os.readlink(one.path) for one in os.scandir(folder / "fd")]
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    found = []
    for name in ("udp", "udp6"):
        table = folder / "net" / name
        lines = table.read_text(encoding="ascii").splitlines()[1:] if table.exists() else []
        for line in lines:
            columns = line.split()
            address, _, port = columns[1].partition(":")
            if columns[9] in inodes and not address.strip("0"):
                found.append(int(port, 16))
    return sorted(found)
