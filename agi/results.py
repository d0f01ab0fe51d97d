"""What a session's commands give."""

from __future__ import annotations

from typing import NamedTuple


class Digits(NamedTuple):
    """Keys pressed. ``timed_out``: the caller stopped before the wanted number of keys."""

    value: str
    timed_out: bool


class Played(NamedTuple):
    """How a sound ended: the key pressed, None at its end; and where, in seconds."""

    key: str | None
    seconds: float


class Recording(NamedTuple):
    """A finished recording: why it ended ("timeout", "dtmf", "hangup" ...), its last key, and its length."""

    reason: str
    key: str | None
    seconds: float
