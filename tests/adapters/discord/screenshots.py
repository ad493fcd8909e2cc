"""Makes the pictures of the documentation: what people see on Discord.

python -m tests.adapters.discord.screenshots docs/images
"""

import argparse
import asyncio
import importlib.util
import io
import sys
import types
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any


def without_linkify() -> None:
    """Let the preview run where linkify-it-py is not: bare links stay plain there."""
    if importlib.util.find_spec("linkify_it") is not None:
        return

    class LinkifyIt:
        def set(self, *args: Any) -> "LinkifyIt":
            return self

        add = tlds = set

        def test(self, text: str) -> bool:
            return False

        pretest = test

        def match(self, text: str) -> None:
            return None

    module: Any = types.ModuleType("linkify_it")
    module.LinkifyIt = LinkifyIt
    module.__spec__ = ModuleSpec("linkify_it", None)
    sys.modules["linkify_it"] = module


without_linkify()

from PIL import Image, ImageDraw, ImageFilter  # noqa: E402
from playwright.async_api import Browser, async_playwright  # noqa: E402

from bot.messages import Attachment, Button, Message, Reply  # noqa: E402
from bot.publication import Link, Publication  # noqa: E402
from tests.adapters.discord.simulated import World, open_world  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic")
WIDTH, SETTLED_MS = 720, 700
LEFT, TOP = 256, 48
"""What the preview shows beside and above the channel."""


QUESTION = "why do cats purr? And when do they not?"
ANSWER = """Cats purr for more than one reason:

- **Contentment**: on a lap, with half-closed eyes.
- **Calming themselves**: at the vet, or when something hurts.
- **Asking**: mixed with a cry, when the bowl is empty.

The sound comes from the larynx, whose muscles twitch about 25 times a second:

| when | what you hear |
|---|---|
| resting | low and even |
| hungry | higher, with a cry |

They do *not* purr while they hunt: a mouse has good ears."""
FEEDBACK = (
    Button("Regenerate", "/again 1"),
    Button("👍", "/rate 1 up"),
    Button("👎", "/rate 1 down"),
    Button("Report", "/report 1"),
)
ARTICLE = """A fox hears a mouse under **half a metre of snow**. It tilts its head, \
waits, and leaps.

What looks like play is geometry: most leaps go to the north-east, and those catch \
three times as often. Some think that the fox lines up the sound with the Earth's \
magnetic field."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what is set up, where it is looked at, and how high it is."""

    name: str
    play: Callable[[World], Awaitable[Any]]
    height: int


async def asked(world: World, text: str = QUESTION) -> Message:
    """Ask the bot as Ada."""
    await world.ada.send(world.general, f"{world.me} {text}")
    message: Message = world.inbox.messages[-1]
    return message


async def streaming(world: World) -> Any:
    """An answer that is half there."""
    await world.bert.send(world.general, "mine purrs at the vet of all places")
    question = await asked(world)
    stop = Button("Stop", "/stop 1")
    stream = world.adapter.open_reply(question, buttons=(stop,))
    await stream.feed(ANSWER[: ANSWER.index("- **Asking")])
    await asyncio.sleep(0.3)
    return world.general


async def finished(world: World) -> Any:
    """An answer with its buttons."""
    question = await asked(world)
    stream = world.adapter.open_reply(question)
    await stream.finish(Reply(ANSWER, FEEDBACK, reply_to_id=question.id))
    return world.general


async def review(world: World) -> Any:
    """A post that waits for a moderator, and one that was approved."""
    place = world.place(world.moderators)
    for number, title in enumerate(("Why owls are silent", "Foxes under the snow")):
        text = (
            "A post wants your word until 2026-01-02 18:00 UTC (article; planned). To "
            f"change it yourself: /edit p-{number} and the new text.\n"
        )
        quote = f"# {title}\n\n{ARTICLE}" if number else f"# {title}\n\nTheir wings …"
        card = text + "\n".join(f"> {line}" for line in quote.splitlines())
        labels = ("Approve", "Reject", "Another text", "Shorter", "Longer", "Later")
        buttons = tuple(
            Button(label, f"/review p-{number} {label.lower().split()[0]}")
            for label in labels
        )
        await world.adapter.send(place, Reply(card, buttons))
    first = world.shown(world.moderators)[0]
    await world.mod.click(first, label="Approve")
    (press,) = world.inbox.presses
    thanks = Reply("Thank you.", (), (), press.id, press.author.id, settles=True)
    await world.adapter.send(place, thanks)
    said = "“Why owls are silent”: approved by mod"
    await world.adapter.send(place, Reply(said))
    return world.moderators


