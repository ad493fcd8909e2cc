"""The desk's pages about the running bot, in a real browser: names, keys, room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.messages import Channel, Role
from bot.store.corrections import CorrectionRepository
from bot.store.desk_visits import DeskGrant, DeskVisitRepository, link_key
from tests.adapters.web.desk_rig import OURS, add_verdict
from tests.adapters.web.test_browser import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from tests.adapters.web.conftest import OpenHouse

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium here"),
]

PLACE = Channel("telegram", "9", "7")
PAGES = ("status", "verdicts", "audit", "settings", "logs")
FLAWS = """() => {
  const name = (one) => (one.getAttribute("aria-label") ?? "")
    + [...(one.labels ?? [])].map((label) => label.textContent).join("")
    + (one.matches("button, a, summary") ? one.textContent : "");
  const seen = [...document.querySelectorAll("button, a, input, select, summary")]
    .filter((one) => one.checkVisibility());
  const flaws = seen.filter((one) => !name(one).trim()).map((one) => one.outerHTML);
  for (const one of document.querySelectorAll("[role=img], [role=group], section"))
    if (!one.getAttribute("aria-label")) flaws.push(one.outerHTML.slice(0, 80));
  for (const one of document.querySelectorAll("th"))
    if (!one.scope) flaws.push("a heading of a table without its scope");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  if (new Set(ids).size < ids.length) flaws.push("an id twice");
  if (document.querySelectorAll("main h1").length !== 1) flaws.push("not one h1");
  if (document.querySelector("[tabindex]:not([tabindex='0'], [tabindex='-1'])"))
    flaws.push("an order of the focus of its own");
  const main = document.querySelector("main");
  if (main.scrollWidth > main.clientWidth) flaws.push("wider than the window");
  return flaws;
}"""


async def open_page(page: Page, url: str, name: str) -> None:
    await page.goto(f"{url}/desk/{name}")
    await page.locator("main[data-open]").wait_for()


async def test_pages_can_be_used_without_eyes_or_mouse_and_on_a_phone(
    open_house: OpenHouse,
) -> None:
    async with open_house(has_desk=True) as house, async_playwright() as playwright:
        store, problems = house.content.store, list[str]()
        number = await add_verdict(house, "<img src=x onerror=hit=1> kill it")
        grant = DeskGrant("77", "Lin", Role.OWNER, PLACE)
        await DeskVisitRepository(store).hand_out(link_key("token"), grant)
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=FLAGS
        )
        page = await browser.new_page(viewport={"width": 360, "height": 740})
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"{house.url}/desk/enter#token")
        await page.locator("main[data-open]").wait_for()
        for name in PAGES:
            await open_page(page, house.url, name)
            assert await page.evaluate(FLAWS) == [], name
        await open_page(page, house.url, "verdicts")
        wrong = page.get_by_role("button", name="The filter was wrong")
        await wrong.press("Enter")
        await expect(wrong).to_be_focused()
        await expect(wrong).to_have_attribute("aria-pressed", "true")
        await page.get_by_label("Community").select_option(OURS)
        await page.get_by_label("Category").select_option("violence")
        slider = page.get_by_role("slider", name="Threshold")
        for _ in range(12):
            await slider.press("ArrowRight")  # from 0.70 to 0.82
        summary = page.locator("#threshold-told")
        await expect(summary).to_contain_text("0 would have been refused")
        await page.get_by_role("button", name="Save this threshold").press("Enter")
        await expect(page.get_by_text("now 0.82")).to_be_visible()
        assert await page.evaluate("globalThis.hit") is None
        await browser.close()
        assert problems == []
        (kept,) = await CorrectionRepository(store).all()
        assert (kept.judgement_id, kept.is_harmful) == (number, False)
