"""The check finds each fault, and the shipped audio has none."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ivr_prompts import PromptsSettings, alaw, languages, load_catalogue, manifest
from ivr_prompts.build import Builder, sha256
from ivr_prompts.catalogue import PACKAGE
from ivr_prompts.check import Problem, check
from ivr_prompts.errors import CatalogueError
from ivr_prompts.usage import Use, in_dialplan, in_python, uses
from tests.ivr_prompts.conftest import build_all, record, tone

HERE = Path(__file__)


def problems(folder: Path, used: list[Use] | None = None) -> list[Problem]:
    catalogue = load_catalogue(folder=folder)
    return check(catalogue, folder / "recorded" / "hi", used or [], PromptsSettings(), HERE.parent)


def what(folder: Path) -> list[tuple[str, str]]:
    found = problems(folder)
    assert all(problem.remedy for problem in found)
    return [(problem.key, problem.what) for problem in found]


def put(folder: Path, key: str, samples: np.ndarray) -> None:
    """Replace a prompt's audio as if a build had made it."""
    data = alaw.encode(samples.astype(np.int16))
    audio_dir = folder / "audio" / "hi"
    (audio_dir / f"{key}.alaw").write_bytes(data)
    entries = manifest.load(audio_dir)
    entries[key] = manifest.Entry(**{**vars(entries[key]), "audio_sha256": sha256(data)})
    manifest.save(audio_dir, entries)


@pytest.mark.parametrize("language", languages())
def test_the_shipped_prompts_have_no_fault(language: str) -> None:
    catalogue = load_catalogue(language)
    used = uses(PACKAGE.parent)
    found = check(catalogue, PACKAGE / "recorded" / language, used, PromptsSettings(), PACKAGE.parent)
    assert [str(problem) for problem in found] == []


def test_what_was_built_has_no_fault(built: Path) -> None:
    assert what(built) == []


def test_a_key_that_code_plays_and_the_catalogue_lacks(built: Path) -> None:
    used = [Use("greeting", HERE, 3), Use("bye", HERE, 7), Use("bye", HERE, 9), Use("digit/*", HERE, 8)]
    (found,) = problems(built, [*used, Use("digit/1", HERE, 1)])
    assert str(found) == (
        "bye: test_check.py:7 plays it, the catalogue lacks it; add it to hi.toml or correct the name"
    )


def test_audio_older_than_its_text(built: Path) -> None:
    path = built / "hi.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("नमस्ते", "नमस्कार"), encoding="utf-8")
    assert what(built) == [("greeting", "the audio is older than its text")]


def test_missing_audio(built: Path) -> None:
    (built / "audio" / "hi" / "digit" / "1.alaw").unlink()
    assert what(built) == [("digit/1", "has no audio")]


def test_orphan_audio(built: Path) -> None:
    (built / "audio" / "hi" / "digit" / "9.alaw").write_bytes(b"\xd5")
    assert what(built) == [("digit/9.alaw", "audio of no prompt in the catalogue")]


def test_orphan_entry_and_unknown_audio(built: Path) -> None:
    audio_dir = built / "audio" / "hi"
    entries = manifest.load(audio_dir)
    entries["gone"] = entries.pop("digit/2")
    manifest.save(audio_dir, entries)
    assert what(built) == [
        ("digit/2", "has audio that the manifest does not know"),
        ("gone", "in the manifest, not in the catalogue"),
    ]


def test_altered_audio(built: Path) -> None:
    path = built / "audio" / "hi" / "greeting.alaw"
    path.write_bytes(path.read_bytes() + b"\xd5" * 10)
    assert what(built) == [("greeting", "the audio is not the one that was built")]


def test_clipping(built: Path) -> None:
    samples = load_catalogue(folder=built).audio("greeting").copy()
    samples[3000:3010] = 32767
    put(built, "greeting", samples)
    assert what(built) == [("greeting", "10 samples are clipped")]


@pytest.mark.parametrize(("end", "place"), [(slice(0, 0), "end"), (None, "start")])
def test_silence_at_an_end(built: Path, end: slice | None, place: str) -> None:
    samples = load_catalogue(folder=built).audio("greeting")
    quiet = np.zeros(2000, np.int16)
    put(built, "greeting", np.concatenate((samples, quiet) if end else (quiet, samples)))
    ((key, text),) = what(built)
    assert key == "greeting"
    assert f"ms of silence at the {place}, at most 250" in text


@pytest.mark.parametrize(("factor", "loudness"), [(0.7, "-23.1"), (1.4, "-17.1")])
def test_loudness_beside_the_set_level(built: Path, factor: float, loudness: str) -> None:
    put(built, "greeting", load_catalogue(folder=built).audio("greeting") * factor)
    assert what(built) == [("greeting", f"loudness {loudness} LUFS, set is -20 within 2")]


