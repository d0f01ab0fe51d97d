"""A tiny Debian archive with a make-believe Asterisk, signed by a key of its own, served on loopback.

The packages hold shell scripts: one plays Asterisk, one plays the program loader. Everything apt and the
fetch look at is real: packages, index, hashes, signature.
"""

import hashlib
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ARCHITECTURE = subprocess.run(
    ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
).stdout.strip()
SUITE = "sid"
DATE = "%a, %d %b %Y %H:%M:%S UTC"


class SigningKey:
    """A key in a GnuPG home of its own. Close it: its agent is a process."""

    def __init__(self, home: Path) -> None:
        home.mkdir(mode=0o700)
        self._home = home
        self._gpg("--quick-gen-key", "archive@example.invalid", "ed25519", "sign", "never")
        self.keyring = home / "archive.gpg"
        self._gpg("--output", str(self.keyring), "--export")

    def _gpg(self, *arguments: str) -> None:
        subprocess.run(
            ["gpg", "--homedir", str(self._home), "--batch", "--quiet", "--passphrase", "", *arguments],
            capture_output=True, check=True,
        )  # fmt: skip

    def clear_sign(self, source: Path, target: Path) -> None:
        target.unlink(missing_ok=True)
        self._gpg("--output", str(target), "--clear-sign", str(source))

    def close(self) -> None:
        subprocess.run(["gpgconf", "--homedir", str(self._home), "--kill", "all"], check=True)
        shutil.rmtree(self._home, ignore_errors=True)


class Archive:
    """The archive in a folder; change files, then `sign` again, or do not."""

    def __init__(self, folder: Path, key: SigningKey) -> None:
        self.folder = folder
        self.key = key
        self.dist = folder / "dists" / SUITE
        self.index = self.dist / "main" / f"binary-{ARCHITECTURE}" / "Packages"
        self.index.parent.mkdir(parents=True)
        self.pool = folder / "pool"
        self.pool.mkdir()
        self.fill("22.10.1")

    def fill(self, version: str, *, ballast: int = 0) -> None:
        """Put the packages of this version in, and sign."""
        script = "#!/bin/sh\n"
        entries = [
            self._package(
                "asterisk",
                {"usr/sbin/asterisk": f"{script}echo 'Asterisk {version}~dfsg'\n"},
                depends="libc6, asterisk-modules",
                setuid="usr/sbin/asterisk",
            ),
            self._package("asterisk-modules", {"usr/lib/modules": "x"}, ballast=ballast),
            self._package(
                "libc6",
                {
                    "usr/lib64/ld-linux-test.so.2": f'{script}shift 2\nexec "$@"\n',
                    "usr/lib/test-linux-gnu/libc.so.6": "x",
                },
            ),
        ]
        self.index.write_text("\n".join(entries), encoding="utf-8")
        self.sign()

    def _package(
        self, name: str, files: dict[str, str], *, depends: str = "", setuid: str = "", ballast: int = 0
    ) -> str:
        tree = self.folder / "tree"
        for path, text in files.items():
            file = tree / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            file.chmod(0o4755 if path == setuid else 0o755)
        if ballast:
            (tree / "ballast").write_bytes(os.urandom(ballast))
        control = f"Package: {name}\nVersion: 1:1.0\nArchitecture: {ARCHITECTURE}\n"
        control += "Maintainer: Test <test@example.invalid>\n"
        control += f"Depends: {depends}\n" if depends else ""
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN" / "control").write_text(f"{control}Description: test\n", encoding="utf-8")
        package = self.pool / f"{name}_1.0_{ARCHITECTURE}.deb"
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Znone", "-b", str(tree), str(package)],
            capture_output=True, check=True,
        )  # fmt: skip
        shutil.rmtree(tree)
        data = package.read_bytes()
        return (
            f"{control}Filename: pool/{package.name}\nSize: {len(data)}\n"
            f"SHA256: {hashlib.sha256(data).hexdigest()}\nDescription: test\n"
        )

    def sign(self, *, valid_for: timedelta = timedelta(days=7), key: SigningKey | None = None) -> None:
        """Write Release and InRelease for what is there now."""
        now = datetime.now(UTC) - timedelta(days=30)
        data = self.index.read_bytes()
        release = self.dist / "Release"
        release.write_text(
            f"Origin: Test\nSuite: {SUITE}\nCodename: {SUITE}\nDate: {now.strftime(DATE)}\n"
            f"Valid-Until: {(datetime.now(UTC) + valid_for).strftime(DATE)}\n"
            f"Architectures: {ARCHITECTURE}\nComponents: main\nSHA256:\n"
            f" {hashlib.sha256(data).hexdigest()} {len(data)} {self.index.relative_to(self.dist)}\n",
            encoding="utf-8",
        )
        (key or self.key).clear_sign(release, self.dist / "InRelease")


class Served:
    """What the HTTP server was asked for, and where it shall stop sending."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.requests: list[tuple[str, str]] = []
        """Path and Range header of every request."""
        self.stall_at: tuple[str, int] | None = None
        """Of the file whose name begins so, send this many bytes and then wait."""
        self.stalled = threading.Event()
        self.go_on = threading.Event()

    def asked_for(self, name: str) -> list[str]:
        """The Range headers of all requests for files whose name begins so."""
        return [ranges for path, ranges in self.requests if Path(path).name.startswith(name)]


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve a folder over HTTP on a free loopback port, with ranges."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.requests.append((self.path, self.headers.get("Range", "")))
            file = folder / self.path.lstrip("/")
            if not file.is_file():
                self.send_error(404)
                return
            data = file.read_bytes()
            start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - start))
            self.send_header("Last-Modified", self.date_time_string(int(file.stat().st_mtime)))
            self.end_headers()
            stop = len(data)
            if state.stall_at and file.name.startswith(state.stall_at[0]):
                stop = state.stall_at[1]
            try:
                self.wfile.write(data[start:stop])
                if stop < len(data):
                    self.wfile.flush()
                    state.stalled.set()
                    state.go_on.wait(30)
                    self.close_connection = True
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state = Served(f"http://127.0.0.1:{server.server_address[1]}/")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield state
        finally:
            state.go_on.set()
            server.shutdown()
            thread.join()
