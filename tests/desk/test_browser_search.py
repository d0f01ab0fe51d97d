"""Search fields in a real Chromium: a choice belongs to the text that stands there."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page, Route, expect

from mapper import Edition
from tests.desk.rig import Rig
from tests.desk.test_browser import browser, chromium, page, visit

__all__ = ["browser", "chromium", "page", "visit"]

pytestmark = pytest.mark.browser


class Slow:
    """Answers of a search held back until the test lets them go; ``failing`` answers with 503."""

    def __init__(self) -> None:
        self.arrived: dict[str, asyncio.Event] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.failing = False

    async def handle(self, route: Route) -> None:
        text = parse_qs(urlsplit(route.request.url).query).get("q", [""])[0]
        gate = self.held.setdefault(text, asyncio.Event())
        self.arrived.setdefault(text, asyncio.Event()).set()
        await gate.wait()
        if self.failing:
            await route.fulfill(status=503, body="")
        else:
            await route.continue_()

    async def until_asked(self, text: str) -> None:
        async with asyncio.timeout(5):
            await self.arrived.setdefault(text, asyncio.Event()).wait()

    def let_go(self, text: str) -> None:
        self.held.setdefault(text, asyncio.Event()).set()


@pytest.fixture
async def slow(page: Page) -> AsyncIterator[Slow]:
    """The searches of places and types answer only when they are let go."""
    held = Slow()
    await page.route("**/places?*", held.handle)
    await page.route("**/types?*", held.handle)
    yield held
    for gate in held.held.values():
        gate.set()
    await page.unroute_all(behavior="ignoreErrors")


async def reaches(page: Page, wanted: str, word: str = "place") -> None:
    await expect(page.locator(f".combo:has(#{word}_text)")).to_have_attribute("data-state", wanted)


async def chosen(page: Page, name: str = "place_id") -> str:
    return await page.input_value(f"#work [name={name}]")


def one(edition: Edition, name: str) -> str:
    """Id of the first place of this name."""
    return edition.search_places(name)[0].place.id


async def list_of(page: Page, text: str) -> None:
    await page.focus("#place_text")
    await page.keyboard.insert_text(text)
    await expect(page.locator("#place_list:not([aria-busy]) [role=option]").first).to_be_visible()


async def overtype(page: Page, text: str) -> None:
    await page.keyboard.press("Control+A")
    await page.keyboard.insert_text(text)


async def test_what_was_listed_for_an_older_text_is_never_taken(
    page: Page, slow: Slow, edition: Edition
) -> None:
    slow.let_go("तलेन")
    await list_of(page, "तलेन")
    await reaches(page, "ready")
    await overtype(page, "बोड़ा")
    assert await chosen(page) == ""
    assert await page.get_attribute("#place_text", "aria-activedescendant") is None
    await expect(page.locator("#place_list [aria-selected=true]")).to_have_count(0)
    await expect(page.locator("#place_list")).to_have_attribute("aria-busy", "true")

    # The mouse takes nothing of it either, and leaves the focus where it is.
    await page.locator("#place_list").click(position={"x": 40, "y": 20}, force=True)
    assert await chosen(page) == ""
    await expect(page.locator("#place_text")).to_be_focused()

    await page.keyboard.press("Tab")
    await expect(page.locator("#type_text")).to_be_focused()
    await slow.until_asked("बोड़ा")
    await reaches(page, "searching")
    await expect(page.locator("#place_id-hint")).to_contain_text("ढूँढ रहे हैं")
    assert await chosen(page) == ""
    slow.let_go("बोड़ा")
    await reaches(page, "chosen")
    assert await chosen(page) == one(edition, "बोड़ा")
    await expect(page.locator("#type_text")).to_be_focused()


async def test_enter_waits_for_the_answer_to_its_own_text(page: Page, slow: Slow, edition: Edition) -> None:
    slow.let_go("तलेन")
    await list_of(page, "तलेन")
    await overtype(page, "बोड़ा")
    await page.keyboard.press("Enter")
    await slow.until_asked("बोड़ा")
    await reaches(page, "searching")
    assert await chosen(page) == ""
    slow.let_go("बोड़ा")
    await reaches(page, "chosen")
    assert await chosen(page) == one(edition, "बोड़ा")
    await expect(page.locator("#place_text")).to_be_focused()
    await expect(page.locator("form#work")).to_be_visible()


async def test_typing_on_after_enter_takes_nothing(page: Page, slow: Slow) -> None:
    await page.focus("#place_text")
    await page.keyboard.insert_text("तलेन")
    await page.keyboard.press("Enter")
    await slow.until_asked("तलेन")
    await page.keyboard.insert_text("ी")
    slow.let_go("तलेन")
    slow.let_go("तलेनी")
    await reaches(page, "pick")
    assert await chosen(page) == ""


async def test_answers_that_come_in_the_wrong_order(page: Page, slow: Slow, edition: Edition) -> None:
    await page.focus("#place_text")
    await page.keyboard.insert_text("तलेन")
    await slow.until_asked("तलेन")
    await overtype(page, "बोड़ा")
    await slow.until_asked("बोड़ा")
    slow.let_go("बोड़ा")
    await reaches(page, "ready")
    slow.let_go("तलेन")
    await page.keyboard.press("Tab")
    await reaches(page, "chosen")
    assert await chosen(page) == one(edition, "बोड़ा")


async def test_a_weak_hit_is_not_taken_unasked(page: Page) -> None:
    await page.focus("#type_text")
    await page.keyboard.insert_text("पटवारी पैसे माँग रहा है")
    await reaches(page, "pick", "type")
    await page.keyboard.press("Tab")
    await expect(page.locator("#description")).to_be_focused()
    await reaches(page, "unchosen", "type")
    assert await chosen(page, "type_code") == ""
    assert await page.get_attribute("#type_text", "aria-invalid") == "true"
    hint = page.locator("#type_code-hint")
    await expect(hint).to_contain_text("«पटवारी पैसे माँग रहा है» के लिए कुछ चुना नहीं गया")
    await expect(page.locator("#combo-say")).to_contain_text("कुछ चुना नहीं गया")
    good = await page.evaluate("getComputedStyle(document.getElementById('citizen_phone-hint')).color")
    assert await hint.evaluate("(one) => getComputedStyle(one).color") != good

    # Back in the field the list is there again, and the arrow and Enter take one.
    await page.keyboard.press("Shift+Tab")
    await expect(page.locator("#type_list:not([aria-busy]) [role=option]").first).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await reaches(page, "chosen", "type")
    assert await chosen(page, "type_code") != ""
    assert await page.get_attribute("#type_text", "aria-invalid") is None


async def test_of_several_of_one_name_the_down_key_takes_the_first(page: Page, edition: Edition) -> None:
    await list_of(page, "khajuri")
    await reaches(page, "pick")
    assert await page.get_attribute("#place_text", "aria-activedescendant") is None
    await page.keyboard.press("ArrowDown")
    assert await page.get_attribute("#place_text", "aria-activedescendant") == "place_list-0"
    await page.keyboard.press("Enter")
    assert await chosen(page) == one(edition, "khajuri")
    await expect(page.locator("#place_id-hint")).to_contain_text("तहसील")

    await page.keyboard.press("Tab")
    await page.keyboard.press("Shift+Tab")
    await overtype(page, "khajuri")
    await page.keyboard.press("Tab")
    await reaches(page, "unchosen")
    assert await chosen(page) == ""


async def test_a_search_that_fails_says_so(page: Page, slow: Slow, edition: Edition) -> None:
    slow.failing = True
    await page.focus("#place_text")
    await page.keyboard.insert_text("तलेन")
    await page.keyboard.press("Tab")
    slow.let_go("तलेन")
    await reaches(page, "failed")
    assert await chosen(page) == ""
    await expect(page.locator("#place_id-hint")).to_contain_text("उत्तर नहीं आया")
    slow.failing = False
    await page.keyboard.press("Shift+Tab")
    await reaches(page, "ready")
    await page.keyboard.press("Enter")
    assert await chosen(page) == one(edition, "तलेन")


async def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(page: Page, slow: Slow) -> None:
    await page.clock.install()
    await page.focus("#place_text")
    await page.keyboard.insert_text("तलेन")
    await page.keyboard.press("Tab")
    await slow.until_asked("तलेन")
    await reaches(page, "searching")
    await page.clock.run_for(4_100)
    await reaches(page, "failed")
    assert await chosen(page) == ""


async def test_saving_waits_for_the_answer(rig: Rig, page: Page, slow: Slow, edition: Edition) -> None:
    await page.fill("#citizen_name", "रामप्रसाद")
    await page.fill("#citizen_phone", "9826012345")
    await page.fill("#description", "तीन दिन से पानी नहीं आया।")
    slow.let_go("हैंडपंप खराब")
    await page.focus("#type_text")
    await page.keyboard.insert_text("हैंडपंप खराब")
    await reaches(page, "ready", "type")
    await page.keyboard.press("Enter")
    await page.focus("#place_text")
    await page.keyboard.insert_text("तलेनी")
    await slow.until_asked("तलेनी")
    await overtype(page, "बोड़ा")
    await page.keyboard.press("Control+Enter")
    await slow.until_asked("बोड़ा")
    await expect(page.locator("form#work")).to_be_visible()
    slow.let_go("बोड़ा")
    await expect(page.locator("#work[data-saved]")).to_be_visible()
    (saved,) = await rig.records.complaints.recent(5)
    assert saved.place_id == one(edition, "बोड़ा")


async def test_a_text_put_there_by_the_browser_takes_the_choice_away(page: Page) -> None:
    await list_of(page, "तलेन")
    await page.keyboard.press("Enter")
    await reaches(page, "chosen")
    # Autofill in some browsers sets the value and tells a change at most.
    await page.evaluate("document.getElementById('place_text').value = 'कहीं और'")
    await page.dispatch_event("#place_text", "change")
    assert await chosen(page) == ""
    await page.evaluate("document.getElementById('place_text').value = 'बोड़ा'")
    await page.locator("#place_text").press("Tab")
    await reaches(page, "chosen")
    await expect(page.locator("#place_id-hint")).to_contain_text("✓")


async def test_keys_of_an_input_method_choose_nothing(page: Page) -> None:
    await list_of(page, "तलेन")
    await reaches(page, "ready")
    for keys in ({"isComposing": True}, {"keyCode": 229}):
        await page.dispatch_event("#place_text", "keydown", {"key": "Enter", "bubbles": True, **keys})
    assert await chosen(page) == ""
    await page.keyboard.press("Enter")
    assert await chosen(page) != ""


async def test_escape_means_none_of_these(page: Page) -> None:
    await list_of(page, "तलेन")
    await page.keyboard.press("Escape")
    await expect(page.locator("#place_list")).to_be_hidden()
    await page.keyboard.press("Tab")
    await reaches(page, "unchosen")
    assert await chosen(page) == ""


async def test_an_option_is_taken_by_the_mouse(page: Page) -> None:
    await list_of(page, "khajuri")
    second = page.locator("#place_list [role=option]").nth(1)
    wanted = await second.get_attribute("data-value")
    await second.click()
    assert await chosen(page) == wanted


async def test_a_towns_type_at_a_village_is_asked_about(rig: Rig, page: Page, edition: Edition) -> None:
    await page.fill("#citizen_name", "रामप्रसाद")
    await page.fill("#citizen_phone", "9826012345")
    await page.fill("#description", "गली में तीन दिन से अँधेरा है।")
    await list_of(page, "khajuri")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.focus("#type_text")
    await page.keyboard.insert_text("स्ट्रीट लाइट बंद")
    await reaches(page, "ready", "type")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Control+Enter")
    ask = page.locator("#ask")
    await expect(ask).to_contain_text("नगरों के लिए है, और खजूरी गाँव है")
    await expect(page.locator("#ask [data-change]")).to_be_focused()
    assert await rig.records.complaints.recent(5) == []

    await page.keyboard.press("Escape")
    await expect(page.locator("#type_text")).to_be_focused()
    await expect(ask).to_have_count(0)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#ask [data-change]")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#work[data-saved]")).to_be_visible()
    await expect(page.locator("#work .tell")).to_contain_text("तहसील")
    (saved,) = await rig.records.complaints.recent(5)
    assert (saved.type_code, saved.place_id) == ("UDH-06", one(edition, "khajuri"))
