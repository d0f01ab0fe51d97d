"""Calls through the whole house, judged by what the citizen hears and what is on record afterwards."""

import asyncio
from collections.abc import Sequence

import pytest

from helpline.demo.stage import Stage
from helpline.phone.citizen import CitizenCall
from helpline.phone.executive import Executive
from records import Call
from tests.calls.centre import CALLER, centre, citizen

pytestmark = pytest.mark.call


async def only_call(stage: Stage) -> Call:
    """The one call of this test, once its end is on record."""
    async with asyncio.timeout(15):
        while True:
            calls = await stage.service.records.calls.recent(10)
            if calls and calls[0].outcome is not None:
                break
            await asyncio.sleep(0.1)
    assert len(calls) == 1
    return calls[0]


async def nothing_left(stage: Stage) -> None:
    """No call is active anywhere: not in the records, not at the switchboard."""
    assert await stage.service.records.calls.active() == []
    assert stage.service.switchboard is not None
    async with asyncio.timeout(5):
        while stage.service.switchboard.state.calls:  # noqa: ASYNC110 - the state tells by events only
            await asyncio.sleep(0.05)


async def untranscoded(stage: Stage) -> None:
    """What is spoken at this moment goes out as it lies on the disk."""
    shown = await stage.exchange.cli("core show channels concise")
    (channel,) = (line.split("!")[0] for line in shown.splitlines() if line.startswith("PJSIP/trunk"))
    shown = await stage.exchange.cli(f"core show channel {channel}")
    for fact in ("NativeFormats: (alaw)", "WriteFormat: alaw", "WriteTranscode: No", "ReadTranscode: No"):
        assert fact in shown, shown


async def choose_complaint(call: CitizenCall) -> None:
    """The first choice of the menu."""
    await call.hears("menu-complaint", within=60)
    await call.press("1")


def in_order(heard: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether the wanted prompts were heard in this order; others may stand between."""
    rest = iter(heard)
    return all(key in rest for key in wanted)


async def test_no_key_at_all_ends_at_the_state_and_never_in_silence() -> None:
    async with centre() as stage, citizen() as caller:
        call = await caller.call("181", caller=CALLER, via=stage.sip)
        await call.ended(within=180)
        heard = [one.key for one in await call.heard()]
        wanted = [
            "emergency-hint",
            "greeting",
            "menu-complaint",
            "menu-again",
            "menu-last",
            "to-state-operator",
        ]
        assert in_order(heard, [*wanted, "nobody"]), heard
        record = await only_call(stage)
        assert record.district_code is None
        # The queues had nobody for him and he said nothing after the beep: he is to be called back.
        assert record.outcome == "served"
        assert [one.call_id for one in await stage.service.records.callbacks.open(5)] == [record.call_id]
        await nothing_left(stage)


async def test_wrong_code_then_a_second_thought_then_right() -> None:
    async with (
        centre() as stage,
        Executive(stage.extension, stage.phone_password, via=stage.sip) as phone,
        citizen() as caller,
    ):
        await phone.log_in_to_queue()
        call = await caller.call("181", caller=CALLER, via=stage.sip)
        await choose_complaint(call)
        await call.hears("ask-district", within=30)
        await call.press("98")
        await call.hears("ask-district-again", within=20)
        await call.press("04")
        await call.hears("district/bhopal", within=20)
        await call.hears("confirm-district", within=20)
        await call.press("2")
        await call.hears("ask-district-last", within=20)
        await call.press("39")
        leg = await phone.called(within=20)
        await call.hears("connecting", within=10)
        await leg.answer()
        await leg.answered(within=5)
        await call.hang_up()
        await leg.ended(within=5)
        heard = [one.key for one in await call.heard()]
        assert in_order(heard, ["wrong-code", "district/bhopal", "district/rajgarh", "connecting"]), heard
        record = await only_call(stage)
        assert (record.outcome, record.extension, record.district_code) == ("answered", stage.extension, "39")
        path = await stage.service.records.calls.path(record.call_id)
        keys = [str(step.detail["key"]) for step in path if step.kind == "key" and step.detail["key"]]
        assert "".join(keys).startswith("19804239")
        await nothing_left(stage)


async def test_giving_up_in_the_question_is_on_record_with_its_place() -> None:
    async with centre() as stage, citizen() as caller:
        call = await caller.call("181", caller=CALLER, via=stage.sip)
        await choose_complaint(call)
        await call.hears("ask-district", within=30)
        await untranscoded(stage)
        await call.hang_up()
        record = await only_call(stage)
        assert record.outcome == "abandoned"
        assert record.last_step is not None
        assert record.last_step.detail["prompt"] == "ask-district"
        await nothing_left(stage)


async def test_a_direct_number_is_not_asked_for_its_district() -> None:
    async with (
        centre() as stage,
        Executive(stage.extension, stage.phone_password, via=stage.sip) as phone,
        citizen() as caller,
    ):
        await phone.log_in_to_queue()
        call = await caller.call("07372181", caller=CALLER, via=stage.sip)
        await choose_complaint(call)
        leg = await phone.called(within=40)
        await call.hears("connecting", within=10)
        await leg.answer()
        await leg.answered(within=5)
        await leg.hang_up()
        await call.ended(within=120)
        heard = [one.key for one in await call.heard()]
        assert in_order(heard, ["greeting", "connecting", "no-complaint-yet"]), heard
        assert "ask-district" not in heard
        record = await only_call(stage)
        assert (record.district_code, record.dialled, record.outcome) == ("39", "07372181", "answered")
        await nothing_left(stage)
