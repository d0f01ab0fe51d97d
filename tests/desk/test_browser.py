"""The desk in a real Chromium, by keyboard alone."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from desk.assets import load_assets
from desk.context import DESK
from switchboard import MemberChanged
from tests.desk.conftest import MakeRig
from tests.desk.rig import PASSWORD, Rig

pytestmark = pytest.mark.browser

QUIET = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; a missing one fails with the remedy."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.fail("no Chromium here: install Debian's package chromium")
    if load_assets().missing():
        pytest.fail("the page's packages are not built: run npm ci and npm run build in desk/frontend")
    return found


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    root = ["--no-sandbox"] if os.getuid() == 0 else []
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=[*QUIET, *root])
        yield launched
        await launched.close()


Visit = Callable[[str], Awaitable[Page]]


@pytest.fixture
async def visit(browser: Browser, rig: Rig) -> AsyncIterator[Visit]:
    """Log somebody in; no page's scripts may fail, and its policy may not have to stop anything."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        expected = ("Failed to load resource", "Response Status Error Code")
        if message.type in {"error", "warning"} and not message.text.startswith(expected):
            complaints.append(message.text)

    async def log_in(username: str) -> Page:
        context = await browser.new_context(viewport={"width": 1366, "height": 768})
        opened = await context.new_page()
        opened.set_default_timeout(5_000)
        opened.on("console", note)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        await opened.goto(str(rig.server.make_url("/login")))
        await enter(opened, username)
        return opened

    yield log_in
    for context in browser.contexts:
        await context.close()
    assert complaints == []


async def enter(page: Page, username: str) -> None:
    """Fill in the login page, by keyboard."""
    await expect(page.locator("#username")).to_be_focused()
    await page.keyboard.type(username)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#username")).to_have_count(0)


@pytest.fixture
async def page(visit: Visit) -> Page:
    """An executive's desk."""
    opened = await visit("sunita")
    await expect(opened.locator("#line[data-state=on]")).to_be_visible()
    return opened


async def ring(rig: Rig, call_id: str) -> None:
    await rig.call(call_id, "09826012345", "39", "1")
    rig.phones.queue(call_id)
    rig.phones.ring(call_id)


async def answer(rig: Rig, page: Page, call_id: str) -> None:
    rig.phones.answer(call_id)
    await expect(page.locator(f"#work[data-call='{call_id}']")).to_be_visible()
    await expect(page.locator("#citizen_name")).to_be_focused()


async def choose(page: Page, text: str) -> None:
    """Type into the field that has the focus, take the first suggestion, go on."""
    await page.keyboard.type(text)
    await expect(
        page.locator("[role=listbox]:not([hidden], [aria-busy]) [role=option]").first
    ).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("[role=option][aria-selected=true]")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")


async def fill(page: Page, name: str = "रामप्रसाद दांगी") -> None:
    await page.keyboard.type(name)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await choose(page, "khilchi")
    await choose(page, "bijli")
    await page.keyboard.type("तीन दिन से बिजली नहीं है।")


async def test_from_ring_to_saved_complaint_by_keyboard(rig: Rig, page: Page) -> None:
    rig.phones.tell(MemberChanged(rig.clock(), "2001", True, False, False))
    await expect(page.locator("#member[data-state=ready]")).to_be_visible()
    await ring(rig, "c-1")
    await expect(page.locator("#panel[data-state=ringing]")).to_be_visible()
    await expect(page.locator("#panel")).to_contain_text("98xxxxxx45")
    await expect(page.locator("#say")).to_contain_text("राजगढ़")
    assert "☎" in await page.title()

    await answer(rig, page, "c-1")
    assert await page.input_value("#citizen_phone") == "98260 12345"
    await fill(page)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#work[data-saved]")).to_be_visible()
    (kept,) = await rig.records.complaints.by_call("c-1")
    await expect(page.locator("#complaint-number")).to_have_text(f"{kept.number[:4]} {kept.number[4:]}")
    await expect(page.locator("#mine")).to_contain_text(kept.type_hi)
    await expect(page.locator("#panel .from-call")).to_contain_text(kept.number[:4])

    await expect(page.locator("#next-call")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("form#work[data-call='']")).to_be_visible()
    await expect(page.locator("#citizen_name")).to_be_focused()


