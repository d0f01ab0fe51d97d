"""What must be seen of a call beside its outcome: whether help was reached, why it was cut or got no
line. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from desk.texts import Texts
from records import CallStep
from records.calls.crowd import CAPPED, REASONS, TREATED
from records.calls.facts import CUT
from records.calls.ways import ANSWERED, FAILED, GIVEN_UP, WAY
from records.missed_calls.cel_facts import CUT_REASONS

NOTED = frozenset({WAY, FAILED, CAPPED, CUT})
"""Kinds of steps that `notes` reads."""
_NUMBERS = {"first": 1, "second": 2}


def notes(steps: Iterable[CallStep], texts: Texts) -> list[str]:
    """One sentence for each step that says something, in the order of the steps."""
    return [text for step in steps if (text := _note(step.kind, step.detail, texts))]


def _note(kind: str, detail: Mapping[str, Any], texts: Texts) -> str:
    if kind == FAILED:
        return texts("note.emergency_failed", target=detail.get("target", "–"))
    if kind == CUT and detail.get("reason") in CUT_REASONS:
        return texts(f"note.cut_{str(detail['reason']).replace('-', '_')}")
    if kind == CAPPED and detail.get("reason") in REASONS and detail.get("treated") in TREATED:
        return texts(f"note.capped_{detail['reason']}_{detail['treated']}")
    if kind != WAY:
        return ""
    told = {"number": _NUMBERS.get(str(detail.get("way")), "–"), "seconds": detail.get("seconds", "–")}
    if detail.get("status") == ANSWERED:
        return texts("note.way_answered", **told)
    if detail.get("status") == GIVEN_UP:
        return texts("note.way_given_up", **told)
    return texts(
        "note.way_failed", **told, status=detail.get("status", "–"), answer=detail.get("code") or "–"
    )
