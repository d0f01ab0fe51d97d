"""Which module provides which application and function: names out of Asterisk's own documentation.

An application whose module is not loaded ends the call of whoever comes to it, and only then it is said.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MODULES_FILE = Path(__file__).resolve().parent / "data" / "modules.csv"
BUILTIN = "builtin"
"""Provided by Asterisk itself."""


@dataclass(frozen=True)
class Provided:
    """Name -> module. Applications in small letters: Asterisk distinguishes only in functions."""

    applications: Mapping[str, str]
    functions: Mapping[str, str]


@cache
def provided() -> Provided:
    """The shipped table."""
    applications: dict[str, str] = {}
    functions: dict[str, str] = {}
    with MODULES_FILE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            applications.update((name.lower(), row["module"]) for name in row["applications"].split())
            functions.update((name, row["module"]) for name in row["functions"].split())
    return Provided(applications, functions)
