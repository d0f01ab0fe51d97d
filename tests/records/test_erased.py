"""Erasures in a chain: what was blanked on record holds, what was blanked otherwise is found."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from records import Ask, Attend, Note, Propose, Records, RecordsError, open_records
from records.audit.examining import examine
from records.audit.verifying import verify_all
from records.complaints.complaint_rows import columns, event_columns, event_of, linked
from records.database.database import Database
from records.database.urls import address
from records.keeping.erasing import erase_person
from records.life import chain, projection
from records.life import rules as life
from records.life.chain import ComplaintEvent, NewEvent
from records.life.erased import Erasure, erased_event, erasures, without
from records.life.sealing import PARTS, Part, opened, seal
from records.life.steps import Actor, Step
from records.migrations.migrate import upgrade
from tests.records.life_samples import SITA, officer
from tests.records.old_rows import NUMBER, store_old_complaint
from tests.records.samples import NOON, QUICK, FakeClock, at, complaint
from tests.records.tampering import by_hand, kinds, three

ERASURE = Erasure("e1", "आवेदन", "gita", at(900))
WAYS: list[tuple[Part, ...]] = [("caller",), ("citizen",), ("caller", "citizen")]
WORDS = st.text("कखगमुन्नी abc", min_size=1, max_size=12).map(lambda word: f"न{word}")


def stored(events: Sequence[ComplaintEvent]) -> list[ComplaintEvent]:
    """Through the rows of the database."""
    rows = [json.loads(json.dumps(event_columns(event), default=str)) for event in events]
    return [replace(event_of(row), at=event.at) for row, event in zip(rows, events, strict=True)]


def row_of(events: Sequence[ComplaintEvent]) -> dict[str, Any]:
    return columns(projection.fold(events), events[-1].hash)


def found(events: Sequence[ComplaintEvent]) -> list[tuple[int | None, str]]:
    return [(one.seq, one.kind) for one in examine("10000012", row_of(events), events)]


def lived(words: Sequence[str], old: int) -> list[ComplaintEvent]:
    """A complaint with a note for each word; the first ``old`` events as the version before stored them."""
    steps: list[tuple[Step, Actor]] = [(Note(word), SITA) for word in words]
    steps += [(Attend(words[0]), officer(1)), (Propose(words[-1]), officer(1)), (Ask("satisfied"), SITA)]
    events: list[ComplaintEvent] = []

    def put(news: Sequence[NewEvent]) -> None:
        for new in news:
            last = events[-1] if events else None
            make = chain.link if len(events) < old else chain.seal_and_link
            events.append(make("10000012", last, new))

    put(projection.registration(complaint(description=words[0])))
    for second, (step, actor) in enumerate(steps):
        put(life.apply(projection.fold(events), step, actor, at(60 + second)))
    return stored(events)


def erased(events: Sequence[ComplaintEvent], parts: Sequence[Part]) -> list[ComplaintEvent]:
    left = [without(event, parts) for event in events]
    blanked = [now for now, was in zip(left, events, strict=True) if now is not was]
    if not blanked:
        return list(events)
    told = erased_event(projection.fold(events), blanked, parts, ERASURE)
    return stored([*left, *linked("10000012", [told], events[-1])])


@given(
    words=st.lists(WORDS, min_size=1, max_size=4),
    old=st.integers(0, 9),
    parts=st.lists(st.sampled_from(WAYS), min_size=1, max_size=3),
)
def test_a_chain_holds_whatever_is_erased_of_it(
    words: list[str], old: int, parts: list[tuple[Part, ...]]
) -> None:
    events = lived(words, old)
    heads = [event.hash for event in events]
    before = projection.fold(events)
    for some in parts:
        events = erased(events, some)
        assert found(events) == []
        assert [event.hash for event in events][: len(heads)] == heads
    now, gone = projection.fold(events), {part for some in parts for part in some}
    if "citizen" in gone:
        assert (now.citizen_name, now.description, now.proposed_action) == ("", "", "")
        assert not any(event.data.get(name) for event in events for name in PARTS["citizen"])
    else:
        assert now.description == before.description
    assert (now.caller_e164 is None) == ("caller" in gone)
    assert (now.status, now.assigned, now.closed_at) == (before.status, before.assigned, before.closed_at)


@given(
    words=st.lists(WORDS, min_size=1, max_size=3),
    old=st.integers(0, 7),
    which=st.integers(0, 6),
    part=st.sampled_from(sorted(PARTS)),
)
def test_what_is_blanked_without_an_erasure_is_found(
    words: list[str], old: int, which: int, part: Part
) -> None:
    events = lived(words, old)
    which %= len(events)
    blank = without(events[which], (part,))
    if blank is events[which]:
        return
    kind = "changed" if blank.sealed is None else "erased"
    assert found([*events[:which], blank, *events[which + 1 :]])[:1] == [(which + 1, kind)]


@given(words=st.lists(WORDS, min_size=1, max_size=3), old=st.integers(0, 7), which=st.integers(0, 6))
def test_what_comes_back_after_an_erasure_is_found(words: list[str], old: int, which: int) -> None:
    events = lived(words, old)
    which %= len(events)
    now = erased(events, ("caller", "citizen"))
    if now[which] == events[which]:
        return
    assert (which + 1, "erased") in found([*now[:which], events[which], *now[which + 1 :]])


@given(words=st.lists(WORDS, min_size=1, max_size=3), old=st.integers(0, 7), changed=WORDS)
def test_what_is_left_cannot_be_changed(words: list[str], old: int, changed: str) -> None:
    events = erased(lived(words, old), ("citizen",))
    first = events[0]
    said = {**first.chained, "type_code": changed + "?"}
    first = replace(first, data=opened(said, first.personal), sealed=said if first.sealed else None)
    assert (1, "changed") in found([first, *events[1:]])


@given(said=st.dictionaries(st.sampled_from([*PARTS["citizen"], *PARTS["caller"], "status", "main"]), WORDS))
def test_what_is_sealed_is_opened_again(said: dict[str, str]) -> None:
    chained, personal = seal(said)
    assert opened(chained, personal) == said
    for name in (*PARTS["citizen"], *PARTS["caller"]):
        assert name not in chained
    assert seal(said)[0] != chained or personal is None  # a key is used once


def test_an_erasure_that_names_what_comes_after_it_says_nothing() -> None:
    said = {"events": {"7": {"parts": ["citizen"]}}}
    assert erasures(linked("10000012", [NewEvent("person_erased", "x", at(0), said)])) == {}


async def erase(records: Records) -> None:
    assert await erase_person(
        records.database, "+919812345610", by="gita", reason="आवेदन 4", clock=records.clock, leave_open=True
    )


async def test_an_old_complaint_is_erased_and_holds(empty_url: str, tmp_path: Path) -> None:
    old = await asyncio.to_thread(Database, address(empty_url), QUICK, patient=True)
    await upgrade(old, target="0002")
    async with old.write() as connection:
        at_noon = NOON.isoformat() if old.is_sqlite else NOON
        names = "call_id, caller_raw, dialled, channel, started_at, announced"
        made = f"INSERT INTO calls ({names}) VALUES ('call-1', '', '', '', :at, TRUE)"  # noqa: S608
        await connection.execute(text(made), {"at": at_noon})
    await store_old_complaint(old)
    await old.aclose()
    async with await open_records(empty_url, clock=FakeClock(), settings=QUICK) as records:
        await records.complaints.act(NUMBER, Attend("रामलाल से मिले"), officer(1), at(60))
        await records.complaints.act(NUMBER, Propose("हो गया"), officer(1), at(70))
        await records.complaints.act(NUMBER, Ask("satisfied"), SITA, at(80))
        await records.export_heads(tmp_path / "heads")
        await erase(records)
        assert (await records.complaints.get(NUMBER)).citizen_name == ""  # type: ignore[union-attr]
        events = await records.complaints.events(NUMBER)
        assert "रामलाल" not in str(events)
        assert "98123" not in str(events)
        report = await verify_all(records.database)
        assert (report.found, [(told.by, told.events) for told in report.erased]) == (0, [("gita", 4)])
        assert (await records.check_heads(tmp_path / "heads")).ok
        said = "json_set(data, '$.type_code', 'X')"
        if not records.database.is_sqlite:
            said = "CAST(jsonb_set(CAST(data AS jsonb), '{type_code}', '\"X\"') AS json)"
        await by_hand(records, f"UPDATE complaint_events SET data = {said} WHERE seq = 1")  # noqa: S608
        assert (NUMBER, 1, "changed") in kinds(await verify_all(records.database))


async def test_a_part_taken_away_by_hand_is_found(records: Records) -> None:
    number = (await three(records))[1].number
    await by_hand(
        records,
        "UPDATE complaint_events SET personal = NULL WHERE number = :number AND seq = 4",
        number=number,
    )
    assert (number, 4, "erased") in kinds(await verify_all(records.database))


@pytest.mark.parametrize("change", ["data = '{}'", "personal = NULL"])
async def test_the_database_lets_nobody_blank_before_an_erasure(records: Records, change: str) -> None:
    await three(records)
    with pytest.raises(RecordsError):
        async with records.database.write() as connection:
            await connection.execute(text(f"UPDATE complaint_events SET {change} WHERE seq = 1"))  # noqa: S608
    assert (await verify_all(records.database)).ok
