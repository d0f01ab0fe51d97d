"""Passwords of this installation: random, made at the first start, kept in a file only its owner reads."""

import json
import os
import re
import secrets as random_source
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dialplan.errors import DialplanError

SAFE_SECRET = re.compile(r"[A-Za-z0-9_.~-]{12,128}")
"""What Asterisk's files take as it is: no ; (a comment), no quotes or blanks; and it cannot be guessed."""

GIVEN_SECRET = re.compile(r"[!-\[\]-~]{1,128}")
"""A password that somebody else chose: printable, no blank, no backslash. A `;` is written with one."""

_BYTES = 24


@dataclass(frozen=True)
class Secrets:
    """The passwords and the key; repr() does not show them."""

    ami_password: str = field(repr=False)
    ari_password: str = field(repr=False)
    endpoint_passwords: Mapping[str, str] = field(repr=False)
    agi_key: str = field(repr=False, default="")
    """What the dialplan's requests to the AGI service are known by; without one the service refuses them."""
    trunk_password: str = field(default="", repr=False)
    """With which the trunk signs its calls, where the settings ask for that."""
    trunk_account_password: str = field(default="", repr=False)
    """Ours at the trunk's operator, who gave it; empty for none."""


def load_or_create(path: Path, extensions: Iterable[str]) -> Secrets:
    """The secrets in `path`; what is missing, such as a new extension's password, is made and stored.

    The file is written with mode 0600. Raises DialplanError when it cannot be read, understood or written, or
    holds a password that Asterisk's files cannot take.
    """
    stored = _read(path)
    endpoints = stored.get("endpoint_passwords", {})
    named = {
        name: stored.get(name, "") for name in ("ami_password", "ari_password", "agi_key", "trunk_password")
    }
    account = stored.get("trunk_account_password", "")
    if not isinstance(endpoints, dict) or not isinstance(account, str):
        raise DialplanError(f"{path} is damaged: remove it, new passwords are then made")
    wanted: dict[str, str] = {}
    for name, value in named.items():
        if not isinstance(value, str):
            raise DialplanError(f"{path} is damaged: remove it, new passwords are then made")
        wanted[name] = value or _new()
    passwords = {str(name): str(value) for name, value in endpoints.items()}
    for extension in extensions:
        passwords.setdefault(extension, _new())
    for name, value in [*wanted.items(), *passwords.items()]:
        if not SAFE_SECRET.fullmatch(value):
            raise DialplanError(
                f"{path}: the password of {name} must be 12 to 128 letters, digits or _ . ~ -: "
                "change or remove it"
            )
    if account and not GIVEN_SECRET.fullmatch(account):
        raise DialplanError(
            f"{path}: trunk_account_password must be 1 to 128 printable ASCII characters without blanks and"
            " backslashes: ask the operator for another one"
        )
    content = {**stored, **wanted, "endpoint_passwords": passwords}
    if content != stored:
        _write(path, content)
    return Secrets(
        wanted["ami_password"],
        wanted["ari_password"],
        passwords,
        wanted["agi_key"],
        trunk_password=wanted["trunk_password"],
        trunk_account_password=account,
    )


def _new() -> str:
    return random_source.token_urlsafe(_BYTES)


def _read(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        path.chmod(0o600)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise DialplanError(
            f"{path} cannot be read ({error.strerror}): correct its owner or rights"
        ) from error
    except ValueError as error:
        raise DialplanError(f"{path} is damaged ({error}): remove it, new passwords are then made") from error
    if not isinstance(content, dict):
        raise DialplanError(f"{path} is damaged: remove it, new passwords are then made")
    return content


def _write(path: Path, content: Mapping[str, object]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, indent=1)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DialplanError(
            f"{path} cannot be written ({error.strerror}): correct the folder's rights"
        ) from error
