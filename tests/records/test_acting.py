"""Steps of a complaint's life in the database: one event each, whoever else is at it."""

import asyncio
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from records import (
    CLOCK,
    Ask,
    Attend,
    Escalate,
    IllegalStep,
    Link,
    Note,
    Propose,
    Records,
    RecordsError,
    StaleError,
    Wanted,
    open_records,
)
from records.audit.verifying import verify_all
from records.life.projection import fold
from tests.records.life_samples import CONTEXT, LEVELS, SITA, WATER, days, officer
from tests.records.samples import ASSIGNED, NOON, at, complaint

ESCALATE_ALL = """
import asyncio, sys
from records import CLOCK, Escalate, IllegalStep, Wanted, open_records
from tests.records.life_samples import LEVELS, days

async def main() -> None:
    async with await open_records(sys.argv[1]) as records:
        sys.stdin.readline()
        moved = 0
        for found in await records.complaints.search(Wanted(overdue_on=days(9).date()), 100):
            try:
                await records.complaints.act(found.number, Escalate(LEVELS[2]), CLOCK, days(9))
                moved += 1
            except IllegalStep:
                pass
        print(moved)

asyncio.run(main())
"""


async def test_a_step_stores_its_event_and_the_state_that_follows(records: Records) -> None:
    stored = await records.complaints.register(complaint())
    attended = await records.complaints.act(stored.number, Attend("देखा"), officer(1), at(60))
    assert (attended.status, attended.last_seq, attended.last_at) == ("attended", 3, at(60))
    assert await records.complaints.get(stored.number) == attended
    event = (await records.complaints.events(stored.number))[-1]
    assert (event.kind, event.actor, event.at) == ("attended", "officer1", at(60))
    assert event.data == {
        "note": "देखा",
        "role": "officer",
        "post": ASSIGNED.post_id,
        "status": "attended",
    }
    assert (await verify_all(records.database)).ok


async def test_an_illegal_step_stores_nothing(records: Records) -> None:
    stored = await records.complaints.register(complaint())
    with pytest.raises(IllegalStep, match="possible now: link, note"):
        await records.complaints.act(stored.number, Ask("satisfied"), SITA, at(60))
    assert await records.complaints.get(stored.number) == stored
    assert len(await records.complaints.events(stored.number)) == 2


async def test_a_number_nobody_has_is_refused(records: Records) -> None:
    with pytest.raises(RecordsError, match="no complaint 10000012; check"):
        await records.complaints.act("10000012", Note("?"), SITA, at(60))


async def test_who_looked_at_an_older_state_is_refused(records: Records) -> None:
    stored = await records.complaints.register(complaint())
    await records.complaints.act(stored.number, Note("एक"), SITA, at(60), expected_seq=2)
    with pytest.raises(StaleError, match="changed meanwhile"):
        await records.complaints.act(stored.number, Note("दो"), SITA, at(61), expected_seq=2)
    assert len(await records.complaints.events(stored.number)) == 3


async def test_naive_moment_is_refused(records: Records) -> None:
    stored = await records.complaints.register(complaint())
    with pytest.raises(ValueError, match="time zone"):
        await records.complaints.act(stored.number, Note("एक"), SITA, NOON.replace(tzinfo=None))


async def test_steps_at_once_from_two_programs_are_each_stored_once(
    records: Records, database_url: str
) -> None:
    stored = await records.complaints.register(complaint())
    async with await open_records(database_url) as other:
        await asyncio.gather(
            *(
                book.act(stored.number, Note(f"{name} {count}"), SITA, at(60))
                for name, book in (("a", records.complaints), ("b", other.complaints))
                for count in range(15)
            )
        )
    events = await records.complaints.events(stored.number)
    assert [event.seq for event in events] == list(range(1, 33))
    assert Counter(str(event.data["text"]) for event in events[2:]) == {
        f"{name} {count}": 1 for name in "ab" for count in range(15)
    }
    assert await records.complaints.get(stored.number) == fold(events)
    assert (await verify_all(records.database)).ok


