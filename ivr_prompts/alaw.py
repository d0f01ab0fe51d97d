"""A-law of ITU-T G.711 (8 bit a sample, 8 kHz by convention), as numpy arrays.

Every byte stands for one of 256 levels; the largest is 32,256 of 32,768. Encoding is exact for every 16-bit
value: tables of both directions are worked out once from the rule of the recommendation.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 8000
"""Samples a second of every prompt."""

FULL_SCALE: Final = 32256
"""Magnitude of the outermost level: what is louder than this has been clipped."""

_EVEN_BITS: Final = 0x55
_SIGN: Final = 0x80
_SEGMENT_ENDS: Final = np.array([0x1F, 0x3F, 0x7F, 0xFF, 0x1FF, 0x3FF, 0x7FF, 0xFFF])


def _decode_table() -> NDArray[np.int16]:
    code = np.arange(256) ^ _EVEN_BITS
    segment = (code & 0x70) >> 4
    step = (code & 0x0F) << 4
    magnitude = np.where(segment == 0, step + 8, (step + 0x108) << np.maximum(segment - 1, 0))
    return np.where(code & _SIGN, magnitude, -magnitude).astype(np.int16)


def _encode_table() -> NDArray[np.uint8]:
    value = np.arange(-32768, 32768)
    magnitude = np.where(value >= 0, value, ~value) >> 3
    segment = np.searchsorted(_SEGMENT_ENDS, magnitude)
    step = (magnitude >> np.maximum(segment, 1)) & 0x0F
    sign = np.where(value >= 0, _SIGN, 0)
    return (((segment << 4) | step | sign) ^ _EVEN_BITS).astype(np.uint8)


_DECODED: Final = _decode_table()
_ENCODED: Final = _encode_table()


def encode(samples: NDArray[np.int16]) -> bytes:
    """A-law bytes of 16-bit samples, one byte each."""
    return _ENCODED[samples.astype(np.int32) + 32768].tobytes()


def decode(data: bytes) -> NDArray[np.int16]:
    """16-bit samples of A-law bytes, one each."""
    return _DECODED[np.frombuffer(data, dtype=np.uint8)]
