"""The command line as a person meets it: one line with cause and remedy, a status, nothing half-made."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from helpline.main import COMMANDS

SECONDS = 60


def helpline(
    folder: Path, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from helpline.main import main; main()", *arguments],
        cwd=folder,
        env={**os.environ, "HELPLINE_HELPLINE_STATE_DIR": str(folder / "var"), **(env or {})},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def one_line(told: subprocess.CompletedProcess[str], *parts: str) -> None:
    """One line for the person, no traceback, and each of the parts in it."""
    assert told.returncode == 1, told.stderr
    lines = [line for line in told.stderr.splitlines() if line]
    assert len(lines) == 1, told.stderr
    assert lines[0].startswith("helpline: ")
    for part in parts:
        assert part in lines[0], (part, lines[0])


def test_help_names_every_command(tmp_path: Path) -> None:
    told = helpline(tmp_path, "--help", env={"HELPLINE_CONFIG": "/nowhere"})
    assert told.returncode == 0
    for command in COMMANDS:
        assert command in told.stdout


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    told = helpline(tmp_path, command, "--help")
    assert told.returncode == 0, told.stderr
    assert "Usage: helpline" in told.stdout


@pytest.mark.parametrize("arguments", [("--help",), ("doctor", "--help"), ("prompts", "--help")])
def test_help_waits_for_nothing_it_does_not_need(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    told = helpline(tmp_path, *arguments, env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert told.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "click" in imported
    assert not imported & {"sqlalchemy", "aiohttp", "desk.app"}


def test_ctrl_c_while_a_command_is_still_loaded_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "sqlalchemy.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    told = helpline(tmp_path, "complaint", "list", env={"PYTHONPATH": str(tmp_path)})
    assert told.returncode == 130
    assert told.stderr.split("\n") == ["", "helpline: stopped", ""]


def test_wrong_usage_is_status_2(tmp_path: Path) -> None:
    assert helpline(tmp_path, "servve").returncode == 2
    assert helpline(tmp_path, "serve", "agi", "--listen", "nonsense").returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("complaint", "show", "123"),
        ("complaint", "list", "--at", "soon"),
        ("complaint", "ask", "10000012", "--result", "maybe"),
        ("complaint", "attend", "10000012", "--note", "x"),
        ("directory", "check", "--no-such-option"),
        ("directory", "no-such-command"),
        ("report", "grading", "--month", "x"),
    ],
)
def test_wrong_usage_is_told_as_json_where_json_is_asked_for(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    told = helpline(tmp_path, *arguments, "--json")
    assert told.returncode == 2
    answer = json.loads(told.stdout)
    assert answer["ok"] is False
    assert answer["error"]
    assert answer["usage"].startswith("Usage: helpline ")
    assert answer["help"].endswith(" --help")
    assert told.stderr == ""


def test_wrong_settings_are_told_as_json_too(tmp_path: Path) -> None:
    told = helpline(tmp_path, "directory", "editions", "--json", env={"HELPLINE_DESK_PORT": "many"})
    assert told.returncode == 1
    assert "HELPLINE_DESK_PORT" in json.loads(told.stdout)["error"]


def test_a_failure_is_one_line_where_output_is_one_object_a_line(tmp_path: Path) -> None:
    told = helpline(tmp_path, "call", "--json", "--hang-up-at", "no-such-prompt")
    assert told.returncode == 1
    assert [json.loads(line)["ok"] for line in told.stdout.splitlines()] == [False]


def test_output_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    program = (
        "import os; os.dup2(os.open('/dev/full', os.O_WRONLY), 1); from helpline.main import main; main()"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, "directory", "editions"],
        env={**os.environ, "HELPLINE_HELPLINE_STATE_DIR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    one_line(told, "No space left on device", "free space")


def test_missing_settings_file(tmp_path: Path) -> None:
    told = helpline(tmp_path, "--config", "none.toml", "serve", "agi")
    one_line(told, "none.toml", "no such settings file")


def test_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = helpline(tmp_path, "serve", "agi", "--listen", f"127.0.0.1:{port}")
    assert told.returncode == 1
    assert f"127.0.0.1:{port}" in told.stderr.splitlines()[-1]
    assert "Traceback" not in told.stderr


def test_state_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    below_a_file = {"HELPLINE_HELPLINE_STATE_DIR": str(tmp_path / "file" / "var")}
    told = helpline(tmp_path, "serve", "agi", env=below_a_file)
    one_line(told, "cannot be written", "state_dir")


def test_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "records.sqlite").write_bytes(b"this is a letter, not a database" * 200)
    one_line(helpline(tmp_path, "serve", "agi", "--listen", "127.0.0.1:0"), "records.sqlite")


def test_database_server_that_is_not_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    url = f"postgresql://h:hidden-password@127.0.0.1:{port}/helpline"
    told = helpline(tmp_path, "serve", "agi", env={"HELPLINE_RECORDS_URL": url})
    one_line(told, str(port))
    assert "hidden-password" not in told.stderr


def test_doctor_gives_a_state_to_every_line(tmp_path: Path) -> None:
    told = helpline(tmp_path, "doctor", "--json")
    findings = json.loads(told.stdout)
    assert len(findings) > 10
    for finding in findings:
        assert finding["state"] in {"ok", "warning", "error"}
        told_how = finding["remedy"] or ";" in finding["what"] or ":" in finding["what"]
        assert finding["state"] == "ok" or told_how, finding
    assert (told.returncode == 1) == any(finding["state"] == "error" for finding in findings)
    assert not (tmp_path / "var").exists(), "doctor changes nothing"


def test_doctor_sees_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    secrets = tmp_path / "var" / "secrets.json"
    secrets.write_text("{}")
    secrets.chmod(0o644)
    told = helpline(tmp_path, "doctor")
    assert told.returncode == 1
    assert "chmod 600" in told.stdout