async def test_of_two_who_decide_at_once_one_is_refused(records: Records, database_url: str) -> None:
    stored = await records.complaints.register(complaint())
    await records.complaints.act(stored.number, Propose("किया"), officer(1), at(60))
    async with await open_records(database_url) as other:
        results = await asyncio.gather(
            records.complaints.act(stored.number, Ask("satisfied"), SITA, at(90)),
            other.complaints.act(stored.number, Ask("not_satisfied", "", LEVELS[2]), SITA, at(90)),
            return_exceptions=True,
        )
    assert sorted(type(one).__name__ for one in results) == ["Complaint", "IllegalStep"]
    assert len(await records.complaints.events(stored.number)) == 4


async def test_two_clocks_in_two_processes_move_each_complaint_once(
    records: Records, database_url: str
) -> None:
    stored = [await records.complaints.register(complaint(call_id=None)) for _ in range(12)]
    command = [sys.executable, "-W", "error", "-c", ESCALATE_ALL, database_url]
    root = Path(__file__).parents[2]
    async with asyncio.timeout(120):
        clocks = [
            await asyncio.create_subprocess_exec(
                *command,
                cwd=root,
                stdin=-1,
                stdout=-1,
                stderr=-1,
                env={**os.environ, "PYTHONPATH": str(root)},
            )
            for _ in range(2)
        ]
        outputs = await asyncio.gather(*(clock.communicate(b"\n") for clock in clocks))
    assert [error for _, error in outputs if error] == []
    assert sum(int(output) for output, _ in outputs) == len(stored)
    for one in stored:
        now = await records.complaints.get(one.number)
        assert now is not None
        assert (now.assigned, now.not_attended, now.last_seq) == (LEVELS[2], (1,), 3)
        assert (await verify_all(records.database)).ok


async def test_two_that_link_to_each_other_at_once_do_not_both(records: Records, database_url: str) -> None:
    one = await records.complaints.register(complaint())
    two = await records.complaints.register(complaint())
    async with await open_records(database_url) as other:
        results = await asyncio.gather(
            records.complaints.act(one.number, Link(two.number, "group"), SITA, at(60)),
            other.complaints.act(two.number, Link(one.number, "group"), SITA, at(60)),
            return_exceptions=True,
        )
    assert sorted(type(result).__name__ for result in results) == ["Complaint", "IllegalStep"]


async def test_linked_complaints_are_found_and_asked_about(records: Records) -> None:
    main = await records.complaints.register(complaint())
    twin = await records.complaints.register(complaint())
    twin = await records.complaints.act(twin.number, Link(main.number, "duplicate"), SITA, at(60))
    assert await records.complaints.linked(main.number) == [twin]
    with pytest.raises(IllegalStep, match="has a resolution to ask about"):
        await records.complaints.act(twin.number, Ask("satisfied"), SITA, at(61))
    other = await records.complaints.register(complaint())
    with pytest.raises(IllegalStep, match="no such complaint"):
        await records.complaints.act(other.number, Link("99999999", "group"), SITA, at(61))
    await records.complaints.act(main.number, Propose("किया"), officer(1), at(70))
    await records.complaints.act(main.number, Ask("satisfied"), SITA, at(80))
    closed = await records.complaints.act(twin.number, Ask("satisfied"), SITA, at(90))
    assert closed.closure == "satisfied"


