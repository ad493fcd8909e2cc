"""/why on what was drawn: told to whom it concerns, and forgotten with it."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from adapters.fake.adapter import FakeAdapter
from bot.app_parts import App
from bot.commands.command import CommandContext
from bot.commands.why_drawn import explain_attached, explain_replied
from bot.messages import Attachment, Author, Channel, Message, Role
from bot.provenance import Provenance, marked
from tests.telegram_server.senders import small_picture

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
NOW_UTC = datetime(2026, 1, 1, tzinfo=UTC)
UNKNOWN = "I know nothing about that message."
ADA, BO = Author("Ada", "Ada"), Author("Bo", "Bo")
MO = Author("Mo", "Mo", Role.MODERATOR)
MODELS = {
    "chat": {"model": "fake", "backend": "fake"},
    "image": {"model": "painter", "backend": "fake", "width": 96, "height": 96},
}
# On a busy machine the first look at a picture takes long.
SAFETY = {"pictures": {"time_limit_s": 4, "read_time_s": 4}}


class Collecting(FakeAdapter):
    """A platform with stickers of a community's own."""

    can_sticker: ClassVar[bool] = True


def collecting(app: App) -> Collecting:
    return Collecting(app.responder, clock=app.clock)


class Chat:
    """People who have pictures drawn, and ask about them."""

    def __init__(self, bot: Any) -> None:
        self._bot = bot

    async def ask(
        self,
        who: Author,
        text: str,
        *,
        reply_to: str | None = None,
        at: str = "general",
    ) -> str:
        platform = self._bot.platform
        message = platform.say(who, text, channel=at, reply_to_id=reply_to)
        answer: str = (await platform.answered(message)).text
        await self._bot.app.responder.idle()
        return answer

    async def draw(self, who: Author, line: str) -> str:
        """Have something drawn; return the id of the message that shows it."""
        await self.ask(who, line)
        return self.last()

    def command(self, label: str) -> str:
        """Return the command behind a button below what stands last."""
        place = self._bot.platform.channel("general")
        buttons = self._bot.platform.platform.visible(place)[-1].message.buttons
        (command,) = (one.command for one in buttons if one.label == label)
        return str(command)

    async def press(self, who: Author, label: str) -> str:
        """Press the newest such button; return the id of the message that comes."""
        self._bot.platform.press(who, label)
        await self._bot.app.responder.idle()
        return self.last()

    def last(self) -> str:
        place = self._bot.platform.channel("general")
        posted = self._bot.platform.platform.visible(place)[-1]
        assert posted.message.attachments
        return str(posted.id)


@pytest.fixture
async def chat(open_bot: OpenBot) -> AsyncIterator[Chat]:
    adapters = {"fake": collecting}
    async with open_bot(models=MODELS, safety=SAFETY, adapters=adapters) as bot:
        yield Chat(bot)


async def test_picture_is_explained_to_nobody_whom_it_does_not_concern(
    chat: Chat,
) -> None:
    picture = await chat.draw(ADA, "/imagine a fox")

    assert UNKNOWN in await chat.ask(BO, "/why", reply_to=picture)
    assert UNKNOWN in await chat.ask(BO, "/why")
    for who in (ADA, MO):
        elsewhere = await chat.ask(who, f"/why {picture}", at="announcements")
        assert UNKNOWN in elsewhere
        assert UNKNOWN in await chat.ask(who, "/why", at="announcements")
        assert "a fox" in await chat.ask(who, "/why", reply_to=picture)


async def test_forgotten_picture_is_not_explained_any_more(chat: Chat) -> None:
    picture = await chat.draw(ADA, "/imagine a fox")
    assert "a fox" in await chat.ask(MO, f"/why {picture}")

    await chat.ask(ADA, "/me forget yes")

    for who in (ADA, MO):
        assert UNKNOWN in await chat.ask(who, f"/why {picture}")
        assert UNKNOWN in await chat.ask(who, "/why")


async def test_picture_is_explained_with_what_judged_and_made_it(chat: Chat) -> None:
    picture = await chat.draw(ADA, "/imagine count=2 seed=5 style=ink a fox")

    told = (await chat.ask(ADA, "/why", reply_to=picture)).splitlines()

    assert told[0].startswith("Drawn to these words: a fox, ")
    assert told[1] == "Seeds: 5, 6"
    assert re.fullmatch(
        r"Drawn by painter, 96 × 96 px, in \d+\.\d s and \d+ steps\.", told[2]
    )
    heads = [line for line in told if line.endswith(":")]
    assert heads == ["The words:", "Picture 1:", "Picture 2:"]
    verdicts = [line for line in told if line.startswith("Verdict")]
    assert all(
        re.fullmatch(r"Verdict \d+ \(output\): allow\.", one) for one in verdicts
    )
    assert len(set(verdicts)) == 3


async def test_each_sheet_and_enlarged_picture_is_known_by_its_message(
    chat: Chat,
) -> None:
    first = await chat.draw(ADA, "/imagine seed=5 a fox")
    larger = await chat.draw(ADA, chat.command("Upscale"))
    again = await chat.press(BO, "Variations")
    sticker = await chat.draw(BO, "/sticker a cat")

    assert "Seed: 5\n" in await chat.ask(ADA, f"/why {first}")
    assert "Seeds: 6, 7, 8, 9\n" in await chat.ask(BO, f"/why {again}")
    assert UNKNOWN in await chat.ask(ADA, f"/why {again}")
    enlarged = await chat.ask(ADA, f"/why {larger}")
    assert "Seed: 5\n" in enlarged
    assert "Enlarged to 192 px after that." in enlarged
    assert "these words: a cat" in await chat.ask(BO, f"/why {sticker}")


async def test_without_a_message_the_latest_of_answers_and_pictures_is_meant(
    chat: Chat,
) -> None:
    await chat.ask(ADA, "Hello?")
    assert "Written by fake" in await chat.ask(ADA, "/why")
    await chat.draw(ADA, "/imagine a fox")
    assert "a fox" in await chat.ask(ADA, "/why")
    await chat.ask(BO, "Hello?")
    assert "a fox" in await chat.ask(ADA, "/why")
    assert "Written by fake" in await chat.ask(MO, "/why")


async def test_file_tells_what_it_says_of_itself_and_no_other_does() -> None:
    drawn = marked(small_picture(8, 8, "PNG"), Provenance("painter", 7))
    place = Channel("fake", "general", "town")
    files = tuple(
        Attachment("a.png", "image/png", content)
        for content in (small_picture(8, 8, "PNG"), b"", drawn[:40], drawn)
    )
    told = ["The file says: drawn by painter from seed 7."]

    attached = CommandContext(ADA, place, "en", attachments=files)
    assert [str(text) for text in await explain_attached(attached, "")] == told
    assert await explain_replied(attached, "") == ()
    before = Message("1", place, BO, "", NOW_UTC, attachments=files)
    replied = CommandContext(ADA, place, "en", replied=before)
    assert [str(text) for text in await explain_replied(replied, "")] == told
    assert await explain_attached(replied, "") == ()
