"""What the mapper says about a complaint that moves: to a level, to a type, to another department.

Decided by the edition given, which the assignment names. All raise `DirectoryError`.
"""

from dataclasses import replace
from datetime import date

from mapper import Edition, NextLevel, Registration, assign, assign_level, decider, next_level
from mapper.days import indian_day
from mapper.decision.grading_rules import grading_on
from office.assigned import assigned_to
from records import AssignedTo, Complaint
from records.life.rules import Context


def above(edition: Edition, complaint: Complaint, on: date) -> NextLevel:
    """The level above the one that has it, and whether it gets there by itself."""
    return next_level(edition, complaint.type_code, complaint.place_id, complaint.assigned.level, on)


def one_up(edition: Edition, complaint: Complaint, on: date) -> AssignedTo | None:
    """The officer of the level above, his limit beginning on that day; None at the top of the chain."""
    level = above(edition, complaint, on).level
    return at_level(edition, complaint, level, on) if level is not None else None


def one_up_by_itself(edition: Edition, complaint: Complaint, on: date) -> AssignedTo | None:
    """As `one_up`, but None too where complaints go up by hand only."""
    return one_up(edition, complaint, on) if above(edition, complaint, on).way == "automatic" else None


def one_down(edition: Edition, complaint: Complaint, on: date) -> AssignedTo:
    """The officer of the level that sent it up; who has it now, when nobody did."""
    level = complaint.sent_up_from
    return complaint.assigned if level is None else at_level(edition, complaint, level, on)


def at_level(edition: Edition, complaint: Complaint, level: int, start: date) -> AssignedTo:
    """The officer of a level, his limit beginning on ``start``."""
    return assigned_to(assign_level(edition, _registration(complaint), level, start))


def anew(edition: Edition, complaint: Complaint) -> AssignedTo:
    """The officer of its present level by this edition; the level's clock goes on from the day it began."""
    return at_level(edition, complaint, complaint.assigned.level, indian_day(complaint.level_since))


def as_type(edition: Edition, complaint: Complaint, type_code: str, start: date) -> AssignedTo:
    """The first officer for another type at the same place, his limit beginning on ``start``."""
    registration = replace(_registration(complaint), type_code=type_code)
    return assigned_to(assign_level(edition, registration, assign(edition, registration).level, start))


def context(edition: Edition, complaint: Complaint, on: date, purpose: str | None = None) -> Context:
    """What the rules of the life ask of the directory: who decides, how the level is left, which reasons.

    ``purpose``: of the list from which the step's reason is to be; an edition without it allows any.
    """
    deciding = decider(edition, complaint.type_code, complaint.place_id, on)
    post_id = deciding.post.id if deciding else None
    top = deciding.level if deciding else 0
    codes = frozenset(each.code for each in edition.reasons if each.purpose == purpose)
    return Context(
        district_post_id=post_id,
        decider_post_id=post_id,
        reasons=codes or None,
        close_levels=frozenset(level.number for level in edition.levels if level.number < top),
        way=above(edition, complaint, on).way,
        change_type_days=int(grading_on(edition, on)["change_type_days"]),
        edition=edition.name,
    )


def _registration(complaint: Complaint) -> Registration:
    return Registration(complaint.type_code, complaint.place_id, complaint.registered_at)
