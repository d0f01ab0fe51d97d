"""The rootless fetch against a small signed archive: what it accepts, refuses, and leaves behind."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.asterisk_docker.archive import ARCHITECTURE, Archive, Served, SigningKey, served

FETCH = Path(__file__).resolve().parents[2] / "asterisk-docker" / "fetch.sh"
SECONDS = 60


@pytest.fixture(scope="session")
def keys() -> Iterator[tuple[SigningKey, SigningKey]]:
    """The archive's key and a stranger's. A short folder: GnuPG's agent has a socket in it."""
    with tempfile.TemporaryDirectory(prefix="h181-") as folder:
        pair = SigningKey(Path(folder) / "own"), SigningKey(Path(folder) / "strange")
        yield pair
        for key in pair:
            key.close()


@pytest.fixture
def archive(tmp_path: Path, keys: tuple[SigningKey, SigningKey]) -> Archive:
    return Archive(tmp_path / "archive", keys[0])


@pytest.fixture
def mirror(archive: Archive) -> Iterator[Served]:
    with served(archive.folder) as state:
        yield state


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "asterisk"


class Fetch:
    """Starts the script with an environment of its own."""

    def __init__(self, archive: Archive, mirror: str, folder: Path) -> None:
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.environment = {
            "PATH": f"{self.programs}:/usr/bin:/bin",
            "ASTERISK_MIRROR": mirror,
            "ASTERISK_KEYRING": str(archive.key.keyring),
            "ASTERISK_SUITE": "sid",
            "HOME": str(folder),
        }

    def pretend(self, program: str, script: str) -> None:
        """Put a program before the machine's own."""
        path = self.programs / program
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", str(FETCH), *map(str, arguments)],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip

    def __call__(self, *arguments: str | Path) -> tuple[int, str]:
        with self.start(*arguments) as process:
            output, _ = process.communicate(timeout=SECONDS)
            return process.returncode, output


@pytest.fixture
def fetch(archive: Archive, mirror: Served, tmp_path: Path) -> Fetch:
    return Fetch(archive, mirror.address, tmp_path)


def refused(result: tuple[int, str], target: Path, *words: str) -> None:
    """It failed with one cause and one remedy, and nothing is left behind."""
    status, output = result
    assert status == 1, output
    assert "remedy: " in output
    for word in words:
        assert word in output
    assert not target.exists()


def test_fetches_unpacks_and_proves_the_result(fetch: Fetch, target: Path) -> None:
    status, output = fetch(target)
    assert status == 0, output
    assert "warning" not in output
    version = (target / "VERSION").read_text(encoding="utf-8").splitlines()
    assert version[0] == "22.10.1"
    assert f"architecture={ARCHITECTURE}" in version
    program = target / "root" / "usr" / "sbin" / "asterisk"
    assert program.stat().st_mode & 0o7777 == 0o755, "set-user-id must not survive"
    assert sorted(path.name for path in target.iterdir()) == ["VERSION", "root"]


def test_second_run_needs_no_mirror(fetch: Fetch, mirror: Served, target: Path) -> None:
    assert fetch(target)[0] == 0
    asked = len(mirror.requests)
    status, output = fetch(target)
    assert (status, len(mirror.requests)) == (0, asked)
    assert "already" in output


def test_a_tree_without_its_stamp_is_fetched_anew(fetch: Fetch, target: Path) -> None:
    assert fetch(target)[0] == 0
    (target / "VERSION").unlink()
    (target / "root" / "stale").touch()
    assert fetch(target)[0] == 0
    assert not (target / "root" / "stale").exists()
    assert (target / "VERSION").exists()


def test_an_expired_list_is_accepted_with_a_warning(archive: Archive, fetch: Fetch, target: Path) -> None:
    archive.sign(valid_for=timedelta(days=-1))
    status, output = fetch(target)
    assert status == 0, output
    assert "warning: the mirror is behind" in output


def test_unsigned_archive_is_refused(archive: Archive, fetch: Fetch, target: Path) -> None:
    (archive.dist / "InRelease").unlink()
    refused(fetch(target), target, "is not signed")


def test_altered_list_is_refused(archive: Archive, fetch: Fetch, target: Path) -> None:
    signed = archive.dist / "InRelease"
    signed.write_text(
        signed.read_text(encoding="utf-8").replace("Origin: Test", "Origin: Tset"), encoding="utf-8"
    )
    refused(fetch(target), target, "is not signed")


