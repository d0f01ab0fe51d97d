"""Who sees what: pages by role, numbers masked or whole."""

import pytest

from records import CallStart
from tests.desk.conftest import MakeRig
from tests.desk.rig import CALLER, Person, Rig

WHOLE = "+919826012345"


async def ringing(rig: Rig, person: Person, call_id: str = "c-1", extension: str = "2001") -> None:
    """A call that rings and that the desk knows about."""
    await rig.call(call_id, CALLER, "39", "1")
    async with person.events() as stream:
        rig.phones.queue(call_id)
        rig.phones.ring(call_id, extension)
        await stream.next("ring")


async def answered(rig: Rig, person: Person, call_id: str = "c-1") -> None:
    async with person.events() as stream:
        rig.phones.answer(call_id)
        await rig.records.calls.answered(call_id, "2001", rig.clock())
        while (await stream.next("answered")).data["state"] != "talking":
            pass


async def test_an_executive_sees_the_whole_number_once_he_has_answered(rig: Rig) -> None:
    person = await rig.person("sunita")
    await ringing(rig, person)
    _, call = await person.get_json("/calls/c-1")
    assert (call["state"], call["number"], call["masked"]) == ("ringing", "98xxxxxx45", True)
    _, html = await person.get("/panel", **{"HX-Request": "true"})
    assert "98260" not in html
    await answered(rig, person)
    _, call = await person.get_json("/calls/c-1")
    assert (call["state"], call["number"], call["masked"]) == ("talking", WHOLE, False)
    _, html = await person.get("/")
    assert 'value="98260 12345"' in html
    assert 'data-call="c-1"' in html


async def test_the_panel_tells_district_keys_and_waiting(rig: Rig) -> None:
    person = await rig.person("sunita")
    await ringing(rig, person)
    rig.clock.pass_(seconds=14)
    _, call = await person.get_json("/calls/c-1")
    assert call["district"]["name_hi"] == "राजगढ़"
    assert call["pressed"] == ["39", "1"]
    assert call["waited_seconds"] == 14.0
    _, html = await person.get("/panel", **{"HX-Request": "true"})
    assert "0:14" in html
    assert "राजगढ़" in html


async def test_the_panel_keeps_from_the_executive_how_the_citizen_rated_him(rig: Rig) -> None:
    person = await rig.person("sunita")
    await ringing(rig, person)
    await answered(rig, person)
    rig.clock.pass_(seconds=60)
    await rig.records.calls.step("c-1", rig.clock(), "key", {"key": "2"})
    _, call = await person.get_json("/calls/c-1")
    assert call["pressed"] == ["39", "1"]


async def test_the_whole_number_can_be_shown_while_it_rings(make_rig: MakeRig) -> None:
    rig = await make_rig(executive_sees_number_ringing=True)
    person = await rig.person("sunita")
    await ringing(rig, person)
    assert (await person.get_json("/calls/c-1"))[1]["number"] == WHOLE


@pytest.mark.parametrize(("whole", "number"), [(True, WHOLE), (False, "98xxxxxx45")])
async def test_a_supervisor_sees_numbers_by_setting(make_rig: MakeRig, whole: bool, number: str) -> None:
    rig = await make_rig(supervisor_sees_numbers=whole)
    person = await rig.person("meera")
    await ringing(rig, person)
    assert (await person.get_json("/calls/c-1"))[1]["number"] == number
    await rig.records.calls.ended("c-1", rig.clock(), cause=16, outcome="abandoned")
    _, calls = await person.get_json("/calls")
    assert [call["number"] for call in calls["abandoned"]] == [number]
    status, html = await person.get("/calls")
    assert status == 200
    assert ("98260 12345" in html) is whole


async def test_an_executive_sees_no_call_of_another(rig: Rig) -> None:
    person = await rig.person("sunita")
    await ringing(rig, await rig.person("meera"), extension="2002")
    assert (await person.get_json("/calls/c-1"))[0] == 404
    assert (await person.get("/form?call=c-1", **{"HX-Request": "true"}))[0] == 404
    assert (await person.get_json("/calls"))[0] == 403
    assert (await person.get_json("/panel"))[1] == {"call": None}


