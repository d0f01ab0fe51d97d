"""What an administrator can set for records, each limit with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RecordsSettings:
    """Settings of the records room. Raises `ValueError` for a value out of range."""

    url: str = ""
    """``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/NAME``; empty: a file in state_dir."""

    busy_timeout_ms: int = 5_000
    """How long SQLite waits for another process that writes. A write takes milliseconds; a backup seconds."""

    migration_timeout_seconds: float = 60.0
    """How long a start waits for another process that is upgrading the same database."""

    connect_timeout_seconds: float = 10.0
    """PostgreSQL must answer within this time: longer, and a caller would wait in silence."""

    statement_timeout_seconds: float = 30.0
    """PostgreSQL gives a statement up after this time; no query of ours takes a second."""

    pool_size: int = 5
    """Connections kept open per process: one writes on SQLite, the others read beside it."""

    hash_memory_mib: int = 64
    """Memory for hashing one password, as RFC 9106 advises where memory is short: it is what makes guessing
    dear. Existing hashes change at the next log-in."""

    hash_workers: int = 2
    """Passwords hashed at the same time. Each takes that memory and a core: a flood of log-ins must wait."""

    def __post_init__(self) -> None:
        low = {
            "busy_timeout_ms": 100,
            "migration_timeout_seconds": 1.0,
            "connect_timeout_seconds": 0.1,
            "statement_timeout_seconds": 1.0,
            "pool_size": 2,
            "hash_memory_mib": 8,
            "hash_workers": 1,
        }
        for name, least in low.items():
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be {least} or more")