async def article(world: World) -> Any:
    """A post with its picture."""
    await world.adapter.publish(
        world.place(world.news),
        Publication(
            id="p-17",
            title="Foxes under the snow",
            summary="How a fox catches what it cannot see.",
            body=ARTICLE,
            picture=Attachment("night.png", "image/png", night()),
            sources=(Link("Biology Letters 7 (2011)", "https://example.org/foxes"),),
            byline="Written and painted by AI, approved by the moderators",
        ),
        nonce="d-17",
    )
    return world.news


async def refusal(world: World) -> Any:
    """A refusal that only its reader sees, with the way to the moderators."""
    await world.ada.send(world.general, "look what I can make it do")
    await world.ada.slash(world.general, "ask", question="…")
    message = world.inbox.messages[-1]
    await world.adapter.send(
        message.channel,
        Reply(
            "I did not answer that: it reads as an insult to somebody. If I "
            "misunderstood, the moderators can look at it.",
            (Button("Ask the moderators", "/appeal 12"),),
            reply_to_id=message.id,
            only_for=message.author.id,
        ),
    )
    return world.general


def night() -> bytes:
    """Paint a fox-coloured moon over snow."""
    size = (1200, 630)
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    for y in range(size[1]):
        share = y / size[1]
        draw.line(
            ((0, y), (size[0], y)),
            fill=(int(16 + 60 * share), int(22 + 52 * share), int(58 + 70 * share)),
        )
    for number in range(140):
        x, y = (number * 197) % size[0], (number * 89) % 360
        draw.ellipse((x, y, x + number % 3, y + number % 3), fill=(230, 232, 255))
    glow = Image.new("RGB", size)
    ImageDraw.Draw(glow).ellipse((820, 70, 1020, 270), fill=(255, 150, 70))
    picture = Image.blend(picture, glow.filter(ImageFilter.GaussianBlur(60)), 0.35)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((860, 110, 980, 230), fill=(255, 214, 170))
    draw.ellipse((-400, 420, 900, 1300), fill=(214, 224, 240))
    draw.ellipse((420, 470, 1700, 1300), fill=(236, 241, 250))
    for x, height in ((120, 150), (200, 210), (270, 130), (1010, 170), (1100, 110)):
        base = 520 if x > 600 else 470
        for step in range(4):
            half = 46 - 8 * step
            top = base - height * (step + 1) / 4
            draw.polygon(
                (
                    (x - half, top + height / 2.4),
                    (x + half, top + height / 2.4),
                    (x, top),
                ),
                fill=(28, 46, 58),
            )
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


SCENES = (
    Scene("discord-streaming", streaming, 440),
    Scene("discord-finished", finished, 560),
    Scene("discord-review", review, 740),
    Scene("discord-article", article, 660),
    Scene("discord-refusal", refusal, 390),
)


async def take(browser: Browser, scene: Scene, folder: Path) -> None:
    """Play a scene, and take its picture as Ada or a moderator sees it."""
    from tests.adapters.discord.test_interactions import COMMANDS

    async with open_world(commands=COMMANDS, bot_name="Hearth") as world:
        world.moderators = world.guild.create_text_channel("moderators")
        channel = await scene.play(world)
        viewer = world.mod if channel is world.moderators else world.ada
        preview = world.env.preview(channel, viewers=[viewer], layout="channel")
        async with preview:
            page = await browser.new_page(
                viewport={"width": LEFT + WIDTH, "height": TOP + scene.height},
                device_scale_factor=1,
                color_scheme="dark",
            )
            await page.goto(preview.url)
            await page.wait_for_load_state("networkidle")
            await page.wait_for_timeout(SETTLED_MS)
            await page.screenshot(
                path=folder / f"{scene.name}.png",
                clip={"x": LEFT, "y": TOP, "width": WIDTH, "height": scene.height},
            )
            await page.close()


async def main(folder: Path, names: list[str]) -> None:
    """Take all pictures, or those that are named."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(FLAGS)
        )
        for scene in SCENES:
            if not names or scene.name in names:
                await take(browser, scene, folder)
        await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(chosen.folder, chosen.names))
