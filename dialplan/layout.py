"""Where everything is in the runtime folder of one private Asterisk."""

from dataclasses import dataclass
from pathlib import Path

from dialplan.errors import DialplanError

LONGEST_SOCKET_PATH = 107
"""Linux takes 108 bytes for the path of a UNIX socket, the closing zero included."""

GENERATED = "generated"


@dataclass(frozen=True)
class Layout:
    """Paths below `runtime` (absolute)."""

    runtime: Path

    @property
    def etc(self) -> Path:
        """Configuration: static files as shipped, extensions.d/ and generated/."""
        return self.runtime / "etc"

    @property
    def master(self) -> Path:
        """What Asterisk is started with: folders, then asterisk.conf."""
        return self.etc / GENERATED / "asterisk.conf"

    @property
    def data(self) -> Path:
        """Sounds, music on hold, documentation."""
        return self.runtime / "data"

    @property
    def tone(self) -> Path:
        """The tone that is heard on hold and while waiting, without the file's ending."""
        return self.data / "moh" / "tone" / "1-tone"

    @property
    def lib(self) -> Path:
        """Asterisk's own database: registrations, who is logged in to which queue."""
        return self.runtime / "lib"

    @property
    def spool(self) -> Path:
        """Spool folder."""
        return self.runtime / "spool"

    @property
    def log(self) -> Path:
        """Logs, CDR and CEL files."""
        return self.runtime / "log"

    @property
    def run(self) -> Path:
        """Control socket and pid file."""
        return self.runtime / "run"

    @property
    def recordings(self) -> Path:
        """Recordings, unless the settings name another folder."""
        return self.runtime / "recordings"

    @property
    def control(self) -> Path:
        """The control socket."""
        return self.run / "asterisk.ctl"


def layout(runtime: Path) -> Layout:
    """The layout of a runtime folder. Raises DialplanError when its path does not suit Asterisk."""
    found = Layout(runtime.absolute())
    length = len(bytes(found.control))
    if length > LONGEST_SOCKET_PATH:
        raise DialplanError(
            f"{found.control} has {length} bytes, a socket's path may have {LONGEST_SOCKET_PATH}: "
            "choose a state folder with a shorter path"
        )
    if any(character in str(found.runtime) for character in ';\n\r"$,'):
        raise DialplanError(
            f"{found.runtime} holds one of ; , $ \" which Asterisk's files cannot take: choose another"
        )
    return found