def test_silent_audio(built: Path) -> None:
    put(built, "greeting", np.zeros(1600))
    assert ("greeting", "loudness -inf LUFS, set is -20 within 2") in what(built)


def test_recordings_that_were_not_built_changed_or_went(built: Path, builder: Callable[[], Builder]) -> None:
    path = record(built, "digit/1", tone(0.7, 16000))
    assert what(built) == [("digit/1", "1.wav is not used yet")]
    build_all(builder())
    assert what(built) == []
    record(built, "digit/1", tone(0.8, 16000))
    assert what(built) == [("digit/1", "the recording is newer than the audio")]
    path.unlink()
    assert what(built) == [("digit/1", "its recording is gone")]
    record(built, "digit/8", tone(0.8, 16000))
    assert ("digit/8", "8.wav is a recording of no prompt") in what(built)


def test_a_recording_that_no_longer_says_the_text(built: Path, builder: Callable[[], Builder]) -> None:
    record(built, "greeting", tone(0.7, 16000))
    build_all(builder())
    path = built / "hi.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("नमस्ते", "नमस्कार"), encoding="utf-8")
    assert what(built) == [("greeting", "the text has changed since it was recorded")]


def test_uses_in_a_dialplan() -> None:
    text = """
; Playback(h181/comment)
exten => s,1,Playback(h181/greeting) ; then h181/remark
 same => n,Read(KEY,h181/you-chose&h181/district/${SLUG}&h181/confirm-district,1)
 same => n,Playback(h181/digit/${KEY:0:1})
 same => n,Set(SOUND=h181/${NAME})
"""
    found = [(use.key, use.line) for use in in_dialplan(text, HERE)]
    assert found[:4] == [("greeting", 3), ("you-chose", 4), ("district/*", 4), ("confirm-district", 4)]
    assert found[4:] == [("digit/*", 5), ("*", 6)]


def test_uses_in_python() -> None:
    text = '''
"""Talks of h181/nothing in its docstring."""
ASK = "h181/ask-district"
async def talk(session, centre, digit):
    await session.stream(centre.sound("greeting"))
    await play(f"digit/{digit}", "ask-district-last")
    await session.stream(f"h181/number/{digit}")
    say("Hello there")
    log("wrong-code")
'''
    assert sorted(use.key for use in in_python(text, HERE)) == [
        "ask-district", "ask-district-last", "digit/*", "greeting", "number/*",
    ]  # fmt: skip


def test_uses_of_a_tree_and_rooms_that_are_missing(tmp_path: Path) -> None:
    assert uses(tmp_path) == []
    (tmp_path / "agi" / "conversations").mkdir(parents=True)
    (tmp_path / "dialplan").mkdir()
    (tmp_path / "agi" / "conversations" / "welcome.py").write_text('GREETING = "h181/greeting"\n')
    (tmp_path / "dialplan" / "extensions.conf").write_text("same => n,Playback(h181/nobody)\n")
    assert [(use.key, use.file.name) for use in uses(tmp_path)] == [
        ("greeting", "welcome.py"),
        ("nobody", "extensions.conf"),
    ]


def test_a_pattern_needs_one_prompt_that_matches() -> None:
    assert Use("digit/*", HERE, 1).met_by(["greeting", "digit/1"])
    assert not Use("digit/*", HERE, 1).met_by(["digit/", "number/1"])
    assert not Use("greet", HERE, 1).met_by(["greeting"])


def test_tables_and_menu_ask_for_prompts(tmp_path: Path) -> None:
    for folder in ("dialplan/data", "mapper/data"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "dialplan/data/districts.csv").write_text("code,slug\n39,rajgarh\n", encoding="utf-8")
    (tmp_path / "mapper/data/levels.csv").write_text("level,label\n1,L1\n", encoding="utf-8")
    menu = tmp_path / "dialplan/data/menu.toml"
    menu.write_text('[[service]]\nkey = "1"\nprompt = "menu-x"\n', encoding="utf-8")
    assert [(use.key, use.line) for use in uses(tmp_path)] == [
        ("district/rajgarh", 2),
        ("level/l1", 2),
        ("menu-x", 3),
    ]
    for amiss in ('[[service]]\nkey = "1"\n', 'service = "menu-x"\n', "service = ['x']\n"):
        menu.write_text(amiss, encoding="utf-8")
        assert "menu-x" not in [use.key for use in uses(tmp_path)]
    menu.write_text("[[service", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"menu\.toml"):
        uses(tmp_path)
