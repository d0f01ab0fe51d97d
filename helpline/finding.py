"""A line of the report of ``helpline doctor``."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """How a finding weighs: the service runs well, runs with a lack, or does not run."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    state: State
    subject: str
    what: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        """For ``--json``."""
        return asdict(self)
