"""Sheets of a small office, cut from the shipped ones: two villages, two departments, and their officers."""

import csv
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from mapper.directory.store import shipped_source

RAJGARH, JIRAPUR = "village:479544", "village:478700"
"""Villages of the tehsils 3565 and 3563."""

TEHSILDAR, SDO, COLLECTOR = "REVENUE-L1@tehsil:3565", "SDO-REVENUE@tehsil:3565", "REVENUE-L3@district:422"
COMMISSIONER, JANPAD = "REVENUE-L4@division:bhopal", "CEO-JANPAD@block:3945"

_PLACES = {
    "state:23", "division:bhopal", "district:422", "tehsil:3563", "tehsil:3565", "block:3945", "block:3947",
    RAJGARH, JIRAPUR,
}  # fmt: skip
_DEPARTMENTS = {"REVENUE", "PRD"}
_TYPES = {"REVENUE-01", "REVENUE-02", "PRD-03"}

Row = dict[str, str]

_KEPT: dict[str, Callable[[Row], bool]] = {
    "places.csv": lambda row: row["place_id"] in _PLACES,
    "departments.csv": lambda row: row["department_code"] in _DEPARTMENTS,
    "types.csv": lambda row: row["type_code"] in _TYPES,
    "responsibilities.csv": lambda row: row["subject"] in _DEPARTMENTS | _TYPES,
    "time_limits.csv": lambda row: row["subject"] in {"*"} | _DEPARTMENTS | _TYPES,
}

_HOLDERS = f"""\
post_id,username,name_hi,name_en,phone,from,to,charge,leave_from,leave_to,deputy_post_id,note
{TEHSILDAR},mohan,मोहन शर्मा,Mohan Sharma,9826012345,,,regular,2026-12-20,2026-12-31,REVENUE-L1@tehsil:3563,
REVENUE-L1@tehsil:3563,seema,सीमा वर्मा,Seema Verma,9826054321,,,regular,,,,
{SDO},ravi,रवि जैन,Ravi Jain,9826033333,,,additional,,,,
{COLLECTOR},collector,आर. के. सिंह,R. K. Singh,07372255025,,,regular,,,,
{COMMISSIONER},commissioner,अ. मिश्रा,A. Mishra,07552540494,,,regular,,,,
"""


def write_sheets(folder: Path, changes: Mapping[str, str]) -> None:
    """The sheets in a folder. ``changes``: a piece of text in any of them, and what takes its place.

    Fails when a piece is nowhere.
    """
    shutil.copytree(shipped_source(), folder, ignore=shutil.ignore_patterns("*.md"), dirs_exist_ok=True)
    for name, keep in _KEPT.items():
        with (folder / name).open(encoding="utf-8", newline="") as source:
            rows = [row for row in csv.DictReader(source) if keep(row)]
        with (folder / name).open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    (folder / "holders.csv").write_text(_HOLDERS, encoding="utf-8")
    for old, new in changes.items():
        changed = 0
        for sheet in folder.glob("*.csv"):
            text = sheet.read_text(encoding="utf-8")
            changed += text.count(old)
            sheet.write_text(text.replace(old, new), encoding="utf-8")
        assert changed, old
