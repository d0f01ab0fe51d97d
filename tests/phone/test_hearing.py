"""Recognising prompts: what was played is found, what was not played is not."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.phone.hearing import Heard, Listener, recognise, repertoire
from helpline.phone.sounds import tone, voice
from tests.phone.channel import RATE, Audio, Line, burst, chirp, joined, silence

PROMPTS: Mapping[str, Audio] = {
    "greeting": voice(4.0, seed=10),
    "ask": voice(3.0, seed=11),
    "thanks": voice(1.2, seed=12),
    "rise": chirp(0.8, 400, 2500),
    "hiss": burst(0.5, 13),
    **{f"digit/{n}": voice(0.3, seed=20 + n) for n in range(10)},
}
REPERTOIRE = repertoire(PROMPTS)


def listen(recording: Audio) -> list[Heard]:
    listener = Listener(REPERTOIRE)
    listener.feed(recording)
    return listener.finish()


def keys(heard: list[Heard]) -> list[str]:
    return [one.key for one in heard]


def played(*names: str, gap: float = 0.2) -> tuple[Audio, list[tuple[float, float]]]:
    pieces, times, at = [silence(0.3)], [], 0.3
    for name in names:
        length = len(PROMPTS[name]) / RATE
        times.append((at, at + length))
        pieces += [PROMPTS[name], silence(gap)]
        at += length + gap
    return joined(*pieces), times


def test_prompts_are_found_in_order_with_their_times() -> None:
    recording, times = played("greeting", "rise", "ask", "hiss", "thanks")
    heard = listen(Line().carry(recording))
    assert keys(heard) == ["greeting", "rise", "ask", "hiss", "thanks"]
    for one, (start, end) in zip(heard, times, strict=True):
        assert one.start_s == pytest.approx(start, abs=0.01)
        assert one.end_s == pytest.approx(end, abs=0.06)
        assert one.complete
        assert one.score > 0.95


@settings(max_examples=25, deadline=None)
@given(
    names=st.lists(st.sampled_from(sorted(PROMPTS)), min_size=1, max_size=6),
    gap=st.sampled_from([0.0, 0.05, 0.4]),
    gain_db=st.floats(-12, 3),
    loss=st.floats(0, 0.02),
    seed=st.integers(0, 9999),
)
def test_any_sequence_survives_the_line(
    names: list[str], gap: float, gain_db: float, loss: float, seed: int
) -> None:
    recording, times = played(*names, gap=gap)
    heard = listen(Line(gain_db=gain_db, loss=loss, seed=seed).carry(recording))
    assert keys(heard) == names
    assert [one.start_s for one in heard] == pytest.approx([start for start, _ in times], abs=0.05)


@settings(max_examples=20, deadline=None)
@given(
    at=st.floats(0.05, 3.6),
    samples=st.sampled_from([-480, -320, -160, -7, 3, 60, 160, 320, 480]),
    seed=st.integers(0, 9999),
)
def test_a_slip_of_the_jitter_buffer_is_followed(at: float, samples: int, seed: int) -> None:
    recording, times = played("greeting", "digit/3")
    heard = listen(Line(slips=((0.3 + at, samples),), seed=seed).carry(recording))
    assert keys(heard) == ["greeting", "digit/3"]
    assert heard[0].complete
    assert heard[0].end_s == pytest.approx(times[0][1] + samples / RATE, abs=0.08)


@pytest.mark.parametrize("samples", [-160, 160, 320, 480])
@pytest.mark.parametrize("digit", range(10))
def test_a_digit_is_found_when_a_slip_cuts_it_through_the_middle(digit: int, samples: int) -> None:
    recording, _ = played("digit/1", f"digit/{digit}", "digit/2")
    heard = listen(Line(slips=((0.3 + 0.5 + 0.15, samples),)).carry(recording))
    assert keys(heard) == ["digit/1", f"digit/{digit}", "digit/2"]


def test_many_slips_in_one_prompt_are_followed() -> None:
    recording, _ = played("greeting")
    slips = tuple((0.5 + 0.5 * n, 240) for n in range(7))
    (heard,) = listen(Line(slips=slips).carry(recording))
    assert heard.complete
    assert heard.end_s == pytest.approx(4.3 + 7 * 240 / RATE, abs=0.08)


@pytest.mark.parametrize("stop", [0.5, 1.0, 2.2, 3.5])
def test_barge_in_gives_the_moment_the_prompt_stopped(stop: float) -> None:
    recording = joined(
        silence(0.3), PROMPTS["greeting"][: int(stop * RATE)], silence(0.4), PROMPTS["ask"], silence(0.3)
    )
    first, second = listen(Line(loss=0.01).carry(recording))
    assert (first.key, first.complete) == ("greeting", False)
    assert first.end_s == pytest.approx(0.3 + stop, abs=0.12)
    assert (second.key, second.complete) == ("ask", True)


def test_a_prompt_that_the_recording_ends_in_is_not_complete() -> None:
    (heard,) = listen(joined(silence(0.2), PROMPTS["ask"][: 2 * RATE]))
    assert (heard.key, heard.complete) == ("ask", False)
    assert heard.end_s == pytest.approx(2.2, abs=0.06)


def test_a_prompt_whose_beginning_went_missing_is_found() -> None:
    (heard,) = listen(joined(PROMPTS["greeting"][int(0.22 * RATE) :], silence(0.4)))
    assert heard.key == "greeting"
    assert heard.complete


def test_repeats_are_counted() -> None:
    recording, _ = played("digit/1", "digit/1", "digit/1", gap=0.0)
    assert keys(listen(recording)) == ["digit/1"] * 3


def test_equal_audio_is_reported_by_the_key_listed_first() -> None:
    word = voice(0.35, seed=77)
    recording = joined(silence(0.2), word, silence(0.5))
    assert keys(recognise(recording, {"digit/3": word, "number/3": word.copy()})) == ["digit/3"]
    assert keys(recognise(recording, {"number/3": word.copy(), "digit/3": word})) == ["number/3"]


def test_prompts_with_a_common_beginning_are_told_apart() -> None:
    common, tail_a, tail_b = voice(1.0, seed=80), voice(0.6, seed=81), voice(0.6, seed=82)
    prompts = {"short": common, "a": joined(common, tail_a), "b": joined(common, tail_b)}
    for name, sound in prompts.items():
        (heard,) = recognise(joined(silence(0.2), sound, silence(0.8)), prompts)
        assert (heard.key, heard.complete) == (name, True)


def test_a_live_voice_music_and_tones_between_prompts_are_no_prompts() -> None:
    recording = joined(
        silence(0.2),
        PROMPTS["greeting"],
        tone(2.0, hz=400),
        voice(4.0, seed=999),
        PROMPTS["thanks"],
        tone(1.0, hz=440) // 2 + tone(1.0, hz=554) // 2,
        voice(3.0, seed=998, pitch_hz=120),
    )
    assert keys(listen(Line().carry(recording))) == ["greeting", "thanks"]


@pytest.mark.parametrize(
    "sound",
    [
        silence(3.0),
        silence(0.0),
        burst(20.0, 5),
        tone(10.0, hz=425),
        voice(20.0, seed=500),
        voice(20.0, seed=501, pitch_hz=110),
        chirp(5.0, 300, 3400),
    ],
    ids=["silence", "nothing", "noise", "tone", "woman", "man", "sweep"],
)
def test_nothing_is_heard_where_nothing_was_played(sound: Audio) -> None:
    assert listen(sound) == []


def test_a_prompt_that_was_not_played_is_not_heard() -> None:
    others = {key: sound for key, sound in PROMPTS.items() if key != "ask"}
    recording, _ = played("ask", "digit/4")
    assert keys(recognise(recording, others)) == ["digit/4"]


def test_less_than_a_quarter_second_of_a_long_prompt_is_not_reported() -> None:
    assert listen(joined(silence(0.3), PROMPTS["greeting"][: int(0.12 * RATE)], silence(1.0))) == []


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 9000), min_size=1, max_size=30))
def test_the_outcome_does_not_depend_on_the_pieces_the_audio_came_in(sizes: list[int]) -> None:
    recording = Line(loss=0.01).carry(played("greeting", "digit/7", "rise")[0])
    listener = Listener(REPERTOIRE)
    at, turn = 0, 0
    while at < len(recording):
        size = sizes[turn % len(sizes)]
        listener.feed(recording[at : at + size])
        at, turn = at + size, turn + 1
    assert listener.finish() == listen(recording)


def test_a_live_listener_knows_what_plays_and_what_has_ended() -> None:
    recording, _ = played("greeting", "digit/7")
    listener = Listener(REPERTOIRE)
    listener.feed(recording[: 2 * RATE])
    playing = listener.playing()
    assert playing is not None
    assert (playing.key, playing.complete) == ("greeting", False)
    assert listener.heard() == []
    listener.feed(recording[2 * RATE : int(4.7 * RATE)])
    assert keys(listener.heard()) == ["greeting"]
    assert listener.heard()[0].complete
    listener.feed(recording[int(4.7 * RATE) :])
    assert keys(listener.finish()) == ["greeting", "digit/7"]


def test_a_prompt_without_sound_is_refused() -> None:
    with pytest.raises(ValueError, match="prompt empty"):
        recognise(silence(1.0), {"empty": silence(0.5)})
    with pytest.raises(ValueError, match="mono"):
        recognise(silence(1.0), {"stereo": np.zeros((100, 2), dtype=np.int16)})
