"""Makes the pictures of the documentation from a running page.

python tests/adapters/web/screenshots.py http://127.0.0.1:8420 docs/images
"""

import argparse
import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: a window, a colour scheme, and the room that is open."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    room: str = "general"


SHOTS = (
    Shot("desktop", 1280, 800, "light"),
    Shot("desktop-dark", 1280, 800, "dark"),
    Shot("announcements", 1280, 800, "light", "announcements"),
    Shot("phone", 390, 844, "light"),
)


async def take(browser: Browser, url: str, shot: Shot, folder: Path, name: str) -> None:
    """Open the page as somebody new, wait until it is quiet, and take the picture."""
    context = await browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme=shot.scheme,
        device_scale_factor=1,
    )
    page: Page = await context.new_page()
    await page.goto(f"{url}/#{shot.room}")
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Save").click()
    await page.get_by_label("Write a message").wait_for()
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=folder / f"{shot.name}.png")
    await context.close()


async def main(url: str, folder: Path) -> None:
    """Take all pictures."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(FLAGS)
        )
        for number, shot in enumerate(SHOTS, 1):
            await take(browser, url.rstrip("/"), shot, folder, f"Visitor {number}")
        await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(arguments.url, arguments.folder))
