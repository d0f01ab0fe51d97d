"""What each step of a complaint's life asks for on the page, and what was answered. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from desk.form import Problem, cleaned
from mapper import ComplaintType, Department, Edition, Reason, reasons
from records import Complaint, ComplaintEvent, NumberError
from records.life.texts import LONGEST_TEXT
from records.numbers import validate

Kind = Literal["text", "reason", "answer", "type", "department", "verdict", "tick", "number", "how"]

ANSWERS = ("satisfied", "not_satisfied", "low_quality", "unreachable")
"""In the order in which they are offered; those of `records.life.steps.Answer`."""
HOWS = ("duplicate", "group")
YES, NO = "accept", "reject"


@dataclass(frozen=True)
class Field:
    """One field of a step. ``name`` is the form's; ``purpose`` that of the reasons it is chosen from."""

    name: str
    kind: Kind
    needed: bool = True
    purpose: str = ""


_NOTE = Field("note", "text")
_MORE = Field("note", "text", needed=False)
_WHY = Field("reason", "text")
_VERDICT = Field("verdict", "verdict")
_TOLD = Field("citizen_told", "tick", needed=False)

STEPS: Mapping[str, tuple[Field, ...]] = {
    "attend": (_NOTE,),
    "propose": (_NOTE,),
    "ask": (Field("answer", "answer"), _MORE, Field("no_reason", "tick", needed=False)),
    "answer": (_NOTE,),
    "decide_department": (
        _VERDICT,
        Field("type", "type", needed=False),
        Field("reason", "text", needed=False),
    ),
    "decide_close": (_VERDICT, _WHY, _TOLD),
    "decide_demand": (_VERDICT, _WHY),
    "change_type": (Field("type", "type"), Field("reason", "reason", purpose="change_type")),
    "propose_department": (
        Field("department", "department"),
        Field("reason", "reason", purpose="out_of_department"),
    ),
    "propose_close": (Field("reason", "reason", purpose="special_close"), _NOTE, _TOLD),
    "send_up": (Field("reason", "reason", purpose="send_up"), _MORE),
    "send_back": (Field("reason", "reason", purpose="send_back"),),
    "reassign": (Field("reason", "reason", purpose="reassign"),),
    "link": (Field("main", "number"), Field("how", "how")),
    "unlink": (),
    "note": (_NOTE,),
}
"""Steps that people take on the page, the ordinary ones first."""


@dataclass(frozen=True)
class Choices:
    """What the fields of a complaint's steps are chosen from."""

    edition: Edition
    types: tuple[ComplaintType, ...]
    departments: tuple[Department, ...]

    def reasons(self, field: Field) -> tuple[Reason, ...]:
        """The list of reasons; empty when this edition has none: then a reason is written."""
        return reasons(self.edition, field.purpose)


def choices(edition: Edition, complaint: Complaint, events: tuple[ComplaintEvent, ...]) -> Choices:
    """Types are of the complaint's department, or of the one that it is proposed for."""
    code = complaint.assigned.department_code
    if complaint.status == "department_proposed":
        code = next((e.data["department"] for e in reversed(events) if e.kind == "department_proposed"), code)
    types = (kind for kind in edition.types.values() if kind.department_code == code)
    others = (
        each for each in edition.departments.values() if each.code != complaint.assigned.department_code
    )
    return Choices(
        edition,
        tuple(sorted((kind for kind in types if kind.code != complaint.type_code), key=_code)),
        tuple(sorted(others, key=lambda each: each.name_en)),
    )


def read(step: str, given: Mapping[str, object]) -> dict[str, str]:
    """The answers to a step's fields, cleaned; what was not sent is empty."""
    return {field.name: _clean(given.get(field.name)) for field in STEPS[step]}


def check(step: str, said: Mapping[str, str], choices: Choices, *, told: bool = False) -> dict[str, Problem]:
    """The problems by field; what only the rules of the life know is left to them.

    ``told``: the citizen was told of a special close when it was proposed.
    """
    problems = {}
    for field in STEPS[step]:
        if problem := _problem(field, said[field.name], choices):
            problems[field.name] = problem
    if step == "decide_department" and "verdict" not in problems:
        wanted = "type" if said["verdict"] == YES else "reason"
        if not said[wanted]:
            problems.setdefault(wanted, Problem(f"step_field.{wanted}_missing"))
    silent = not any(map(str.isalnum, said.get("note", "")))
    if step == "ask" and said["answer"] == "not_satisfied" and silent and not said["no_reason"]:
        problems["note"] = Problem("step_field.why_missing")
    if step == "decide_close" and said["verdict"] == YES and not (told or said["citizen_told"]):
        problems["citizen_told"] = Problem("step_field.told_missing")
    return problems


def _problem(field: Field, value: str, choices: Choices) -> Problem | None:
    if not value or (field.needed and field.kind == "text" and not any(map(str.isalnum, value))):
        return Problem(f"step_field.{field.kind}_missing") if field.needed else None
    if len(value) > LONGEST_TEXT:
        return Problem("step_field.text_long", {"limit": LONGEST_TEXT, "count": len(value)})
    if field.kind == "number":
        try:
            validate(value)
        except NumberError:
            return Problem("step_field.number_wrong")
    known = _known(field, choices)
    if known is not None and value not in known:
        return Problem("step_field.unlisted", {"text": value[:40]})
    return None


def _known(field: Field, choices: Choices) -> set[str] | None:
    match field.kind:
        case "verdict":
            return {YES, NO}
        case "answer":
            return set(ANSWERS)
        case "how":
            return set(HOWS)
        case "type":
            return set(choices.edition.types)
        case "department":
            return set(choices.edition.departments)
        case "reason":
            return {each.code for each in choices.reasons(field)} or None
        case _:
            return None


def _clean(value: object) -> str:
    return "1" if value is True else cleaned(value).strip()


def _code(kind: ComplaintType) -> str:
    return kind.code
