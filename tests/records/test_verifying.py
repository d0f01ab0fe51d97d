"""What somebody changes by hand is found."""

# ruff: noqa: S608

import asyncio
import json

import pytest

from records import Note, Records, RecordsError, TamperedError, open_records
from records.audit.examining import Finding, examine
from records.audit.verifying import VerifyReport, verify_all
from records.complaints.complaint_rows import linked
from records.errors import LostError
from records.life.chain import NewEvent
from tests.records.life_samples import SITA
from tests.records.samples import at, complaint
from tests.records.tampering import add_event, by_hand, kinds, three


async def test_nothing_is_found_where_nothing_was_changed(records: Records) -> None:
    assert await verify_all(records.database) == VerifyReport(0, 0, 0, ())
    await three(records)
    report = await verify_all(records.database)
    assert (report.complaints, report.events, report.ok) == (3, 9, True)
    assert (await verify_all(records.database, batch=1)) == report


async def test_a_registration_that_failed_is_no_gap(records: Records) -> None:
    for new in (complaint(call_id=None), complaint(district_code=None), complaint(call_id=None)):
        try:
            await records.complaints.register(new)
        except RecordsError:
            continue
    report = await verify_all(records.database)
    assert (report.complaints, report.ok) == (2, True)


@pytest.mark.parametrize(
    "change",
    ["actor = 'nobody'", "at = '2026-01-01 00:00:00.000000+00:00'", "kind = 'noted'", "edition = 'x'"],
)
async def test_a_changed_event_is_found(records: Records, change: str) -> None:
    number = (await three(records))[1].number
    await by_hand(
        records, f"UPDATE complaint_events SET {change} WHERE number = :number AND seq = 3", number=number
    )
    assert (number, 3, "changed") in kinds(await verify_all(records.database))


async def test_a_changed_word_in_an_events_data_is_found(records: Records) -> None:
    number = (await three(records))[1].number
    data = json.dumps({"note": "नहीं देखा", "role": "officer", "status": "attended"})
    value = ":data" if records.database.is_sqlite else "CAST(:data AS json)"
    await by_hand(
        records,
        f"UPDATE complaint_events SET data = {value} WHERE number = :number AND seq = 3",
        data=data,
        number=number,
    )
    assert kinds(await verify_all(records.database)) == {(number, 3, "changed")}


@pytest.mark.parametrize("seq", [1, 2, 3])
async def test_a_missing_event_is_found(records: Records, seq: int) -> None:
    number = (await three(records))[1].number
    await by_hand(
        records, f"DELETE FROM complaint_events WHERE number = :number AND seq = {seq}", number=number
    )
    assert (number, seq, "missing") in kinds(await verify_all(records.database))


async def test_the_newest_event_missing_is_found(records: Records) -> None:
    number = (await three(records))[1].number
    await by_hand(records, "DELETE FROM complaint_events WHERE number = :number AND seq = 5", number=number)
    assert kinds(await verify_all(records.database)) == {(number, 5, "missing")}


async def test_all_events_missing_are_found(records: Records) -> None:
    number = (await three(records))[0].number
    await by_hand(records, "DELETE FROM complaint_events WHERE number = :number", number=number)
    assert kinds(await verify_all(records.database)) == {(number, 1, "missing")}


async def test_events_in_another_order_are_found(records: Records) -> None:
    number = (await three(records))[1].number
    swap = "UPDATE complaint_events SET seq = {1} WHERE number = :number AND seq = {0}"
    await by_hand(records, *(swap.format(*pair) for pair in ((3, 9), (4, 3), (9, 4))), number=number)
    assert {(number, 3, "changed"), (number, 4, "changed")} <= kinds(await verify_all(records.database))


async def test_an_event_replaced_with_its_hash_is_found(records: Records) -> None:
    number = (await three(records))[1].number
    events = await records.complaints.events(number)
    false = NewEvent("noted", "nobody", at(70), {"text": "झूठ", "role": "executive", "status": "attended"})
    (made,) = linked(number, [false], events[2])
    await by_hand(records, "DELETE FROM complaint_events WHERE number = :number AND seq = 4", number=number)
    await add_event(records, made)
    assert kinds(await verify_all(records.database)) == {(number, 5, "order")}


async def test_an_extra_event_is_found(records: Records) -> None:
    number = (await three(records))[1].number
    events = await records.complaints.events(number)
    false = NewEvent("noted", "nobody", at(90), {"text": "झूठ", "role": "executive", "status": "proposed"})
    await add_event(records, linked(number, [false], events[-1])[0])
    assert kinds(await verify_all(records.database)) == {(number, 6, "extra")}


@pytest.mark.parametrize(
    ("change", "name"),
    [("status = 'closed'", "status"), ("due = '2030-01-01'", "assigned"), ("tries = 3", "tries")],
)
async def test_a_changed_state_is_found(records: Records, change: str, name: str) -> None:
    number = (await three(records))[1].number
    await by_hand(records, f"UPDATE complaints SET {change} WHERE number = :number", number=number)
    report = await verify_all(records.database)
    assert kinds(report) == {(number, None, "state")}
    assert report.findings[0].text.endswith(f": {name}")


