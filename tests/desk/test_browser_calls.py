"""A form and its call in a real Chromium: what stands beside a form belongs to it; no call gets lost."""

import pytest
from playwright.async_api import Page, expect

from tests.desk.rig import Rig
from tests.desk.test_browser import answer, browser, chromium, fill, page, visit

__all__ = ["browser", "chromium", "page", "visit"]

pytestmark = pytest.mark.browser

SECOND = "09425567890"


async def second_call(rig: Rig, page: Page) -> None:
    """Another citizen calls while the first one's form is open, and is talked to."""
    rig.phones.end("c-1")
    rig.clock.pass_(minutes=4)
    await rig.call("c-2", SECOND, "39")
    rig.phones.queue("c-2", SECOND)
    rig.phones.ring("c-2", caller=SECOND)


async def test_the_form_of_one_call_is_never_beside_another(rig: Rig, page: Page) -> None:
    await rig.call("c-1", "09826012345", "39")
    rig.phones.queue("c-1")
    rig.phones.ring("c-1")
    await answer(rig, page, "c-1")
    await expect(page.locator("#of-call")).to_contain_text("98260 12345 · 11:30")
    await page.keyboard.type("सीताबाई")

    await second_call(rig, page)
    cards = page.locator("#panel .call")
    await expect(cards).to_have_count(2)
    await expect(cards.nth(0)).to_contain_text("दूसरी कॉल, खुले प्रपत्र की नहीं")
    await expect(cards.nth(0)).to_contain_text("94xxxxxx90")
    await expect(cards.nth(1)).to_contain_text("खुले प्रपत्र की कॉल")
    await expect(cards.nth(1)).to_contain_text("98260 12345")
    await expect(page.locator("#of-call")).to_contain_text("98260 12345")

    rig.phones.answer("c-2")
    bar = page.locator("#other-call")
    await expect(bar).to_contain_text("94255 67890")
    await expect(bar).to_contain_text("98260 12345, 11:30")
    rig.phones.end("c-2")
    await expect(cards.nth(0)).to_have_class("card call ended")
    await expect(bar).to_contain_text("समाप्त हुई कॉल 94255 67890")
    assert await page.input_value("#citizen_name") == "सीताबाई"

    # Also after a reload.
    await page.reload()
    await expect(page.locator("#line[data-state=on]")).to_be_visible()
    await expect(page.locator("#unwritten")).to_contain_text("98260 12345")
    await page.locator("#unfinished button, #work[data-call='c-1']").first.wait_for()
    await page.locator("#unwritten [data-open='c-1'], #unfinished button").first.click()
    await expect(page.locator("#work[data-call='c-1']")).to_be_visible()
    assert await page.input_value("#citizen_name") == "सीताबाई"
    assert await page.input_value("#work [name=call_id]") == "c-1"
    await expect(page.locator("#of-call")).to_contain_text("98260 12345")
    await page.locator("#other-call button").first.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#work[data-call='c-2']")).to_be_visible()
    await expect(page.locator("#of-call")).to_contain_text("94255 67890")
    assert await page.input_value("#citizen_phone") == "94255 67890"
    await expect(cards).to_have_count(1)
    await expect(cards).to_contain_text("94255 67890")
    await expect(page.locator("#unfinished")).to_contain_text("सीताबाई · 98260 12345, 11:30")

    await page.focus("#citizen_name")
    await fill(page, "गोविंद")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#work[data-saved]")).to_be_visible()
    (kept,) = await rig.records.complaints.by_call("c-2")
    assert kept.citizen_name == "गोविंद"
    await expect(page.locator("#unwritten [data-taken='c-1']")).to_be_visible()
    await expect(page.locator("#unwritten [data-taken='c-2']")).to_have_count(0)


async def test_a_call_without_a_complaint_is_put_away(rig: Rig, page: Page) -> None:
    await rig.call("c-1", "09826012345", "39")
    rig.phones.queue("c-1")
    rig.phones.ring("c-1")
    await answer(rig, page, "c-1")
    await second_call(rig, page)
    rig.phones.answer("c-2")
    # Nothing was typed: the new call's form opens by itself, and the first call waits in the list.
    await expect(page.locator("#work[data-call='c-2']")).to_be_visible()
    await expect(page.locator("#unwritten [data-taken='c-1']")).to_be_visible()
    await page.locator("#unwritten [data-dismiss='c-1']").press("Enter")
    await expect(page.locator("#unwritten")).to_be_hidden()
    await page.reload()
    await expect(page.locator("#line[data-state=on]")).to_be_visible()
    await expect(page.locator("#unwritten [data-taken='c-1']")).to_be_hidden()


async def test_a_begun_form_of_no_call_is_not_beside_a_callers_history(rig: Rig, page: Page) -> None:
    await page.focus("#citizen_name")
    await page.keyboard.type("सामने बैठे नागरिक")
    await rig.call("c-1", "09826012345", "39")
    rig.phones.queue("c-1")
    rig.phones.ring("c-1")
    await expect(page.locator("#panel .whose")).to_contain_text("दूसरी कॉल")
    await expect(page.locator("#panel .earlier")).to_have_count(0)
    rig.phones.answer("c-1")
    await expect(page.locator("#other-call")).to_contain_text("98260 12345")
    await expect(page.locator("#other-call")).to_contain_text("बिना कॉल")
