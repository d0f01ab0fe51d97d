"""Database addresses: what an administrator writes, made into what the drivers take."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from records.errors import RecordsError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_LOCAL = {"localhost", "127.0.0.1", "::1", "local socket"}
_POSTGRESQL_OPTIONS = {"host", "port", "sslmode"}


@dataclass(frozen=True)
class Address:
    """Where a database is. ``shown`` may be printed: it holds no password."""

    url: URL
    shown: str

    @property
    def sqlite_file(self) -> Path | None:
        """The file, when it is SQLite."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None


def sqlite_url(file: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{file.absolute()}"


def address(url: str) -> Address:
    """Read ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST:PORT/NAME``, with a driver or without.

    PostgreSQL takes ``?host=/socket/directory`` and ``?sslmode=``. Raises `RecordsError`.
    """
    try:
        read = make_url(url.strip())
        backend = read.get_backend_name()
    except (ArgumentError, ValueError):
        raise RecordsError(
            "records.url: not a database address; write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
        ) from None
    if backend not in _DRIVERS:
        raise RecordsError(f"records.url: {backend} is not supported; use sqlite:///FILE or postgresql://...")
    read = read.set(drivername=_DRIVERS[backend])
    if backend == "sqlite":
        return _sqlite(read)
    return _postgresql(read)


def _sqlite(url: URL) -> Address:
    if not url.database or url.database == ":memory:" or url.query:
        raise RecordsError(
            "records.url: records must outlive the program; write sqlite:///FILE, nothing after it"
        )
    return Address(url, url.database)


def _postgresql(url: URL) -> Address:
    if not url.database:
        raise RecordsError("records.url: the database's name is missing; write postgresql://USER@HOST/NAME")
    strange = sorted(set(url.query) - _POSTGRESQL_OPTIONS)
    if strange:
        raise RecordsError(f"records.url: option {strange[0]} is not known; use host, port or sslmode")
    host = url.host or url.query.get("host") or "local socket"
    shown = f"PostgreSQL database {url.database} at {host}{f':{url.port}' if url.port else ''}"
    # On one machine there is nobody to encrypt against, and the driver need not look for certificates.
    local = str(host) in _LOCAL or str(host).startswith("/")
    sslmode = url.query.get("sslmode", "disable" if local else None)
    url = url.difference_update_query(["sslmode"])
    if sslmode is not None:
        url = url.update_query_pairs([("ssl", str(sslmode))])
    return Address(url, shown)
