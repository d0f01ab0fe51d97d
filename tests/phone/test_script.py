"""A citizen's plan for a call, lived against a telephone that plays the centre."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from helpline.phone.agent import UserAgent
from helpline.phone.citizen import Citizen, CitizenCall
from helpline.phone.errors import CallFailedError, NotHeardError
from helpline.phone.hearing import recognise
from helpline.phone.leg import Leg
from helpline.phone.script import Follower, Happening, Script
from helpline.phone.sounds import voice
from helpline.phone.turns import Turn
from tests.phone.channel import silence

pytestmark = [
    pytest.mark.call,
    pytest.mark.usefixtures("nothing_left"),
    pytest.mark.xdist_group("sound"),
]

QUESTIONS = frozenset({"ask-code", "menu-one", "menu-two", "confirm-code"})
PROMPTS = {
    "hello": voice(0.8, seed=41),
    "ask-code": voice(1.4, seed=42),
    "confirm-code": voice(1.2, seed=43),
    "menu-one": voice(1.0, seed=44),
    "menu-two": voice(1.0, seed=45),
}


@asynccontextmanager
async def ringing() -> AsyncIterator[tuple[CitizenCall, Leg]]:
    async with UserAgent("181") as centre, Citizen(PROMPTS) as citizen:
        call = await citizen.call("181", caller="9876543210", via=centre.address)
        yield call, await centre.called(within=3)


async def answer(leg: Leg) -> None:
    await leg.answer()
    await leg.answered(within=3)


async def test_keys_are_pressed_after_their_questions_have_been_heard() -> None:
    told: list[Happening] = []
    async with ringing() as (call, leg):
        living = asyncio.create_task(
            Follower(call, Script((Turn("39"), Turn("1")), QUESTIONS), told.append).run()
        )
        await answer(leg)
        leg.say(PROMPTS["hello"])
        leg.say(PROMPTS["ask-code"])
        assert await leg.keys_pressed(2, within=8) == "39"
        leg.say(PROMPTS["confirm-code"])
        assert await leg.keys_pressed(3, within=8) == "391"
        await leg.hang_up()
        end = await asyncio.wait_for(living, 5)
    assert end.by == "them"
    assert [(one.kind, one.what) for one in told if one.kind != "ringing"] == [
        ("answered", ""),
        ("heard", "hello"),
        ("heard", "ask-code"),
        ("pressed", "39"),
        ("heard", "confirm-code"),
        ("pressed", "1"),
        ("ended", "them 200 Normal call clearing"),
    ]
    at = [one.at for one in told if one.kind != "ringing"]
    assert at == sorted(at)


async def test_a_call_that_ends_while_keys_are_pressed_is_told_to_its_end() -> None:
    told: list[Happening] = []
    async with ringing() as (call, leg):
        living = asyncio.create_task(
            Follower(call, Script((Turn("3" * 40), Turn("1")), QUESTIONS), told.append).run()
        )
        await answer(leg)
        leg.say(PROMPTS["ask-code"])
        await leg.keys_pressed(2, within=8)
        await leg.hang_up()
        with pytest.raises(NotHeardError, match=r"ended before all keys of '3+' were pressed"):
            await asyncio.wait_for(living, 5)
    assert [one.kind for one in told if one.kind != "ringing"] == ["answered", "heard", "pressed", "ended"]


async def test_a_menu_of_several_prompts_is_one_question() -> None:
    told: list[Happening] = []
    async with ringing() as (call, leg):
        living = asyncio.create_task(
            Follower(call, Script((Turn("2"), Turn("1")), QUESTIONS), told.append).run()
        )
        await answer(leg)
        for key in ("menu-one", "menu-two"):
            leg.say(PROMPTS[key])
            leg.say(silence(0.2))
        assert await leg.keys_pressed(1, within=8) == "2"
        leg.say(PROMPTS["confirm-code"])
        assert await leg.keys_pressed(2, within=8) == "21"
        await leg.hang_up()
        await asyncio.wait_for(living, 5)
    assert [one.what for one in told if one.kind in {"heard", "pressed"}] == [
        "menu-one",
        "menu-two",
        "2",
        "confirm-code",
        "1",
    ]


async def test_with_early_keys_the_first_question_is_cut() -> None:
    told: list[Happening] = []
    async with ringing() as (call, leg):
        script = Script((Turn("2"),), QUESTIONS, early=True)
        living = asyncio.create_task(Follower(call, script, told.append).run())
        await answer(leg)
        leg.say(PROMPTS["ask-code"])
        assert await leg.keys_pressed(1, within=8) == "2"
        leg.hush()
        await leg.hang_up()
        await asyncio.wait_for(living, 5)
    assert [(one.kind, one.what) for one in told if one.kind in {"heard", "cut", "pressed"}] == [
        ("pressed", "2"),
        ("cut", "ask-code"),
    ]


async def test_the_call_is_hung_up_when_its_time_is_over() -> None:
    told: list[Happening] = []
    async with ringing() as (call, leg):
        living = asyncio.create_task(Follower(call, Script(seconds=1.0), told.append).run())
        await answer(leg)
        end = await asyncio.wait_for(living, 6)
        assert end.by == "us"
        assert (await leg.ended(within=2)).by == "them"
    assert [one.kind for one in told if one.kind != "ringing"] == ["answered", "hung-up", "ended"]


async def test_the_call_is_hung_up_at_a_prompt() -> None:
    told: list[Happening] = []
    async with ringing() as (call, leg):
        living = asyncio.create_task(Follower(call, Script(hang_up_at="hello"), told.append).run())
        await answer(leg)
        leg.say(PROMPTS["hello"])
        assert (await asyncio.wait_for(living, 6)).by == "us"
    assert [one.what for one in told if one.kind == "heard"] == ["hello"]


async def test_keys_that_nobody_asked_for_fail_the_script() -> None:
    async with ringing() as (call, leg):
        living = asyncio.create_task(Follower(call, Script((Turn("39"),), QUESTIONS), lambda one: None).run())
        await answer(leg)
        leg.say(PROMPTS["hello"])
        await leg.said(within=3)
        await leg.hang_up()
        with pytest.raises(NotHeardError, match="before the turn '39' came: no question came"):
            await asyncio.wait_for(living, 6)


async def test_turns_wait_for_the_prompts_they_name() -> None:
    told: list[Happening] = []
    murmur = voice(1.0, seed=46)
    turns = (
        Turn("7", cue="hello", seconds=0.2, inside=True),
        Turn(cue="ask-code"),
        Turn(cue="menu-one", seconds=0.5, sound=murmur, name="murmur.wav"),
        Turn(cue="", seconds=0.3),
        Turn(cue="menu-one", hang_up=True),
    )
    async with ringing() as (call, leg):
        living = asyncio.create_task(Follower(call, Script(turns, QUESTIONS), told.append).run())
        await answer(leg)
        leg.say(PROMPTS["hello"])
        assert await leg.keys_pressed(1, within=8) == "7"
        leg.say(PROMPTS["ask-code"])
        leg.say(silence(0.3))
        leg.say(PROMPTS["menu-one"])
        async with asyncio.timeout(10):
            while not any(one.kind == "spoke" for one in told):
                await leg.more_sound()
        assert living.done() is False
        leg.say(PROMPTS["menu-one"])
        assert (await asyncio.wait_for(living, 10)).by == "us"
        assert leg.keys == "7"
    assert len(recognise(leg.recording(), {"murmur": murmur})) == 1


async def test_a_prompt_to_hang_up_at_that_never_came_fails_the_script() -> None:
    async with ringing() as (call, leg):
        living = asyncio.create_task(
            Follower(call, Script(hang_up_at="confirm-code"), lambda one: None).run()
        )
        await answer(leg)
        await leg.hang_up()
        with pytest.raises(NotHeardError, match="before confirm-code was heard"):
            await asyncio.wait_for(living, 6)


async def test_a_refused_call_says_so() -> None:
    async with ringing() as (call, leg):
        living = asyncio.create_task(Follower(call, Script(), lambda one: None).run())
        await leg.refuse(486)
        with pytest.raises(CallFailedError, match="486 Busy"):
            await asyncio.wait_for(living, 6)
