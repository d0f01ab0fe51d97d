"""A database as a state's is: a million open complaints, some of them due on each of a few days.

Most wait at level 3, whose limit is over and which is left by hand; some are not due yet. Those that will go
up have real events, whose hashes are joined; the others have their newest one, with nothing in it. Places,
types, officers and limits are of the shipped directory.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection, insert, text

from mapper import Edition, Registration, assign, next_level
from mapper.days import IST
from office.assigned import assigned_to
from records import AssignedTo, NewComplaint, schema
from records.complaints.complaint_rows import columns, event_columns, linked
from records.life.projection import fold, registration
from records.numbers import FIRST, number_for

BEGIN = dt.date(2026, 3, 2)
"""The day whose evening makes the first ones overdue."""
_PAGE = 2_000
_OLD, _NEW = 0.63, 0.37
"""Of those that do not go up: overdue at level 3, and not due yet at level 1 or 2."""


def forms(edition: Edition, count: int) -> list[NewComplaint]:
    """Different complaints that level 1 has until `BEGIN`."""
    places = [key for key, place in edition.places.items() if place.kind == "village"]
    found = []
    # Some types begin with the district's officer, or leave levels out.
    codes = [code for code in edition.types if next_level(edition, code, places[0], 1, BEGIN).level == 2]
    for n, code in zip(range(count), itertools.cycle(codes), strict=False):
        place = edition.places[places[n * 7 % len(places)]]
        at = dt.datetime.combine(BEGIN - dt.timedelta(days=7), dt.time(11, n % 60), IST)
        new = NewComplaint(
            call_id=None,
            caller_e164="+919812345610",
            citizen_name=f"रामलाल वर्मा {n}",
            citizen_phone="98123 45610",
            district_code="39",
            place_id=place.id,
            place_hi=place.name_hi,
            place_en=place.name_en,
            type_code=code,
            type_hi=edition.types[code].name_hi,
            type_en=edition.types[code].name_en,
            description="दो महीने से काम नहीं हुआ। पटवारी नहीं मिलते।",
            assigned=_assigned(edition, code, place.id, at),
            registered_by="sita",
            registered_at=at,
        )
        found.append(new)
    return found


def fill(connection: Connection, news: list[NewComplaint], cohorts: int, cohort: int, others: int) -> None:
    """Store ``others`` complaints that stay, and for each of some days ``cohort`` that go up after it.

    Indexes and triggers are taken away meanwhile and put back: loading takes seconds then.
    """
    put_back = _take_away(connection)
    running = itertools.count(FIRST)
    base = news[: min(len(news), cohort)]
    _stay(connection, base, int(others * _OLD), running, level=3, due=BEGIN - dt.timedelta(days=30))
    for day in range(cohorts):
        _go_up(connection, news, cohort, running, BEGIN + dt.timedelta(days=day))
    _stay(connection, base, int(others * _NEW), running, level=2, due=BEGIN + dt.timedelta(days=60))
    connection.execute(text("UPDATE sequences SET value = :value"), {"value": next(running)})
    for statement in (*put_back, "ANALYZE"):
        connection.exec_driver_sql(statement)


def _take_away(connection: Connection) -> list[str]:
    """Drop what slows loading; the statements that make it again."""
    if connection.dialect.name == "sqlite":
        query = (
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
            " AND tbl_name IN ('complaints', 'complaint_events')"
        )
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        query = (
            "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE tablename = 'complaints'"
            " AND indexdef NOT LIKE '%UNIQUE%'"
        )
    found = list(connection.exec_driver_sql(query))
    for kind, name, _ in found:
        connection.exec_driver_sql(f"DROP {kind} {name}")
    return [sql for _, _, sql in found]


def _assigned(edition: Edition, code: str, place: str, at: dt.datetime) -> AssignedTo:
    return replace(assigned_to(assign(edition, Registration(code, place, at))), due=BEGIN)


def _go_up(
    connection: Connection, news: list[NewComplaint], count: int, running: Iterator[int], due: dt.date
) -> None:
    states, events = [], []
    moved = due - BEGIN
    for new in itertools.islice(itertools.cycle(news), count):
        mine = replace(new, assigned=replace(new.assigned, due=due), registered_at=new.registered_at + moved)
        chain = linked(number_for(next(running)), registration(mine))
        states.append(columns(fold(chain), chain[-1].hash))
        events += [event_columns(event) for event in chain]
        if len(states) == _PAGE:
            _store(connection, states, events)
    _store(connection, states, events)


def _store(connection: Connection, states: list[dict[str, object]], events: list[dict[str, object]]) -> None:
    if states:
        connection.execute(insert(schema.complaints), states)
        connection.execute(insert(schema.complaint_events), events)
    states.clear()
    events.clear()


def _stay(
    connection: Connection,
    base: list[NewComplaint],
    count: int,
    running: Iterator[int],
    *,
    level: int,
    due: dt.date,
) -> None:
    """Copies made by the database itself: a million take seconds."""
    first = next(running)
    last = first + count
    _go_up(connection, base, len(base), running, due)
    drawn = first + 1 + len(base)
    names = [column.name for column in schema.complaints.c]
    own = {
        "number": "CAST(s.i * 10 AS TEXT)",
        "level": str(level),
        "level_label": f"'L{level}'",
        "registered_by": "'bench'",
    }
    series = (
        f"WITH RECURSIVE s (i) AS (SELECT {drawn} UNION ALL"  # noqa: S608
        f" SELECT i + 1 FROM s WHERE i < {last})"
    )
    values = ", ".join(own.get(name, f"b.{name}") for name in names)
    mine = f"b.number BETWEEN '{number_for(first + 1)}' AND '{number_for(drawn - 1)}'"
    connection.execute(
        text(
            f"{series}, b AS (SELECT row_number() OVER (ORDER BY b.number) - 1 AS n, b.*"  # noqa: S608
            f" FROM complaints b WHERE {mine})"
            f" INSERT INTO complaints ({', '.join(names)})"
            f" SELECT {values} FROM s JOIN b ON b.n = s.i % {len(base)}"
        )
        if connection.dialect.name != "sqlite"
        else text(
            f"INSERT INTO complaints ({', '.join(names)}) {series}, b AS"  # noqa: S608
            f" (SELECT row_number() OVER (ORDER BY number) - 1 AS n, * FROM complaints b WHERE {mine})"
            f" SELECT {values} FROM s JOIN b ON b.n = s.i % {len(base)}"
        )
    )
    connection.execute(
        text(
            "INSERT INTO complaint_events"  # noqa: S608
            " (number, seq, kind, actor, at, edition, data, previous_hash, hash)"
            " SELECT c.number, e.seq, e.kind, e.actor, e.at, e.edition, '{}', e.previous_hash, e.hash"
            " FROM complaints c JOIN complaint_events e"
            f" ON e.number = '{number_for(first + 1)}' AND e.seq = 2 WHERE c.registered_by = 'bench'"
            f" AND c.level = {level}"
        )
    )
    connection.execute(
        text(f"UPDATE complaints AS b SET level = {level} WHERE {mine}")  # noqa: S608
    )
    for _ in range(last - drawn + 1):
        next(running)
