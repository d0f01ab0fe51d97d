"""How a citizen's turns are written."""

import wave
from pathlib import Path

import numpy as np
import pytest

from helpline.phone.sounds import tone
from helpline.phone.turns import Turn, parse, read_wav, write_wav


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        ("39", Turn("39")),
        ("*", Turn("*")),
        ("-", Turn()),
        ("hang-up", Turn(hang_up=True)),
        ("greeting:9", Turn("9", cue="greeting")),
        ("digit/3+2:1", Turn("1", cue="digit/3", seconds=2.0)),
        ("greeting@1.5:hang-up", Turn(cue="greeting", seconds=1.5, inside=True, hang_up=True)),
        ("person:-", Turn(cue="person")),
        ("+4:hang-up", Turn(cue="", seconds=4.0, hang_up=True)),
    ],
)
def test_what_can_be_written(text: str, turn: Turn) -> None:
    assert parse(text) == turn


@pytest.mark.parametrize("text", ["", "3x", "greeting:", "greeting+:9", "+:9", "no-such-file.wav"])
def test_what_cannot(text: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        parse(text)


def test_a_sound_is_spoken_as_it_lies_on_disk(tmp_path: Path) -> None:
    path, sound = tmp_path / "a.wav", tone(0.5)
    write_wav(path, sound)
    turn = parse(f"beep:{path}")
    assert (turn.cue, turn.what) == ("beep", "a.wav")
    assert turn.sound is not None
    np.testing.assert_array_equal(turn.sound, sound)


def test_another_rate_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "b.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(b"\0\0" * 10)
    with pytest.raises(ValueError, match="8 kHz, 16 bit"):
        read_wav(path)
