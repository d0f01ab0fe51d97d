"""A private PostgreSQL server for tests: its own directory, a free loopback port, gone afterwards.

Plain functions, for any room's fixtures::

    with private_server() as server:
        url = server.url(create_database(server))

PostgreSQL refuses to run as root; a test run by root starts it as the user postgres, or else nobody. The
server dies with the thread that started it, also when the process is killed.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOW_TO_INSTALL = "PostgreSQL is not installed: run `apt-get install postgresql` (its server need not run)"
SUPERUSER = "tester"
DURABLE = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "512MB", "max_wal_size": "4GB"}
_START_SECONDS = 30.0
_PORT_TRIES = 5
_ROOM_BYTES = 1 << 30


class PostgresError(Exception):
    """The server could not be had; says why and what to do."""


@dataclass(frozen=True)
class Server:
    """A running server. ``password`` is the superuser's."""

    binaries: Path
    directory: Path
    port: int
    password: str
    process: subprocess.Popen[bytes]

    def url(self, database: str, *, password: str | None = None) -> str:
        """Address of a database over TCP, with the right password unless another is given."""
        return f"postgresql://{SUPERUSER}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def socket_url(self, database: str) -> str:
        """Address over the Unix socket, where no password is asked."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self.directory}&port={self.port}"


def binaries() -> Path:
    """The folder with initdb and postgres, of the newest version. Raises `PostgresError`."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    if on_path is None or shutil.which("postgres") is None:
        raise PostgresError(HOW_TO_INSTALL)
    return Path(on_path).resolve().parent


@contextmanager
def private_server(*, durable: bool = False) -> Iterator[Server]:
    """Make and start a server, stop it and remove its directory at the end. About two seconds.

    ``durable``: on disk, waiting for it at every commit, and with more memory, as one that is measured.
    """
    folder = binaries()
    # Not below pytest's tmp_path: that may be closed to the server's user, and too long for a socket's name.
    directory = Path(tempfile.mkdtemp(prefix="records-pg-", dir=None if durable else _memory()))
    try:
        if os.getuid() == 0:
            account = _server_account()
            os.chown(directory, account.pw_uid, account.pw_gid)
        password = _initialise(folder, directory)
        server = _start(folder, directory, password, DURABLE if durable else {})
        try:
            yield server
        finally:
            _stop(server.process)
    finally:
        shutil.rmtree(directory)


def create_database(server: Server, *, template: str = "template0") -> str:
    """A new database, a copy of ``template`` (to which nobody may be connected). Gives its name."""
    name = f"records_{secrets.token_hex(6)}"
    administer(server, f'CREATE DATABASE {name} TEMPLATE "{template}"')
    return name


def drop_database(server: Server, name: str) -> None:
    """Remove a database, whoever is connected."""
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def administer(server: Server, statement: str) -> None:
    """Run one statement as the superuser, outside a transaction. Raises `PostgresError`."""
    psql = [
        str(server.binaries / "psql"),
        "--no-psqlrc",
        "--quiet",
        "--dbname",
        "postgres",
        "--command",
        statement,
    ]
    where = ["--host", str(server.directory), "--port", str(server.port), "--username", SUPERUSER]
    done = subprocess.run([*psql, *where], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PostgresError(done.stderr.strip())


def _memory() -> Path | None:
    """A place in memory, where copying a database takes a seventh of the time; None: the usual place."""
    shared = Path("/dev/shm")  # noqa: S108
    roomy = shared.is_dir() and shutil.disk_usage(shared).free > _ROOM_BYTES
    return shared if roomy else None


def _server_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresError(
        "there is no user postgres or nobody to run PostgreSQL as; run the tests as a plain user"
    )


def _as_server_user() -> list[str]:
    """What goes before a command so that it runs as the server's user and dies with us."""
    command = ["setpriv", "--pdeathsig", "INT"]
    if os.getuid() == 0:
        account = _server_account()
        command += [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    return command


def _initialise(folder: Path, directory: Path) -> str:
    password = secrets.token_hex(12)
    password_file = directory / "password"
    password_file.write_text(password)
    password_file.chmod(0o644)  # inside a directory only the server's user can enter
    made = subprocess.run(
        [
            *_as_server_user(),
            str(folder / "initdb"),
            *("--pgdata", str(directory / "data"), "--username", SUPERUSER, "--pwfile", str(password_file)),
            *(
                "--auth-host=scram-sha-256",
                "--auth-local=trust",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
            ),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=directory,
    )
    if made.returncode != 0:
        raise PostgresError(f"initdb failed: {made.stderr.strip()}")
    return password


def _start(folder: Path, directory: Path, password: str, changed: Mapping[str, str]) -> Server:
    """Try a few free ports: another process may take one between our look and the server's."""
    log = directory / "log"
    for _ in range(_PORT_TRIES):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": str(directory),
            "fsync": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "shared_buffers": "16MB",
            "max_connections": "60",
            "autovacuum": "off",
            **changed,
        }
        command = [*_as_server_user(), str(folder / "postgres"), "-D", str(directory / "data")]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, cwd=directory)
        server = Server(folder, directory, port, password, process)
        if _wait_until_ready(server):
            return server
        _stop(process)
    raise PostgresError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-1000:]}")


def _wait_until_ready(server: Server) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            administer(server, "SELECT 1")
        except PostgresError:
            time.sleep(0.05)
        else:
            return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; by force when that takes too long."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