async def test_a_state_that_names_another_newest_event_is_found(records: Records) -> None:
    number = (await three(records))[1].number
    await by_hand(records, "UPDATE complaints SET last_hash = 'x' WHERE number = :number", number=number)
    assert kinds(await verify_all(records.database)) == {(number, None, "state")}


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("events_too", [True, False])
async def test_a_deleted_complaint_is_found(records: Records, which: int, events_too: bool) -> None:
    number = (await three(records))[which].number
    tables = ("complaint_events", "complaints") if events_too else ("complaints",)
    await by_hand(
        records, *(f"DELETE FROM {table} WHERE number = :number" for table in tables), number=number
    )
    report = await verify_all(records.database)
    assert kinds(report) == {(number, None, "deleted")}
    assert ("events are still there" in report.findings[0].text) is not events_too


async def test_nothing_is_done_with_a_complaint_that_was_deleted(records: Records) -> None:
    number = (await three(records))[0].number
    await by_hand(records, "DELETE FROM complaints WHERE number = :number", number=number)
    with pytest.raises(TamperedError, match=f"{number} is gone"):
        await records.complaints.act(number, Note("क्या हुआ?"), SITA, at(99))
    assert len(await records.complaints.events(number)) == 2


async def test_numbers_that_were_never_given_out_are_found(records: Records) -> None:
    number = (await three(records))[2].number
    await by_hand(records, "UPDATE complaints SET number = '10000099' WHERE number = :number", number=number)
    await by_hand(records, "UPDATE complaint_events SET number = 'x1' WHERE number = :number", number=number)
    found = kinds(await verify_all(records.database))
    assert found == {(number, None, "deleted"), ("10000099", None, "unknown"), ("x1", None, "unknown")}


async def test_a_running_number_set_back_or_gone_is_found(records: Records) -> None:
    number = (await three(records))[2].number
    await by_hand(records, "UPDATE sequences SET value = value - 1")
    assert await found_or_refused(records) in ({(number, None, "unknown")}, None)
    await by_hand(records, "DELETE FROM sequences")
    found = await found_or_refused(records)
    assert found is None or ("", None, "deleted") in found


async def found_or_refused(records: Records) -> set[tuple[str, int | None, str]] | None:
    """What is found; None when a connection that is opened now is not let at such a book at all."""
    try:
        return kinds(await verify_all(records.database))
    except LostError:
        return None


async def test_values_the_program_never_writes_do_not_end_the_walk(records: Records) -> None:
    if not records.database.is_sqlite:
        return
    stored = await three(records)
    await by_hand(
        records, "UPDATE complaint_events SET at = 'soon' WHERE number = :number", number=stored[0].number
    )
    await by_hand(
        records, "UPDATE complaint_events SET data = '[1' WHERE number = :number", number=stored[1].number
    )
    await by_hand(
        records, "UPDATE complaints SET last_seq = 'x' WHERE number = :number", number=stored[2].number
    )
    report = await verify_all(records.database)
    assert kinds(report) == {(one.number, None, "unreadable") for one in stored}


@pytest.mark.parametrize("table", ["complaints", "complaint_events"])
async def test_bytes_for_a_moment_do_not_end_the_walk(records: Records, table: str) -> None:
    if not records.database.is_sqlite:
        return
    number = (await three(records))[1].number
    column = "last_at" if table == "complaints" else "at"
    await by_hand(records, f"UPDATE {table} SET {column} = x'00ff' WHERE number = :number", number=number)
    assert kinds(await verify_all(records.database)) == {(number, None, "unreadable")}


async def test_a_running_number_that_is_none_does_not_end_the_walk(records: Records) -> None:
    if not records.database.is_sqlite:
        return
    await three(records)
    await by_hand(records, "UPDATE sequences SET value = 'x'")
    assert ("", None, "deleted") in kinds(await verify_all(records.database))


async def test_verifying_beside_work_finds_nothing(records: Records) -> None:
    stored = [await records.complaints.register(complaint(call_id=None)) for _ in range(20)]
    done = asyncio.Event()

    async def work() -> None:
        for count in range(6):
            for one in stored:
                await records.complaints.act(one.number, Note(f"{count}"), SITA, at(60 + count))
            await records.complaints.register(complaint(call_id=None))
        done.set()

    working = asyncio.create_task(work())
    while not done.is_set():
        report = await verify_all(records.database, batch=4)
        assert report.ok, report.findings
    await working
    assert (await verify_all(records.database)).events == 20 * 8 + 6 * 2


async def test_findings_are_kept_up_to_a_limit_and_all_counted(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("records.audit.verifying.MOST_FINDINGS", 2)
    async with await open_records(database_url) as records:
        await three(records)
        await by_hand(records, "UPDATE complaints SET tries = 7")
        report = await verify_all(records.database)
    assert (report.found, len(report.findings)) == (3, 2)


def test_two_events_of_one_place_are_extra() -> None:
    """The database refuses them; one whose index is damaged may not."""
    events = linked(
        "10000012", [NewEvent("registered", "a", at(0), {}), NewEvent("assigned", "a", at(0), {})]
    )
    row = {"last_seq": 2, "last_hash": events[1].hash}
    found: list[Finding] = [
        one for one in examine("10000012", row, [events[0], events[0], events[1]]) if one.kind == "extra"
    ]
    assert [one.seq for one in found] == [1]
