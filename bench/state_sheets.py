"""Sheets of the whole State, made up from a seed: what the mapper must carry when every district uses it.

55 districts in 10 divisions with their subdivisions, tehsils, blocks, towns, wards, police stations,
distribution centres, gram panchayats and 55,784 villages, and rules that make over 100,000 posts of them. The
districts are real; the rest is drawn from Rajgarh's names. If the environment variable H181_VILLAGES names a
CSV file (columns lgd_code, name_en, block_ref, district_lgd_code), its villages and blocks are taken.
"""

import csv
import os
import random
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from mapper.directory.store import shipped_source

VILLAGES = 55_784
BLOCKS = 313
SCOPES = (
    *("division", "district", "subdivision", "tehsil", "block", "ulb", "police_station"),
    *("distribution_centre", "gram_panchayat"),
)
NEW_OFFICERS = (
    ("PATWARI", "पटवारी", "Patwari", "REVENUE", "rural", "gram_panchayat"),
    ("PANCHAYAT-SECRETARY", "पंचायत सचिव", "Panchayat Secretary", "PRD", "rural", "gram_panchayat"),
    ("HANDPUMP-MECHANIC", "हैंडपंप मैकेनिक", "Handpump Mechanic", "PHE", "rural", "gram_panchayat"),
    ("ANM", "ए.एन.एम.", "Auxiliary Nurse Midwife", "HEALTH", "rural", "gram_panchayat"),
    ("WARD-OFFICER", "वार्ड प्रभारी", "Ward Officer", "UDH", "urban", "ward"),
)
"""Officers of the smallest units: designation, names, department, area, scope."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Village:
    """A village of the list."""

    code: str
    name_hi: str
    name_en: str
    block: str
    district: str


class Names:
    """Names in both scripts, put together from words of Rajgarh's places."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._firsts: list[tuple[str, str]] = []
        self._lasts: list[tuple[str, str]] = [("", "")]
        for row in _read(shipped_source() / "places.csv"):
            hi, en = row["name_hi"].split(), row["name_en"].split()
            if row["kind"] == "village" and len(hi) == len(en):
                self._firsts.append((hi[0], en[0]))
                self._lasts.append((" ".join(hi[1:]), " ".join(en[1:])))

    def draw(self) -> tuple[str, str]:
        """A name in Hindi and in Roman letters."""
        first, last = self._dice.choice(self._firsts), self._dice.choice(self._lasts)
        return f"{first[0]} {last[0]}".strip(), f"{first[1]} {last[1]}".strip()


def write_state(folder: Path, districts: Path, seed: int = 181, villages: int = VILLAGES) -> str:
    """Write the sheets into `folder`; `districts` lists the 55. Tells where the villages are from."""
    dice = random.Random(seed)  # noqa: S311 - the same State in every run
    folder.mkdir(parents=True)
    for path in shipped_source().glob("*.csv"):
        shutil.copyfile(path, folder / path.name)
    _add_officers(folder)
    names = Names(dice)
    known = [(row["slug"], row["name_hi"], row["name_en"], row["division"]) for row in _read(districts)]
    given = os.environ.get("H181_VILLAGES")
    found = (
        list(_listed(Path(given), names, len(known))) if given else list(_drawn(names, len(known), villages))
    )
    places = list(_places(dice, names, known, found))
    columns = ["place_id", "kind", "name_hi", "name_en", "name_status", "state_id"]
    columns += [f"{scope}_id" for scope in SCOPES] + ["lgd_code"]
    _write(folder / "places.csv", columns, places)
    return "as listed" if given else "drawn"


def _add_officers(folder: Path) -> None:
    officers = _read(folder / "designations.csv")
    rules = _read(folder / "responsibilities.csv")
    for code, hi, en, department, area, scope in NEW_OFFICERS:
        officers.append({"designation_code": code, "name_hi": hi, "name_en": en, "status": "drafted"})
        rules.append(
            {
                "subject": department,
                "level": "1",
                "area": area,
                "scope": scope,
                "designation_code": code,
                "since": "2026-01-01",
                "status": "drafted",
            }
        )
    fallbacks = _read(folder / "scope_fallbacks.csv")
    fallbacks.append(
        {"scope": "gram_panchayat", "order": "1", "via": "block", "take": "unit", "status": "drafted"}
    )
    _write(folder / "scope_fallbacks.csv", list(fallbacks[0]), fallbacks)
    _write(folder / "designations.csv", list(officers[0]), officers)
    _write(folder / "responsibilities.csv", list(rules[0]), rules)


