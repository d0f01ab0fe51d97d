"""Columns hold with Devanagari in them."""

import pytest

from helpline.columns import cut, pad, table, width, wrap


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("राजगढ़", 5), ("शिकायत", 6), ("हिन्दी", 5), ("की", 2), ("", 0), ("日本", 4), ("a\u200db", 2)],
)
def test_as_many_columns_as_a_terminal_draws(text: str, columns: int) -> None:
    assert width(text) == columns
    assert width(pad(text, 10)) == 10


def test_nothing_loses_its_matra() -> None:
    assert cut("शिकायत दर्ज", 30) == "शिकायत दर्ज"
    for columns in range(1, 12):
        short = cut("निराकरण पूर्ण", columns)
        assert width(short) <= columns
        assert short.endswith("…") or short == "निराकरण पूर्ण"
    assert cut("कु", 1) == "कु", "it fits"
    assert cut("कुमा", 2) == "कु…"
    assert cut("काम", 2) == "…", "का has two columns: without its matra it would read क"


def test_a_table_is_straight() -> None:
    rows = [("10", "राजगढ़", "x"), ("2000", "Rajgarh district", "y")]
    lines = table(rows, heads=("n", "place", ""), widest=12)
    assert lines[0] == "n     place"
    places = [width(line[: line.rindex(last)]) for line, last in zip(lines[1:], "xy", strict=True)]
    assert places == [20, 20]
    assert "Rajgarh dis…" in lines[2]
    assert table([("a" * 60,)]) == ["a" * 60], "the last column is never cut"


def test_wrapped_where_blanks_allow() -> None:
    assert wrap("क ख ग", 3) == ["क ख", "ग"]
    assert wrap("one\n\ntwo", 10, indent="  ") == ["  one", "", "  two"]
    assert wrap("unbreakable words", 5) == ["unbreakable", "words"]
