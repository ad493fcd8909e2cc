"""Moderators at their desk, in a real browser."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from adapters.web.sign_in import PASSWORD_NAME, ensure_password
from bot.messages import Author, Channel, Role
from bot.store.desk_visits import DeskGrant, DeskVisitRepository, link_key
from bot.store.reviews import ReviewRepository
from content.grammar import grammar_part
from content.review import ReviewAction
from tests.adapters.web.desk_rig import PASSWORD, add_post
from tests.adapters.web.test_browser import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from tests.adapters.web.conftest import House, OpenHouse

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium here"),
]

ATTACK = "<img src=x onerror=hit=1> <script>hit=1</script> & [x](javascript:hit=1)"
OWNER, PLACE = Role.OWNER, Channel("discord", "9", "7", name="mods")
FLO = Author("flo", "Flo", Role.MODERATOR)
SEEN_S = 12_000  # milliseconds until a page has asked again what is new
OpenDesk = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture(autouse=True, scope="module")
def grammar_is_loaded() -> None:
    """Load the grammar checker: on a busy machine that takes seconds."""
    asyncio.run(grammar_part("It is warm.", "en"))


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    async with open_house(has_desk=True) as opened:
        environ = {"P": PASSWORD}
        await ensure_password(opened.accounts, password_env="P", environ=environ)
        yield opened


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=FLAGS
        )
        yield browser
        await browser.close()


@pytest.fixture
def open_desk(browser: Browser, house: House) -> OpenDesk:
    @asynccontextmanager
    async def open_it(
        page_name: str, *, name: str = "Mo", width: int = 1280
    ) -> AsyncIterator[Page]:
        context = await browser.new_context(viewport={"width": width, "height": 800})
        context.set_default_timeout(15_000)
        page = await context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"{house.url}/desk/{page_name}")
        await page.get_by_label("Your name").fill(name)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await page.locator("main[data-open]").wait_for()
        yield page
        assert problems == []
        await context.close()

    return open_it


async def test_queue_is_worked_through_with_the_keyboard(
    house: House, open_desk: OpenDesk
) -> None:
    for post_id in ("p1", "p2", "p3"):
        await add_post(house, post_id)
    async with open_desk("review") as page:
        heading = page.locator(".heading h2")
        await expect(heading).to_have_text("Foxes p1")
        await page.keyboard.press("j")
        await expect(heading).to_have_text("Foxes p2")
        await expect(page.locator(".entry[aria-current]")).to_be_focused()
        await page.keyboard.press("k")
        await expect(heading).to_have_text("Foxes p1")
        await page.keyboard.press("a")
        await expect(page.get_by_role("status")).to_have_text("Thank you.")
        await expect(heading).to_have_text("Foxes p2")
        await page.keyboard.press("r")
        await page.get_by_label("Note").fill("jar of a and e")
        await page.get_by_role("dialog").get_by_role("button", name="Reject").click()
        await expect(heading).to_have_text("Foxes p3")
        await page.keyboard.press("e")
        await page.get_by_label("Title").fill("Foxes by hand")
        await page.get_by_role("button", name="Save").click()
        await expect(heading).to_have_text("Foxes by hand")
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    statuses = [
        post.status if (post := await house.content.posts.get(post_id)) else ""
        for post_id in ("p1", "p2", "p3")
    ]
    assert statuses == ["approved", "rejected", "pending_review"]
    (said,) = await ReviewRepository(house.content.store).presses("p2", round=1)
    assert said.note == "jar of a and e"


async def test_typed_text_outlives_that_somebody_else_was_faster(
    house: House, open_desk: OpenDesk
) -> None:
    await add_post(house)
    async with open_desk("review", width=390) as page:
        await page.locator(".entry").click()
        await page.get_by_role("button", name="Edit").click()
        await page.get_by_label("Text").fill("A text that took an hour.")
        review = house.content.review
        place = house.adapter.channel("moderators")
        await review.decide("p1", ReviewAction.APPROVE, FLO, place=place)
        # As when somebody comes back to the page: it asks at once what is new.
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        told = page.get_by_role("dialog").get_by_role("status")
        await expect(told).to_contain_text("approved by Flo", timeout=SEEN_S)
        text = page.get_by_label("Text")
        await expect(text).to_have_value("A text that took an hour.")
        await page.keyboard.press("Escape")
        await expect(page.locator(".pane")).to_contain_text("approved by Flo")
    post = await house.content.posts.get("p1")
    assert post is not None
    assert "an hour" not in post.body


async def test_typed_text_outlives_the_end_of_the_seat(
    house: House, open_desk: OpenDesk
) -> None:
    await add_post(house)
    async with open_desk("review") as page:
        await page.get_by_role("button", name="Edit").click()
        await page.get_by_label("Text").fill("A text that took an hour.")
        # That ends every seat, as time does.
        await house.accounts.set_password(PASSWORD_NAME, PASSWORD)
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        cover = page.get_by_role("dialog", name="Moderators' desk")
        await expect(cover).to_contain_text("Your time at the desk has ended")
        await expect(cover.get_by_label("Password")).to_be_focused()
        await page.keyboard.press("Escape")
        assert await is_covered(page)
        if folder := os.environ.get("SCREENSHOTS"):
            await page.screenshot(path=f"{folder}/ended.png")
        await cover.get_by_label("Password").fill("a guess")
        await cover.get_by_role("button", name="Sign in").click()
        await expect(cover.get_by_role("alert")).to_contain_text("not the password")
        await cover.get_by_label("Password").fill(PASSWORD)
        await cover.get_by_role("button", name="Sign in").click()
        await expect(cover).to_have_count(0)
        await expect(page.get_by_label("Text")).to_have_value(
            "A text that took an hour."
        )
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator(".pane")).to_contain_text("A text that took an hour.")


async def test_only_what_somebody_does_keeps_the_seat_from_ending(
    open_desk: OpenDesk,
) -> None:
    async with open_desk("posts") as page:
        await page.reload()  # nobody has done anything on this page yet
        await page.locator("main[data-open]").wait_for()
        for is_done in (False, True):
            if is_done:
                await page.mouse.move(300, 300)
            async with page.expect_request("**/desk/api/changes") as asked:
                await page.evaluate(
                    "document.dispatchEvent(new Event('visibilitychange'))"
                )
            headers = await (await asked.value).all_headers()
            assert ("x-hearthbot-active" in headers) is is_done


async def test_desk_goes_on_after_a_second_link_in_another_tab(
    house: House, browser: Browser
) -> None:
    await add_post(house)
    grants = DeskVisitRepository(house.content.store)
    context = await browser.new_context()
    context.set_default_timeout(15_000)

    async def come() -> Page:
        await grants.hand_out(link_key("token"), DeskGrant("7", "Lin", OWNER, PLACE))
        page = await context.new_page()
        await page.goto(f"{house.url}/desk/enter#token")
        await page.locator("main[data-open]").wait_for()
        return page

    page = await come()
    await page.goto(f"{house.url}/desk/review")
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Text").fill("A text that took an hour.")
    await grants.end_all("discord", "7")
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    cover = page.get_by_role("dialog", name="Moderators' desk")
    await expect(cover).to_be_visible()
    await cover.get_by_role("button", name="Go on").click()
    await expect(cover.get_by_role("alert")).not_to_be_empty()  # not yet
    await come()
    await cover.get_by_role("button", name="Go on").click()
    await expect(cover).to_have_count(0)
    await expect(page.get_by_label("Text")).to_have_value("A text that took an hour.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".pane")).to_contain_text("A text that took an hour.")
    await context.close()


async def is_covered(page: Page) -> bool:
    """Return whether what is in the middle of the window belongs to the cover."""
    return bool(
        await page.evaluate(
            "[40, 400, 760].every((y) => "
            "document.elementFromPoint(innerWidth / 2, y).closest('.cover'))"
        )
    )


async def test_what_attacks_is_shown_and_does_nothing(
    house: House, open_desk: OpenDesk
) -> None:
    await add_post(house, title=ATTACK, body=ATTACK, approvals=2)
    reviews = ReviewRepository(house.content.store)
    review = await reviews.get("p1")
    assert review is not None
    villain = Author("v", ATTACK, Role.MODERATOR)
    await reviews.press(review, villain, ReviewAction.APPROVE, note=ATTACK)
    async with open_desk("review") as page:
        await expect(page.locator(".heading h2")).to_have_text(ATTACK)
        await expect(page.locator(".voices blockquote")).to_have_text(ATTACK)
        await page.goto(f"{house.url}/desk/posts#p1")
        await expect(page.get_by_role("dialog").locator("h2")).to_have_text(ATTACK)
        await expect(page.locator(".post-detail .text")).to_contain_text("<script>")
        assert await page.evaluate("globalThis.hit") is None
        assert await page.locator("main img, dialog img, dialog script").count() == 0


async def test_statistics_have_tables_behind_their_charts(
    house: House, open_desk: OpenDesk
) -> None:
    await add_post(house, "p1", status="approved")
    await add_post(house, "p2", status="rejected")
    async with open_desk("statistics", width=390) as page:
        chart = page.get_by_role("img", name="Posts per week")
        await expect(chart).to_be_visible()
        figure = page.locator("figure", has=chart)
        await figure.get_by_text("As a table").click()
        last = figure.get_by_role("row").last
        await expect(last.get_by_role("cell")).to_have_text(["1", "1"])
        is_wide = "document.documentElement.scrollWidth > innerWidth"
        assert not await page.evaluate(is_wide)
