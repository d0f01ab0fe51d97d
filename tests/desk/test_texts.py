"""Both languages say everything, and nothing is asked for that they do not say."""

import re
from pathlib import Path
from typing import get_args

import pytest

from desk import texts as texts_package
from desk.alarm_kinds import KINDS as ALARMS
from desk.context import Viewer
from desk.errors import TextsError
from desk.gave_up import Place
from desk.step_fields import ANSWERS, HOWS, NO, STEPS, YES
from desk.texts import LANGUAGES, load_texts
from records.life.states import KINDS

DESK = Path(texts_package.__file__).parent.parent
TEXTS = load_texts()

STATIC_KEY = re.compile(r"""\bt\(\s*'([a-z_]+\.[a-z_]+)'""")
CHOICE = re.compile(r"""'([a-z_]+\.[a-z_]+)' if .+? else '([a-z_]+\.[a-z_]+)'""")
BUILT_KEY = re.compile(r"""'([a-z_]+)\.' ~""")
PYTHON_KEY = re.compile(r'"((?:error|login|request|field|step_field|refused|messages)\.(?!html)[a-z_]+)"')

BUILT: dict[str, set[str]] = {
    "role": {"executive", "officer", "supervisor", "administrator"},
    "line": {
        f"{state}{end}"
        for state in ("ready", "busy", "paused", "out", "unknown", "no_extension")
        for end in ("", "_hint")
    },
    "queue": {"state", "extension", "other"},
    "call": {"none", "ringing", "talking", "ended"},
    "outcome": {"answered", "served", "abandoned", "refused", "failed", "active"},
    "state": {
        "open", "attended", "proposed", "unreachable", "department_proposed", "close_proposed", "closed",
        "other",
    },
    "closure": {"satisfied", "low_quality", "special", "answered", "accepted", "declined"},
    "event": {
        "registered", "assigned", "attended", "resolution_proposed", "citizen_asked", "type_changed",
        "department_proposed", "department_decided", "close_proposed", "close_decided", "escalated",
        "sent_up", "sent_back", "linked", "unlinked", "reassigned", "noted", "answered", "demand_decided",
        "person_erased", "other",
    },
    "gave_up": {*get_args(Place)},
    "note": {
        "emergency_failed", "way_answered", "way_failed", "way_given_up", "cut_exchange",
        "cut_no_sound", "cut_line_dead", "capped_lines_told", "capped_lines_refused", "capped_caller_told",
        "capped_caller_refused",
    },
    "kind": {*KINDS},
    "step": set(STEPS),
    "step_hint": set(STEPS),
    "step_field": {
        field.name for fields in STEPS.values() for field in fields
    } | {
        f"{field.kind}_missing" for fields in STEPS.values() for field in fields if field.kind != "tick"
    },
    "choice": {*ANSWERS, *HOWS, YES, NO},
    "alarm": {*ALARMS, "other"},
    "alarm_do": {*ALARMS, "other", "everybody"},
    "refused": {"kind", "status", "actor", "condition", "moment", "input"},
}  # fmt: skip
"""What keys that are put together can become."""


def templates() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (DESK / "templates").glob("*.html")}


def used() -> set[str]:
    keys = {f"{table}.{name}" for table, names in BUILT.items() for name in names}
    for text in templates().values():
        keys |= set(STATIC_KEY.findall(text))
        keys |= {key for pair in CHOICE.findall(text) for key in pair}
    for path in DESK.rglob("*.py"):
        keys |= set(PYTHON_KEY.findall(path.read_text(encoding="utf-8")))
    return keys | {
        f"field.{word}_{end}" for word in ("place", "type") for end in ("missing", "unlisted", "unknown")
    }


def test_both_languages_have_the_same_keys() -> None:
    assert TEXTS["hi"].keys() == TEXTS["en"].keys()


@pytest.mark.parametrize("key", sorted(TEXTS["hi"].keys()))
def test_both_languages_fill_the_same_places(key: str) -> None:
    assert TEXTS["hi"].places(key) == TEXTS["en"].places(key)
    assert all(TEXTS[language]._texts[key].strip() for language in LANGUAGES)


def test_templates_and_code_ask_only_for_texts_there_are() -> None:
    assert sorted(used() - TEXTS["hi"].keys()) == []


def test_no_text_is_left_over() -> None:
    assert sorted(TEXTS["hi"].keys() - used()) == []


def test_every_built_key_is_listed_here() -> None:
    found = {table for text in templates().values() for table in BUILT_KEY.findall(text)}
    assert found <= set(BUILT)
    assert Viewer.__annotations__["user"], "the roles above are those of records"


def test_hindi_is_hindi() -> None:
    for key in TEXTS["hi"].keys() - {"app.language", "state.other", "event.other"}:
        assert re.search(r"[\u0900-\u097f]", TEXTS["hi"]._texts[key]), key


@pytest.mark.parametrize("broken", ["[a", '[a]\nb = "c"\n[d]\ne = "f"\n'])
def test_a_language_that_is_not_right_is_one_clear_line(tmp_path: Path, broken: str) -> None:
    (tmp_path / "hi.toml").write_text('[a]\nb = "c"\n', encoding="utf-8")
    (tmp_path / "en.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(TextsError) as caught:
        load_texts(tmp_path)
    assert "en.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_template_has_script_or_style_of_its_own() -> None:
    for name, text in templates().items():
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:", text), name
        assert "|safe" not in text, name
