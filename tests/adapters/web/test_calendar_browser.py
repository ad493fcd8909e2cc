"""The calendar in a real browser: what moderators see and drag."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from adapters.web.convert import room_channel
from adapters.web.sessions import COOKIE
from bot.preferences import community_key
from bot.store.schedules import ScheduleSource, StoredSchedule

if TYPE_CHECKING:
    from tests.adapters.web.conftest import House, OpenGuest, OpenHouse

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HOUR_PX = 60
DAY = timedelta(days=1)
NEXT_WEEK = datetime.now(UTC) + 7 * DAY

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium here"),
]

OpenDesk = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    async with open_house(has_desk=True) as house:
        schedule = StoredSchedule(
            id="tips",
            kind="article",
            channels=("web:general",),
            topics=("x",),
            timezone="UTC",
            created_utc=datetime.now(UTC) - DAY,
            cron="0 9 * * *",
            source=ScheduleSource.COMMAND,
            community=community_key(room_channel("general")),
        )
        await house.content.put(schedule)
        yield house


@pytest.fixture
async def open_desk(house: House, open_moderator: OpenGuest) -> AsyncIterator[OpenDesk]:
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=FLAGS
        )

        @asynccontextmanager
        async def open_it(*, width: int = 1280) -> AsyncIterator[Page]:
            context = await browser.new_context(
                viewport={"width": width, "height": 900}, timezone_id="UTC"
            )
            context.set_default_timeout(15_000)
            async with open_moderator(house) as guest:
                cookie = guest.client.cookies[COOKIE]
                await context.add_cookies(
                    [{"name": COOKIE, "value": cookie, "url": house.url}]
                )
                page = await context.new_page()
                problems: list[str] = []
                page.on("pageerror", lambda error: problems.append(str(error)))
                page.on("console", lambda said: problems.append(said.text))
                await page.goto(f"{house.url}/desk/calendar")
                await page.locator("main[data-open]").wait_for()
                yield page
            assert problems == []
            await context.close()

        yield open_it
        await browser.close()


def on(page: Page, day: datetime) -> Locator:
    return page.locator(f".column[data-day='{day:%Y-%m-%d}'] .item.is-movable")


async def test_slot_is_dragged_and_moved_with_the_keyboard(
    house: House, open_desk: OpenDesk
) -> None:
    monday = NEXT_WEEK - NEXT_WEEK.weekday() * DAY
    async with open_desk() as page:
        await page.get_by_role("button", name="Next", exact=True).click()
        await expect(on(page, monday)).to_have_count(1)
        # The mouse takes it to the next day, two and a half hours later.
        box = await on(page, monday).bounding_box()
        assert box is not None
        x, y = box["x"] + 20, box["y"] + 10
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.mouse.move(x + 60, y + 30, steps=3)
        await page.mouse.move(x + box["width"] + 6, y + 2.5 * HOUR_PX, steps=4)
        await page.mouse.up()
        await expect(page.get_by_role("status")).to_contain_text("Put to")
        await expect(on(page, monday)).to_have_count(0)
        moved = on(page, monday + DAY).filter(has_text="11:30")
        await expect(moved).to_have_count(1)
        assert await page.locator("dialog").count() == 0  # no click came of it
        # The keyboard takes it on, and first changes its mind.
        await moved.focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("status")).to_contain_text("stays where it was")
        await page.keyboard.press("Space")
        for key in ("ArrowRight", "ArrowDown", "Shift+ArrowUp"):
            await page.keyboard.press(key)
        await page.keyboard.press("Space")
        kept = on(page, monday + 2 * DAY).filter(has_text="10:45")
        await expect(kept).to_be_focused()
    (move,) = await house.content.calendar.moves.of("tips")
    assert move.to_utc is not None
    assert f"{move.slot_utc:%H:%M}, {move.to_utc:%H:%M}" == "09:00, 10:45"
    assert (move.to_utc.date() - move.slot_utc.date()).days == 2


async def test_phone_shows_a_list_and_leaves_one_out(
    house: House, open_desk: OpenDesk
) -> None:
    async with open_desk(width=390) as page:
        await page.get_by_role("button", name="Next", exact=True).click()
        first = page.locator(".agenda-day .item").first
        await expect(first).to_contain_text("09:00")
        assert await page.evaluate("document.body.scrollWidth") <= 390
        await first.click()
        panel = page.get_by_role("dialog", name="tips")
        await expect(panel).to_contain_text("(UTC)")
        await panel.get_by_role("button", name="Leave this one out").click()
        await expect(first).to_contain_text("left out")
        await expect(first).to_be_focused()
        zone = page.get_by_label("Time zone", exact=True)
        await zone.select_option("Asia/Tokyo")
        await expect(first).to_contain_text("18:00")
    (move,) = await house.content.calendar.moves.of("tips")
    assert move.to_utc is None
