"""The incremental build with a small engine that only buzzes."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from ivr_prompts import PromptsSettings, load_catalogue, manifest
from ivr_prompts.build import Builder
from ivr_prompts.engines import Engine
from ivr_prompts.errors import CatalogueError, EngineError, RecordingError, UnknownPromptError
from ivr_prompts.ways import Way
from tests.ivr_prompts.conftest import Singer, build_all, record, tone

NewBuilder = Callable[[], Builder]


def record_channels(folder: Path, left: np.ndarray, right: np.ndarray, rate: int = 16000) -> Path:
    """Put a recording of two channels of the prompt digit/1 into the folder."""
    return record(folder, "digit/1", np.stack((left, right), axis=1), rate)


def rewrite(folder: Path, old: str, new: str) -> None:
    path = folder / "hi.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_speaks_everything_once_and_then_nothing(folder: Path, builder: NewBuilder, singer: Singer) -> None:
    assert build_all(builder()) == ["greeting", "digit/1", "digit/2"]
    assert singer.spoken == ["नमस्ते।", "एक", "दोऽ"]
    assert builder().plan() == []
    entry = manifest.load(folder / "audio" / "hi")["digit/2"]
    assert (entry.engine, entry.voice, entry.loudness_lufs) == ("kokoro", "buzz", -20.0)
    assert entry.seconds == pytest.approx(0.46, abs=0.03)


def test_speaks_again_only_what_changed(built: Path, builder: NewBuilder) -> None:
    rewrite(built, '1 = "एक"', '1 = "इक"')
    assert builder().plan() == ["digit/1"]
    rewrite(built, '"digit/2" = "दोऽ"', '"digit/2" = "दोओ"')
    assert builder().plan() == ["digit/1", "digit/2"]


def test_another_way_of_one_prompt_speaks_that_one_again(
    built: Path, builder: NewBuilder, singer: Singer
) -> None:
    rewrite(built, "[digits]", '[ways]\n"digit/1" = { pace = 0.8 }\n\n[digits]')
    singer.ways.clear()
    assert build_all(builder()) == ["digit/1"]
    assert singer.ways == [Way(pace=0.8)]
    recipes = {key: entry.recipe for key, entry in manifest.load(built / "audio" / "hi").items()}
    assert recipes["digit/1"] == "buzz 1, pace 0.8, shape 1 at -20 LUFS"
    assert recipes["digit/2"] == "buzz 1, shape 1 at -20 LUFS"
    assert builder().plan() == []


def test_speaks_again_what_is_lost_or_was_altered(built: Path, builder: NewBuilder) -> None:
    (built / "audio" / "hi" / "greeting.alaw").unlink()
    (built / "audio" / "hi" / "digit" / "1.alaw").write_bytes(b"\xd5" * 8000)
    assert builder().plan() == ["greeting", "digit/1"]


def test_another_pace_of_the_engine_speaks_everything_again(
    built: Path, builder: NewBuilder, singer: Singer
) -> None:
    singer.recipe = "buzz 2"
    assert len(builder().plan()) == 3


def test_named_keys_and_force(built: Path, builder: NewBuilder) -> None:
    assert builder().plan(["digit/1"]) == []
    assert builder().plan(["digit/1"], force=True) == ["digit/1"]
    with pytest.raises(UnknownPromptError, match="digit/7"):
        builder().plan(["digit/7"])


def test_one_bad_prompt_does_not_stop_the_rest(folder: Path, builder: NewBuilder) -> None:
    rewrite(folder, '1 = "एक"', '1 = "X"')
    first = builder()
    assert [(done.key, done.error) for done in first.build(first.plan()) if done.error] == [
        ("digit/1", "cannot say X")
    ]
    assert builder().plan() == ["digit/1"]


def test_an_interrupted_build_goes_on_where_it_stopped(folder: Path, builder: NewBuilder) -> None:
    first = builder()
    steps = first.build(first.plan())
    next(steps)
    assert builder().plan() == ["digit/1", "digit/2"]


def test_two_builds_at_the_same_time_keep_what_each_has_made(folder: Path, builder: NewBuilder) -> None:
    one, other = builder(), builder()
    assert [done.error for done in one.build(["greeting"])] == [""]
    assert [done.error for done in other.build(["digit/1", "digit/2"])] == ["", ""]
    assert builder().plan() == []
    rewrite(folder, '2 = "दो"\n', "")
    rewrite(folder, '"digit/2" = "दोऽ"\n', "")
    assert builder().sweep() == ["digit/2", "digit/2.alaw"]
    assert builder().plan() == []


def test_an_interrupted_writing_leaves_the_old_audio_and_no_other_file(
    built: Path, builder: NewBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in built.rglob("*") if path.is_file()}
    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(builder().build(["digit/1"]))
    assert {path: path.read_bytes() for path in built.rglob("*") if path.is_file()} == before


def interrupted(self: Path, target: Path) -> Path:
    raise KeyboardInterrupt


def test_the_spare_engine_does_not_replace_a_better_one(
    built: Path, folder: Path, settings: PromptsSettings, singer: Singer, builder: NewBuilder
) -> None:
    spare = Singer("spare")
    spare.name = "pyttsx3"
    with_spare = Builder(load_catalogue(folder=folder), folder / "recorded" / "hi", settings, lambda: spare)
    assert with_spare.plan() == []
    assert next(iter(with_spare.build(["digit/1"]))).error == ""
    assert builder().plan() == ["digit/1"]


def test_no_engine_is_needed_when_nothing_changed(built: Path, settings: PromptsSettings) -> None:
    def missing() -> Engine:
        raise EngineError("no speech engine")

    without = Builder(load_catalogue(folder=built), built / "recorded" / "hi", settings, missing)
    assert without.plan() == []
    rewrite(built, '1 = "एक"', '1 = "इक"')
    without = Builder(load_catalogue(folder=built), built / "recorded" / "hi", settings, missing)
    assert [done.error for done in without.build(without.plan())] == ["no speech engine"]


def test_what_left_the_catalogue_is_swept_away(built: Path, builder: NewBuilder) -> None:
    rewrite(built, '1 = "एक"\n', "")
    stray = built / "audio" / "hi" / "old.alaw"
    stray.write_bytes(b"\xd5")
    assert builder().sweep() == ["digit/1", "digit/1.alaw", "old.alaw"]
    assert sorted(manifest.load(built / "audio" / "hi")) == ["digit/2", "greeting"]
    assert not stray.exists()


def test_a_recording_wins_and_is_levelled(built: Path, builder: NewBuilder, singer: Singer) -> None:
    singer.spoken.clear()
    record(built, "digit/1", tone(0.7, 44100, 0.05), 44100)
    assert build_all(builder()) == ["digit/1"]
    entry = manifest.load(built / "audio" / "hi")["digit/1"]
    assert (entry.engine, entry.voice, entry.loudness_lufs) == ("recorded", "1.wav", -20.0)
    assert singer.spoken == []
    assert builder().plan() == []
    record(built, "digit/1", tone(0.8, 44100, 0.05), 44100)
    assert builder().plan() == ["digit/1"]


def test_without_its_recording_a_prompt_is_spoken_again(built: Path, builder: NewBuilder) -> None:
    path = record(built, "digit/1", tone(0.7, 16000))
    build_all(builder())
    path.unlink()
    assert build_all(builder()) == ["digit/1"]
    assert manifest.load(built / "audio" / "hi")["digit/1"].engine == "kokoro"


@pytest.mark.parametrize(
    ("samples", "rate", "reason"),
    [
        (tone(0.05, 16000, silence=0), 16000, "0.1 s long"),
        (tone(0.7, 4000), 4000, "too few"),
        (tone(0.7, 16000) * 0.001, 16000, "nearer"),
        (np.clip(tone(0.7, 16000) * 50, -1, 1), 16000, "clipped"),
        (np.zeros(16000), 16000, "silent"),
    ],
)
def test_a_bad_recording_is_refused_with_the_reason_and_the_old_audio_stays(
    built: Path, builder: NewBuilder, samples: np.ndarray, rate: int, reason: str
) -> None:
    before = (built / "audio" / "hi" / "digit" / "1.alaw").read_bytes()
    record(built, "digit/1", samples, rate)
    again = builder()
    (done,) = again.build(again.plan())
    assert reason in done.error
    assert "1.wav" in done.error
    assert (built / "audio" / "hi" / "digit" / "1.alaw").read_bytes() == before


def test_a_file_that_is_no_wav_is_refused(built: Path, builder: NewBuilder) -> None:
    record(built, "digit/1", tone(0.7, 16000)).write_bytes(b"ID3 this is music")
    again = builder()
    (done,) = again.build(again.plan())
    assert "cannot be read as WAV" in done.error


@pytest.mark.parametrize(
    ("name", "spoil", "reason"),
    [
        ("1.wav", lambda data: b"", "it is empty"),
        ("1.WAV", lambda data: data[: len(data) // 2], "its end is missing"),
        ("1.wav", lambda data: data[:44] + bytes(len(data) - 44), "it is silent"),
        ("1.wav", lambda data: data[:30], "its end is missing"),
        ("1.wav", lambda data: data[:20] + b"\2\0" + data[22:], "cannot be read as WAV (Unknown"),
        ("1.wav", lambda data: data[:36] + b"LIST" + data[40:], "cannot be read as WAV (damaged header)"),
        ("1.wav", lambda data: data[:22] + b"\0\0" + data[24:], "cannot be read as WAV (damaged header)"),
    ],
)
def test_a_damaged_recording_is_refused(
    built: Path, builder: NewBuilder, name: str, spoil: Callable[[bytes], bytes], reason: str
) -> None:
    path = record(built, "digit/1", tone(0.7, 16000))
    path.write_bytes(spoil(path.read_bytes()))
    path.rename(path.with_name(name))
    again = builder()
    (done,) = again.build(again.plan())
    assert reason in done.error


@pytest.mark.parametrize("rate", [16000, 44100])
def test_two_channels_cut_short_in_the_middle_of_a_sample_are_refused(
    built: Path, builder: NewBuilder, rate: int
) -> None:
    path = record_channels(built, tone(0.7, rate), tone(0.7, rate), rate)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 - len(data) // 2 % 4 + 2])
    again = builder()
    (done,) = again.build(again.plan())
    assert done.error == "recording 1.wav refused: its end is missing; copy or export it again"


def test_channels_that_cancel_each_other_out_are_refused(built: Path, builder: NewBuilder) -> None:
    record_channels(built, tone(0.7, 16000), -tone(0.7, 16000))
    again = builder()
    (done,) = again.build(again.plan())
    assert done.error == (
        "recording 1.wav refused: its channels cancel each other out; export one of them alone"
    )


def test_a_voice_on_one_of_two_channels_is_taken(built: Path, builder: NewBuilder) -> None:
    record_channels(built, tone(0.7, 16000), 0 * tone(0.7, 16000))
    assert build_all(builder()) == ["digit/1"]


def click() -> np.ndarray:
    samples = np.zeros(16000)
    samples[8000] = 0.6
    return samples


@pytest.mark.parametrize("samples", [click(), np.full(16000, 0.3)])
def test_what_is_no_speech_is_refused_by_the_build_and_not_only_by_the_check(
    built: Path, builder: NewBuilder, samples: np.ndarray
) -> None:
    before = (built / "audio" / "hi" / "digit" / "1.alaw").read_bytes()
    record(built, "digit/1", samples)
    again = builder()
    (done,) = again.build(again.plan())
    assert "cannot be brought to the level of the others" in done.error
    assert (built / "audio" / "hi" / "digit" / "1.alaw").read_bytes() == before


def test_hidden_files_beside_recordings_are_nobodys(built: Path, builder: NewBuilder) -> None:
    record(built, "digit/._1", tone(0.7, 16000))
    assert builder().plan() == []


def test_numbers_that_are_no_sound_are_refused(built: Path, builder: NewBuilder) -> None:
    path = built / "recorded" / "hi" / "digit" / "1.wav"
    path.parent.mkdir(parents=True)
    wavfile.write(path, 16000, np.full(16000, np.nan, np.float32))
    again = builder()
    (done,) = again.build(again.plan())
    assert "no sound" in done.error


def test_music_among_the_recordings_is_an_error_and_a_note_is_not(built: Path, builder: NewBuilder) -> None:
    folder = built / "recorded" / "hi"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text("how we record")
    (folder / "folder.wav").mkdir()
    assert builder().plan() == []
    (folder / "greeting.mp3").write_bytes(b"ID3")
    with pytest.raises(RecordingError, match=r"greeting\.mp3 is no WAV: export"):
        builder().plan()


def test_every_recording_of_no_prompt_is_named(built: Path, builder: NewBuilder) -> None:
    record(built, "digit/7", tone(0.7, 16000))
    record(built, "greetings", tone(0.7, 16000))
    with pytest.raises(RecordingError, match=r"7\.wav is .* \| .*greetings\.wav is a recording of no prompt"):
        builder().plan()


def test_a_damaged_manifest_names_the_remedy(built: Path, builder: NewBuilder) -> None:
    (built / "audio" / "hi" / "manifest.json").write_text('{"prompts": {"digit/1": {"what": 1}}}')
    with pytest.raises(CatalogueError, match="delete it"):
        builder()
