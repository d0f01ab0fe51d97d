"""What is kept of a caller between calls and of his wishes, on both databases."""

import asyncio
from dataclasses import replace

import pytest

from records import Records
from tests.records.samples import at, call

NUMBER = "+919812345610"
OTHER = "+919812345611"


async def test_language_is_remembered_for_each_number(records: Records) -> None:
    assert await records.calls.language(NUMBER) is None
    await records.calls.set_language(NUMBER, "en")
    await records.calls.set_language(OTHER, "mup")
    await records.calls.set_language(NUMBER, "hi")
    assert await records.calls.language(NUMBER) == "hi"
    assert await records.calls.language(OTHER) == "mup"


async def test_last_district_is_that_of_the_newest_call_that_had_one(records: Records) -> None:
    log = records.calls
    assert await log.last_district(NUMBER) is None
    for call_id, seconds, code in (("b", 100, "39"), ("a", 0, "04"), ("c", 200, None)):
        await log.start(call(call_id, seconds=seconds))
        await log.set_district(call_id, code)
    await log.start(replace(call("d", seconds=300), caller_e164=OTHER))
    await log.set_district("d", "72")
    assert await log.last_district(NUMBER) == "39"
    assert await log.last_district(OTHER) == "72"


async def test_the_first_rating_of_a_call_counts(records: Records) -> None:
    await records.calls.rate("call-1", 4, at(90))
    await records.calls.rate("call-1", 1, at(91))
    rated = await records.calls.get("call-1")
    assert rated is not None
    assert rated.rating == 4
    assert [(step.kind, step.detail) for step in await records.calls.path("call-1")] == [
        ("rating", {"score": 4})
    ]


@pytest.mark.parametrize("score", [0, 6, -1])
async def test_a_rating_that_is_none(records: Records, score: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        await records.calls.rate("call-1", score, at(90))


async def test_a_step_told_twice_under_one_name_is_one_step(records: Records) -> None:
    for _ in range(2):
        await records.calls.step("call-1", at(1), "key", {"key": "3"}, once="a")
    await records.calls.step("call-1", at(1), "key", {"key": "3"}, once="b")
    assert len(await records.calls.path("call-1")) == 2


async def test_messages_wait_until_they_are_dealt_with(records: Records) -> None:
    late = await records.drafts.store("call-2", None, None, "call-2.wav", 3, at(60))
    early = await records.drafts.store("call-1", NUMBER, "39", "call-1.wav", 41.5, at(30))
    assert (early.e164, early.district_code, early.seconds, early.at) == (NUMBER, "39", 41.5, at(30))
    assert await records.drafts.open(10) == [early, late]
    assert await records.drafts.open(1) == [early]
    await records.drafts.discard(early.id, "silent", "", "sita", at(90))
    await records.drafts.discard(early.id, "silent", "", "gita", at(99))
    assert await records.drafts.open(10) == [late]
    assert (await records.drafts.store("call-1", NUMBER, "39", "call-1.wav", 41.5, at(30))).closed_at == at(
        90
    )
    assert [step.kind for step in await records.calls.path("call-1")] == ["message"]


async def test_a_number_waits_for_one_call_however_often_it_asked(records: Records) -> None:
    first = await records.callbacks.request("call-1", NUMBER, "39", at(1))
    assert await records.callbacks.request("call-1", NUMBER, "39", at(1)) == first
    assert await records.callbacks.request("call-2", NUMBER, "04", at(50)) == first
    other = await records.callbacks.request("call-3", OTHER, None, at(20))
    assert await records.callbacks.open(10) == [first, other]
    await records.callbacks.close(first.id, at(100))
    assert await records.callbacks.open(10) == [other]
    assert [step.kind for step in await records.calls.path("call-2")] == ["callback"]


async def test_a_number_that_was_called_may_ask_again_but_not_by_the_old_call(records: Records) -> None:
    first = await records.callbacks.request("call-1", NUMBER, "39", at(1))
    await records.callbacks.close(first.id, at(100))
    assert (await records.callbacks.request("call-1", NUMBER, "39", at(1))).closed_at == at(100)
    assert await records.callbacks.open(10) == []
    again = await records.callbacks.request("call-2", NUMBER, "39", at(200))
    assert await records.callbacks.open(10) == [again]


async def test_calls_of_one_number_that_ask_at_the_same_time(records: Records) -> None:
    asked = await asyncio.gather(
        *(records.callbacks.request(f"call-{number}", NUMBER, "39", at(number)) for number in range(5))
    )
    assert len(set(asked)) == 1
    assert len(await records.callbacks.open(10)) == 1


async def test_hostile_text_in_wishes_is_stored_harmlessly(records: Records) -> None:
    nasty = "'; DROP TABLE drafts; --\x00\ud800"
    await records.calls.set_language(nasty, nasty)
    await records.drafts.store(nasty, nasty, nasty, nasty, 1, at(1))
    await records.callbacks.request(nasty, nasty, nasty, at(1))
    assert (await records.drafts.open(1))[0].recording.startswith("'; DROP")
    assert (await records.calls.language(nasty) or "").startswith("'; DROP")
