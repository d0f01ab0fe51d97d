"""Spoken messages are listened to and written down; numbers are called back."""

import wave
from pathlib import Path

import pytest

from tests.desk.rig import BROWSER, CALLER, Rig

Form = dict[str, str]


@pytest.fixture
async def message(rig: Rig, recordings: Path) -> str:
    """The id of a message of two seconds, left by `CALLER` in district 39."""
    with wave.open(str(recordings / "m-1.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(32000))
    await rig.call("c-1")
    draft = await rig.records.drafts.store("c-1", "+919826012345", "39", "m-1.wav", 2.0, rig.clock())
    return str(draft.id)


async def test_a_message_is_heard_and_becomes_a_complaint(rig: Rig, message: str, complaint: Form) -> None:
    person = await rig.person("sunita")
    _, html = await person.get("/messages")
    assert f'src="/messages/{message}/audio"' in html
    assert "98260 12345" in html
    async with person.session.get(rig.server.make_url(f"/messages/{message}/audio")) as sound:
        assert (sound.status, sound.content_type) == (200, "audio/wav")
        assert (await sound.read())[:4] == b"RIFF"
    _, html = await person.get(f"/form?message={message}")
    assert f'data-call="message-{message}"' in html
    assert f'name="message" value="{message}"' in html
    status, saved = await person.post_json("/complaints", {**complaint, "message": message})
    assert status == 201
    _, shown = await person.get_json(f"/complaints/{saved['number']}")
    assert shown["call_id"] == "c-1"
    _, lists = await person.get_json("/messages")
    assert lists["messages"] == []
    status, again = await person.post_json("/complaints", {**complaint, "message": message})
    assert (status, again["number"]) == (201, saved["number"])


async def test_a_message_is_set_aside_with_a_reason(rig: Rig, message: str, complaint: Form) -> None:
    person = await rig.person("sunita")
    path, form = f"/messages/{message}/discard", {"csrf": person.csrf}
    answer = await person.post_form(path, {**form, "reason": ""})
    assert (answer.status, "सूची में से कारण चुनें" in await answer.text()) == (422, True)
    answer = await person.post_form(path, {**form, "reason": "NO-SUCH"})
    assert (answer.status, "NO-SPEECH" in await answer.text()) == (422, True)
    assert (await person.post_form(path, {**form, "reason": "NO-SPEECH"})).status == 303
    assert "कोई संदेश बाकी नहीं है" in (await person.get("/messages"))[1]
    status, told = await person.post_json("/complaints", {**complaint, "message": message})
    assert (status, list(told["errors"])) == (422, ["message"])
    assert await rig.records.complaints.recent(5) == []


async def test_a_message_that_somebody_else_dealt_with(rig: Rig, message: str, complaint: Form) -> None:
    sunita, ramesh = await rig.person("sunita"), await rig.person("ramesh")
    _, saved = await sunita.post_json("/complaints", {**complaint, "message": message})
    discard = {"csrf": ramesh.csrf, "reason": "NO-SPEECH"}
    answer = await ramesh.post_form(f"/messages/{message}/discard", discard)
    assert (answer.status, saved["number"] in await answer.text()) == (409, True)
    answer = await ramesh.session.get(
        rig.server.make_url(f"/form?message={message}"), headers=BROWSER, allow_redirects=False
    )
    assert (answer.status, answer.headers["Location"]) == (303, f"/complaints/{saved['number']}")
    await rig.call("c-2")
    other = await rig.records.drafts.store("c-2", "+919826012345", "39", "m-2.wav", 2.0, rig.clock())
    for person in (sunita, ramesh):
        given = {**discard, "csrf": person.csrf}
        assert (await person.post_form(f"/messages/{other.id}/discard", given)).status == 303
    assert (await sunita.get(f"/form?message={other.id}"))[0] == 404


async def test_whose_recording_is_gone_is_told_so(rig: Rig, message: str, recordings: Path) -> None:
    (recordings / "m-1.wav").unlink()
    person = await rig.person("sunita")
    status, told = await person.get_json(f"/messages/{message}/audio")
    assert (status, "रिकॉर्डिंग नहीं मिली" in told["error"]) == (404, True)
    for wrong in ("999", "999999999999999999"):
        assert (await person.get_json(f"/messages/{wrong}/audio"))[0] == 404
        assert (await person.get(f"/form?message={wrong}"))[0] == 404


async def test_a_number_is_called_back(rig: Rig) -> None:
    await rig.call("c-2")
    await rig.records.callbacks.request("c-2", "+919826012345", "39", rig.clock())
    person = await rig.person("ramesh")
    _, lists = await person.get_json("/messages")
    (wish,) = lists["callbacks"]
    assert wish["number"][-10:] == CALLER[-10:]
    answer = await person.post_form(f"/callbacks/{wish['id']}/done", {"csrf": person.csrf})
    assert answer.status == 303
    assert (await person.get_json("/messages"))[1]["callbacks"] == []
    assert (await person.post_form(f"/callbacks/{wish['id']}/done", {"csrf": person.csrf})).status == 303


async def test_other_districts_and_officers_do_not_see_them(rig: Rig, message: str) -> None:
    await rig.call("c-3")
    other = await rig.records.drafts.store("c-3", "+919826099999", "04", "m-3.wav", 2.0, rig.clock())
    person = await rig.person("sunita")
    _, lists = await person.get_json("/messages")
    assert [each["id"] for each in lists["messages"]] == [int(message)]
    assert (await person.get_json(f"/messages/{other.id}/audio"))[0] == 404
    _, lists = await (await rig.person("kavita")).get_json("/messages")
    assert len(lists["messages"]) == 2, "an administrator of no district sees all"
    assert (await (await rig.person("anil")).get_json("/messages"))[0] == 403
