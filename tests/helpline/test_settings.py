"""Settings: one file and the environment, every mistake named with its remedy, all at once."""

from pathlib import Path

import pytest

from helpline.errors import SettingsError
from helpline.settings import load


def write(folder: Path, text: str) -> Path:
    path = folder / "helpline.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_need_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(environ={})
    assert settings.asterisk.bind == "127.0.0.1"
    assert settings.state_dir == tmp_path / "var"


def test_file_and_environment(tmp_path: Path) -> None:
    path = write(
        tmp_path, '[desk]\nport = 9000\nlanguage = "en"\n[asterisk]\ntrunk_match = ["10.1.0.0/16"]\n'
    )
    settings = load(path, {"HELPLINE_DESK_PORT": "9001", "HELPLINE_HELPLINE_STATE_DIR": str(tmp_path)})
    assert settings.desk.port == 9001
    assert settings.desk.language == "en"
    assert settings.asterisk.trunk_match == ("10.1.0.0/16",)
    assert settings.state_dir == tmp_path


def test_a_file_as_windows_saves_it(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeff[agi]\r\nport = 4999\r\n")
    assert load(path, {}).agi.port == 4999


def test_both_ends_of_a_wire_follow_one_setting(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "[agi]\nport = 4600\n[asterisk]\nami_port = 5999\n"), {})
    assert settings.asterisk.agi_port == 4600
    assert settings.switchboard.port == 5999


def test_an_end_that_is_set_itself_does_not_follow(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "[agi]\nport = 4600\n[asterisk]\nagi_port = 4601\n"), {})
    assert settings.asterisk.agi_port == 4601


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[deks]\nport = 1\n[desk]\nprot = 1\nport = "many"\nlanguage = "fr"\n[asterisk]\nbind = "here"\n',
    )
    with pytest.raises(SettingsError) as told:
        load(path, {"HELPLINE_AGI_PORT": "x"})
    text = str(told.value)
    assert "\n" not in text
    for part in (
        "[deks]",
        "did you mean desk",
        "[desk] prot",
        "did you mean port",
        "'many'",
        "language 'fr'",
        "bind",
        "$HELPLINE_AGI_PORT",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"[desk\n", "line 1"),
        (b"\xff\xfe", "not UTF-8"),
        (b"desk = 3\n", "must be a table"),
        (b"[desk]\nport = true\n", "not of the kind int"),
        (b"[asterisk]\ntrunk_match = [1]\n", "list of texts"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: bytes, part: str) -> None:
    path = tmp_path / "helpline.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as told:
        load(path, {})
    assert str(path) in str(told.value)
    assert part in str(told.value)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such settings file"):
        load(tmp_path / "none.toml", {})
    with pytest.raises(SettingsError, match="no such settings file"):
        load(environ={"HELPLINE_CONFIG": str(tmp_path / "none.toml")})
