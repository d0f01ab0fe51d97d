"""The alarm bar in a real Chromium: it comes by itself, is read aloud, and is put away by keyboard."""

import os

import pytest
from playwright.async_api import Page, expect

from tests.desk.rig import Rig
from tests.desk.test_browser import Visit, browser, chromium, page, visit

__all__ = ["browser", "chromium", "page", "visit"]

pytestmark = pytest.mark.browser

NARROW = {"width": 360, "height": 740}


async def test_a_supervisor_is_told_and_puts_it_away_by_keyboard(rig: Rig, visit: Visit) -> None:
    page = await visit("meera")
    await page.goto(str(rig.server.make_url("/calls")))
    await expect(page.locator("#line[data-state=on]")).to_be_visible()
    await expect(page.locator("#alarms li")).to_have_count(0)
    alarms = rig.records.alarms
    await alarms.note("disk_low", "/srv/recordings", at=rig.clock(), data={"free_mb": 812}, lasts=True)
    for _ in range(3):
        await alarms.note("emergency_failed", "0f7b2a", at=rig.clock(), data={"target": "112"})
    await expect(page.locator("#alarms li")).to_have_count(2, timeout=15_000)
    await expect(page.locator("#alarms li").first).to_contain_text("112 से नहीं जुड़ सकी")
    await expect(page.locator("#alarm-say")).to_contain_text("112 से नहीं जुड़ सकी")
    await shot(page, "supervisor")
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    await shot(page, "supervisor-360")
    await page.keyboard.press("Alt+q")
    await page.keyboard.press("Enter")
    await expect(page.locator("#alarms li")).to_have_count(1, timeout=15_000)
    (left,) = await alarms.standing()
    assert left.kind == "disk_low"
    (seen,) = await alarms.past(5)
    assert (seen.kind, seen.acknowledged_by, seen.count) == ("emergency_failed", "meera", 3)
    await alarms.over("disk_low", "/srv/recordings", at=rig.clock())
    await expect(page.locator("#alarms li")).to_have_count(0, timeout=15_000)
    await page.goto(str(rig.server.make_url("/alarms")))
    await expect(page.locator("tbody tr")).to_have_count(2)
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    await shot(page, "list-360")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await shot(page, "list")


async def test_an_executive_is_told_of_the_emergency_beside_his_form(rig: Rig, page: Page) -> None:
    await page.goto(str(rig.server.make_url("/")))
    await expect(page.locator("#line[data-state=on]")).to_be_visible()
    await page.locator("#citizen_name").fill("रामप्रसाद")
    await rig.records.alarms.note("disk_low", "/srv", at=rig.clock(), data={"free_mb": 812})
    await rig.records.alarms.note("emergency_failed", "0f7b2a", at=rig.clock(), data={"target": "112"})
    await expect(page.locator("#alarms li")).to_have_count(1, timeout=15_000)
    await expect(page.locator("#alarms button")).to_have_count(0)
    assert await page.input_value("#citizen_name") == "रामप्रसाद"
    await shot(page, "executive")
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    await shot(page, "executive-360")


async def shot(page: Page, name: str) -> None:
    """For people who look at the pages: into the folder of ``$HELPLINE_SHOTS``, when that is set."""
    if folder := os.environ.get("HELPLINE_SHOTS"):
        await page.screenshot(path=f"{folder}/alarms-{name}.png")
