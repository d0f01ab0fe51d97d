"""A person is erased, and the chains hold."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from records import Attend, Note, Propose, ProposeClose, Records, RecordsError, Wanted
from records.audit.verifying import verify_all
from records.keeping.erasing import erase_again, erase_person, person
from records.keeping.remains import clear_remains
from records.life.steps import Ask
from records.settings import RecordsSettings
from tests.records.life_samples import SITA, officer
from tests.records.samples import at, call, complaint

MUNNI, MOHAN = "+919755512301", "+919644401122"
NAME, STORY = "मुन्नी बाई लोधी", "नाली टूटी है, घर के सामने पीपल के नीचे"


def hers(**changes: object) -> object:
    told = {
        "call_id": "call-m",
        "caller_e164": MUNNI,
        "citizen_name": NAME,
        "citizen_phone": "97555 12301",
        "description": STORY,
    }
    return complaint(**(told | changes))


async def closed(records: Records, **changes: object) -> str:
    """A complaint of Munni's that she is satisfied with."""
    number = (await records.complaints.register(hers(**changes))).number  # type: ignore[arg-type]
    await records.complaints.act(number, Attend("मुन्नी बाई से मिले"), officer(1), at(60))
    await records.complaints.act(number, Propose("नाली बन गई"), officer(1), at(70))
    await records.complaints.act(number, Ask("satisfied", "मुन्नी बाई संतुष्ट"), SITA, at(80))
    return number


async def her_call(records: Records, call_id: str = "call-m") -> None:
    await records.calls.start(replace(call(call_id), caller_raw="09755512301", caller_e164=MUNNI))
    await records.calls.answered(call_id, "2001", at(5))
    await records.calls.ended(call_id, at(50), cause=16, outcome="answered", recording=f"{call_id}.wav")


async def erase(records: Records, e164: str = MUNNI, **options: object) -> object:
    return await erase_person(
        records.database,
        e164,
        by="gita",
        reason="आवेदन 12/2026",
        clock=records.clock,
        **options,  # type: ignore[arg-type]
    )


async def dump(records: Records) -> str:
    async with records.database.read() as connection:
        tables = "calls call_steps callers drafts callbacks complaints complaint_events erasures removals"
        found = [await connection.execute(text(f"SELECT * FROM {name}")) for name in tables.split()]  # noqa: S608
        return "\n".join(str(row) for rows in found for row in rows)


@pytest.mark.parametrize("personal", [NAME, STORY, "9755512301", "97555 12301", "मुन्नी बाई"])
async def test_nothing_personal_is_hashed_in_the_clear(records: Records, personal: str) -> None:
    number = await closed(records)
    assert not any(personal in str(event.chained) for event in await records.complaints.events(number))
    assert (await records.complaints.events(number))[0].data["citizen_name"] == NAME


async def test_an_erased_person_is_nowhere_and_the_chains_hold(records: Records, tmp_path: Path) -> None:
    heads = tmp_path / "heads"
    await her_call(records)
    number = await closed(records)
    await records.calls.set_language(MUNNI, "en")
    await records.drafts.store("call-m", MUNNI, "39", "m.wav", 4.0, at(30))
    await records.callbacks.request("call-m", MUNNI, "39", at(31))
    other = await records.complaints.register(complaint(call_id="call-o"))
    await records.export_heads(heads)
    before = await records.complaints.get(number)
    assert before is not None
    there = await dump(records)
    assert all(trace in there for trace in (NAME, STORY, MUNNI))
    erased = await erase(records)
    assert erased is not None
    left = await dump(records)
    for trace in (NAME, STORY, "9755512301", "97555 12301", "मुन्नी", MUNNI):
        assert trace not in left
    report = await verify_all(records.database)
    assert report.ok, report.findings
    assert (await records.check_heads(heads)).ok
    now = await records.complaints.get(number)
    assert now is not None
    assert (now.citizen_name, now.citizen_phone, now.citizen_e164, now.caller_e164) == ("", "", None, None)
    assert (now.status, now.closure, now.closed_at, now.assigned) == (
        before.status, before.closure, before.closed_at, before.assigned,
    )  # fmt: skip
    assert now.erased_at == at(80)  # not before what it follows
    (last,) = (await records.complaints.events(number))[-1:]
    assert (last.kind, last.actor, last.data["why"]) == ("person_erased", "gita", "आवेदन 12/2026")
    assert await records.complaints.search(Wanted(text="मुन्नी"), 5) == []
    assert await records.complaints.by_phone(MUNNI, 5) == []
    assert await records.calls.language(MUNNI) is None
    assert await records.calls.last_district(MUNNI) is None
    assert await records.drafts.open(5) == []
    assert await records.callbacks.open(5) == []
    assert await records.complaints.get(other.number) == other
    found = await person(records.database, MUNNI)
    assert not found.known
    assert await erase(records) is None
    # What comes late or again brings nothing back.
    await her_call(records)
    await records.drafts.store("call-m", MUNNI, "39", "m.wav", 4.0, at(30))
    assert MUNNI not in await dump(records)


