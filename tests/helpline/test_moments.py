"""What is still to come is not written down, except to practise; what comes too late is told with its day."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.helpline.conftest import FORM, Run, registered, take
from tests.office.office_sheets import TEHSILDAR

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="minutes")
LAST_YEAR = (datetime.now(UTC) - timedelta(days=365)).isoformat(timespec="minutes")


@pytest.fixture
def real(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A centre that is not there to practise."""
    monkeypatch.delenv("HELPLINE_HELPLINE_REHEARSAL")
    return run


def test_nothing_is_written_of_a_day_to_come(real: Run) -> None:
    made = real("complaint", "register", "--by", "sita", *FORM, "--at", LAST_YEAR, "--json")
    number = made.json["number"]
    for command in (
        ("complaint", "attend", number, "--by", "mohan", "--note", "कल"),
        ("complaint", "register", "--by", "sita", *FORM),
        ("serve", "clock", "--once"),
    ):
        told = real(*command, "--at", TOMORROW)
        assert told.status == 1, command
        assert "is still to come" in told.err
        assert "rehearsal = true" in told.err
    assert real("complaint", "show", number, "--json").json["last_seq"] == 2
    assert len(real("complaint", "list", "--json").json) == 1


def test_looking_ahead_writes_nothing_and_is_possible(real: Run) -> None:
    real("complaint", "register", "--by", "sita", *FORM, "--at", LAST_YEAR)
    assert real("serve", "clock", "--dry-run", "--at", TOMORROW).status == 0
    assert real("complaint", "list", "--overdue", "--at", TOMORROW).status == 0


def test_to_practise_any_day_will_do(run: Run) -> None:
    number = registered(run, "--at", TOMORROW)
    take(run, "attend", number, "--by", "mohan", "--note", "कल", "--at", TOMORROW)


def test_an_earlier_moment_is_refused_with_the_last_one(run: Run) -> None:
    told = run("complaint", "attend", registered(run), "--by", "mohan", "--note", "क", "--at", "2026-11-01")
    assert told.status == 1
    assert "its last event is of 2026-11-02 10:00, later than this moment" in told.err


def test_who_may_not_is_told_so_before_his_words_are_read(run: Run) -> None:
    number = registered(run)
    at = ("--at", "2026-11-03")
    other = run("complaint", "change-type", number, "--by", "sita", "--type", "PRD-03", "--reason", "x", *at)
    assert "this is for the officer who has it" in other.err
    assert TEHSILDAR in other.err
    same = run("complaint", "reassign", number, "--by", "mohan", "--reason", "x", *at)
    assert "this is for a supervisor" in same.err
    late = ("--type", "PRD-03", "--reason", "x", "--at", "2026-11-20")
    assert "until 2026-11-05" in run("complaint", "change-type", number, "--by", "mohan", *late).err


def test_a_complaint_does_not_leave_for_its_own_department(run: Run) -> None:
    number = registered(run)
    told = run("complaint", "out-of-department", number, "--by", "mohan", "--department", "REVENUE",
               "--reason", "OTHER-DEPARTMENT", "--at", "2026-11-03")  # fmt: skip
    assert told.status == 1
    assert "is with REVENUE already" in told.err
