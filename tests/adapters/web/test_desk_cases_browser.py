"""Cases and people at the desk, in a real browser: names, keys, room on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.messages import Author, Channel, Role
from bot.store.desk_visits import DeskGrant, DeskVisitRepository, link_key
from tests.adapters.web.desk_rig import add_case, add_talker
from tests.adapters.web.test_browser import CHROMIUM, FLAGS
from tests.adapters.web.test_desk_pages_browser import FLAWS, open_page

if TYPE_CHECKING:
    from tests.adapters.web.conftest import OpenHouse

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium here"),
]

PLACE = Channel("web", "general", "web")
LONG = "<img src=x onerror=hit=1>" + "w" * 300


async def use_cases(page: Page, url: str) -> None:
    """Take a case, note something about it, and close it, all by keys."""
    await open_page(page, url, "cases")
    assert await page.evaluate(FLAWS) == []
    row = page.get_by_role("button", name="Case 1")
    await row.press("Enter")
    dialog = page.get_by_role("dialog").first
    told = dialog.get_by_role("status")
    await dialog.get_by_role("button", name="Take", exact=True).press("Enter")
    await expect(told).to_have_text("Case 1 is yours now.")
    await expect(told).to_be_focused()
    assert await page.evaluate(FLAWS) == []
    await dialog.get_by_role("button", name="Note …").press("Enter")
    await page.get_by_label("What the other moderators").fill("seen before")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text("Lin: seen before")
    await dialog.get_by_role("button", name="Close …").press("Enter")
    await page.get_by_role("radio", name="something was done").press("Space")
    await page.get_by_role("button", name="Close the case").press("Enter")
    await expect(dialog).to_contain_text("something was done")
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("No case is here.")).to_be_visible()


async def use_people(page: Page, url: str) -> None:
    """Find somebody and mute them, all by keys."""
    await open_page(page, url, "people")
    assert await page.evaluate(FLAWS) == []
    await page.get_by_label("Name or id").fill("cy")
    await page.get_by_role("button", name="Cy").first.press("Enter")
    dialog = page.get_by_role("dialog").first
    await dialog.get_by_role("button", name="Mute …").press("Enter")
    await page.get_by_label("For how long").select_option("1d")
    await page.get_by_role("button", name="Mute", exact=True).press("Enter")
    await expect(dialog.get_by_role("status")).to_contain_text("I do not answer Cy")
    assert await page.evaluate(FLAWS) == []
    await page.keyboard.press("Escape")
    away = page.get_by_role("list", name="Banned or muted now")
    await expect(away).to_contain_text("muted")
    assert await page.evaluate(FLAWS) == []


async def test_cases_and_people_can_be_dealt_with_by_keys_on_a_phone(
    open_house: OpenHouse,
) -> None:
    async with open_house(has_desk=True) as house, async_playwright() as playwright:
        problems = list[str]()
        await add_case(house, LONG)
        await add_talker(house, Author("11", "Cy"), PLACE)
        grant = DeskGrant("77", "Lin", Role.MODERATOR, PLACE)
        grants = DeskVisitRepository(house.content.store)
        await grants.hand_out(link_key("token"), grant)
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=FLAGS
        )
        page = await browser.new_page(viewport={"width": 360, "height": 740})
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"{house.url}/desk/enter#token")
        await page.locator("main[data-open]").wait_for()
        await use_cases(page, house.url)
        await use_people(page, house.url)
        assert await page.evaluate("globalThis.hit") is None
        await browser.close()
        assert problems == []