async def test_nothing_typed_is_lost(rig: Rig, page: Page) -> None:
    await ring(rig, "c-1")
    await answer(rig, page, "c-1")
    await page.keyboard.type("सीताबाई")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#place_id-error")).to_be_visible()
    await expect(page.locator("#place_text")).to_be_focused()
    assert await page.input_value("#citizen_name") == "सीताबाई"
    key = await page.input_value("#work [name=key]")

    await page.reload()
    await expect(page.locator("#line[data-state=on]")).to_be_visible()
    assert await page.input_value("#citizen_name") == "सीताबाई"
    assert await page.input_value("#work [name=key]") == key
    assert await page.get_attribute("#work", "data-call") == "c-1"

    # The next call comes while this form is open: it stays, and the new one is a key away.
    rig.phones.end("c-1")
    await ring(rig, "c-2")
    rig.phones.answer("c-2")
    await expect(page.locator("#other-call")).to_be_visible()
    assert await page.input_value("#citizen_name") == "सीताबाई"
    await page.locator("#other-call button").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#work[data-call='c-2']")).to_be_visible()
    assert await page.input_value("#citizen_name") == ""
    await page.locator("#unfinished button").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#work[data-call='c-1']")).to_be_visible()
    assert await page.input_value("#citizen_name") == "सीताबाई"


async def test_the_page_comes_back_by_itself(rig: Rig, page: Page) -> None:
    desk = rig.server.app[DESK]
    cookies = {cookie["name"]: cookie["value"] for cookie in await page.context.cookies()}
    session = await rig.records.users.session(cookies["h181_session"])
    assert session is not None
    desk.hub.close_session(session[0].token)
    await expect(page.locator("#line[data-state=off]")).to_be_visible()
    await ring(rig, "c-1")
    await expect(page.locator("#line[data-state=on]")).to_be_visible()
    await expect(page.locator("#panel[data-state=ringing]")).to_be_visible()

    await rig.records.users.close_session(cookies["h181_session"])
    desk.hub.close_session(session[0].token)
    await expect(page.locator("#trouble a[href='/login']")).to_be_visible()


async def test_the_search_by_keyboard(rig: Rig, page: Page) -> None:
    place = page.locator("#place_text")
    await place.focus()
    await page.keyboard.type("खिलची")
    await expect(page.locator("#place_list [role=option]").first).to_be_visible()
    assert await place.get_attribute("aria-expanded") == "true"
    assert await place.get_attribute("aria-activedescendant") is None, "a beginning is no sure hit"
    await page.keyboard.press("ArrowDown")
    assert await place.get_attribute("aria-activedescendant") == "place_list-0"
    await page.keyboard.press("ArrowDown")
    assert await place.get_attribute("aria-activedescendant") == "place_list-1"
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    last = await page.locator("#place_list [role=option]").count() - 1
    assert await place.get_attribute("aria-activedescendant") == f"place_list-{last}"
    await page.keyboard.press("Escape")
    await expect(page.locator("#place_list")).to_be_hidden()
    await page.keyboard.type("पुर")
    await expect(page.locator("#place_list [role=option]").first).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    assert await page.input_value("#work [name=place_id]") != ""
    await expect(page.locator("#place_id-hint")).to_contain_text("✓")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("End")
    await page.keyboard.press("Backspace")
    assert await page.input_value("#work [name=place_id]") == ""


async def test_a_phone_needs_no_sideways_scrolling(browser: Browser, make_rig: MakeRig) -> None:
    rig = await make_rig()
    context = await browser.new_context(viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await page.goto(str(rig.server.make_url("/login")))
    await page.fill("#username", "sunita")
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#line[data-state=on]")).to_be_visible()
    await ring(rig, "c-1")
    await answer(rig, page, "c-1")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#place_id-error")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await context.close()


async def test_a_text_that_is_far_too_long_is_called_so(rig: Rig, page: Page) -> None:
    await page.focus("#citizen_name")
    await fill(page)
    await page.fill("#citizen_phone", "9826012345")
    await page.fill("#description", "क" * 30_000)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#trouble")).to_contain_text("बहुत बड़ा")
    await page.fill("#description", "तीन दिन से बिजली नहीं है।")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#work[data-saved]")).to_be_visible()
    await expect(page.locator("#trouble")).to_be_hidden()
