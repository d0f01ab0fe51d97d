"""What can be set about Asterisk's log files, each with the reason for its default."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LogSettings:
    """Raises ValueError when a value cannot work, or keeps less than the law wants."""

    rotate_mb: int = 64
    """A new file is begun beyond this: a busy district's day is 10 MB of events; an editor opens it."""
    rotate_days: int = 30
    """And after so many days, so that removing old ones removes no young lines with them."""
    keep_system_days: int = 180
    """messages.log and security.log: CERT-In's direction of 2022 wants system logs for 180 days."""
    keep_audit_days: int = 365
    """queue_log, CDR and events of calls: the DPDP Rules of 2025 want logs for at least one year."""
    look_seconds: float = 60.0
    """Between two looks at the sizes: a flood of strangers fills some MB a minute."""

    def __post_init__(self) -> None:
        if self.rotate_mb < 1 or self.rotate_days < 1 or self.look_seconds <= 0:
            raise ValueError("rotate_mb and rotate_days must be 1 or more, look_seconds above 0")
        if self.keep_system_days < 180:
            raise ValueError("keep_system_days must be 180 or more (CERT-In 2022)")
        if self.keep_audit_days < 365:
            raise ValueError("keep_audit_days must be 365 or more (DPDP Rules 2025)")