def test_strange_key_is_refused(
    archive: Archive, keys: tuple[SigningKey, SigningKey], fetch: Fetch, target: Path
) -> None:
    archive.sign(key=keys[1])
    refused(fetch(target), target, "is not signed")


def test_the_machines_own_leniency_does_not_count(
    archive: Archive, fetch: Fetch, target: Path, tmp_path: Path
) -> None:
    lenient = tmp_path / "lenient.conf"
    lenient.write_text(
        'Acquire::AllowInsecureRepositories "true";\nAPT::Get::AllowUnauthenticated "true";\n',
        encoding="utf-8",
    )
    fetch.environment["APT_CONFIG"] = str(lenient)
    (archive.dist / "InRelease").unlink()
    refused(fetch(target), target, "is not signed")


def test_index_that_does_not_fit_the_list_is_refused(archive: Archive, fetch: Fetch, target: Path) -> None:
    text = archive.index.read_text(encoding="utf-8")
    archive.index.write_text(text.replace("Maintainer: Test", "Maintainer: Tset"), encoding="utf-8")
    refused(fetch(target), target)


def test_altered_package_is_refused(archive: Archive, fetch: Fetch, target: Path) -> None:
    package = next(archive.pool.glob("libc6_*.deb"))
    data = bytearray(package.read_bytes())
    data[-1] ^= 1
    package.write_bytes(bytes(data))
    status, output = fetch(target)
    assert status == 1, output
    assert "other than the signed list says" in output
    assert not (target / "root").exists()


def test_too_old_asterisk_is_refused(archive: Archive, fetch: Fetch, target: Path) -> None:
    archive.fill("18.1.0")
    status, output = fetch(target)
    assert status == 1
    assert "version 20 or later is needed" in output
    assert not (target / "root").exists()
    assert not (target / "root.new").exists()


def test_mirror_that_is_not_there(fetch: Fetch, target: Path) -> None:
    fetch.environment["ASTERISK_MIRROR"] = "http://127.0.0.1:9/"
    refused(fetch(target), target, "cannot be reached", "ASTERISK_MIRROR")


def test_suite_that_the_mirror_lacks(fetch: Fetch, target: Path) -> None:
    fetch.environment["ASTERISK_SUITE"] = "nowhere"
    refused(fetch(target), target, "nowhere")


def test_architecture_that_the_archive_lacks(fetch: Fetch, target: Path) -> None:
    fetch.pretend("dpkg", 'case $1 in --print-architecture) echo vax;; *) exec /usr/bin/dpkg "$@";; esac')
    refused(fetch(target), target, "vax")


def test_full_disk(fetch: Fetch, target: Path) -> None:
    fetch.pretend("df", "echo 'Filesystem 1024-blocks Used Available'; echo 'x 9 9 2048 1% /'")
    refused(fetch(target), target, "2 MB free")


def test_machine_without_apt(fetch: Fetch, target: Path) -> None:
    for program in ("bash", "dirname", "sed", "grep", "awk", "head"):
        (fetch.programs / program).symlink_to(f"/usr/bin/{program}")
    bash = "/bin/bash"
    result = subprocess.run(
        [bash, str(FETCH), str(target)],
        env={**fetch.environment, "PATH": str(fetch.programs)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    refused((result.returncode, result.stderr), target, "apt-get is missing")


def test_machine_without_sources(fetch: Fetch, target: Path, tmp_path: Path) -> None:
    fetch.environment["APT_CONFIG"] = str(apt_sources(tmp_path, "list", ""))
    del fetch.environment["ASTERISK_MIRROR"]
    refused(fetch(target), target, "no debian archive found")


def apt_sources(folder: Path, form: str, text: str) -> Path:
    """An apt configuration whose only sources are these."""
    (folder / "apt").mkdir()
    (folder / "apt" / f"machine.{form}").write_text(text, encoding="utf-8")
    configuration = folder / "apt.conf"
    configuration.write_text(
        f'Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "{folder / "apt"}";\n', encoding="utf-8"
    )
    return configuration


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        (
            "list",
            "deb http://other.example/tool stable main\n"
            "deb http://a.example/debian-security bookworm-security main\n"
            "deb [arch=amd64] https://b.example/mirror/debian bookworm main contrib\n",
            "https://b.example/mirror/debian/",
        ),
        (
            "sources",
            "Types: deb deb-src\nURIs: http://c.example/debian\nSuites: bookworm bookworm-updates\n"
            "Components: main\n",
            "http://c.example/debian/",
        ),
        (
            "sources",
            "Types: deb\nURIs: mirror+file:/etc/apt/mirrors/debian.list\nSuites: bookworm\n"
            "Components: main\n",
            "mirror+file:/etc/apt/mirrors/debian.list",
        ),
        ("list", "deb file:/srv/debian bookworm main\n", "copy:/srv/debian/"),
    ],
)
def test_mirror_is_read_from_the_machines_sources(
    fetch: Fetch, tmp_path: Path, form: str, text: str, expected: str
) -> None:
    fetch.environment["APT_CONFIG"] = str(apt_sources(tmp_path, form, text))
    del fetch.environment["ASTERISK_MIRROR"]
    assert fetch("--print-mirror") == (0, f"{expected}\n")


