"""``/events``: in time, only one's own, never in the way of the server."""

import asyncio
import time

import pytest

from desk.stream import RECONNECT_MS
from switchboard import Abandoned, MemberChanged, Resync
from tests.desk.conftest import MakeRig
from tests.desk.rig import Rig


async def test_a_ring_is_on_the_stream_within_the_second(rig: Rig) -> None:
    person = await rig.person("sunita")
    async with person.events() as stream:
        began = time.monotonic()
        rig.phones.ring("c-1")
        message = await stream.next()
        assert time.monotonic() - began < 1.0
    assert message.name == "ring"
    assert message.data["call_id"] == "c-1"
    assert (message.data["extension"], message.data["district"]) == ("2001", "39")
    assert (message.data["caller"], message.data["masked"]) == ("98xxxxxx45", True)


async def test_a_call_as_the_executive_hears_of_it(rig: Rig) -> None:
    person = await rig.person("sunita")
    async with person.events() as stream:
        rig.phones.ring("c-1")
        rig.phones.ring_end("c-1")
        rig.phones.ring("c-1")
        rig.phones.answer("c-1")
        rig.phones.end("c-1")
        names = [(await stream.next()).name for _ in range(5)]
    assert names == ["ring", "ring-ended", "ring", "answered", "ended"]


async def test_an_executive_hears_only_of_his_own_phone(rig: Rig) -> None:
    sunita, meera = await rig.person("sunita"), await rig.person("meera")
    async with sunita.events() as own, meera.events() as all_calls:
        rig.phones.ring("other", "2002")
        rig.phones.tell(Abandoned(rig.clock(), "other", "district-39", 9.0))
        rig.phones.tell(MemberChanged(rig.clock(), "2002", True, False, False))
        rig.phones.ring("mine", "2001")
        assert (await own.next()).data["call_id"] == "mine"
        names = [(await all_calls.next()).name for _ in range(5)]
    assert names == ["ring", "ring-ended", "abandoned", "member", "ring"]


async def test_an_officer_hears_of_no_call(rig: Rig) -> None:
    anil, meera = await rig.person("anil"), await rig.person("meera")
    async with anil.events() as stream, meera.events() as other:
        rig.phones.ring("c-1")
        rig.phones.tell(Resync(rig.clock()))
        await other.next("resync")
        assert (await stream.next()).name == "resync"


async def test_who_opens_the_page_during_a_ring_hears_of_it(rig: Rig) -> None:
    person = await rig.person("sunita")
    async with person.events() as stream:
        rig.phones.ring("c-1")
        await stream.next("ring")
    async with person.events() as stream:
        message = await stream.next()
        assert (message.name, message.data["call_id"], message.id) == ("ring", "c-1", None)


async def test_who_comes_back_gets_what_he_missed(rig: Rig) -> None:
    person, other = await rig.person("sunita"), await rig.person("meera")
    async with person.events() as stream:
        rig.phones.ring("c-1")
        last = (await stream.next("ring")).id
    async with other.events() as watching:
        rig.phones.ring_end("c-1")
        rig.phones.ring("c-2")
        while (await watching.next("ring")).data["call_id"] != "c-2":
            pass
    async with person.events(last_id=last) as stream:
        names = [(await stream.next()).name for _ in range(3)]
        assert names == ["ring", "ring-ended", "ring"], "what rings now first, then what was missed"
    async with person.events(last_id="000000-7") as stream:
        assert (await stream.next("resync")).data == {}


async def test_silence_is_filled_and_tells_of_the_phones(make_rig: MakeRig) -> None:
    rig = await make_rig(heartbeat_seconds=0.02)
    person = await rig.person("sunita")
    async with person.events() as stream:
        assert (await stream.next("beat")).data["phones"] is True
        rig.phones.connected = False
        async with asyncio.timeout(2):
            while (await stream.next("beat")).data["phones"]:
                pass


