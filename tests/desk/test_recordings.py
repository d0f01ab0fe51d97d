"""Supervisors listen to the recordings of a call, the talk after a transfer too; nobody else does."""

import wave
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.desk.rig import Rig
from tests.desk.test_browser import Visit, browser, chromium, visit

__all__ = ["browser", "chromium", "visit"]

SECOND = "/calls/c-1/recordings/2"


@pytest.fixture
async def call(rig: Rig, recordings: Path) -> str:
    """2001 talked, passed on to 2002, and after the queue 2003 talked; the files of a and two seconds."""
    for name, seconds in (("c-1.wav", 1), ("c-1-9.wav", 2)):
        with wave.open(str(recordings / name), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(bytes(16000 * seconds))
    await rig.call("c-1")
    calls, now = rig.records.calls, rig.clock()
    await calls.answered("c-1", "2001", now)
    await calls.answered("c-1", "2002", now + timedelta(minutes=2))
    await calls.recorded("c-1", "2003", "c-1-9.wav", now + timedelta(minutes=5))
    await calls.ended("c-1", now + timedelta(minutes=7), cause=16, outcome="answered", recording="c-1.wav")
    return "c-1"


async def registered(rig: Rig, call: str, complaint: dict[str, str]) -> str:
    """A complaint of the call, taken by the second executive in it."""
    person = await rig.person("ramesh")
    status, saved = await person.post_json("/complaints", {**complaint, "call_id": call})
    assert status == 201, saved
    return str(saved["number"])


async def test_all_recordings_are_told_in_order(rig: Rig, call: str) -> None:
    person = await rig.person("meera")
    _, told = await person.get_json(f"/calls/{call}/recordings")
    files = [(one["file"], one["url"]) for one in told["recordings"]]
    assert files == [("c-1.wav", "/calls/c-1/recordings/1"), ("c-1-9.wav", SECOND)]
    talkers = [[talker["extension"] for talker in one["talkers"]] for one in told["recordings"]]
    assert talkers == [["2001", "2002"], ["2003"]]
    async with person.session.get(rig.server.make_url(SECOND)) as sound:
        assert (sound.status, sound.content_type) == (200, "audio/wav")
        assert len(await sound.read()) == 44 + 32000


async def test_what_was_deleted_is_told(rig: Rig, call: str, recordings: Path) -> None:
    (recordings / "c-1-9.wav").unlink()
    person = await rig.person("meera")
    _, told = await person.get_json(f"/calls/{call}/recordings")
    assert [one["url"] for one in told["recordings"]] == ["/calls/c-1/recordings/1", None]
    assert "हटाई या दूसरी जगह रखी गई है" in (await person.get(f"/calls/{call}/recordings"))[1]
    assert (await person.get_json(SECOND))[0] == 404
    assert (await person.get_json("/calls/c-1/recordings/3"))[0] == 404
    assert (await person.get_json("/calls/no-such/recordings"))[0] == 404


async def test_a_name_that_leads_elsewhere_is_not_played(rig: Rig, call: str, recordings: Path) -> None:
    (recordings.parent / "outside.wav").write_bytes(b"RIFF")
    await rig.records.calls.recorded(call, "2003", "../outside.wav", rig.clock() + timedelta(minutes=6))
    person = await rig.person("meera")
    assert (await person.get_json("/calls/c-1/recordings/3"))[0] == 404


@pytest.mark.parametrize("who", ["sunita", "ramesh"])
async def test_executives_listen_to_no_recording(
    rig: Rig, call: str, complaint: dict[str, str], who: str
) -> None:
    number = await registered(rig, call, complaint)
    person = await rig.person(who)
    for path in (f"/calls/{call}/recordings", SECOND):
        assert (await person.get_json(path))[0] == 403
    assert "<audio" not in (await person.get(f"/complaints/{number}"))[1]
    assert "<audio" in (await (await rig.person("meera")).get(f"/complaints/{number}"))[1]


async def test_a_call_without_a_talk_has_none(rig: Rig) -> None:
    await rig.call("c-2")
    person = await rig.person("meera")
    assert "रिकॉर्डिंग नहीं है" in (await person.get("/calls/c-2/recordings"))[1]


@pytest.mark.browser
async def test_a_supervisor_listens_on_the_pages(
    rig: Rig, visit: Visit, call: str, complaint: dict[str, str]
) -> None:
    number = await registered(rig, call, complaint)
    page = await visit("meera")
    await page.goto(str(rig.server.make_url("/calls")))
    await page.locator("#recent a").press("Enter")
    await plays_two(page)
    await page.get_by_role("link", name=f"{number[:4]} {number[4:]}").press("Enter")
    await expect(page.locator("h1")).to_contain_text(number[:4])
    await plays_two(page)


async def plays_two(page: Page) -> None:
    """Both recordings stand there with who talks, and the second one plays."""
    await expect(page.locator("audio")).to_have_count(2)
    await expect(page.locator("li:has(audio)").first).to_contain_text("2001")
    await expect(page.locator("li:has(audio)").first).to_contain_text("2002")
    await expect(page.locator("li:has(audio)").last).to_contain_text("2003")
    await page.locator("audio").last.evaluate("sound => sound.play()")
    await expect(page.locator("audio").last).to_have_js_property("duration", 2)


@pytest.mark.browser
async def test_on_a_telephone_all_of_a_call_is_in_view(rig: Rig, visit: Visit, call: str) -> None:
    page = await visit("meera")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(str(rig.server.make_url("/calls")))
    await expect(page.locator(f'a[href="/calls/{call}/recordings"]')).to_be_in_viewport(ratio=1)
    await expect(page.locator("#recent .outcome")).to_be_in_viewport(ratio=1)
