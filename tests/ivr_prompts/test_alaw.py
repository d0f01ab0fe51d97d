"""The codec against the recommendation's properties and against another implementation."""

import warnings

import numpy as np
import pytest

from ivr_prompts import alaw

EVERY_CODE = bytes(range(256))
EVERY_SAMPLE = np.arange(-32768, 32768).astype(np.int16)


def test_every_code_survives_the_round_trip() -> None:
    assert alaw.encode(alaw.decode(EVERY_CODE)) == EVERY_CODE


def test_silence_and_the_extremes_have_the_codes_of_g711() -> None:
    assert alaw.encode(np.array([0, -1, 32767, -32768], np.int16)) == bytes([0xD5, 0x55, 0xAA, 0x2A])
    assert np.abs(alaw.decode(EVERY_CODE).astype(int)).max() == alaw.FULL_SCALE


def test_error_is_within_half_a_step() -> None:
    error = np.abs(alaw.decode(alaw.encode(EVERY_SAMPLE)).astype(int) - EVERY_SAMPLE)
    assert np.all(error <= np.maximum(8, np.abs(EVERY_SAMPLE.astype(int)) / 32 + 8))


def test_agrees_with_the_standard_library() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        audioop = pytest.importorskip("audioop", reason="gone from Python 3.13")
    assert alaw.encode(EVERY_SAMPLE) == audioop.lin2alaw(EVERY_SAMPLE.tobytes(), 2)
    assert alaw.decode(EVERY_CODE).tobytes() == audioop.alaw2lin(EVERY_CODE, 2)
