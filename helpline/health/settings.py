"""What can be set about watching the machine, each with the reason for its default."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class HealthSettings:
    """Limits beyond which somebody is told. Raises ValueError when a value cannot work."""

    every_seconds: float = 15.0
    """Between two rounds of looks: a page is opened and a person called within minutes, not seconds; a round
    costs some milliseconds and one small write."""
    limit_seconds: float = 5.0
    """A look that takes longer hangs: a healthy disk or database answers in milliseconds."""
    spool_wait_seconds: float = 60.0
    """What happens in calls is stored every two seconds; a minute later something holds it up."""
    disk_low_mb: int = 1000
    """A busy day, 1,300 calls of four minutes, records 5 GB; below 1 GB there is no room for its morning."""
    disk_full_mb: int = 100
    """The spool may still want 64 MB, and a recording takes 1 MB a minute: below this calls are lost now."""
    asterisk_away_seconds: float = 30.0
    """Asterisk restarts in a few seconds; whoever is away longer does not come back by himself."""
    nobody_seconds: float = 120.0
    """A change of shift; longer without an executive means that nobody came."""
    clock_late_seconds: float = 120.0
    """The escalation clock may be so much late beyond its own pace: a sweep of a million takes a minute."""
    clock_jump_seconds: float = 5.0
    """A synchronised clock is slewed by less; more in one step makes wrong times in the book."""
    clock_sync: bool = True
    """Whether to tell of a clock that nobody synchronises; false where the machine's host does it."""
    asterisk_user: str = ""
    """The user an Asterisk of your own runs as; empty: whoever runs the private one."""
    guess_tries: int = 10
    """Refused SIP requests of one address within the window before somebody is told: a telephone with an
    old password makes one or two a minute, a guesser hundreds."""
    guess_window_seconds: float = 60.0
    backup_days: float = 7.0
    """Days without a backup after which it is told: a nightly one that fails is seen within the week.
    0: never, where backups are made by other means."""

    def __post_init__(self) -> None:
        """Refuse what would tell always or never."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, int | float) and not isinstance(value, bool) and value <= 0:
                if each.name == "backup_days" and value == 0:
                    continue
                raise ValueError(f"{each.name} must be above 0; leave it out for the default")
        if self.disk_full_mb > self.disk_low_mb:
            raise ValueError("disk_full_mb must not be above disk_low_mb")