def test_folder_archive_works_too(archive: Archive, fetch: Fetch, target: Path) -> None:
    fetch.environment["ASTERISK_MIRROR"] = f"file:{archive.folder}"
    status, output = fetch(target)
    assert status == 0, output


def test_asterisk_on_path_is_used_as_it_is(fetch: Fetch, mirror: Served, target: Path) -> None:
    fetch.pretend("asterisk", "echo 'Asterisk 20.1.0'")
    status, output = fetch(target)
    assert status == 0
    assert "nothing to do" in output
    assert not mirror.requests
    assert not target.exists()
    assert fetch("--force", target)[0] == 0
    assert (target / "VERSION").exists()


def test_old_asterisk_on_path_does_not_count(fetch: Fetch, target: Path) -> None:
    fetch.pretend("asterisk", "echo 'Asterisk 16.28.0~dfsg'")
    assert fetch(target)[0] == 0
    assert (target / "VERSION").exists()


def downloaded(target: Path) -> int:
    """Bytes of the half-finished download."""
    return sum(file.stat().st_size for file in target.glob("fetching/cache/archives/partial/*.deb"))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_interrupted_download_goes_on(
    archive: Archive, fetch: Fetch, mirror: Served, target: Path, by: signal.Signals
) -> None:
    archive.fill("22.10.1", ballast=2_000_000)
    mirror.stall_at = ("asterisk-modules_", 1_500_000)
    with fetch.start(target) as process:
        assert mirror.stalled.wait(SECONDS)
        wait_until(lambda: downloaded(target) == 1_500_000)
        os.killpg(process.pid, by)
        output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode != 0, output
    assert not (target / "root").exists()
    assert not (target / "VERSION").exists()
    mirror.stall_at = None
    mirror.go_on.set()
    status, output = fetch(target)
    assert status == 0, output
    assert mirror.asked_for("asterisk-modules_")[1:] == ["bytes=1500000-"]
    assert sorted(path.name for path in target.iterdir()) == ["VERSION", "root"]


def test_two_at_once(fetch: Fetch, mirror: Served, target: Path) -> None:
    with fetch.start(target) as first, fetch.start(target) as second:
        outputs = [process.communicate(timeout=SECONDS)[0] for process in (first, second)]
        assert (first.returncode, second.returncode) == (0, 0), outputs
    assert len(mirror.asked_for("libc6_")) == 1
    assert any("already" in output for output in outputs)


def test_folder_name_that_apt_cannot_take(fetch: Fetch, tmp_path: Path) -> None:
    refused(fetch(tmp_path / "two words"), tmp_path / "two words", "two words")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_works_without_root(archive: Archive, fetch: Fetch) -> None:
    nobody = 65534
    with tempfile.TemporaryDirectory(prefix="h181-") as folder:
        home = Path(folder)
        os.chown(home, nobody, nobody)
        keyring = home / "archive.gpg"
        keyring.write_bytes(archive.key.keyring.read_bytes())
        keyring.chmod(0o644)
        fetch.environment |= {"PATH": "/usr/bin:/bin", "ASTERISK_KEYRING": str(keyring), "HOME": folder}
        # The script comes by standard input, because nobody may not enter root's folders.
        result = subprocess.run(
            ["bash", "-s", "--", str(home / "asterisk")],
            user=nobody, group=nobody, extra_groups=[], cwd="/", env=fetch.environment,
            input=FETCH.read_text(encoding="utf-8"), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert result.returncode == 0, result.stderr
        assert (home / "asterisk" / "VERSION").exists()
