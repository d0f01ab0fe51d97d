"""``helpline report``: habitual complainants and the monthly grading, over a book of a few months."""

from dataclasses import replace

import pytest

from helpline.app import App
from office import moves
from office.reports import Month, grades
from records import CLOCK, Escalate
from records.complaints import grading_query as facts
from tests.helpline.conftest import Run, ist, registered, take
from tests.office.office_sheets import SDO, TEHSILDAR
from tests.office.test_office import FORM, SITA, Calendar, opened, post

PHONES = [f"98123 456{number:02}" for number in range(40)]


@pytest.fixture
def _two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "PAGE", 2)


@pytest.mark.usefixtures("_two_at_a_time")
async def test_what_is_graded_of_a_month(app: App) -> None:
    clock = Calendar()
    async with opened(app, clock) as office:

        async def new(day: int, number: int = 0) -> str:
            clock.day(day)
            return (await office.register(SITA, replace(FORM, citizen_phone=PHONES[number]))).number

        async def close(number: str, day: int, how: str) -> None:
            clock.day(day)
            holder = post((await office.find(number)).assigned.post_id)
            await office.propose(number, holder, "हो गया")
            await office.ask(number, SITA, how)  # type: ignore[arg-type]

        await close(await new(-60), -40, "satisfied")
        await close(await new(0), 1, "satisfied")
        await close(await new(0, 1), 1, "low_quality")
        old = await new(-60, 2)
        late = await new(2, 3)
        for _ in range(9):
            await close(await new(-60, 4), -40, "satisfied")
        for _ in range(2):
            await new(3, 4)
        clock.day(20)
        complaint = await office.find(late)
        up = moves.one_up(await office.edition(), complaint, office.today)
        assert up is not None
        await office.records.complaints.act(late, Escalate(up), CLOCK, office.clock())
        told = await grades(office, Month.of(office.today))

    assert told.left_out == 2, "of one who complained eleven times, nine of them before"
    rajgarh = told.of("district", "39")
    assert rajgarh is not None
    counts = rajgarh.counts
    assert (counts.received, counts.closed, counts.satisfied, counts.low_quality) == (4, 2, 1, 1)
    assert (counts.pending_long, counts.not_attended) == (1, 1), (
        "the one closed in September is of no month here"
    )
    tehsildar, sdo = told.of("post", TEHSILDAR), told.of("post", SDO)
    assert tehsildar is not None
    assert sdo is not None
    assert (tehsildar.counts.not_attended, sdo.counts.not_attended) == (1, 0), (
        "whose level passed, not who got it"
    )
    assert told.gains("district", "39")[0].number == old


def test_months() -> None:
    today = ist("2026-11-23T12:00").date()
    assert str(Month.named("2026-11", today).last) == "2026-11-23"
    assert str(Month.named("2024-02", today).last) == "2024-02-29"
    for wrong in ("2026-12", "2026", "november", "2026-13"):
        with pytest.raises(ValueError):
            Month.named(wrong, today)


def test_grading_as_it_is_typed(run: Run) -> None:
    assert "nothing to grade in 2026-11" in run("report", "grading", "--at", "2026-11-20").out
    number = registered(run)
    told = run("report", "grading", "--at", "2026-11-20").out
    assert "राजगढ़ (Rajgarh)" in told
    assert f"{TEHSILDAR} तहसीलदार" in told
    assert "assumed, no source gave it: weight_low_quality" in told
    one = run("report", "grading", "--department", "REVENUE", "--at", "2026-11-20").out
    assert "60 × 0 of 0 closed, all points at 100 %; assumed: satisfaction_of_closed" in one
    assert f"{number[:4]} {number[4:]}  +60.00  open for 18 days" in one
    as_json = run("report", "grading", "--district", "39", "--json", "--at", "2026-11-20").json
    assert as_json["gains"] == [{"number": number, "gain": 60.0, "days_open": 18}]
    assert as_json["letter"] == "C"
    assert "weight_satisfaction" not in as_json["assumed"]
    nobody = run("report", "grading", "--post", "X", "--at", "2026-11-20")
    assert (nobody.status, "no graded complaint of post X" in nobody.err) == (1, True)
    as_json = run("report", "grading", "--post", "X", "--at", "2026-11-20", "--json")
    assert (as_json.status, as_json.json["ok"]) == (1, False)
    for month in ("soon", "0001-01", "2026-13"):
        refused = run("report", "grading", "--month", month)
        assert (refused.status, "write it as 2026-11" in refused.err) == (2, True)
    assert run("report", "grading", "--post", "X", "--district", "39").status == 2


def test_habitual_complainants(run: Run) -> None:
    number = registered(run)
    registered(run)
    registered(run, "--kind", "demand")
    take(run, "propose", number, "--by", "mohan", "--note", "हो गया", "--at", "2026-11-03")
    take(run, "ask", number, "--by", "sita", "--result", "satisfied", "--at", "2026-11-04")
    told = run("report", "habitual", "--over", "1", "--json").json
    assert told["over"] == 1
    assert [(each["citizen"], each["complaints"], each["unclosed"]) for each in told["citizens"]] == [
        ("+919812345610", 2, 1)
    ]
    assert run("complaint", "habitual").out == run("report", "habitual").out


def test_a_level_that_passed_without_an_entry(run: Run) -> None:
    number = registered(run)
    assert run("serve", "clock", "--once", "--at", "2026-11-10T00:01").status == 0
    page = run("complaint", "show", number, "--at", "2026-11-12").out
    assert "not attended by L1 (नॉट अटेंडेड)" in page
    assert "L1 made no entry" in page
    assert "L2 for 3 days; 4 days left, until the end of 16 November 2026" in page
    why = run("complaint", "explain", number).out
    assert "*/leaving L1: level 1 is left by itself when its limit ends: won" in why
    assert "limit from 9 November 2026 until the end of 16 November 2026" in why
    grade = run("report", "grading", "--post", TEHSILDAR, "--at", "2026-11-12").out
    assert "no score: none is with it; 1 of 1 passed it not attended" in grade


def test_demands_and_requests_for_information_are_not_graded(run: Run) -> None:
    number = registered(run)
    demand, request = (registered(run, "--kind", kind) for kind in ("demand", "information"))
    take(run, "answer", request, "--by", "sita", "--text", "सोमवार से", "--at", "2026-11-03")
    told = run("report", "grading", "--at", "2026-11-20", "--json").json
    assert told["districts"][0]["counts"]["received"] == 1
    assert told["districts"][0]["counts"]["closed"] == 0
    gains = run("report", "grading", "--at", "2026-11-20", "--department", "REVENUE", "--json").json["gains"]
    assert [gain["number"] for gain in gains] == [number]
    assert demand not in [gain["number"] for gain in gains]


def test_a_complaint_that_would_raise_nothing_is_not_told_to_raise_it(run: Run) -> None:
    number = registered(run)
    take(run, "propose", number, "--by", "mohan", "--note", "हो गया", "--at", "2026-11-03")
    take(run, "ask", number, "--by", "sita", "--result", "satisfied", "--at", "2026-11-04")
    registered(run)
    told = run("report", "grading", "--district", "39", "--at", "2026-11-06").out
    assert "+0.00" not in told
    assert "would not raise the score" in told
