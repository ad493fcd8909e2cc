"""Posts on Telegram that are out: changed, or taken away."""

import pytest

from adapters.telegram.adapter import TelegramAdapter
from bot.errors import ForbiddenError, NetworkError, RateLimitedError
from bot.messages import Attachment, Channel
from bot.publication import Poll, Publication
from tests.adapters.telegram.rig import Rig, open_rig
from tests.telegram_server.chats import Chat
from tests.telegram_server.senders import small_picture
from tests.telegram_server.settings import Settings

PICTURE = Attachment("cover.png", "image/png", small_picture(40, 30, "PNG"))
OTHER = Attachment("cover.png", "image/png", small_picture(60, 30, "PNG"))


def post(body: str = "Cats are back.", **fields: object) -> Publication:
    return Publication("p42", "News", body, **fields)  # type: ignore[arg-type]


@pytest.fixture
async def room(rig: Rig) -> Chat:
    return rig.server.channel("News", username="news_room")


async def test_caption_and_picture_change_in_one_message(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    published = await bot.publish(channel, post(picture=PICTURE), nonce="n1")
    (shown,) = room.by(rig.server.bot)
    before = shown.media
    again = await bot.revise(
        channel, published, post("Dogs **too**.", picture=OTHER), nonce="c1"
    )
    assert again == published
    (shown,) = room.by(rig.server.bot)
    assert shown.text == "News\n\nDogs too.\n\np42"
    assert shown.parts("bold")[-1] == "too"
    assert shown.media is not None
    assert before is not None
    assert shown.media.content != before.content


async def test_caption_that_grows_too_long_keeps_its_title_and_goes_on_below(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    published = await bot.publish(channel, post(picture=PICTURE), nonce="n1")
    long = post("word " * 1200, picture=PICTURE)
    again = await bot.revise(channel, published, long, nonce="c1")
    first, *rest = room.by(rig.server.bot)
    assert again.message_ids[0] == published.message_id == str(first.id)
    assert first.text == "News"
    assert sum(one.text.count("word") for one in rest) == 1200
    shorter = await bot.revise(channel, again, post(picture=PICTURE), nonce="c2")
    assert shorter == published
    (shown,) = room.by(rig.server.bot)
    assert shown.text == "News\n\nCats are back.\n\np42"


async def test_caption_changes_where_posts_have_no_picture_any_more(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    published = await bot.publish(channel, post(picture=PICTURE), nonce="n1")
    await bot.revise(channel, published, post("Dogs too."), nonce="c1")
    (shown,) = room.by(rig.server.bot)
    assert shown.media is not None
    assert shown.text == "News\n\nDogs too.\n\np42"


async def test_same_text_again_is_no_error(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    published = await bot.publish(channel, post(), nonce="n1")
    assert await bot.revise(channel, published, post(), nonce="c1") == published


async def test_poll_stays_while_the_text_changes_and_goes_with_the_post(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    poll = Poll("Which?", ("Cats", "Dogs"))
    published = await bot.publish(channel, post(poll=poll), nonce="n1")
    again = await bot.revise(channel, published, post("Dogs.", poll=poll), nonce="c1")
    assert again == published
    assert [m.poll.question for m in room.by(rig.server.bot) if m.poll] == ["Which?"]
    await bot.retract(channel, again)
    assert room.by(rig.server.bot) == []


async def test_message_of_more_than_two_days_is_not_deleted_and_says_what_to_do() -> (
    None
):
    async with open_rig(settings=Settings(delete_window_s=-1)) as rig:
        group = rig.server.supergroup("Friends", rig.server.user("Ada"))
        async with rig.adapter() as bot:
            channel = bot.channel(str(group.id))
            published = await bot.publish(channel, post(), nonce="n1")
            with pytest.raises(ForbiddenError, match=r"48 hours.*delete it by hand"):
                await bot.retract(channel, published)
            assert len(group.by(rig.server.bot)) == 1


async def test_post_in_a_group_that_the_bot_has_left_is_not_called_gone(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    published = await bot.publish(channel, post(), nonce="n1")
    kicked = "Forbidden: bot was kicked from the channel chat"
    rig.server.faults.refuse("deleteMessage", 403, kicked)
    with pytest.raises(ForbiddenError, match="no longer in"):
        await bot.retract(channel, published)


async def test_edit_without_an_answer_may_be_repeated(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    published = await bot.publish(channel, post(), nonce="n1")
    rig.server.faults.drop("editMessageText", after=True)
    with pytest.raises(RateLimitedError):
        await bot.revise(channel, published, post("Dogs."), nonce="c1")
    assert await bot.revise(channel, published, post("Dogs."), nonce="c1") == published


async def test_added_part_without_an_answer_is_not_sent_again(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    published = await bot.publish(channel, post(), nonce="n1")
    rig.server.faults.drop("sendMessage", after=True)
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.revise(channel, published, post("word " * 1200), nonce="c1")
    assert len(room.by(rig.server.bot)) == 2


@pytest.mark.parametrize(
    ("chat_id", "link"),
    [
        ("@news_room", "https://t.me/news_room/7"),
        ("-1001234", "https://t.me/c/1234/7"),
        ("-55", ""),
        ("55", ""),
    ],
)
async def test_messages_of_supergroups_and_public_channels_have_an_address(
    bot: TelegramAdapter, chat_id: str, link: str
) -> None:
    assert bot.link(Channel("telegram", chat_id, "x"), "7") == link