async def test_search_by_everything_people_look_for(records: Records) -> None:
    book = records.complaints
    one = await book.register(complaint(call_id=None))
    two = await book.register(
        complaint(call_id=None, assigned=WATER, citizen_name="100% Sita", kind="demand")
    )
    three = await book.register(complaint(call_id=None, district_code="04", registered_at=at(60)))
    one = await book.act(one.number, Attend("देखा"), officer(1), at(60))
    for wanted, found in (
        (Wanted(), [three, two, one]),
        (Wanted(status="attended"), [one]),
        (Wanted(kind="demand"), [two]),
        (Wanted(post_id=WATER.post_id), [two]),
        (Wanted(department="PHE"), [two]),
        (Wanted(district="39", status="open"), [two]),
        (Wanted(overdue_on=WATER.due), [three, one]),
        (Wanted(overdue_on=ASSIGNED.due), []),
        (Wanted(phone="+919812345610"), [three, two, one]),
        (Wanted(phone="+91751"), []),
        (Wanted(text="0% sITA khajuri"), [two]),
        (Wanted(text=f" {three.number[1:]} "), [three]),
        (Wanted(text="_"), []),
        (Wanted(text="नामांतरण"), [three, two, one]),
        (Wanted(unclosed=True, text="\x00"), []),
    ):
        assert await book.search(wanted, 10) == found, wanted
    assert await book.search(Wanted(by_due=True), 9) == [one, three, two]
    assert await book.search(Wanted(), 1, after=three.number) == [two]
    assert await book.search(Wanted(), 9, after=two.number) == [one]


async def test_messages_become_complaints_or_are_discarded_with_a_reason(records: Records) -> None:
    drafts, number = records.drafts, (await records.complaints.register(complaint())).number
    one, two = [await drafts.store("call-1", None, "39", name, 3, at(1)) for name in ("a.wav", "b.wav")]
    done = await drafts.complete(one.id, number, "sita", at(60))
    assert (done.number, done.closed_by, done.closed_at) == (number, "sita", at(60))
    assert await drafts.complete(one.id, number, "gita", at(99)) == done
    gone = await drafts.discard(two.id, "silent", " कुछ नहीं ", "sita", at(61), reasons={"silent"})
    assert (gone.reason_code, gone.note, gone.number) == ("silent", "कुछ नहीं", None)
    assert await drafts.get(two.id) == gone
    assert await drafts.open(5) == []
    assert await drafts.get(99) is None


async def test_messages_are_not_dealt_with_twice_or_for_no_reason(records: Records) -> None:
    drafts, number = records.drafts, (await records.complaints.register(complaint())).number
    draft = await drafts.store("call-1", None, "39", "a.wav", 3, at(1))
    for wrong, match in (
        (drafts.complete(draft.id, "10000036", "sita", at(2)), "no complaint 10000036"),
        (drafts.complete(99, number, "sita", at(2)), "no message 99"),
        (drafts.discard(draft.id, "", "", "sita", at(2)), "no such reason"),
        (drafts.discard(draft.id, "dull", "", "sita", at(2), reasons={"silent"}), "no such reason"),
        (drafts.discard(draft.id, "silent", "न" * 3000, "sita", at(2)), "3000 characters"),
    ):
        with pytest.raises(RecordsError, match=match):
            await wrong
    assert await drafts.open(5) == [draft]
    await drafts.complete(draft.id, number, "sita", at(2))
    with pytest.raises(RecordsError, match=f"before .complaint {number}."):
        await drafts.discard(draft.id, "silent", "", "sita", at(3))


async def test_a_whole_life_in_the_database(records: Records) -> None:
    book, number = records.complaints, (await records.complaints.register(complaint())).number
    steps = (
        (Escalate(LEVELS[2]), CLOCK, days(9)),
        (Attend("देखा"), officer(2), days(10)),
        (Propose("किया"), officer(2), days(11)),
        (Ask("unreachable"), SITA, days(12)),
        (Ask("not_satisfied", "नहीं", LEVELS[3]), SITA, days(13)),
        (Propose("अब किया"), officer(3), days(14)),
        (Ask("satisfied"), SITA, days(15)),
    )
    for step, actor, moment in steps:
        now = await book.act(number, step, actor, moment, context=CONTEXT)
        assert await book.get(number) == now == fold(await book.events(number))
        assert (await verify_all(records.database)).ok
    assert (now.closure, now.not_attended, now.registered_at) == ("satisfied", (1,), NOON)
