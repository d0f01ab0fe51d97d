"""Two telephones call each other over loopback: real SIP, real packets, no exchange."""

import asyncio
import socket

import pytest

from helpline.phone.agent import UserAgent
from helpline.phone.citizen import Citizen
from helpline.phone.engine import Engine, engine
from helpline.phone.errors import (
    AddressError,
    CallFailedError,
    NobodyListensError,
    NotHeardError,
    PhoneError,
    RegistrationError,
)
from helpline.phone.executive import Executive
from helpline.phone.hearing import recognise
from helpline.phone.sounds import voice
from tests.phone.channel import Audio

pytestmark = [pytest.mark.call, pytest.mark.usefixtures("nothing_left")]


async def test_sound_and_keys_go_both_ways(prompts: dict[str, Audio]) -> None:
    murmur = voice(1.2, seed=50)
    async with UserAgent("2001") as seat, Citizen(prompts) as citizen:
        call = await citizen.call("2001", caller="9876543210", via=seat.address)
        leg = await seat.called(within=3)
        assert leg.number == "9876543210"
        assert "9876543210" not in leg.who
        await call.ringing(within=3)
        assert not call.leg.is_answered
        await leg.answer()
        await call.answered(within=3)
        await leg.answered(within=3)
        leg.say(prompts["question"])
        call.say(murmur)
        heard = await call.hears("question", within=5, whole=True)
        assert heard.complete
        await call.press("39#")
        assert await leg.keys_pressed(3, within=3) == "39#"
        leg.say(prompts["goodbye"])
        await call.hears("goodbye", within=5, whole=True)
        end = await leg.hang_up()
        assert (end.by, end.code) == ("us", 200)
        assert (await call.ended(within=3)).by == "them"
        assert [one.key for one in await call.heard()] == ["question", "goodbye"]
        (spoken,) = recognise(leg.recording(), {"murmur": murmur, **prompts})
        assert (spoken.key, spoken.complete) == ("murmur", True)
        assert call.ear.person_at is None


async def test_a_key_pressed_early_cuts_the_prompt(prompts: dict[str, Audio]) -> None:
    async with UserAgent("2001") as seat, Citizen(prompts) as citizen:
        call = await citizen.call("2001", caller="9876543210", via=seat.address)
        leg = await seat.called(within=3)
        await leg.answer()
        await leg.answered(within=3)
        leg.say(prompts["hello"])
        await call.hears("hello", within=4)
        await call.press("3")
        assert await leg.keys_pressed(1, within=2) == "3"
        leg.hush()
        leg.say(prompts["goodbye"])
        await call.hears("goodbye", within=4, whole=True)
        await call.hang_up()
        first, second = await call.heard()
        assert (first.key, first.complete) == ("hello", False)
        assert (second.key, second.complete) == ("goodbye", True)


async def test_a_voice_that_is_no_prompt_is_a_person(prompts: dict[str, Audio]) -> None:
    async with UserAgent("2001") as seat, Citizen(prompts) as citizen:
        call = await citizen.call("2001", caller="9876543210", via=seat.address)
        leg = await seat.called(within=3)
        await leg.answer()
        await leg.answered(within=3)
        leg.say(prompts["hello"])
        leg.say(voice(2.0, seed=700))
        async with asyncio.timeout(6):
            await call.ear.until(lambda: call.ear.person_at is not None)
        assert call.ear.person_at == pytest.approx(1.6, abs=0.6)
        await call.hang_up()


async def test_a_prompt_that_does_not_come_is_told_with_what_was_heard(prompts: dict[str, Audio]) -> None:
    async with UserAgent("2001") as seat, Citizen(prompts) as citizen:
        call = await citizen.call("2001", caller="9876543210", via=seat.address)
        leg = await seat.called(within=3)
        await leg.answer()
        await leg.answered(within=3)
        leg.say(prompts["goodbye"])
        with pytest.raises(NotHeardError, match=r"hello was not heard within 2 s; heard: goodbye"):
            await call.hears("hello", within=2)
        waiting = asyncio.create_task(call.hears("question", within=20))
        await leg.hang_up()
        with pytest.raises(NotHeardError, match="before the call ended"):
            await waiting


async def test_a_refused_call_and_one_given_up(prompts: dict[str, Audio]) -> None:
    async with UserAgent("2001") as seat, Citizen(prompts) as citizen:
        call = await citizen.call("2001", caller="9876543210", via=seat.address)
        leg = await seat.called(within=3)
        await leg.refuse()
        end = await call.ended(within=3)
        assert (end.by, end.code) == ("them", 486)
        assert await call.heard() == []
        with pytest.raises(NotHeardError, match="it ended, 486"):
            await call.answered(within=3)
        with pytest.raises(PhoneError, match="not connected"):
            await call.press("1")

        call = await citizen.call("2001", caller="9876543210", via=seat.address)
        leg = await seat.called(within=3)
        await call.hang_up()
        assert (await leg.ended(within=3)).code == 487


