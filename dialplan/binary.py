"""Where Asterisk is on this machine, and the command line that starts it.

Two ways: an `asterisk` on PATH of version 20 or later, used as it is; else the private folder of unpacked
Debian packages, whose programs run by that folder's own dynamic linker: neither root nor a chroot is needed.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dialplan.errors import DialplanError

LOWEST_MAJOR = 20
"""Asterisk 20 is the oldest LTS release that has every application and option our files use."""

DEFAULT_ROOT = Path(__file__).resolve().parent.parent / ".asterisk" / "root"


@dataclass(frozen=True)
class AsteriskBinary:
    """How to run Asterisk: `argv` is the prefix to which Asterisk's own options are added."""

    argv: tuple[str, ...]
    version: str
    modules_dir: Path
    data_dir: Path
    environment: tuple[tuple[str, str], ...] = ()
    """Variables the process needs besides those of ours."""


def find_asterisk(root: Path = DEFAULT_ROOT, *, search_path: str | None = None) -> AsteriskBinary:
    """The Asterisk to use. `search_path` replaces PATH (in tests).

    Raises DialplanError, naming `make asterisk`, when there is none, it does not run, or it is too old.
    """
    installed = shutil.which("asterisk", path=search_path)
    found = _installed(Path(installed)) if installed else None
    if found is not None:
        return found
    if root.is_dir():
        return _unpacked(root)
    hint = f" ({installed} is older than version {LOWEST_MAJOR})" if installed else ""
    raise DialplanError(f"Asterisk not found, neither on PATH nor in {root}{hint}: run `make asterisk`")


def parse_version(text: str) -> tuple[str, int] | None:
    """Version and its major number out of what `asterisk -V` prints, None when it is something else."""
    match = re.match(r"Asterisk (?:certified/)?((\d+)\.\S+)", text.strip())
    return (match[1], int(match[2])) if match else None


def _ask_version(argv: tuple[str, ...]) -> tuple[str, int] | None:
    try:
        answer = subprocess.run([*argv, "-V"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DialplanError(f"{argv[-1]} does not run: {error}; run `make asterisk` again") from error
    if answer.returncode != 0:
        said = (answer.stderr or answer.stdout).strip().splitlines()
        why = said[-1] if said else f"exit status {answer.returncode}"
        raise DialplanError(f"{argv[-1]} does not run: {why}; run `make asterisk` again")
    return parse_version(answer.stdout)


def _installed(program: Path) -> AsteriskBinary | None:
    version = _ask_version((str(program),))
    if version is None or version[1] < LOWEST_MAJOR:
        return None
    prefix = program.resolve().parent.parent
    lib_dirs = (*sorted(prefix.glob("lib/*-linux-*")), prefix / "lib", prefix / "lib64")
    modules = _first_dir([folder / "asterisk" / "modules" for folder in lib_dirs])
    data = _first_dir([prefix / "share" / "asterisk", Path("/var/lib/asterisk")])
    if modules is None or data is None:
        raise DialplanError(
            f"{program} has no modules or data folder beside it: reinstall Asterisk, or take it off PATH and "
            "run `make asterisk`"
        )
    return AsteriskBinary((str(program),), version[0], modules, data)


def _unpacked(root: Path) -> AsteriskBinary:
    root = root.resolve()
    program = root / "usr" / "sbin" / "asterisk"
    libraries = _first_dir(sorted((root / "usr" / "lib").glob("*-linux-*")))
    linkers = sorted(
        [*(root / "usr" / "lib64").glob("ld-linux-*"), *(root / "usr" / "lib").glob("ld-linux-*")]
    )
    if libraries is not None and not linkers:
        linkers = sorted(libraries.glob("ld-linux-*"))
    if not program.is_file() or libraries is None or not linkers:
        raise DialplanError(f"{root} holds no complete Asterisk: run `make asterisk` again")
    argv = (str(linkers[0]), "--library-path", str(libraries), str(program))
    version = _ask_version(argv)
    if version is None or version[1] < LOWEST_MAJOR:
        raise DialplanError(f"{program} is not Asterisk {LOWEST_MAJOR} or later: run `make asterisk` again")
    environment = (
        ("GCONV_PATH", str(libraries / "gconv")),
        ("OPENSSL_MODULES", str(libraries / "ossl-modules")),
        ("OPENSSL_CONF", str(root / "usr" / "lib" / "ssl" / "openssl.cnf")),
    )
    return AsteriskBinary(
        argv,
        version[0],
        libraries / "asterisk" / "modules",
        root / "usr" / "share" / "asterisk",
        tuple((name, value) for name, value in environment if Path(value).exists()),
    )


def _first_dir(folders: list[Path]) -> Path | None:
    return next((folder for folder in folders if folder.is_dir()), None)
