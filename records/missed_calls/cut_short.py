"""When a call ended that Asterisk did not survive, so that Asterisk could not write it down."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from records.missed_calls.cel_facts import CallFacts


def last_sign(fact: CallFacts, signs: Iterable[datetime | None]) -> CallFacts:
    """The call cut at the latest of its own end and ``signs``, as far as they lie before its next start.

    What was noted later is only when somebody noticed. Calls that ended in another way stay as they are.
    """
    end = fact.end
    if end is None or end.latest is None:
        return fact
    latest = end.latest
    at = max((end.at, *(sign for sign in signs if sign is not None and sign <= latest)))
    return replace(fact, end=replace(end, at=at), cut=replace(fact.cut, at=at) if fact.cut else None)


def last_sound(folder: Path, names: Iterable[str]) -> list[datetime]:
    """When something was last written to each of these recordings, of those that are there."""
    found = []
    for name in names:
        try:
            found.append(datetime.fromtimestamp((folder / name).stat().st_mtime, UTC))
        except OSError:
            continue
    return found
