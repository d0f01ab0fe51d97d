"""A complaint's life as the office lives it: who gets it, by when, and who may do what."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from helpline.app import App
from office import Editions, Office, OfficeError, drafts
from office.clocks import clocks
from office.errors import RefusedError, UnknownActorError
from office.forms import Registering
from records import Complaint, Wanted, open_records
from records.life.steps import Actor
from tests.helpline.conftest import ist
from tests.office.office_sheets import COLLECTOR, COMMISSIONER, JANPAD, JIRAPUR, RAJGARH, SDO, TEHSILDAR
from tests.records.samples import user

FORM = Registering("REVENUE-01", RAJGARH, "रामलाल वर्मा", "98123 45610", "नामांतरण नहीं हुआ", "39")
SITA = Actor("sita", "executive")


class Calendar:
    """A clock that tests set by hand."""

    def __init__(self) -> None:
        self.now = ist("2026-11-02T10:00")

    def __call__(self) -> datetime:
        return self.now

    def day(self, number: int) -> None:
        """Ten in the morning, so many days after 2 November 2026."""
        self.now = ist("2026-11-02T10:00") + timedelta(days=number)


@asynccontextmanager
async def opened(app: App, clock: Calendar) -> AsyncIterator[Office]:
    async with await open_records(app.records_url, settings=app.settings.records) as records:
        yield Office(records, Editions(app.directory), clock)


@pytest.fixture
def clock() -> Calendar:
    return Calendar()


@pytest.fixture
async def office(app: App, clock: Calendar) -> AsyncIterator[Office]:
    async with opened(app, clock) as made:
        yield made


def post(post_id: str) -> Actor:
    """Whoever holds a post."""
    return Actor("officer", "officer", frozenset({post_id}))


def holder(complaint: Complaint) -> Actor:
    """The officer who has it."""
    return post(complaint.assigned.post_id)


async def test_registered_with_the_officer_and_the_day_of_the_mapper(office: Office) -> None:
    made = await office.register(SITA, FORM)
    assert (made.assigned.post_id, made.assigned.due) == (TEHSILDAR, date(2026, 11, 9))
    assert (made.type_en, made.place_hi, made.status, made.registered_by) == (
        "Mutation (namantaran)", "खजूरी", "open", "sita",
    )  # fmt: skip
    with pytest.raises(OfficeError, match="executive or a supervisor"):
        await office.register(post(TEHSILDAR), FORM)


async def test_resolved_and_closed_with_the_citizens_consent(office: Office, clock: Calendar) -> None:
    number = (await office.register(SITA, FORM)).number
    await office.attend(number, post(TEHSILDAR), "पटवारी को भेजा")
    await office.propose(number, post(TEHSILDAR), "आदेश जारी")
    clock.day(1)
    assert (await office.ask(number, SITA, "unreachable")).status == "unreachable"
    clock.day(2)
    closed = await office.ask(number, SITA, "satisfied")
    assert (closed.status, closed.closure, closed.tries) == ("closed", "satisfied", 1)
    clock.day(40)
    standing = clocks(closed, office.today)
    assert (standing.total, standing.stopped, standing.overdue) == (2, True, False)


async def test_who_is_not_satisfied_is_heard_one_level_up(office: Office, clock: Calendar) -> None:
    number = (await office.register(SITA, FORM)).number
    for day, expected in ((1, SDO), (2, COLLECTOR), (3, COLLECTOR)):
        clock.day(day)
        now = await office.find(number)
        await office.propose(number, holder(now), "हो गया")
        now = await office.ask(number, SITA, "not_satisfied")
        assert now.assigned.post_id == expected
    standing = clocks(now, office.today)
    assert (standing.total, standing.at_level) == (3, 1), "level 3 is left by hand only, its clock goes on"
    assert now.assigned.due == date(2026, 11, 11)


async def test_up_by_hand_with_a_reason_and_back(office: Office, clock: Calendar) -> None:
    number = (await office.register(SITA, FORM)).number
    with pytest.raises(RefusedError, match="not by hand"):
        await office.send_up(number, post(TEHSILDAR), "POLICY")
    for _ in range(2):
        now = await office.find(number)
        await office.propose(number, holder(now), "हो गया")
        await office.ask(number, SITA, "not_satisfied")
    with pytest.raises(RefusedError) as refused:
        await office.send_up(number, post(COLLECTOR), "BECAUSE")
    assert "POLICY" in str(refused.value)
    assert "नीतिगत विषय" in str(refused.value), "the list is shown in words"
    clock.day(4)
    up = await office.send_up(number, post(COLLECTOR), "POLICY", "नीति")
    assert (up.assigned.post_id, up.assigned.due) == (COMMISSIONER, date(2026, 11, 13))
    clock.day(6)
    back = await office.send_back(number, post(COMMISSIONER), "DISTRICT-CAN")
    assert (back.assigned.post_id, back.assigned.due) == (COLLECTOR, date(2026, 11, 15))
    assert clocks(back, office.today).total == 6
    with pytest.raises(RefusedError, match="not sent up"):
        await office.send_back(number, post(COLLECTOR), "DISTRICT-CAN")


async def test_the_type_is_changed_in_the_first_days_only(office: Office, clock: Calendar) -> None:
    number = (await office.register(SITA, FORM)).number
    clock.day(3)
    changed = await office.change_type(number, post(TEHSILDAR), "REVENUE-02", "WRONG-TYPE")
    assert (changed.type_code, changed.assigned.due) == ("REVENUE-02", date(2026, 11, 9))
    with pytest.raises(OfficeError, match="out of department"):
        await office.change_type(number, post(TEHSILDAR), "PRD-03", "WRONG-TYPE")
    clock.day(4)
    with pytest.raises(RefusedError, match="until 2026-11-05"):
        await office.change_type(number, post(TEHSILDAR), "REVENUE-01", "WRONG-TYPE")


async def test_another_department_after_the_district_officers_decision(
    office: Office, clock: Calendar
) -> None:
    number = (await office.register(SITA, FORM)).number
    await office.propose_department(number, post(TEHSILDAR), "PRD", "OTHER-DEPARTMENT")
    clock.day(2)
    with pytest.raises(RefusedError) as refused:
        await office.decide_department(number, post(TEHSILDAR), accept=True, type_code="PRD-03", reason="")
    assert "R. K. Singh, 07372255025" in str(refused.value), "who may decide it, and how he is reached"
    with pytest.raises(RefusedError, match="same department"):
        await office.decide_department(
            number, post(COLLECTOR), accept=True, type_code="REVENUE-02", reason=""
        )
    moved = await office.decide_department(
        number, post(COLLECTOR), accept=True, type_code="PRD-03", reason=""
    )
    assert (moved.assigned.post_id, moved.assigned.department_code) == (JANPAD, "PRD")
    assert (moved.type_code, moved.status) == ("PRD-03", "open")
    assert moved.assigned.due == date(2026, 11, 11), "its limit begins on the day it came"
    standing = clocks(moved, office.today)
    assert (standing.total, standing.at_level) == (2, 0)
    up = await office.propose(number, post(JANPAD), "हो गया")
    up = await office.ask(number, SITA, "not_satisfied")
    assert up.assigned.post_id == "PRD-L2@district:422", "it climbs in the department that has it now"


async def test_a_declined_department_stays_and_says_why(office: Office) -> None:
    number = (await office.register(SITA, FORM)).number
    await office.propose_department(number, post(TEHSILDAR), "PRD", "OTHER-DEPARTMENT")
    with pytest.raises(RefusedError, match="reason"):
        await office.decide_department(number, post(COLLECTOR), accept=False, type_code=None, reason="")
    stayed = await office.decide_department(
        number, post(COLLECTOR), accept=False, type_code=None, reason="राजस्व का ही विषय"
    )
    assert (stayed.status, stayed.assigned.post_id) == ("attended", TEHSILDAR)
    assert (await office.records.complaints.events(number))[-1].data["reason"] == "राजस्व का ही विषय"


async def test_a_special_close_needs_reason_decision_and_a_told_citizen(office: Office) -> None:
    number = (await office.register(SITA, FORM)).number
    with pytest.raises(RefusedError, match="COURT"):
        await office.propose_close(number, post(TEHSILDAR), "TIRED", "x", citizen_told=False)
    await office.propose_close(number, post(TEHSILDAR), "COURT", "वाद लंबित", citizen_told=False)
    with pytest.raises(RefusedError, match="told"):
        await office.decide_close(number, post(COLLECTOR), accept=True, reason="ठीक", citizen_told=False)
    closed = await office.decide_close(number, post(COLLECTOR), accept=True, reason="ठीक", citizen_told=True)
    assert (closed.status, closed.closure) == ("closed", "special")
    assert (await office.situation(closed)).close_levels == {1, 2}, "those below the one who decides"


async def test_information_and_demands_have_a_short_life(office: Office) -> None:
    asked = await office.register(SITA, replace(FORM, kind="information"))
    assert (await office.answer(asked.number, SITA, "बताया")).closure == "answered"
    demand = await office.register(SITA, replace(FORM, kind="demand"))
    with pytest.raises(RefusedError, match="demand"):
        await office.propose(demand.number, post(TEHSILDAR), "हो गया")
    declined = await office.decide_demand(demand.number, post(TEHSILDAR), accept=False, reason="NO-BUDGET")
    assert declined.closure == "declined"


async def test_linked_complaints_keep_their_own_life(office: Office) -> None:
    main, other = [(await office.register(SITA, FORM)).number for _ in range(2)]
    assert (await office.link(other, SITA, main, "duplicate")).group_of == main
    await office.propose(main, post(TEHSILDAR), "हो गया")
    assert "ask" in await office.legal(other, SITA), "its citizen is asked about the main one's resolution"
    assert "link" not in await office.legal(main, SITA)
    assert (await office.unlink(other, SITA)).group_of is None
    assert "ask" not in await office.legal(other, SITA)
    with pytest.raises(RefusedError, match="no such complaint"):
        await office.link(other, SITA, "10000999", "group")


async def test_users_act_by_the_posts_they_hold_that_day(office: Office, clock: Calendar) -> None:
    for name in ("mohan", "seema"):
        await office.records.users.create(user(name, role="officer", extension=None))
    assert (await office.actor_for("mohan")).post_ids == {TEHSILDAR}
    number = (await office.register(SITA, FORM)).number
    with pytest.raises(RefusedError, match="Mohan Sharma, 9826012345, login mohan"):
        await office.attend(number, await office.actor_for("seema"), "x")
    clock.now = ist("2026-12-21T10:00")
    deputy = await office.actor_for("seema")
    assert deputy.post_ids == {TEHSILDAR, "REVENUE-L1@tehsil:3563"}
    assert (await office.attend(number, deputy, "देखा")).attended_at is not None
    with pytest.raises(UnknownActorError, match="no user ravi"):
        await office.actor_for("ravi")
    with pytest.raises(UnknownActorError, match="did you mean"):
        await office.in_post("shell", "REVENUE-L1@tehsil:35")


async def test_of_steps_at_once_each_sees_what_the_others_did(app: App, clock: Calendar) -> None:
    async with opened(app, clock) as one, opened(app, clock) as other:
        number = (await one.register(SITA, FORM)).number
        await one.propose(number, post(TEHSILDAR), "हो गया")
        outcomes = await asyncio.gather(
            *(each.ask(number, SITA, "not_satisfied") for each in (one, other, one, other)),
            return_exceptions=True,
        )
        assert sum(isinstance(each, Complaint) for each in outcomes) == 1
        assert sum(isinstance(each, RefusedError) for each in outcomes) == 3
        kinds = [event.kind for event in await one.records.complaints.events(number)]
        assert kinds.count("citizen_asked") == 1


async def test_a_message_becomes_a_complaint_once(office: Office) -> None:
    at = office.clock()
    spoken = await office.records.drafts.store("call-1", "+919812345610", "39", "a.wav", 12.5, at)
    first = await drafts.complete(office, spoken.id, SITA, FORM)
    assert (first.call_id, first.caller_e164) == ("call-1", "+919812345610")
    assert (await drafts.complete(office, spoken.id, SITA, FORM)).number == first.number
    assert await office.records.drafts.open(10) == []
    other = await office.records.drafts.store("call-2", None, "39", "b.wav", 1.5, at)
    with pytest.raises(OfficeError, match="NO-SPEECH"):
        await drafts.discard(office, other.id, SITA, "BORING", "")
    with pytest.raises(OfficeError, match="executive"):
        await drafts.discard(office, other.id, post(TEHSILDAR), "NO-SPEECH", "")
    gone = await drafts.discard(office, other.id, SITA, "NO-SPEECH", "")
    assert (gone.reason_code, gone.closed_by) == ("NO-SPEECH", "sita")
    with pytest.raises(OfficeError, match="no message 99"):
        await drafts.discard(office, 99, SITA, "NO-SPEECH", "")


async def test_what_an_officer_has_with_the_longest_overdue_first(office: Office, clock: Calendar) -> None:
    clock.day(1)
    late = (await office.register(SITA, FORM)).number
    clock.day(0)
    first = (await office.register(SITA, FORM)).number
    elsewhere = (await office.register(SITA, replace(FORM, place_id=JIRAPUR))).number
    found = await office.search(Wanted(unclosed=True), [None], 10)
    assert [each.number for each in found] == [first, elsewhere, late]
    posts = await office.search(Wanted(), [TEHSILDAR, "REVENUE-L1@tehsil:3563"], 2)
    assert [each.number for each in posts] == [first, elsewhere]
    clock.day(8)
    overdue = await office.search(Wanted(overdue_on=office.today), [TEHSILDAR], 10)
    assert [each.number for each in overdue] == [first]
