"""A caller who withholds his number: on record, marked, and nothing is done by it."""

from dataclasses import replace
from pathlib import Path

from records import Records
from records.missed_calls.catchup import catch_up
from tests.records.cel_sample import EventFile
from tests.records.samples import call


async def test_it_is_kept_and_there_is_no_number_to_go_by(records: Records) -> None:
    await records.calls.start(replace(call(), caller_e164=None, withheld=True))
    await records.calls.start(replace(call("call-2"), withheld=True))
    await records.calls.start(call("call-3"))
    kept, used, shown = [await records.calls.get(f"call-{one}") for one in (1, 2, 3)]
    assert kept is not None
    assert used is not None
    assert shown is not None
    assert (kept.withheld, kept.caller_raw, kept.known_number) == (True, "09812345610", "")
    assert (used.withheld, used.known_number) == (True, "+919812345610")
    assert not shown.withheld
    assert await records.calls.withheld(["call-1", "call-2", "call-3", "x"]) == {"call-1", "call-2"}


async def test_the_mark_is_in_asterisks_event_file_too(records: Records, tmp_path: Path) -> None:
    events, path = EventFile(), tmp_path / "helpline.csv"
    wish = ("H181_CALLBACK", "")
    kept = events.call(0, user=(("H181_WITHHELD", "yes"), wish))
    used = events.call(60, user=(("H181_WITHHELD", "used"), wish))
    path.write_text(str(events))
    assert (await catch_up(records, path)).calls == 2
    first, second = await records.calls.get(kept), await records.calls.get(used)
    assert first is not None
    assert second is not None
    assert (first.withheld, first.caller_raw, first.caller_e164) == (True, "9826012345", None)
    assert (second.withheld, second.caller_e164) == (True, "+919826012345")
    assert [one.call_id for one in await records.callbacks.open(9)] == [used]
    assert await records.calls.last_district("+919826012345") == "39"