async def test_life_goes_on_after_an_erasure(records: Records) -> None:
    number = await closed(records)
    await erase(records)
    noted = await records.complaints.act(number, Note("फ़ाइल जमा"), SITA, at(400))
    assert noted.erased_at is not None
    assert (await verify_all(records.database)).ok


async def test_an_open_complaint_is_not_erased(records: Records) -> None:
    await her_call(records, "call-1")
    shut = await closed(records)
    number = (await records.complaints.register(hers(call_id="call-1"))).number  # type: ignore[arg-type]
    before = await dump(records)
    with pytest.raises(RecordsError, match=f"{number}.*--leave-open"):
        await erase(records)
    assert await dump(records) == before
    assert await erase(records, leave_open=True) is not None
    kept, gone = await records.complaints.get(number), await records.complaints.get(shut)
    assert kept is not None
    assert gone is not None
    assert (kept.citizen_name, gone.citizen_name) == (NAME, "")
    assert (await records.calls.get("call-1")).caller_e164 == MUNNI  # type: ignore[union-attr]
    assert (await verify_all(records.database)).ok


async def test_a_person_who_is_talking_is_not_erased(records: Records) -> None:
    await records.calls.start(replace(call("call-now"), caller_e164=MUNNI))
    with pytest.raises(RecordsError, match="going on"):
        await erase(records)


async def test_a_withheld_number_goes_too(records: Records) -> None:
    hidden = replace(call("call-w"), caller_raw="09755512301", caller_e164=None, withheld=True)
    await records.calls.start(hidden)
    await records.calls.ended("call-w", at(5), cause=16, outcome="abandoned")
    assert await erase(records) is not None
    assert "9755512301" not in await dump(records)


async def test_who_called_for_somebody_else_goes_alone(records: Records) -> None:
    """An open one too: its citizen can be asked still."""
    new = hers(call_id="call-2", caller_e164=MOHAN)
    number = (await records.complaints.register(new)).number  # type: ignore[arg-type]
    assert await erase(records, MOHAN) is not None
    now = await records.complaints.get(number)
    assert now is not None
    assert (now.caller_e164, now.citizen_name, now.status, now.erased_at) == (None, NAME, "open", None)
    assert (await verify_all(records.database)).ok
    await records.complaints.act(number, ProposeClose("policy", "वापस लिया"), officer(1), at(1000))
    assert (await verify_all(records.database)).ok
    assert MOHAN not in await dump(records)


async def test_a_complaint_under_another_number_goes_when_it_is_named(records: Records) -> None:
    number = await closed(records, caller_e164=None, citizen_phone="no phone", call_id=None)
    assert await erase(records) is None
    assert await erase(records, also=[number]) is not None
    assert (await records.complaints.get(number)).citizen_name == ""  # type: ignore[union-attr]
    assert (await verify_all(records.database)).ok


async def test_nothing_is_left_in_sqlites_own_files(records: Records) -> None:
    file = records.database.address.sqlite_file
    if file is None:
        pytest.skip("PostgreSQL clears away by vacuuming, its own business")
    await her_call(records)
    long = await closed(records, description=STORY * 400)
    for turn in range(20):
        await records.complaints.register(complaint(call_id=f"c-{turn}"))
    assert (await records.complaints.get(long)) is not None
    await erase(records)
    assert await clear_remains(records.database, RecordsSettings())
    for path in await asyncio.to_thread(lambda: list(file.parent.glob(f"{file.name}*"))):
        held = await asyncio.to_thread(path.read_bytes)
        for trace in (NAME, STORY, "9755512301", "मुन्नी"):
            assert trace.encode() not in held, path


async def test_an_older_copy_is_erased_again(records: Records) -> None:
    """As `restore` does: the plan names complaints and calls, and they are the same there."""
    await her_call(records)
    number = await closed(records)
    await records.calls.set_language(MUNNI, "hi")
    erased = await erase(records)
    assert isinstance(erased, tuple)
    assert not await erase_again(records.database, *erased)
    async with records.database.write() as connection:
        await connection.execute(text("DELETE FROM erasures"))
    assert await erase_again(records.database, *erased)
    assert (await records.complaints.get(number)).last_seq == 6  # type: ignore[union-attr]
    assert (await verify_all(records.database)).ok


async def test_clearing_remains_may_write_the_whole_file_anew(records: Records) -> None:
    await closed(records)
    assert await clear_remains(records.database, RecordsSettings(), compact=True)
    assert (await verify_all(records.database)).ok
