"""Places by what people type: a table of queries with the place that is meant, and how many are found.

The queries were written from the sheets by somebody who had not seen the search. `expected` is a place's id,
`any:` with several that are all right, or `none`: nothing of that name, so that no whole name may be found.
"""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "place_queries.tsv"

_ANSWER = """
import json, sys, tempfile
from pathlib import Path
from mapper import load_edition
try:
    from mapper.directory.store import DirectoryStore, shipped_source
except ImportError:  # a checkout from before mapper had rooms
    from mapper.store import DirectoryStore, shipped_source
with tempfile.TemporaryDirectory() as folder:
    edition = load_edition(DirectoryStore(Path(folder)).import_sheets(shipped_source()).path)
    asked = json.load(sys.stdin)
    print(json.dumps([[[h.place.id, h.score, getattr(h, "sure", h.score == 1.0)]
                       for h in edition.search_places(text)] for text in asked]))
"""
"""Run by the code of a checkout; before hits said how sure they are, each whole name was taken unasked."""

Hits = list[tuple[str, float, bool]]


@dataclass(frozen=True, slots=True)
class Query:
    """A row of the table."""

    text: str
    expected: frozenset[str]
    kind: str


def queries() -> list[Query]:
    """The table."""
    with TABLE.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Query(
            row["query"],
            frozenset(row["expected"].removeprefix("any:").split("|")) - {"none"},
            row["kind"],
        )
        for row in rows
    ]


def answers(checkout: Path, asked: Sequence[Query]) -> list[Hits]:
    """What the code of a checkout finds in its shipped directory."""
    done = subprocess.run(
        [sys.executable, "-c", _ANSWER],
        input=json.dumps([query.text for query in asked]),
        env={**os.environ, "PYTHONPATH": str(checkout)},
        cwd=checkout,
        check=True,
        capture_output=True,
        text=True,
    )
    return [[(place, score, sure) for place, score, sure in hits] for hits in json.loads(done.stdout)]


def right(query: Query, hits: Hits, within: int) -> bool:
    """Whether the place meant is among the first; where none is meant, whether no whole name was found."""
    if not query.expected:
        return not any(score == 1.0 for _, score, _ in hits)
    return any(place in query.expected for place, _, _ in hits[:within])


def misleads(query: Query, hits: Hits) -> bool:
    """Whether the first hit is wrong and would be taken unasked."""
    return bool(hits) and hits[0][2] and hits[0][0] not in query.expected


def run(smoke: bool) -> str:
    """The table; with H181_BEFORE, a checkout of the code before, beside what that finds."""
    asked = queries()[: 20 if smoke else None]
    here = Path(__file__).resolve().parent.parent
    before = os.environ.get("H181_BEFORE")
    columns = [("before", answers(Path(before), asked))] if before else []
    columns.append(("now", answers(here, asked)))
    heads = [f"{what}, {when}" for what in ("first", "in the first three") for when, _ in columns]
    heads += [f"wrong and taken unasked, {when}" for when, _ in columns]
    lines = [f"| kind of query | queries | {' | '.join(heads)} |", f"| --- |{' ---: |' * (len(heads) + 1)}"]
    for kind in [*dict.fromkeys(query.kind for query in asked), ""]:
        at = [n for n, query in enumerate(asked) if kind in ("", query.kind)]
        cells = [
            sum(right(asked[n], found[n], within) for n in at) for within in (1, 3) for _, found in columns
        ]
        cells += [sum(misleads(asked[n], found[n]) for n in at) for _, found in columns]
        name = kind or "all"
        lines.append(f"| {name} | {len(at)} | {' | '.join(map(str, cells))} |")
    return "\n".join(lines)
