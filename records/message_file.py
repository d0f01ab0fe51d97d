"""How long a spoken message is, by its own file: 16-bit mono WAV, whose header Asterisk writes last."""

import wave
from pathlib import Path

_HEADER = 44
_BYTES_A_SECOND = 2 * 8000


def message_seconds(folder: Path, name: str) -> float | None:
    """The length of the recording ``name`` in the recordings folder; None when it is not there or no WAV.

    A file whose header was never finished, because Asterisk was killed, is measured by its size.
    """
    path = folder / name
    if Path(name).name != name:
        return None
    try:
        size = path.stat().st_size
        with wave.open(str(path), "rb") as file:
            frames, rate = file.getnframes(), file.getframerate()
    except (OSError, EOFError, wave.Error):
        return None
    if not frames or not rate:
        return max(0, size - _HEADER) / _BYTES_A_SECOND
    return frames / rate
