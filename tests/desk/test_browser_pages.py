"""Messages and officers' steps in a real Chromium, by keyboard."""

import wave
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from switchboard import Abandoned, MemberChanged
from tests.desk.rig import Rig
from tests.desk.test_browser import Visit, browser, chromium, fill, page, visit

__all__ = ["browser", "chromium", "page", "visit"]

pytestmark = pytest.mark.browser


async def test_a_message_is_written_down_and_what_is_typed_survives_a_reload(
    rig: Rig, page: Page, recordings: Path
) -> None:
    with wave.open(str(recordings / "m-1.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(32000))
    await rig.call("c-1")
    draft = await rig.records.drafts.store("c-1", "+919826012345", "39", "m-1.wav", 2.0, rig.clock())
    await page.goto(str(rig.server.make_url("/messages")))
    await page.get_by_role("link", name="सुनकर शिकायत दर्ज करें").press("Enter")
    await expect(page.locator(f"#work[data-call='message-{draft.id}'] audio")).to_be_visible()
    await page.wait_for_function("document.querySelector('audio').duration === 2")
    await page.focus("#citizen_name")
    await page.keyboard.type("रामप्रसाद दांगी")
    await page.goto(str(rig.server.make_url("/")))
    await page.locator("#unfinished button").press("Enter")
    await expect(page.locator(f"#work[data-call='message-{draft.id}']")).to_be_visible()
    assert await page.input_value("#citizen_name") == "रामप्रसाद दांगी"
    assert await page.input_value("#citizen_phone") == "98260 12345"
    await page.locator("#citizen_name").fill("")
    await page.focus("#citizen_name")
    await fill(page)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#complaint-number")).to_be_visible()
    await page.reload()
    await expect(page.locator("#unfinished")).to_be_hidden()
    assert await rig.records.drafts.open(5) == []


async def test_a_step_is_taken_by_keyboard(rig: Rig, page: Page, complaint: dict[str, str]) -> None:
    person = await rig.person("ramesh")
    _, saved = await person.post_json("/complaints", complaint)
    await page.goto(str(rig.server.make_url(f"/complaints/{saved['number']}")))
    await page.locator("#step-note summary").press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("नागरिक ने फिर फ़ोन किया")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_contain_text("टिप्पणी")
    await expect(page.locator(".history")).to_contain_text("नागरिक ने फिर फ़ोन किया")


async def test_the_supervisors_page_follows_what_happens(rig: Rig, visit: Visit) -> None:
    page = await visit("meera")
    await page.goto(str(rig.server.make_url("/calls")))
    await expect(page.locator("#line[data-state=on]")).to_be_visible()
    await rig.call("c-1")
    rig.phones.queue("c-1")
    await expect(page.locator("#waiting li")).to_have_count(1)
    rig.phones.tell(MemberChanged(rig.clock(), "2001", True, False, False))
    await expect(page.locator("#members [data-state=ready]")).to_contain_text("2001")
    # The records come after the event: nothing else happens on the page's account.
    rig.phones.tell(Abandoned(rig.clock(), "c-1", "district-39", 9.0))
    await expect(page.locator("#waiting li")).to_have_count(0)
    await rig.records.calls.ended("c-1", rig.clock(), cause=16, outcome="abandoned")
    await expect(page.locator("#abandoned tbody tr")).to_have_count(1, timeout=15_000)
    await expect(page.locator("#abandoned")).to_contain_text("98260 12345")


async def test_the_supervisors_page_leaves_alone_what_is_being_copied(rig: Rig, visit: Visit) -> None:
    await rig.call("c-1")
    await rig.records.calls.ended("c-1", rig.clock(), cause=16, outcome="abandoned")
    page = await visit("meera")
    await page.goto(str(rig.server.make_url("/calls")))
    await page.evaluate("getSelection().selectAllChildren(document.querySelector('#abandoned .num'))")
    await rig.call("c-2")
    await rig.records.calls.ended("c-2", rig.clock(), cause=16, outcome="abandoned")
    rig.phones.queue("c-3")
    await expect(page.locator("#waiting li")).to_have_count(1)
    assert await page.evaluate("String(getSelection())") == "98260 12345"
    await page.evaluate("getSelection().removeAllRanges()")
    await expect(page.locator("#abandoned tbody tr")).to_have_count(2, timeout=15_000)
