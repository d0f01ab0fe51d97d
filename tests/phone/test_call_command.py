"""`helpline call`: what a person gets when it cannot work."""

import socket
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpline.app import App
from helpline.commands.call import call
from helpline.errors import HelplineError
from helpline.phone.errors import AddressError, NobodyListensError, PhoneError, PhoneNotInstalledError
from helpline.settings import Settings


def run(*arguments: str) -> BaseException | None:
    return CliRunner().invoke(call, list(arguments), obj=App(settings=Settings())).exception


@pytest.mark.call
def test_nobody_listens_there() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        error = run("--port", str(port))
    assert isinstance(error, NobodyListensError)
    assert f"nobody listens at 127.0.0.1:{port}" in str(error)
    assert "make demo" in str(error)


@pytest.mark.call
def test_an_address_that_cannot_be_used() -> None:
    error = run("--bind", "192.0.2.9")
    assert isinstance(error, AddressError)
    assert "--bind" in str(error)


def test_what_is_no_key_or_no_prompt_is_refused_before_anything_is_dialled(tmp_path: Path) -> None:
    result = CliRunner().invoke(call, ["--press", "3x"], obj=App(settings=Settings()))
    assert result.exit_code == 2
    assert "are not keys" in result.output
    for option in (("--hang-up-at", "no-such-prompt"), ("--press", "no-such-prompt+2:9")):
        error = run(*option)
        assert isinstance(error, HelplineError)
        assert "no prompt 'no-such-prompt'" in str(error)
    error = run("--save", str(tmp_path / "missing" / "a.wav"))
    assert isinstance(error, HelplineError)
    assert "folder does not exist" in str(error)


@pytest.mark.call
def test_a_number_that_cannot_be_dialled() -> None:
    error = run("18 1")
    assert isinstance(error, HelplineError)
    assert "\n" not in str(error)


def test_without_pjsua2_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pjsua2", None)
    monkeypatch.delattr("helpline.phone.bindings", raising=False)
    monkeypatch.delitem(sys.modules, "helpline.phone.bindings", raising=False)
    error = run()
    assert isinstance(error, PhoneNotInstalledError)
    assert isinstance(error, PhoneError)
    assert "helpline181[phone]" in str(error)