async def test_a_call_from_before_a_restart_is_found_in_the_records(rig: Rig) -> None:
    person = await rig.person("sunita")
    await rig.call("c-9")
    await rig.records.calls.answered("c-9", "2001", rig.clock())
    _, call = await person.get_json("/calls/c-9")
    assert (call["state"], call["number"]) == ("talking", WHOLE)
    assert (await (await rig.person("ramesh")).get_json("/calls/c-9"))[0] == 404


async def test_earlier_complaints_of_the_number(rig: Rig, complaint: dict[str, str]) -> None:
    person = await rig.person("sunita")
    _, first = await person.post_json("/complaints", complaint)
    rig.clock.pass_(days=100)
    person = await rig.person("sunita")
    await ringing(rig, person)
    _, call = await person.get_json("/calls/c-1")
    assert [(each["number"], each["overdue"]) for each in call["earlier"]] == [(first["number"], True)]
    _, html = await person.get("/panel", **{"HX-Request": "true"})
    assert "समय-सीमा निकली" in html
    assert "रामप्रसाद" not in html, "a masked caller has no name yet"


@pytest.mark.parametrize("caller", ["", "anonymous"])
async def test_a_caller_without_a_number(rig: Rig, caller: str) -> None:
    person = await rig.person("sunita")
    async with person.events() as stream:
        rig.phones.ring("c-1", caller=caller)
        await stream.next("ring")
    _, html = await person.get("/panel", **{"HX-Request": "true"})
    assert "नंबर छिपा है" in html
    assert (await person.get_json("/calls/c-1"))[1]["number"] == ""
    await rig.records.calls.start(CallStart("c-2", caller, None, "181", "PJSIP/trunk-1", rig.clock()))
    await rig.records.calls.ended("c-2", rig.clock(), cause=16, outcome="abandoned")
    leader = await rig.person("meera")
    assert [each["number"] for each in (await leader.get_json("/calls"))[1]["abandoned"]] == [""]
    assert (await leader.get("/calls"))[1].count("नंबर छिपा है") == 3, (
        "among those who wait and the last calls, too"
    )


async def test_an_officer_only_reads(rig: Rig, complaint: dict[str, str]) -> None:
    executive, officer = await rig.person("sunita"), await rig.person("anil")
    _, saved = await executive.post_json("/complaints", complaint)
    status, html = await officer.get("/")
    assert status == 200
    assert saved["post_hi"] in html
    assert "98260" not in html
    _, shown = await officer.get_json(f"/complaints/{saved['number']}")
    assert shown["citizen_phone"] == "98xxxxxx45"
    for path in ("/panel", "/calls", "/form", "/mine"):
        assert (await officer.get_json(path))[0] == 403
    assert (await officer.post_json("/complaints", complaint))[0] == 403


async def test_an_executive_sees_numbers_of_his_own_complaints_only(
    rig: Rig, complaint: dict[str, str]
) -> None:
    _, saved = await (await rig.person("sunita")).post_json("/complaints", complaint)
    for username, phone in (("sunita", WHOLE), ("ramesh", "98xxxxxx45"), ("meera", WHOLE), ("kavita", WHOLE)):
        _, shown = await (await rig.person(username)).get_json(f"/complaints/{saved['number']}")
        assert shown["citizen_phone"] == phone


async def test_the_state_of_the_own_phone(rig: Rig) -> None:
    from switchboard import MemberChanged

    person = await rig.person("sunita")
    async with person.events() as stream:
        for logged_in, paused, busy, state in (
            (True, False, False, "ready"),
            (True, True, False, "paused"),
            (True, False, True, "busy"),
            (False, False, False, "out"),
        ):
            rig.phones.tell(MemberChanged(rig.clock(), "2001", logged_in, paused, busy))
            await stream.next("member")
            _, html = await person.get("/panel", **{"HX-Request": "true"})
            assert f'id="member" data-state="{state}"' in html
    _, html = await (await rig.person("meera")).get("/")
    assert 'data-state="no_extension"' in html
    rig.phones.connected = False
    _, html = await (await rig.person("ramesh")).get("/")
    assert 'data-state="unknown"' in html