async def test_the_stream_ends_with_the_session(make_rig: MakeRig) -> None:
    rig = await make_rig(heartbeat_seconds=0.02)
    person = await rig.person("sunita")
    async with person.events() as stream:
        rig.clock.pass_(hours=13)
        assert await stream.ended()


async def test_the_stream_ends_with_the_logout(rig: Rig) -> None:
    person = await rig.person("sunita")
    async with person.events() as stream:
        await person.post_form("/logout", {"csrf": person.csrf})
        assert await stream.ended()


async def test_the_seventh_tab_takes_the_place_of_the_first(make_rig: MakeRig) -> None:
    rig = await make_rig(streams_per_user=1)
    person = await rig.person("sunita")
    async with person.events() as first, person.events() as second:
        assert await first.ended()
        rig.phones.ring("c-1")
        assert (await second.next()).name == "ring"


async def test_a_page_that_takes_nothing_is_let_go(make_rig: MakeRig) -> None:
    rig = await make_rig(heartbeat_seconds=60.0, stream_write_seconds=0.05, stream_events=1000)
    person, other = await rig.person("meera"), await rig.person("kavita")
    async with person.events(), other.events() as watching:
        caller = "9" * 60_000
        async with asyncio.timeout(10):
            while (await streams(rig)) > 1:
                rig.phones.ring("c-1", caller=caller)
                await watching.next("ring")
    async with person.events() as stream:
        assert (await stream.next("ring")).data["call_id"] == "c-1"


async def test_the_server_stops_fast_with_open_streams(rig: Rig) -> None:
    people = [await rig.person(name) for name in ("sunita", "ramesh", "meera")]
    async with people[0].events() as a, people[1].events() as b, people[2].events() as c:
        began = time.monotonic()
        async with asyncio.timeout(5):
            await rig.server.close()
        assert time.monotonic() - began < 1.0
        assert all([await stream.ended() for stream in (a, b, c)])
    assert rig.phones.subscriptions == set()


async def test_a_reader_left_behind_reads_the_state_anew(rig: Rig) -> None:
    from switchboard import LiveCall, Stage

    person = await rig.person("sunita")
    async with person.events() as stream:
        call = LiveCall("c-7", "1.1", "98", "39", "district-39", Stage.QUEUED, rig.clock(), ringing=("2001",))
        rig.phones.state.calls["c-7"] = call
        rig.phones.tell(Resync(rig.clock()))
        await stream.next("resync")
        assert (await person.get_json("/panel"))[1]["call"]["call_id"] == "c-7"


@pytest.mark.parametrize("accept", ["text/event-stream", "*/*"])
async def test_the_headers_of_a_stream(rig: Rig, accept: str) -> None:
    person = await rig.person("sunita")
    async with person.session.get(rig.server.make_url("/events"), headers={"Accept": accept}) as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Accel-Buffering"] == "no"
        assert await response.content.readline() == f"retry: {RECONNECT_MS}\n".encode()


async def streams(rig: Rig) -> int:
    _, health = await rig.visitor().get_json("/healthz")
    return int(health["streams"])


@pytest.mark.parametrize("step", ["disable", "remove", "set_password"])
async def test_a_stream_ends_at_once_for_whoever_is_kept_out(make_rig: MakeRig, step: str) -> None:
    rig = await make_rig(session_look_seconds=0.02)
    person, colleague = await rig.person("sunita"), await rig.person("ramesh")
    async with person.events() as stream, colleague.events() as other:
        given = ("Naya-Shabd-77-Pul",) if step == "set_password" else ()
        await getattr(rig.records.users, step)("sunita", *given)
        assert await stream.ended()
        rig.phones.ring("call-9", "2002")
        assert (await other.next("ring")).data["call_id"] == "call-9"
    assert (await person.get_json("/mine"))[0] == 401
    assert (await colleague.get_json("/mine"))[0] == 200