def _listed(path: Path, names: Names, districts: int) -> Iterator[Village]:
    """The villages of a file. Newer districts, which it does not know, get half the blocks of the largest."""
    rows = sorted(_read(path), key=lambda row: (row["district_lgd_code"], row["block_ref"], row["lgd_code"]))
    codes = sorted({row["district_lgd_code"] for row in rows})
    pairs = sorted({(row["district_lgd_code"], row["block_ref"]) for row in rows})
    blocks = {code: [block for of, block in pairs if of == code] for code in codes}
    largest = sorted(codes, key=lambda code: -len(blocks[code]))
    moved = {
        block: str(len(codes) + number)
        for number, code in enumerate(largest[: districts - len(codes)])
        for block in blocks[code][: len(blocks[code]) // 2]
    }
    number = {code: str(n) for n, code in enumerate(codes)}
    for row in rows:
        district = moved.get(row["block_ref"], number[row["district_lgd_code"]])
        yield Village(row["lgd_code"], names.draw()[0], row["name_en"], row["block_ref"], district)


def _drawn(names: Names, districts: int, villages: int) -> Iterator[Village]:
    blocks = max(districts, BLOCKS * villages // VILLAGES)
    for number in range(villages):
        block = number * blocks // villages
        hi, en = names.draw()
        yield Village(str(470_000 + number), hi, en, str(3000 + block), str(block * districts // blocks))


def _places(
    dice: random.Random, names: Names, districts: list[tuple[str, str, str, str]], villages: list[Village]
) -> Iterator[Row]:
    yield _place("state:23", "state", ("मध्य प्रदेश", "Madhya Pradesh"))
    for division in sorted({division for *_, division in districts}):
        yield _place(f"division:{division}", "division", (division, division.title()), state="state:23")
    ordered = sorted(villages, key=lambda one: (int(one.district), one.block, one.code))
    for number, of_district in groupby(ordered, key=lambda one: one.district):
        slug, hi, en, division = districts[int(number)]
        yield from _district(dice, names, (slug, hi, en, f"division:{division}"), list(of_district))


def _district(
    dice: random.Random, names: Names, district: tuple[str, str, str, str], villages: list[Village]
) -> Iterator[Row]:
    slug, hi, en, division = district
    over = {"district": f"district:{slug}"}
    blocks = [list(group) for _, group in groupby(villages, key=lambda one: one.block)]
    tehsils = [f"tehsil:{slug}-{n}" for n in range(len(blocks) + 2)]
    block_ids = [f"block:{slug}-{group[0].block}" for group in blocks]
    headquarters = {"tehsil": tehsils[0], "block": block_ids[0]}
    yield _place(over["district"], "district", (hi, en), division=division, **headquarters)
    subdivisions = [f"subdivision:{slug}-{n}" for n in range((len(tehsils) + 1) // 2)]
    for unit in subdivisions:
        yield _place(unit, "subdivision", names.draw(), **over)
    for n, unit in enumerate(tehsils):
        own = {"subdivision": subdivisions[n // 2], "block": block_ids[n % len(block_ids)]}
        yield _place(unit, "tehsil", names.draw(), **over, **own)
    for n, unit in enumerate(block_ids):
        yield _place(unit, "block", names.draw(), **over, tehsil=tehsils[n])
    stations = [f"ps:{slug}-{n}" for n in range(20)]
    centres = [f"dc:{slug}-{n}" for n in range(45)]
    for unit in stations:
        yield _place(unit, "police_station", names.draw(), **over)
    for unit in centres:
        yield _place(unit, "distribution_centre", names.draw(), **over)
    for n in range(8):
        units = {"tehsil": tehsils[n % len(tehsils)], "block": block_ids[n % len(block_ids)]}
        units |= {"police_station": stations[n], "distribution_centre": centres[n]}
        town = f"ulb:{slug}-{n}"
        yield _place(town, "nagar_parishad", names.draw(), **over, **units)
        for ward in range(15):
            name = (f"वार्ड {ward + 1}", f"Ward {ward + 1}")
            yield _place(f"ward:{slug}-{n}-{ward + 1}", "ward", name, **over, **units, ulb=town)
    for n, group in enumerate(blocks):
        at = 0
        while at < len(group):
            size = dice.choice((1, 2, 2, 3, 3, 4))
            members = group[at : at + size]
            at += size
            seat = members[0]
            units = {
                "tehsil": tehsils[n] if dice.random() < 0.7 else tehsils[n + 1],
                "block": block_ids[n],
                "police_station": dice.choice(stations),
                "distribution_centre": dice.choice(centres),
            }
            panchayat = f"gp:{seat.code}"
            yield _place(panchayat, "gram_panchayat", (seat.name_hi, seat.name_en), **over, **units)
            for one in members:
                name = (one.name_hi, one.name_en)
                found = _place(
                    f"village:{one.code}", "village", name, **over, **units, gram_panchayat=panchayat
                )
                yield found | {"lgd_code": one.code}


def _place(place_id: str, kind: str, name: tuple[str, str], **units: str) -> Row:
    row = {"place_id": place_id, "kind": kind, "name_hi": name[0], "name_en": name[1]}
    row["name_status"] = "drafted"
    return row | {f"{scope}_id": unit for scope, unit in units.items()}


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def _write(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
