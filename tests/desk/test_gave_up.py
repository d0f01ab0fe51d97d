"""Where a caller gave up, for every prompt there is and every step on record."""

from datetime import UTC, datetime

import pytest

from desk.gave_up import where
from ivr_prompts import load_catalogue
from records import Call, CallStep
from tests.desk.rig import CALLER, Rig

AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def left(kind: str, **detail: str) -> Call:
    return Call("c-1", AT, last_step=CallStep("c-1", AT, kind, detail))


@pytest.mark.parametrize("key", [key for key in load_catalogue("hi") if "/" not in key])
def test_every_sentence_has_its_place(key: str) -> None:
    spoken_alone = key.endswith("-word") or key == "digits-then"
    place, heard = where(left("prompt", prompt=f"greeting {key} digit/3"))
    assert heard == key
    assert (place == "unknown") is spoken_alone


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("wrong-key", "menu"),
        ("wrong-code", "district"),
        ("confirm-district", "district"),
        ("beep", "message"),
    ],
)
def test_the_place_of_a_sentence(key: str, place: str) -> None:
    assert where(left("prompt", prompt=key)) == (place, key)


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (left("queue", queue="district-39"), "queue"),
        (left("ringing", extension="2001"), "ringing"),
        (left("recorded"), "message"),
        (left("something-new"), "unknown"),
        (left("prompt", prompt=""), "unknown"),
        (Call("c-1", AT), "unknown"),
    ],
)
def test_steps_without_a_prompt(call: Call, place: str) -> None:
    assert where(call) == (place, "")


async def test_the_supervisor_reads_it(rig: Rig) -> None:
    await rig.call("c-1", CALLER)
    await rig.records.calls.step("c-1", rig.clock(), "prompt", {"prompt": "ask-district"})
    await rig.records.calls.ended("c-1", rig.clock(), cause=16, outcome="abandoned")
    person = await rig.person("meera")
    _, calls = await person.get_json("/calls")
    assert [(each["gave_up"], each["last_prompt"]) for each in calls["abandoned"]] == [
        ("district", "ask-district")
    ]
    assert "जिला चुनते हुए" in (await person.get("/calls"))[1]
