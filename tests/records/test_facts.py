"""What reports read of many complaints: in pages, on both databases."""

import pytest

from records import CLOCK, Ask, Escalate, Propose, Records
from records.complaints import grading_query as facts
from records.complaints.grading_query import Fact, Habitual
from tests.records.life_samples import LEVELS, SITA, days, officer
from tests.records.samples import NOON, complaint


@pytest.fixture(autouse=True)
def _two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "PAGE", 2)


async def some(records: Records, count: int) -> list[str]:
    """The numbers of new complaints, from telephones ...00, ...01 and so on."""
    every = [
        await records.complaints.register(complaint(call_id=None, citizen_phone=f"98123456{each:02}"))
        for each in range(count)
    ]
    return [each.number for each in every]


async def read(records: Records, **bounds: object) -> list[Fact]:
    return [fact async for fact in facts.facts(records.database, **bounds)]  # type: ignore[arg-type]


async def test_every_complaint_once_with_whose_levels_passed(records: Records) -> None:
    numbers = await some(records, 5)
    for level, day in ((2, 8), (3, 15)):
        await records.complaints.act(numbers[3], Escalate(LEVELS[level]), CLOCK, days(day))
    found = await read(records)
    assert [fact.number for fact in found] == numbers
    assert found[0] == Fact(
        numbers[0], "39", "REV", LEVELS[1].post_id, "+919812345600", NOON, None, None, 0, ()
    )
    assert (found[3].post, found[3].not_attended) == (LEVELS[3].post_id, 2)
    assert found[3].missed_posts == (LEVELS[1].post_id, LEVELS[2].post_id)


async def test_only_those_of_a_time(records: Records) -> None:
    closed, still = await some(records, 2)
    await records.complaints.act(closed, Propose("done"), officer(1), days(1))
    await records.complaints.act(closed, Ask("satisfied"), SITA, days(2))
    assert [fact.closure for fact in await read(records, not_closed_before=days(2))] == ["satisfied", None]
    assert [fact.number for fact in await read(records, not_closed_before=days(2.1))] == [still]
    assert await read(records, registered_before=NOON) == []
    assert len(await read(records, registered_before=days(0.1))) == 2


async def test_telephones_of_many_complaints(records: Records) -> None:
    await some(records, 2)
    for each, name in enumerate(("Ram", "Ram Lal", "Ram Lal Verma")):
        new = complaint(call_id=None, citizen_name=name, citizen_phone="9812345601", registered_at=days(each))
        last = await records.complaints.register(new)
    await records.complaints.act(last.number, Propose("done"), officer(1), days(3))
    await records.complaints.act(last.number, Ask("satisfied"), SITA, days(4))
    found = Habitual("+919812345601", "Ram Lal Verma", 4, 3, NOON, days(2))
    assert await facts.habitual(records.database, 3) == [found]
    assert await facts.habitual(records.database, 4) == []
    early = await facts.habitual(records.database, 2, registered_before=days(2))
    assert [(one.citizen, one.complaints) for one in early] == [("+919812345601", 3)]
    await records.complaints.register(complaint(call_id=None, citizen_phone="9812345601", kind="demand"))
    assert await facts.habitual(records.database, 4) == [], "a demand is no complaint"
