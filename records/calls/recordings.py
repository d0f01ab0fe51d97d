"""The recordings of a call, in order, and who talks in each. Pure.

A queue begins a recording when an executive answers. Whoever he passes the caller on to talks in the same
file; when the caller had to go back to the queue, the next answer begins a file of its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from records.calls.call_state import Call, CallStep

RECORDING = "recording"
"""Step of a call that has a recording beside its first one."""
MISSING = "recording-missing"
"""Step of a call whose recording should be there and is not, or has no sound in it. Detail: ``file``."""

_TOLD = re.compile(r"(\d{1,20})/(\d{1,11})/([0-9A-Za-z._-]{1,120})")
_SAME = timedelta(seconds=3)
"""Those who tell of one answer (the dialplan in whole seconds, the link to Asterisk) agree that closely."""


@dataclass(frozen=True)
class Begun:
    """A recording that began: who answered, when, and the file's name in the recordings folder."""

    extension: str
    at: datetime
    file: str


@dataclass(frozen=True)
class Talker:
    """An executive who talks in a recording, and since when."""

    extension: str
    at: datetime


@dataclass(frozen=True)
class Recording:
    """One file in the recordings folder, and who talks in it, in order."""

    file: str
    at: datetime
    talkers: tuple[Talker, ...]


def read_begun(text: str) -> Iterator[Begun]:
    """The recordings as the dialplan tells them: ``2001/1795982076/NAME.wav&``, any number; else nothing."""
    for piece in text.split("&"):
        if found := _TOLD.fullmatch(piece):
            yield Begun(found[1], datetime.fromtimestamp(int(found[2]), UTC), found[3])


def recordings_of(call: Call, path: Sequence[CallStep]) -> list[Recording]:
    """All recordings of a call; none while it lasts, as its first one is told at its end."""
    if not call.recording:
        return []
    began = [Begun(call.extension or "", call.answered_at or call.started_at, call.recording)]
    began += [
        Begun(str(step.detail.get("extension", "")), step.at, str(step.detail.get("file", "")))
        for step in path
        if step.kind == RECORDING
    ]
    began.sort(key=lambda one: one.at)
    talkers = [[Talker(one.extension, one.at)] if one.extension else [] for one in began]
    for step in path:
        who = str(step.detail.get("extension", ""))
        if step.kind == "answered" and not any(_is_it(one, who, step.at) for one in began):
            number = max((n for n, one in enumerate(began) if one.at <= step.at), default=0)
            talkers[number].append(Talker(who, step.at))
    return [Recording(one.file, one.at, tuple(who)) for one, who in zip(began, talkers, strict=True)]


def _is_it(begun: Begun, extension: str, at: datetime) -> bool:
    """Whether it is the answer with which the recording began."""
    return begun.extension == extension and abs(begun.at - at) <= _SAME
