"""``helpline prompts``."""

import shutil
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from helpline.commands.prompts import prompts
from ivr_prompts.catalogue import PACKAGE
from ivr_prompts.errors import EngineError, PromptError, UnknownPromptError
from tests.ivr_prompts.conftest import Singer, record, tone


def run(*arguments: object) -> Result:
    return CliRunner().invoke(prompts, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def singing(monkeypatch: pytest.MonkeyPatch, singer: Singer) -> None:
    monkeypatch.setattr("helpline.commands.prompts.best_engine", lambda *_, **__: singer)


def test_builds_then_checks_and_lists(folder: Path, tmp_path: Path) -> None:
    assert run("check", "--folder", folder, "--sources", tmp_path).exit_code == 1
    first = run("build", "--folder", folder)
    assert (first.exit_code, first.stdout.splitlines()[-1]) == (0, "hi: built 3 of 3 prompts, now 3 kokoro")
    assert (
        run("build", "--folder", folder).stdout.splitlines()[-1] == "hi: built 0 of 3 prompts, now 3 kokoro"
    )
    assert (
        run("check", "--folder", folder, "--sources", tmp_path).stdout
        == "hi: 3 prompts, 0 keys used: all good\n"
    )
    table = run("list", "--folder", folder).stdout.splitlines()
    assert table[0].split() == ["key", "language", "seconds", "engine", "text"]
    assert table[2].split()[0:2] + table[2].split()[3:4] == ["digit/1", "hi", "kokoro"]


def test_a_language_lists_what_plays_instead_where_it_says_nothing_itself(built: Path) -> None:
    (built / "mup.toml").write_text('[digits]\n1 = "एक"\n', encoding="utf-8")
    lines = run("list", "--language", "mup", "--folder", built).stdout.splitlines()[1:]
    shown = {key: (language, engine) for key, language, _, engine, *_ in map(str.split, lines)}
    assert shown["digit/1"] == ("mup", "-"), "its own, not built yet"
    assert shown["greeting"] == ("hi", "kokoro")


def test_a_failed_prompt_is_named_and_the_exit_code_tells(folder: Path) -> None:
    path = folder / "hi.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"एक"', '"X"'), encoding="utf-8")
    result = run("build", "--folder", folder)
    assert result.exit_code == 1
    assert "digit/1: cannot say X" in result.stderr
    assert "built 2 of 3 prompts" in result.stdout


def test_build_removes_what_left_the_catalogue(built: Path) -> None:
    path = built / "hi.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('1 = "एक"\n', ""), encoding="utf-8")
    assert "removed digit/1\n" in run("build", "--folder", built).stdout


def test_check_prints_a_line_for_each_problem(built: Path, tmp_path: Path) -> None:
    (built / "audio" / "hi" / "greeting.alaw").unlink()
    (tmp_path / "dialplan").mkdir()
    (tmp_path / "dialplan" / "a.conf").write_text("same => n,Playback(h181/bye)\n")
    result = run("check", "--folder", built, "--sources", tmp_path)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "hi: bye: dialplan/a.conf:1 plays it, the catalogue lacks it; add it to hi.toml or correct the name",
        "hi: greeting: has no audio; run `helpline prompts build`",
    ]


def test_the_shipped_prompts_pass() -> None:
    result = run("check")
    assert result.exit_code == 0, result.output


def test_a_damaged_copy_of_the_shipped_prompts_fails(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE / "audio", tmp_path / "audio")
    shutil.copytree(PACKAGE / "recorded", tmp_path / "recorded")
    shutil.copy(PACKAGE / "hi.toml", tmp_path)
    victim = tmp_path / "audio" / "hi" / "district" / "rajgarh.alaw"
    victim.write_bytes(b"\xd5" * 4000 + victim.read_bytes())
    result = run("check", "--folder", tmp_path)
    assert result.exit_code == 1
    assert [line.split(": ")[:2] for line in result.stdout.splitlines()] == [["hi", "district/rajgarh"]] * 2


def test_every_language_of_a_folder_is_built_and_checked(folder: Path, tmp_path: Path) -> None:
    (folder / "en.toml").write_text('[digits]\n1 = "one"\n', encoding="utf-8")
    record(folder, "digit/2", tone(0.5), language="mup")
    (folder / "mup.toml").write_text("", encoding="utf-8")
    assert run("build", "--folder", folder).stdout.splitlines() == [
        "hi: built 3 of 3 prompts, now 3 kokoro",
        "en: built 1 of 1 prompts, now 1 kokoro",
        "mup: built 1 of 1 prompts, now 1 recorded",
    ]
    assert run("build", "--folder", folder, "--language", "en", "digit/1").exit_code == 0
    checked = run("check", "--folder", folder, "--sources", tmp_path)
    assert checked.exit_code == 0
    assert checked.stdout.splitlines()[2] == "mup: 1 prompts, 0 keys used: all good"
    (folder / "audio" / "en" / "digit" / "1.alaw").unlink()
    assert "en: digit/1: has no audio" in run("check", "--folder", folder, "--sources", tmp_path).stdout
    target = tmp_path / "heard.wav"
    assert run("say", "digit/2", "--language", "en", "--folder", folder, "--wav", target).exit_code == 0


def test_say_writes_what_the_caller_hears(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "heard.wav"
    assert run("say", "digit/1", "--folder", built, "--wav", target).stdout == f"{target}\n"
    with wave.open(str(target)) as heard:
        assert (heard.getnchannels(), heard.getsampwidth(), heard.getframerate()) == (1, 2, 8000)
        assert heard.getnframes() == (built / "audio" / "hi" / "digit" / "1.alaw").stat().st_size


def test_a_place_that_cannot_be_written_is_named(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "heard.wav"
    result = run("say", "digit/1", "--folder", built, "--wav", target)
    assert isinstance(result.exception, PromptError)
    assert str(result.exception) == f"cannot write {target} (No such file or directory); name another file"


def test_say_tries_a_text(tmp_path: Path, singer: Singer) -> None:
    assert run("say", "--text", "कोशिश", "--wav", tmp_path / "trial.wav").exit_code == 0
    assert singer.spoken == ["कोशिश"]


def test_say_has_nothing_to_try_in_an_empty_text(singer: Singer) -> None:
    for text in ("", "  "):
        result = run("say", "--text", text)
        assert str(result.exception) == "there is nothing to speak: give a text"
    assert singer.spoken == []


def test_say_prints_a_path_of_its_own(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = Path(run("say", "digit/1", "--folder", built).stdout.strip())
    assert path.is_file()
    assert path.is_relative_to(tmp_path)


def test_errors_go_up_to_the_program(folder: Path) -> None:
    assert isinstance(run("say", "digit/9", "--folder", folder).exception, UnknownPromptError)
    assert run("say", "--folder", folder).exit_code == 2
    assert run("say", "digit/1", "--text", "a", "--folder", folder).exit_code == 2


def test_without_an_engine_every_prompt_names_the_remedy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise EngineError("no speech engine is installed: run `make voice`")

    monkeypatch.setattr("helpline.commands.prompts.best_engine", missing)
    result = run("build", "--folder", folder)
    assert result.exit_code == 1
    assert "greeting: no speech engine is installed: run `make voice`" in result.stderr
