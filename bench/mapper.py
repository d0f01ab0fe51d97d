"""The mapper on Rajgarh's edition and the whole State's: loading, assigning beside peers, searching."""

import datetime as dt
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.load import load_average, percentile
from bench.mapper_loading import measure
from bench.mapper_peers import Answer, IndexedSqlPeer, SqlPeer, ZenPeer
from bench.state_sheets import write_state
from mapper import Assignment, Edition, Registration, assign, load_edition
from mapper.directory.store import DirectoryStore, shipped_source
from mapper.model.place_model import Place

DISTRICTS = Path(__file__).resolve().parent.parent / "dialplan" / "data" / "districts.csv"
FIRST_DAY = dt.datetime(2025, 12, 1, 6, 0, tzinfo=dt.UTC)
DAYS = 500
"""Complaints of so many days, over the change of a rule."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to answer; `act` on a question is what is timed."""

    name: str
    act: Callable[[Registration], object]


def run(smoke: bool) -> str:
    """The tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        district = _draft(shipped_source(), folder / "district")[0]
        sheets = folder / "sheets"
        villages = write_state(sheets, DISTRICTS, **({"villages": 600} if smoke else {}))
        state, imported = _draft(sheets, folder / "state")
        tables = [_loading(state, villages, imported, rounds=1 if smoke else 5)]
        for title, path in (("The State", state), ("Rajgarh", district)):
            edition = load_edition(path)
            tables.append(f"{title}: assigning\n\n{_assigning(edition, path, folder, smoke)}")
            tables.append(f"{title}: searching\n\n{_searching(edition, smoke)}")
    tables.append(f"Load average at the end: {load_average()}.")
    return "\n\n".join(tables)


def _draft(sheets: Path, folder: Path) -> tuple[Path, float]:
    began = time.perf_counter()
    path = DirectoryStore(folder).import_sheets(sheets).path
    return path, time.perf_counter() - began


def _loading(path: Path, villages: str, imported: float, rounds: int) -> str:
    runs = [measure(path) for _ in range(rounds)]
    edition = load_edition(path)
    kinds = [place.kind for place in edition.places.values()]
    best = min(runs, key=lambda one: one.seconds)
    rows = (
        ("seconds, by the clock", f"{best.seconds:.2f}", "under 1"),
        ("seconds of CPU", f"{min(one.cpu for one in runs):.2f}", ""),
        ("MB resident: the program alone", f"{best.mb_before:.0f}", ""),
        ("MB with the edition", f"{best.mb_loaded:.0f}", "under 200"),
        ("MB after the first search", f"{best.mb_searched:.0f}", "under 200"),
        ("MB of the file", f"{path.stat().st_size / 1e6:.0f}", ""),
        ("seconds to import the sheets", f"{imported:.1f}", ""),
    )
    lines = ["| loading the State's edition | | target |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {value} | {target} |" for name, value, target in rows]
    size = f"{kinds.count('district')} districts, {kinds.count('village'):,} villages ({villages}), "
    size += f"{len(kinds):,} places, {len(edition.posts):,} posts, {len(edition.types)} types"
    return "\n".join(lines) + f"\n\n{size}; the best of {rounds} fresh processes."


def _assigning(edition: Edition, path: Path, folder: Path, smoke: bool) -> str:
    dice = random.Random(181)  # noqa: S311 - the same questions in every run
    places = [key for key, place in edition.places.items() if edition.kinds[place.kind].selectable]
    types = list(edition.types)
    questions = [
        Registration(
            dice.choice(types), dice.choice(places), FIRST_DAY + dt.timedelta(hours=dice.randrange(24 * DAYS))
        )
        for _ in range(300 if smoke else 20_000)
    ]
    with _peers(edition, path, folder) as peers:
        for question in questions:
            expected = _answer(assign(edition, question))
            for name, answer in peers:
                assert answer(question) == expected, (name, question)
        contenders = [
            Contender("mapper.decision.assign", partial(assign, edition)),
            Contender("mapper.assign, with the reason in words", lambda q: assign(edition, q).rule),
            *(Contender(name, answer) for name, answer in peers),
        ]
        taken = _rounds(contenders, questions, 2 if smoke else 7)
    ours = taken[contenders[0].name]
    lines = [
        "| assign a complaint | µs | a second | times ours | target |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    targets = {
        contenders[0].name: "200,000 a second",
        SqlPeer.name: "20",
        IndexedSqlPeer.name: "20",
        ZenPeer.name: "5",
    }
    for one in contenders:
        us = taken[one.name]
        target = targets.get(one.name, "")
        lines.append(f"| {one.name} | {us:.2f} | {1e6 / us:,.0f} | {us / ours:.1f} | {target} |")
    if not ZenPeer.installed():
        lines.append(f"| {ZenPeer.name} | not installed: `make peers` | | | 5 |")
    note = (
        f"{len(questions):,} complaints of random type, place and day; all answers equal; CPU, median round."
    )
    return "\n".join(lines) + f"\n\n{note}"


@contextmanager
def _peers(
    edition: Edition, path: Path, folder: Path
) -> Iterator[list[tuple[str, Callable[[Registration], Answer]]]]:
    queries = (SqlPeer(path), IndexedSqlPeer(path, folder))
    try:
        peers: list[tuple[str, Callable[[Registration], Answer]]] = [
            (sql.name, sql.answer) for sql in queries
        ]
        if ZenPeer.installed():
            peers.append((ZenPeer.name, ZenPeer(edition).answer))
        yield peers
    finally:
        for sql in queries:
            sql.close()


def _answer(found: Assignment) -> Answer:
    choice = found.choice
    return Answer(
        found.post.id,
        found.level_label,
        found.due,
        found.department.code,
        choice.office.name,
        choice.limit.name,
        found.drafted,
    )


def _rounds(
    contenders: Sequence[Contender], questions: Sequence[Registration], rounds: int
) -> dict[str, float]:
    """Microseconds of CPU a question, the median of alternating rounds."""
    taken: dict[str, list[float]] = {one.name: [] for one in contenders}
    for _ in range(rounds):
        for one in contenders:
            act = one.act
            began = time.process_time()
            for question in questions:
                act(question)
            taken[one.name].append((time.process_time() - began) / len(questions) * 1e6)
    return {name: statistics.median(times) for name, times in taken.items()}


def _asked(
    dice: random.Random, names: Sequence[str], villages: Sequence[Place]
) -> Iterator[tuple[str, list[str]]]:
    """What is looked for: names as they are and with slips, alone and with the tehsil."""

    def slip(name: str) -> str:
        at = dice.randrange(len(name) - 1)
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]

    def tehsil(place: Place) -> str:
        unit = place.territory.unit("tehsil")
        return unit.name_en if unit else ""

    long = [name for name in names if len(name) > 3]
    yield "the whole name", list(names)
    yield "its first five letters", [name[:5] for name in names]
    yield "one letter of it left out", [name[: len(name) // 2] + name[len(name) // 2 + 1 :] for name in names]
    yield "two letters swapped", [slip(name) for name in long]
    yield "two letters swapped, twice", [slip(slip(name)) for name in long]
    yield "gram X tehsil Y", [f"gram {one.name_en} tehsil {tehsil(one)}" for one in villages]
    yield "the same, a slip in X", [f"gram {slip(one.name_en)} tehsil {tehsil(one)}" for one in villages]
    yield "the same, a slip in Y", [f"gram {one.name_en} tehsil {slip(tehsil(one))}" for one in villages]
    yield "letters that name nothing", ["".join(dice.choices("abdegiklmnoprstu", k=9)) for _ in villages]


def _searching(edition: Edition, smoke: bool) -> str:
    dice = random.Random(181)  # noqa: S311
    names = [dice.choice((place.name_hi, place.name_en)) for place in edition.places.values()]
    some = dice.sample(names, 100 if smoke else 2000)
    edition.search_places("biaora")  # the first search unpacks the index
    villages = [place for place in edition.places.values() if place.kind == "village"]
    lines = ["| search a place by | µs | p50 | p95 | most |", "| --- | ---: | ---: | ---: | ---: |"]
    for what, texts in _asked(dice, some, dice.sample(villages, min(len(villages), len(some) // 4))):
        taken = []
        for text in texts:
            began = time.process_time()
            edition.search_places(text)
            taken.append((time.process_time() - began) * 1e6)
        figures = (statistics.mean(taken), percentile(taken, 50), percentile(taken, 95), max(taken))
        lines.append(f"| {what} | {' | '.join(f'{one:.0f}' for one in figures)} |")
    return "\n".join(lines)
