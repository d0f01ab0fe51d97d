"""What database drivers complain of, said in one line with the remedy."""

import os

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from records.errors import RecordsError, UnavailableError

# By the start of SQLite's error name; the longer one first where one begins the other.
_SQLITE: tuple[tuple[str, type[RecordsError], str], ...] = (
    ("SQLITE_NOTADB", RecordsError, "is not a database; move that file away or set another records.url"),
    ("SQLITE_CANTOPEN", RecordsError, "cannot be opened; make its directory and let this user write there"),
    ("SQLITE_READONLY", RecordsError, "cannot be written; let this user write to the file and its directory"),
    ("SQLITE_PERM", RecordsError, "cannot be written; let this user write to the file and its directory"),
    ("SQLITE_FULL", UnavailableError, "cannot grow, the disk is full; make room on it"),
    ("SQLITE_BUSY", UnavailableError, "is held by another program; end that program or try again"),
    ("SQLITE_LOCKED", UnavailableError, "is held by another program; end that program or try again"),
    ("SQLITE_CORRUPT", RecordsError, "is damaged; restore it from a backup"),
    ("SQLITE_IOERR", UnavailableError, "cannot be read or written; check the disk and the room on it"),
)
# By the start of PostgreSQL's SQLSTATE.
_POSTGRESQL: tuple[tuple[str, type[RecordsError], str], ...] = (
    ("28", RecordsError, "refused the user or the password; correct records.url"),
    ("3D000", RecordsError, "does not exist; create it (createdb) or correct records.url"),
    ("42501", RecordsError, "does not let this user do that; grant it (GRANT) or make it the owner"),
    ("25006", UnavailableError, "is read-only just now; point records.url at the primary server"),
    ("53100", UnavailableError, "has no room left on its disk; make room there"),
    ("53300", UnavailableError, "has no connection left; raise max_connections or lower records.pool_size"),
    ("53", UnavailableError, "lacks resources; look into the server's log"),
    ("55P03", UnavailableError, "is being upgraded by another process; try again when that is done"),
    ("57014", UnavailableError, "took too long; try again, then look for what holds it (pg_stat_activity)"),
    ("57P", UnavailableError, "is stopping or starting; try again in a moment"),
    ("40", UnavailableError, "was busy with the same rows; try again"),
    ("08", UnavailableError, "lost the connection; check that the server runs"),
)


def explain(error: Exception, shown: str) -> RecordsError:
    """The `RecordsError` for a driver's or SQLAlchemy's error.

    ``shown`` names the database. The driver's own words are left out: they may quote what a citizen said.
    """
    if isinstance(error, PoolTimeoutError):
        return UnavailableError(f"{shown} is overloaded; try again, or raise records.pool_size")
    code, causes = fault_code(error), _causes(error)
    for table in (_SQLITE, _POSTGRESQL):
        for start, kind, words in table:
            if code.startswith(start):
                return kind(f"{shown} {words}")
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return UnavailableError(f"{shown} lost the connection; check that the server runs")
    for cause in causes:
        if isinstance(cause, TimeoutError):
            return UnavailableError(f"{shown} did not answer in time; check the server and the network")
        if isinstance(cause, OSError):
            # strerror may quote addresses; name resolution counts its own errors below zero.
            number = cause.errno or 0
            reason = os.strerror(number) if number > 0 else "no such host"
            return UnavailableError(
                f"{shown} cannot be reached ({reason}); start the server or correct records.url"
            )
    return RecordsError(f"{shown} failed ({code}); look into the log")


def fault_code(error: Exception) -> str:
    """SQLite's error name or PostgreSQL's SQLSTATE, else the name of the innermost error's class."""
    causes = _causes(error)
    for name in ("sqlite_errorname", "sqlstate"):
        for cause in causes:
            if isinstance(code := getattr(cause, name, None), str):
                return code
    return type(causes[-1]).__name__


def _causes(error: BaseException) -> list[BaseException]:
    """The error, what SQLAlchemy wrapped, and what the driver's adapter wrapped; outermost first."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        inner = getattr(following, "orig", None) if isinstance(following, SQLAlchemyError) else None
        following = inner if isinstance(inner, BaseException) else following.__cause__
    return found
