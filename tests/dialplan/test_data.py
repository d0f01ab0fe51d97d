"""Districts and executives: what is shipped, and what is said of mistakes in the sheets."""

from pathlib import Path

import pytest

from dialplan.districts import load_districts, parse_districts
from dialplan.errors import DialplanError
from dialplan.executives import load_executives, parse_executives
from dialplan.sheet import SheetError
from ivr_prompts.catalogue import load_catalogue

HEAD = "code,slug,name_hi,name_en,division,lgd_code,std_codes,has_centre\n"
GOOD = "39,rajgarh,राजगढ़,Rajgarh,Bhopal,422,07372 07374,1\n"
PEOPLE = "extension,name_hi,name_en,district_code\n"


def test_the_shipped_districts() -> None:
    districts = load_districts()
    assert len(districts) == 55
    assert len({district.division for district in districts}) == 10
    assert [one.code for one in districts if one.division == "Bhopal"] == ["04", "37", "38", "39", "40"]
    rajgarh = districts.by_code("39")
    assert rajgarh is not None
    assert (rajgarh.slug, rajgarh.name_hi, rajgarh.lgd_code, rajgarh.std_codes[0]) == (
        "rajgarh", "राजगढ़", "422", "07372",
    )  # fmt: skip
    assert [district.slug for district in districts if district.has_centre] == ["rajgarh"]
    assert [districts.by_code(code).slug for code in ("72", "73", "74")] == ["maihar", "mauganj", "pandhurna"]  # type: ignore[union-attr]
    assert districts.by_code("99") is None


def test_every_district_has_its_prompt() -> None:
    keys = set(load_catalogue().keys())
    assert [one.slug for one in load_districts() if f"district/{one.slug}" not in keys] == []


def test_the_shipped_executives() -> None:
    executives = load_executives(districts=load_districts())
    assert [one.extension for one in executives] == ["2001", "2002", "2003", "2004"]
    assert {one.queue for one in executives} == {"district-39"}
    assert executives[0].interface == "PJSIP/2001"


def test_a_spreadsheets_byte_order_mark_and_blank_rows_are_no_mistake() -> None:
    districts = parse_districts("\ufeff" + HEAD.replace("\n", "\r\n") + "\r\n" + GOOD + ",,,,,,,\n")
    assert [one.code for one in districts] == ["39"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + GOOD.replace("39", "4", 1), "districts.csv row 2, column code: '4' does not fit; write"),
        (HEAD + GOOD.replace("07372", "7372"), "row 2, column std_codes: '7372 07374' does not fit"),
        (HEAD + GOOD.replace(",1\n", ",yes\n"), "row 2, column has_centre: 'yes' does not fit; write 1 when"),
        (HEAD + GOOD.replace("राजगढ़", " "), "row 2, column name_hi: empty; write the district's name"),
        (HEAD + GOOD.replace("Bhopal", ""), "row 2, column division: empty; write the division's name"),
        (HEAD + GOOD + GOOD, "row 3, column code: 39 is already in row 2; each must be there once"),
        (HEAD + "39,rajgarh\n", "row 2: 2 cells instead of 8; check the commas"),
        (HEAD, "row 1: there is no district; restore the file as it was shipped"),
        (HEAD.replace("slug", "x") + GOOD, "row 1, column slug: this column is missing; the first row"),
        (HEAD.replace("slug", "short") + GOOD, "row 1, column short: this column is not known"),
        ("", "row 1, column code: this column is missing"),
        (HEAD + '"39,x\n', "check the"),
    ],
)  # fmt: skip
def test_mistakes_in_districts_name_file_row_column_and_remedy(text: str, said: str) -> None:
    with pytest.raises(SheetError) as caught:
        parse_districts(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(SheetError) as caught:
        parse_districts(HEAD + GOOD.replace("39", "x", 1) + GOOD.replace(",1\n", ",2\n"))
    assert [(one.row, one.column) for one in caught.value.problems] == [
        (2, "code"), (3, "has_centre"), (3, "slug"), (3, "std_codes"), (3, "std_codes"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2000,क,A,39", "executives.csv row 2, column extension: '2000' does not fit; use 2001 to 2099"),
        ("3001,क,A,39", "column extension: '3001' does not fit"),
        ('2001,क,"A"";x",39', "column name_en: 'A\";x' does not fit; use Roman letters"),
        ("2001,,A,39", "column name_hi: empty"),
        ("2001,क,A,04", "column district_code: '04' is no district with a centre; see districts.csv"),
        ("2001,क,A,98", "column district_code: '98' is no district with a centre"),
    ],
)
def test_mistakes_in_executives(row: str, said: str) -> None:
    with pytest.raises(SheetError) as caught:
        parse_executives(PEOPLE + row + "\n", districts=load_districts())
    assert said in str(caught.value)


def test_the_same_extension_twice_and_a_state_operator() -> None:
    with pytest.raises(SheetError, match="2001 is already in row 2; give each his own"):
        parse_executives(PEOPLE + "2001,क,A,39\n2001,ख,B,39\n")
    assert parse_executives(PEOPLE + "2090,क,A,state\n")[0].queue == "state"


def test_an_executive_of_a_queue_of_the_menu() -> None:
    people = PEOPLE + "2090,क,A,information\n"
    found = parse_executives(people, districts=load_districts(), queues={"information"})
    assert found == parse_executives(people)
    assert found[0].queue == "information"
    with pytest.raises(SheetError, match="'information' is no district with a centre"):
        parse_executives(people, districts=load_districts())


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DialplanError, match="cannot be read"):
        load_districts(tmp_path / "gone.csv")
    (tmp_path / "latin.csv").write_bytes(HEAD.encode() + b"\xe9\n")
    with pytest.raises(DialplanError, match="not UTF-8"):
        load_districts(tmp_path / "latin.csv")
