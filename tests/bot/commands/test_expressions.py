"""/emoji and /sticker: what a community adds of its own."""

import io
import re
from collections.abc import Mapping
from typing import ClassVar

import pytest
from PIL import Image
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from bot.adapter import Adapter
from bot.commands.command import CommandContext
from bot.commands.expressions import emoji_command, sticker_command
from bot.commands.registry import Registry
from bot.errors import ForbiddenError, UserError
from bot.messages import Attachment, Author, Channel, Role
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain
from bot.safety.verdict import ALLOW, Action, Verdict
from bot.words import T, Words

HERE = Channel("fake", "here", "village")
MODERATOR = Author("mo", "Mo", Role.MODERATOR)
REFUSED = Verdict(Action.BLOCK, "picture_listed", 1, "pictures", "on the list")


def picture() -> Attachment:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    return Attachment("holiday.png", "image/png", file.getvalue())


class OnlyStickers(FakeAdapter):
    """A platform without emoji of a community's own."""

    can_sticker: ClassVar[bool] = True


class Takes(FakeAdapter):
    """A platform with emoji and stickers of a community's own."""

    can_emoji: ClassVar[bool] = True
    can_sticker: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__(RecordingInbox())
        self.added: list[tuple[str, str, Attachment]] = []
        self.url_of_stickers = ""

    @override
    async def add_emoji(
        self, channel: Channel, name: str, picture: Attachment, *, by: Author
    ) -> str:
        if name == "forbidden":
            raise ForbiddenError(T("I lack the right to do that."))
        self.added.append((name, by.name, picture))
        return "1"

    @override
    async def add_sticker(
        self,
        channel: Channel,
        name: str,
        picture: Attachment,
        *,
        emoji: str,
        by: Author,
    ) -> str:
        self.added.append((name, emoji, picture))
        return self.url_of_stickers


async def say(
    line: str,
    adapter: Adapter,
    *,
    author: Author = MODERATOR,
    files: tuple[Attachment, ...] = (),
    verdict: Verdict = ALLOW,
) -> str:
    adapters: Mapping[str, Adapter] = {"fake": adapter}
    chain = FilterChain([FakeFilter(lambda subject: verdict)])
    commands = (emoji_command(adapters, chain), sticker_command(adapters, chain))
    context = CommandContext(author, HERE, "en", attachments=files)
    registry = Registry(commands, Words({}), adapters=adapters)
    answer = await registry.run(line, context)
    return str(answer.text)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/emoji fox", "I can add no emoji and no stickers"),
        ("/sticker fox 🦊", "I can add no emoji and no stickers"),
    ],
)
async def test_platform_without_them_says_so(line: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        await say(line, FakeAdapter(RecordingInbox()), files=(picture(),))


async def test_what_can_be_a_sticker_is_no_emoji_but_may_become_one() -> None:
    adapter = OnlyStickers(RecordingInbox())
    with pytest.raises(UserError, match="a sticker instead: /sticker"):
        await say("/emoji fox", adapter, files=(picture(),))


@pytest.mark.parametrize(
    ("adapter", "offered"),
    [
        (FakeAdapter(RecordingInbox()), ["/help"]),
        (OnlyStickers(RecordingInbox()), ["/help", "/sticker"]),
        (Takes(), ["/help", "/emoji", "/sticker"]),
    ],
    ids=["neither", "stickers", "both"],
)
async def test_help_offers_what_can_be_added_there(
    adapter: Adapter, offered: list[str]
) -> None:
    told = await say("/help", adapter)
    assert re.findall(r"`(/\w+)", told) == offered


async def test_nothing_is_added_without_a_picture_or_right() -> None:
    adapter = Takes()
    with pytest.raises(UserError, match="Attach the picture"):
        await say("/emoji fox", adapter)
    text = Attachment("fox.txt", "text/plain", b"fox")
    with pytest.raises(UserError, match="Attach the picture"):
        await say("/emoji fox", adapter, files=(text,))
    with pytest.raises(UserError, match="Only moderators"):
        await say("/emoji fox", adapter, author=Author("a", "A"), files=(picture(),))
    with pytest.raises(UserError, match="I lack the right"):
        await say("/emoji forbidden", adapter, files=(picture(),))
    assert adapter.added == []


async def test_refused_picture_is_not_added_by_moderators_either() -> None:
    adapter = Takes()
    with pytest.raises(UserError, match="refused: on the list"):
        await say("/sticker fox 🦊", adapter, files=(picture(),), verdict=REFUSED)
    assert adapter.added == []


async def test_picture_becomes_an_emoji_and_a_sticker_without_its_own_name() -> None:
    adapter = Takes()
    told = await say("/emoji fox", adapter, files=(picture(),))
    assert told == "“fox” is there now."
    told = await say("/sticker Fox 🦊", adapter, files=(picture(),))
    assert told == "“Fox” is there now."
    (emoji, sticker) = adapter.added
    assert emoji[:2] == ("fox", "Mo")
    assert sticker[:2] == ("Fox", "🦊")
    assert "holiday" not in emoji[2].name


async def test_answer_says_where_the_sticker_is() -> None:
    adapter = Takes()
    adapter.url_of_stickers = "https://example.org/ours"
    told = await say("/sticker Fox 🦊", adapter, files=(picture(),))
    assert told == "“Fox” is there now: https://example.org/ours"
