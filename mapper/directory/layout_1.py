"""Reading an edition's file of layout 1, which the program wrote before offices had sheets of their own.

Complaints that such an edition decided are explained by it for ever, so it stays readable. What layout 2
added was not there and is empty: holders, escalation, calendars, reasons, grading, a level that decides, the
stored index of names. Rules then come from levels and settings, as they did when the file was written.
"""

from __future__ import annotations

import sqlite3

from mapper.directory.layout import OFFICE_TABLES

LAYOUT_1 = "1"

_SHAPES = (
    "create temp table levels as select *, 0 as decides from main.levels order by rowid",
    "create temp table units (id integer primary key, scope text, place_id text, drafted integer, how text)",
    "insert into temp.units (scope, place_id, drafted, how)"
    " select distinct scope, unit_id, drafted, how from main.territory_units",
    "create unique index temp.units_by_what on units (scope, place_id, drafted, how)",
    "create temp table territory_units as select t.territory, t.scope, u.id as unit"
    " from main.territory_units t join temp.units u"
    " on (u.scope, u.place_id, u.drafted, u.how) = (t.scope, t.unit_id, t.drafted, t.how)",
    "create temp table search (part text, content blob)",
    *(f"create temp table {name} (id integer)" for name in OFFICE_TABLES),
)


def show_as_layout_2(connection: sqlite3.Connection) -> None:
    """Put the tables of layout 2 before those of the file, in memory: the file itself is not touched."""
    connection.execute("pragma temp_store = memory")
    for statement in _SHAPES:
        connection.execute(statement)
