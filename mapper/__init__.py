"""The mapper: which officer must resolve a complaint, by which day, and why. Pure: time is a parameter."""

from mapper.assign import Explanation, assign, explain
from mapper.edition import Edition
from mapper.errors import DirectoryError, NoOfficer, Problem, UnknownPlace, UnknownType
from mapper.loader import load_edition
from mapper.model import Assignment, ComplaintType, Department, Place, Post, Registration

__all__ = [
    "Assignment",
    "ComplaintType",
    "Department",
    "DirectoryError",
    "Edition",
    "Explanation",
    "NoOfficer",
    "Place",
    "Post",
    "Problem",
    "Registration",
    "UnknownPlace",
    "UnknownType",
    "assign",
    "explain",
    "load_edition",
]
