"""The menu and the opening hours: what is shipped, what they decide, what is said of mistakes."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dialplan.errors import DialplanError
from dialplan.generate_menu import menu_prompts
from dialplan.hours import load_hours, parse_hours
from dialplan.menu import MENU_FILE, Known, load_menu, parse_menu

MENU = MENU_FILE.read_text(encoding="utf-8")


def test_the_shipped_menu() -> None:
    menu = load_menu()
    assert (menu.emergency_key, menu.repeat_key, menu.operator_key) == ("9", "*", "0")
    assert menu.language_keys == {"8": "en"}
    assert [(one.id, one.key, one.prompt, one.target) for one in menu.services] == [
        ("complaint", "1", "menu-complaint", "district"),
        ("status", "2", "menu-status", "status"),
        ("demand", "3", "menu-demand", "district"),
        ("information", "4", "menu-information", "queue:information"),
    ]
    service = menu.by_key("4")
    assert service is not None
    assert service.queue == "information"
    assert menu.services[0].queue is None
    assert menu.by_key("7") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"9"', '"10"', "menu.toml, emergency_key: '10' does not fit; write one of 0 to 9"),
        ('"9"', "9", "menu.toml, emergency_key: 9 does not fit"),
        ('repeat_key = "*"', "", "menu.toml, repeat_key: is missing"),
        ('repeat_key = "*"', 'repeat = "*"', "menu.toml, repeat: this key is not known; use emergency_key"),
        ('key = "2"', 'key = "1"', "service 2, key: 1 is already the key of service 1, key"),
        ('key = "4"', 'key = "8"', "service 4, key: 8 is already the key of language_keys.8"),
        ('8 = "en"', '8 = "English"', "language_keys.8: 'English' does not fit; write a language"),
        ('id = "status"', 'id = "complaint"', "service 2, id: 'complaint' is there twice"),
        ('"queue:information"', '"queue:a b"', "service 4, target: 'queue:a b' does not fit; use district"),
        ('"queue:information"', '"queue:general"', "service 4, target: general cannot be a queue's name"),
        ('"queue:information"', '"extension:112"', "service 4, target: 'extension:112' does not fit"),
        ('"menu-demand"', '"a,b"', "service 3, prompt: 'a,b' does not fit"),
        ("[[service]]", "[[services]]", "services: this key is not known"),
    ],
)
def test_mistakes_in_the_menu(old: str, new: str, said: str) -> None:
    assert old in MENU
    with pytest.raises(DialplanError) as caught:
        parse_menu(tomllib.loads(MENU.replace(old, new)))
    assert said in str(caught.value)


def test_the_dialplan_offers_another_language_where_there_is_one() -> None:
    menu = load_menu()
    said = menu_prompts(menu)
    assert menu_prompts(menu, first=True) == f"h181/language-hint&{said}"
    assert menu_prompts(replace(menu, language_keys={}), first=True) == said


def test_every_mistake_is_named_at_once() -> None:
    wrong = MENU
    for old, new in (
        ('"9"', '"#"'),
        ('8 = "en"', '8 = "xx"'),
        ('key = "2"', "key = 2"),
        ('id = "demand"', 'id = "status"'),
        ('"menu-demand"', '"menu-demnad"'),
        ('"queue:information"', '"extension:2050"'),
    ):
        assert old in wrong
        wrong = wrong.replace(old, new)
    known = Known({"menu-complaint", "menu-status", "menu-information"}, {"2001"}, ("hi", "en"))
    with pytest.raises(DialplanError) as caught:
        parse_menu(tomllib.loads(wrong), known=known)
    assert str(caught.value).split(" | ") == [
        "menu.toml, emergency_key: '#' does not fit; write one of 0 to 9 and * in quotation marks",
        "menu.toml, language_keys.8: there are no prompts in 'xx'; use hi, en",
        "menu.toml, service 2, key: 2 does not fit; write one of 0 to 9 and * in quotation marks",
        "menu.toml, service 3, prompt: 'menu-demnad' is not in the catalogue; "
        "see `helpline prompts list`, or add it to hi.toml and build it",
        "menu.toml, service 3, id: 'status' is there twice; give each service its own",
        "menu.toml, service 4, target: extension 2050 is nobody's; see executives.csv",
    ]


def test_a_menu_that_is_no_toml(tmp_path: Path) -> None:
    (tmp_path / "menu.toml").write_text("[[service]\n", encoding="utf-8")
    with pytest.raises(DialplanError, match=r"menu\.toml is not valid TOML .*correct the line"):
        load_menu(tmp_path / "menu.toml")


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("[centres.39]\nopening = 07:00\n", "write a time with its seconds .* such as 07:00:00"),
        ("[centres.39]\nopening = 7:30 # morning\n", "write a time with its seconds .* such as 07:00:00"),
        ("[centres.39]\ndays = [\u201cmon\u201d]\n", "write straight quotation marks"),
        ("[centres.39\nopening = 07:00\n", "correct the line"),
    ],
)
def test_what_is_often_written_and_no_toml(tmp_path: Path, text: str, remedy: str) -> None:
    (tmp_path / "hours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DialplanError, match=rf"hours\.toml is not valid TOML .*: {remedy}"):
        load_hours(tmp_path / "hours.toml")


def test_a_file_as_windows_saves_it(tmp_path: Path) -> None:
    (tmp_path / "menu.toml").write_text(MENU, encoding="utf-8-sig", newline="\r\n")
    assert load_menu(tmp_path / "menu.toml") == load_menu()
    (tmp_path / "menu.toml").write_text(MENU, encoding="utf-16")
    with pytest.raises(DialplanError, match=r"menu\.toml is not UTF-8 text: save it as UTF-8 in the editor"):
        load_menu(tmp_path / "menu.toml")


def test_hours_of_a_district_without_a_centre() -> None:
    text = "[centres.38]\nopening = 22:00:00\nclosing = 06:00:00\n[centres.39]\ndays = []\n"
    with pytest.raises(DialplanError) as caught:
        parse_hours(tomllib.loads(text), centres={"39"})
    assert [one.partition(";")[0] for one in str(caught.value).split(" | ")] == [
        "hours.toml, centres.38: is no district with a centre",
        "hours.toml, centres.38.closing: 06:00 is not after opening",
        "hours.toml, centres.39.days: [] does not fit",
    ]


HOURS = """[centres.39]
days = ["mon", "tue", "wed", "thu", "fri"]
opening = 07:00:00
closing = 23:00:00
closed = [2027-01-26]
"""


def utc(text: str) -> datetime:
    """An Indian time such as 2027-01-25 07:00, in UTC."""
    return datetime.fromisoformat(f"{text}+05:30").astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        ("2027-01-25 06:59", False, "2027-01-25 07:00"),
        ("2027-01-25 07:00", True, "2027-01-25 07:00"),
        ("2027-01-25 22:59", True, "2027-01-25 22:59"),
        ("2027-01-25 23:00", False, "2027-01-27 07:00"),
        ("2027-01-26 12:00", False, "2027-01-27 07:00"),
        ("2027-01-29 23:30", False, "2027-02-01 07:00"),
        ("2027-01-30 12:00", False, "2027-02-01 07:00"),
    ],
)
def test_open_and_closed(at: str, is_open: bool, opens: str) -> None:
    hours = parse_hours(tomllib.loads(HOURS))
    assert hours.is_open("39", utc(at)) is is_open
    assert hours.opens_next("39", utc(at)) == utc(opens)


def test_a_district_without_hours_and_the_shipped_centre_are_always_open() -> None:
    night = utc("2027-01-26 03:00")
    assert parse_hours(tomllib.loads(HOURS)).is_open("04", night)
    assert load_hours().is_open("39", night)


def test_a_centre_that_stays_closed_has_no_next_opening() -> None:
    days = ", ".join(f"2027-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 29))
    text = HOURS.replace('"mon", "tue", "wed", "thu", "fri"', '"sun"').replace("2027-01-26", days)
    assert parse_hours(tomllib.loads(text)).opens_next("39", utc("2027-01-01 12:00")) == utc(
        "2027-01-31 07:00"
    )
    text = text.replace("[2027", "[2027-01-31, 2027")
    assert parse_hours(tomllib.loads(text)).opens_next("39", utc("2027-01-01 12:00")) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("centres.39", "centres.raj", "hours.toml, centres.raj: is no district's table"),
        ('"mon"', '"monday"', "centres.39.days: ['monday',"),
        ("07:00:00", "7", "centres.39.opening: 7 does not fit; write a time in whole minutes"),
        ("07:00:00", "07:00:30", "centres.39.opening: 07:00:30 does not fit"),
        ("23:00:00", "06:00:00", "centres.39.closing: 06:00 is not after opening"),
        ("2027-01-26", '"26.1."', "centres.39.closed: ['26.1.'] does not fit; write dates"),
        ("closed =", "holidays =", "centres.39.holidays: this key is not known"),
    ],
)
def test_mistakes_in_the_hours(old: str, new: str, said: str) -> None:
    assert old in HOURS
    with pytest.raises(DialplanError) as caught:
        parse_hours(tomllib.loads(HOURS.replace(old, new)))
    assert said in str(caught.value)
