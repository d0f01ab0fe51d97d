"""Others that can answer who must act first, and until when: a SQL query, and the rule engine zen-engine.

Both get what makes them fast. The query is prepared; it runs on the file as it is published, and once more
with every index it can use and all of it in memory. The engine has only the rules of level 1, already in
their order, and a compiled decision. Around both, Python does the rest: the day in India, and adding days.
"""

import datetime as dt
import importlib.util
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

from mapper import Edition, Registration
from mapper.days import indian_day
from mapper.decision.rules import newest_first


class Answer(NamedTuple):
    """What all must say of an assignment: who, at which level, until when, by which rules, how sure."""

    post: str
    level: str
    due: dt.date
    department: str
    office_rule: str
    limit_rule: str
    drafted: bool


_QUERY = """
select post.designation_code, post.unit_id, level.label, l.days, c.policy, k.department_code,
  r.subject, r.area, r.since, l.subject, l.level, l.since,
  k.drafted or r.drafted or l.drafted or c.drafted or unit.drafted or post.drafted
from types k, places p
join territories t on t.id = p.territory
join responsibilities r on r.level = 1 and r.subject in (k.type_code, k.department_code, '*')
  and r.area in (t.area, 'any') and (r.since is null or r.since <= :day)
join time_limits l on l.subject in (k.type_code, k.department_code, '*')
  and (l.level = 1 or l.level is null) and (l.since is null or l.since <= :day)
join calendars c on c.subject in (k.type_code, k.department_code, '*')
  and (c.since is null or c.since <= :day)
join levels level on level.level = r.level
left join territory_units found on found.territory = t.id and found.scope = r.scope
left join units unit on unit.id = found.unit
left join posts post on post.designation_code = r.designation_code and post.unit_id = unit.place_id
where k.type_code = :type and p.place_id = :place
order by
  case r.subject when k.type_code then 0 when k.department_code then 1 else 2 end,
  r.area = 'any', r.since desc nulls last,
  case l.subject when k.type_code then 0 when k.department_code then 1 else 2 end,
  l.level is null, l.since desc nulls last,
  case c.subject when k.type_code then 0 when k.department_code then 1 else 2 end, c.since desc nulls last
limit 1
"""


class SqlPeer:
    """One query for each assignment, on the edition's file, opened only to read."""

    name = "a SQL query on the edition's file"

    def __init__(self, edition: Path) -> None:
        self._database = sqlite3.connect(f"{edition.resolve().as_uri()}?mode=ro&immutable=1", uri=True)

    def answer(self, question: Registration) -> Answer:
        """The first officer and his last day."""
        start = indian_day(question.registered_at)
        found = self._database.execute(
            _QUERY, {"type": question.type_code, "place": question.place_id, "day": start.isoformat()}
        ).fetchone()
        designation, unit, label, days, policy, department, *rules, drafted = found
        if policy != "calendar":
            raise ValueError("the query counts calendar days only")
        return Answer(
            f"{designation}@{unit}",
            label,
            start + dt.timedelta(days=days),
            department,
            _name(rules[0], 1, rules[1], rules[2]),
            _name(rules[3], rules[4], "any", rules[5]),
            drafted == 1,
        )

    def close(self) -> None:
        """Close the copy."""
        self._database.close()


class IndexedSqlPeer(SqlPeer):
    """The same query on a copy with covering indexes for it and statistics, all of it in memory."""

    name = "the same, with indexes for it, all in memory"

    def __init__(self, edition: Path, folder: Path) -> None:
        copy = folder / "indexed.sqlite"
        shutil.copyfile(edition, copy)
        copy.chmod(0o600)
        self._database = sqlite3.connect(copy)
        self._database.executescript(
            "create index by_level on responsibilities"
            " (level, subject, area, since, scope, designation_code, drafted);"
            "create index by_subject on time_limits (subject, level, since, days, drafted); analyze;"
        )
        self._database.execute("pragma cache_size = -200000")
        self._database.execute("pragma mmap_size = 1000000000")


