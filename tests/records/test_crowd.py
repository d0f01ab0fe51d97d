"""Callers who met a limit: on record once, called back, and one alarm for a crowd."""

from pathlib import Path

import pytest

from records import Operation, Records, apply
from records.calls.crowd import read_capped
from records.missed_calls.catchup import catch_up
from tests.records.cel_sample import EventFile
from tests.records.samples import NOON

CALLS = ("6f5e1f1c-6f0e-4a53-9a9e-0a9a65b7f6a1", "6f5e1f1c-6f0e-4a53-9a9e-0a9a65b7f6a2")


@pytest.mark.parametrize(
    "line", ["", "lines", "lines/", "lines/told\n", "trunk/told", "lines/told/2", "Lines/told", "phone/2001"]
)
def test_what_tells_of_no_limit(line: str) -> None:
    assert read_capped(line) is None


async def test_a_crowd_is_one_alarm_and_every_caller_is_called_back(records: Records, tmp_path: Path) -> None:
    events = EventFile()
    for place, (call_id, treated) in enumerate(zip(CALLS, ("told", "refused"), strict=True)):
        events.call(
            place * 60, call_id=call_id, extension=None,
            user=(("H181_CAPPED", f"lines/{treated}"), ("H181_CALLBACK", "39")),
        )  # fmt: skip
    path = tmp_path / "helpline.csv"
    path.write_text(str(events))
    await records.calls.capped(CALLS[0], "lines/told", NOON)
    for _ in range(2):
        await catch_up(records, path)
    told = {"said": "lines/refused", "at": "2026-11-23T12:00:07+00:00"}
    await apply(records, Operation.new("capped", CALLS[1], **told))
    (alarm,) = await records.alarms.standing()
    assert (alarm.kind, alarm.subject, alarm.count) == ("lines_full", "", 2)
    noted = await records.calls.noted(CALLS)
    assert [[one.detail for one in noted[call]] for call in CALLS] == [
        [{"reason": "lines", "treated": "told"}],
        [{"reason": "lines", "treated": "refused"}],
    ]
    assert {wish.call_id for wish in await records.callbacks.open(10)} & set(CALLS)


async def test_a_telephone_that_floods_is_one_alarm(records: Records) -> None:
    told = {"extension": "2001", "at": "2026-11-23T12:00:07+00:00"}
    await records.calls.phone_capped("2001", NOON)
    await apply(records, Operation.new("phone_capped", "", **told))
    (alarm,) = await records.alarms.standing()
    assert (alarm.kind, alarm.subject, alarm.count) == ("phone_capped", "2001", 2)


async def test_a_line_that_says_nothing_is_refused(records: Records) -> None:
    with pytest.raises(ValueError, match="no limit"):
        await records.calls.capped(CALLS[0], "lines/eaten", NOON)
