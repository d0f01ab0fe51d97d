"""The mapper: which officer must resolve a complaint, by which day, and why. Pure: time is a parameter."""

from mapper.decision.assign import assign, assign_level
from mapper.decision.choice import Assignment, Registration
from mapper.decision.edition import Edition
from mapper.decision.explanation import Explanation, LevelExplained, explain, explain_level
from mapper.decision.holders import holders_of, posts_of, reasons
from mapper.decision.levels import NextLevel, decider, next_level
from mapper.directory.loader import load_edition
from mapper.errors import DirectoryError, NoOfficer, Problem, UnknownPlace, UnknownType
from mapper.model.model import ComplaintType, Department, Post
from mapper.model.office_model import Holder, Reason
from mapper.model.place_model import Place

__all__ = [
    "Assignment",
    "ComplaintType",
    "Department",
    "DirectoryError",
    "Edition",
    "Explanation",
    "Holder",
    "LevelExplained",
    "NextLevel",
    "NoOfficer",
    "Place",
    "Post",
    "Problem",
    "Reason",
    "Registration",
    "UnknownPlace",
    "UnknownType",
    "assign",
    "assign_level",
    "decider",
    "explain",
    "explain_level",
    "holders_of",
    "load_edition",
    "next_level",
    "posts_of",
    "reasons",
]
