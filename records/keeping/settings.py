"""How long files are kept, each limit with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RetentionSettings:
    """Settings of retention; 0 days: kept for ever. Raises `ValueError` for a value out of range."""

    recordings_days: int = 365
    """Recordings of calls, counted from the call. A citizen who comes back about a complaint does so within a
    year; one that belongs to a complaint which is not closed stays however old."""

    messages_days: int = 365
    """Spoken messages, counted from the call. One that nobody has dealt with stays."""

    most_a_run: int = 5000
    """Files removed in one run: some seconds of disk work beside living calls. The rest goes the next day."""

    def __post_init__(self) -> None:
        for name in ("recordings_days", "messages_days"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be 0 (for ever) or more")
        if self.most_a_run < 1:
            raise ValueError("most_a_run must be 1 or more")
