"""The mapper: an assignment and a place search, beside one primary-key lookup in the same edition file."""

import datetime as dt
import itertools
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mapper import Registration, assign, load_edition
from mapper.store import DirectoryStore

SOURCES = Path(__file__).resolve().parent.parent / "mapper" / "data"
NOW = dt.datetime(2026, 1, 5, 6, 0, tzinfo=dt.UTC)


def _each(action: Callable[[], object], seconds: float) -> float:
    """Microseconds of one action, repeated for about so many seconds."""
    began = time.perf_counter()
    for done in itertools.count(1):
        action()
        taken = time.perf_counter() - began
        if taken >= seconds:
            return taken / done * 1e6
    raise AssertionError


def run(smoke: bool) -> str:
    """The table."""
    seconds = 0.1 if smoke else 3.0
    with tempfile.TemporaryDirectory() as folder:
        store = DirectoryStore(Path(folder))
        store.publish(store.import_sheets(SOURCES))
        path = store.current()
        if path is None:
            raise RuntimeError("no edition was published")
        began = time.perf_counter()
        edition = load_edition(path)
        loading = (time.perf_counter() - began) * 1e3
        dice = random.Random(181)  # noqa: S311 - the same questions in every run
        types = list(edition.types)
        # A complaint is about a place in the district, not about the state it lies in.
        places = [key for key, place in edition.places.items() if place.kind not in {"state", "division"}]
        ask = itertools.cycle(
            [Registration(dice.choice(types), dice.choice(places), NOW) for _ in range(5000)]
        )
        words = itertools.cycle(
            [dice.choice((place.name_hi, place.name_en))[:5] for place in edition.places.values()]
        )
        edition.search_places(next(words))  # the first search makes the index
        with sqlite3.connect(path) as database:
            query = "SELECT * FROM places WHERE place_id = ?"
            keys = itertools.cycle(dice.sample(places, 1000))
            floor = _each(lambda: database.execute(query, (next(keys),)).fetchone(), seconds)
        assigning = _each(lambda: assign(edition, next(ask)), seconds)
        searching = _each(lambda: edition.search_places(next(words)), seconds)
    rows = (
        ("floor: SQLite primary-key lookup", floor),
        ("assign a complaint", assigning),
        ("search a place (first five letters)", searching),
    )
    lines = ["| action | µs | ratio |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {taken:.1f} | {taken / floor:.2f} |" for name, taken in rows]
    lines.append(f"\nLoading the edition: {loading:.0f} ms ({len(places)} places, {len(types)} types).")
    return "\n".join(lines)