async def test_several_calls_at_once_keep_their_sound_apart(prompts: dict[str, Audio]) -> None:
    async with UserAgent("2001") as one, UserAgent("2002") as two, Citizen(prompts) as citizen:
        calls = [
            await citizen.call(seat.user, caller=f"98765432{n}0", via=seat.address)
            for n, seat in enumerate((one, two))
        ]
        for seat, words in ((one, "hello"), (two, "question")):
            leg = await seat.called(within=3)
            await leg.answer()
            await leg.answered(within=3)
            leg.say(prompts[words])
        await asyncio.gather(
            calls[0].hears("hello", within=5, whole=True), calls[1].hears("question", within=5, whole=True)
        )
        for call in calls:
            await call.hang_up()
        assert [[one.key for one in await call.heard()] for call in calls] == [["hello"], ["question"]]


async def test_nobody_listens(prompts: dict[str, Audio]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        async with Citizen(prompts) as citizen:
            with pytest.raises(NobodyListensError, match=f"127.0.0.1:{port}.*make demo"):
                await citizen.call("181", caller="9876543210", via=f"127.0.0.1:{port}")


async def test_a_centre_whose_name_nobody_knows(prompts: dict[str, Audio]) -> None:
    async with Citizen(prompts) as citizen:
        with pytest.raises(PhoneError, match=r"centre\.invalid:5060 is not to be had; .*--host"):
            await citizen.call("181", caller="9876543210", via="centre.invalid:5060")


async def test_a_registrar_that_does_not_answer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        via = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(RegistrationError, match="2001 cannot register"):
            async with Executive("2001", "wrong", via=via):
                pass


async def test_an_address_in_use_is_named() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(AddressError, match=rf"127.0.0.1:{port} .*--bind"):
            async with UserAgent("2001", port=port):
                pass


async def test_an_address_this_machine_does_not_have() -> None:
    with pytest.raises(AddressError, match=r"192\.0\.2\.7"):
        async with UserAgent("2001", bind="192.0.2.7"):
            pass


async def test_what_cannot_be_dialled_is_refused() -> None:
    async with UserAgent("2001") as seat:
        for number in ("", "18 1", "181@evil", "181>\r\nX: y"):
            with pytest.raises(ValueError, match="not a number"):
                await seat.invite(number, via=seat.address)
    with pytest.raises(ValueError, match="not a SIP user"):
        UserAgent("20 01")


async def test_the_engine_starts_again_and_again() -> None:
    for _ in range(5):
        async with UserAgent("2001") as seat, UserAgent("2002") as other:
            leg = await other.invite("2001", via=seat.address)
            await (await seat.called(within=3)).refuse(603)
            assert (await leg.ended(within=3)).code == 603
    assert Engine._current is None


async def test_users_of_the_engine_share_it() -> None:
    async with engine() as first:
        async with engine() as second:
            assert first is second
        assert await first.run(lambda: 7) == 7
        with pytest.raises(ZeroDivisionError):
            await first.run(lambda: 1 // 0)
    async with engine() as third:
        assert third is not first


async def test_a_cancelled_call_leaves_nothing() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        via = f"127.0.0.1:{silent.getsockname()[1]}"
        async with UserAgent("citizen") as agent:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await agent.invite("181", via=via)


def test_errors_are_one_line() -> None:
    for error in (
        NobodyListensError("181", "127.0.0.1:5060", 408, "no answer"),
        CallFailedError("181", 0, "Invalid URI"),
        AddressError("127.0.0.2:0", "Address in use"),
        RegistrationError("2001", "127.0.0.1:5060", 401, "Unauthorized"),
    ):
        assert isinstance(error, PhoneError)
        assert "\n" not in str(error)


async def test_both_ends_hang_up_at_once(prompts: dict[str, Audio]) -> None:
    async with UserAgent("2001") as seat, Citizen(prompts) as citizen:
        for _ in range(5):
            call = await citizen.call("2001", caller="9876543210", via=seat.address)
            leg = await seat.called(within=3)
            await leg.answer()
            await asyncio.gather(call.answered(within=3), leg.answered(within=3))
            ends = await asyncio.gather(call.hang_up(), leg.hang_up())
            assert {end.code for end in ends} == {200}