def _name(subject: str, level: int | None, area: str, since: str | None) -> str:
    """A rule's name, as the mapper gives it."""
    at = "*" if level is None else f"L{level}"
    return f"{subject}/{at}{'' if area == 'any' else '/' + area}{' since ' + since if since else ''}"


class ZenPeer:
    """Decision tables made of the edition's rules; the unit is looked up and the days added around them."""

    name = "zen-engine (PyPI; decision tables)"

    def __init__(self, edition: Edition) -> None:
        zen: Any = importlib.import_module("zen")
        self._edition = edition
        self._label = edition.levels[0].label
        self._decision = zen.ZenEngine().create_decision(json.dumps(_graph(edition)))

    @staticmethod
    def installed() -> bool:
        """Whether `make peers` has been run."""
        return importlib.util.find_spec("zen") is not None

    def answer(self, question: Registration) -> Answer:
        """The first officer and his last day."""
        start = indian_day(question.registered_at)
        kind = self._edition.types[question.type_code]
        territory = self._edition.places[question.place_id].territory
        given = {
            "type": kind.code,
            "department": kind.department_code,
            "area": territory.area,
            "day": start.toordinal(),
        }
        found = self._decision.evaluate(given)["result"]
        unit = territory.unit(found["scope"])
        if unit is None:
            raise LookupError(found["scope"])
        post = self._edition.posts[f"{found['designation']}@{unit.id}"]
        drafted = kind.drafted or found["drafted"] or found["limit_drafted"] or unit.drafted or post.drafted
        due = start + dt.timedelta(days=found["days"])
        return Answer(
            post.id, self._label, due, kind.department_code, found["office"], found["limit"], drafted
        )


def _graph(edition: Edition) -> dict[str, Any]:
    """The rules of the lowest level as a decision model: input, officer and limit tables, output."""
    level = edition.levels[0].number
    types, departments = set(edition.types), set(edition.departments)

    def rank(subject: str) -> int:
        return 0 if subject in types else 1 if subject in departments else 2

    def who(subject: str) -> dict[str, str]:
        return {
            "type": json.dumps(subject) if subject in types else "",
            "department": json.dumps(subject) if subject in departments else "",
        }

    offices = [rule for rule in edition.responsibilities if rule.level == level]
    offices.sort(key=lambda rule: (rank(rule.subject), rule.area == "any", newest_first(rule)))
    limits = [rule for rule in edition.limits if rule.level in {level, None}]
    limits.sort(key=lambda rule: (rank(rule.subject), rule.level is None, newest_first(rule)))
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            _table(
                "office",
                ("type", "department", "area", "day"),
                ("designation", "scope", "office", "drafted"),
                [
                    who(rule.subject)
                    | {
                        "area": "" if rule.area == "any" else json.dumps(rule.area),
                        "day": f">= {rule.since.toordinal()}" if rule.since else "",
                        "designation": json.dumps(rule.designation_code),
                        "scope": json.dumps(rule.scope),
                        "office": json.dumps(rule.name),
                        "drafted": json.dumps(rule.drafted),
                    }
                    for rule in offices
                ],
            ),
            _table(
                "limit",
                ("type", "department", "day"),
                ("days", "limit", "limit_drafted"),
                [
                    who(rule.subject)
                    | {
                        "day": f">= {rule.since.toordinal()}" if rule.since else "",
                        "days": str(rule.days),
                        "limit": json.dumps(rule.name),
                        "limit_drafted": json.dumps(rule.drafted),
                    }
                    for rule in limits
                ],
            ),
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
            for source, target in (("in", "office"), ("in", "limit"), ("office", "out"), ("limit", "out"))
        ],
    }


def _table(name: str, inputs: tuple[str, ...], outputs: tuple[str, ...], rows: list[dict[str, str]]) -> Any:
    return {
        "id": name,
        "type": "decisionTableNode",
        "name": name,
        "position": {"x": 0, "y": 0},
        "content": {
            "hitPolicy": "first",
            "inputs": [{"id": one, "name": one, "field": one} for one in inputs],
            "outputs": [{"id": one, "name": one, "field": one} for one in outputs],
            "rules": [{"_id": f"{name}-{number}", **row} for number, row in enumerate(rows)],
        },
    }
