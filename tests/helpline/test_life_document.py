"""docs/complaints.md says what the table of the life says."""

from pathlib import Path

from helpline.main import cli
from office.errors import command_of
from records.life.states import CLOSURES, KINDS, STATUSES
from records.life.table import STAYS, TABLE, WITH_OFFICER, Row

DOCUMENT = (Path(__file__).parents[2] / "docs" / "complaints.md").read_text(encoding="utf-8")

_TO = {STAYS: "as it was", WITH_OFFICER: "with the officer"}


def line(step: str, row: Row) -> str:
    """A step as a line of the document's table."""
    states = "any" if row.states == STATUSES else ", ".join(row.states)
    if set(row.states) == set(STATUSES) - {"closed"}:
        states = "any but closed"
    kinds = "" if row.kinds == KINDS else f" ({', '.join(row.kinds)})"
    outcomes = []
    for outcome, to in row.to.items():
        closure = (row.closures or {}).get(outcome)
        became = _TO.get(to, f"{to} ({closure})" if closure else to)
        outcomes.append(f"{outcome} → {became}" if outcome else became)
    who = ", ".join(one.said.en for one in row.who)
    return f"| `{command_of(step)}` | {who} | {states}{kinds} | {'; '.join(outcomes)} |"


def test_every_step_is_in_the_table_as_it_is() -> None:
    expected = [line(step, row) for step, row in TABLE.items()]
    found = [each for each in DOCUMENT.splitlines() if each.startswith("| `") and each.count("|") == 5]
    assert found == expected, "write into docs/complaints.md:\n" + "\n".join(expected)


def test_every_state_and_closing_is_explained() -> None:
    for name in (*STATUSES, *CLOSURES, *KINDS):
        assert f"`{name}`" in DOCUMENT, name


def test_every_step_has_its_command() -> None:
    group = cli.get_command(cli.make_context("helpline", ["complaint"], resilient_parsing=True), "complaint")
    assert group is not None
    commands = set(getattr(group, "commands", {}))
    assert {command_of(step) for step in TABLE} - commands == {"escalate"}, "the clock's step has no command"
