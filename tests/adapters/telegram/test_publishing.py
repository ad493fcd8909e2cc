"""Posts on Telegram."""

import pytest

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.publish import post_text
from bot.errors import NetworkError, RateLimitedError
from bot.messages import Attachment, Channel
from bot.publication import Link, Poll, Publication, Published
from tests.adapters.telegram.rig import Rig, ScaledClock, open_rig
from tests.telegram_server.chats import Chat
from tests.telegram_server.senders import small_picture

PICTURE = Attachment("cover.png", "image/png", small_picture(40, 30, "PNG"))


def post(body: str = "Cats **are** back.", **fields: object) -> Publication:
    return Publication(
        "p42",
        "The *news*",
        body,
        sources=(Link("Herald", "https://example.org/1"),),
        byline="Written by AI",
        **fields,  # type: ignore[arg-type]
    )


@pytest.fixture
async def room(rig: Rig) -> Chat:
    return rig.server.channel("News", username="news_room")


async def test_post_has_title_body_sources_byline_and_number(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    published = await bot.publish(bot.channel(str(room.id)), post(), nonce="n1")
    (shown,) = room.by(rig.server.bot)
    assert published == Published((str(shown.id),))
    assert shown.text == (
        "The news\n\nCats are back.\n\n• Herald\n\nWritten by AI · p42"
    )
    assert shown.parts("bold")[-1] == "are"
    assert shown.parts("text_link") == ["Herald"]
    assert shown.parts("code") == ["p42"]


async def test_channel_is_found_by_its_public_name(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    await bot.publish(bot.channel("@news_room"), post(), nonce="n1")
    assert len(room.by(rig.server.bot)) == 1


async def test_short_post_is_the_caption_of_its_picture(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    published = await bot.publish(channel, post(picture=PICTURE), nonce="n1")
    (shown,) = room.by(rig.server.bot)
    assert published.picture_message_id == published.message_id == str(shown.id)
    assert shown.media is not None
    assert shown.media.kind == "photo"
    assert shown.text == post_text_shown()


def post_text_shown() -> str:
    return "The news\n\nCats are back.\n\n• Herald\n\nWritten by AI · p42"


async def test_long_post_stands_whole_below_its_picture(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    long = post("word " * 1200, picture=PICTURE)
    published = await bot.publish(channel, long, nonce="n1")
    picture, first, second = room.by(rig.server.bot)
    assert picture.media is not None
    assert picture.text == ""
    assert published.message_ids == (str(first.id), str(second.id))
    assert published.picture_message_id == str(picture.id)
    assert (first.text + second.text).count("word") == 1200


@pytest.mark.parametrize(
    ("publication", "kinds"),
    [
        (post(), ["text"]),
        (post(picture=PICTURE), ["caption"]),
        (post("word " * 1200, picture=PICTURE), ["picture", "text", "text"]),
        (post(picture=PICTURE, poll=Poll("Which?", ("A", "B"))), ["caption", "poll"]),
    ],
)
async def test_preview_is_what_is_sent(
    rig: Rig,
    bot: TelegramAdapter,
    room: Chat,
    publication: Publication,
    kinds: list[str],
) -> None:
    parts = bot.preview(publication)
    assert [part.kind for part in parts] == kinds
    await bot.publish(bot.channel(str(room.id)), publication, nonce="n1")
    assert len(room.by(rig.server.bot)) == len(parts)


async def test_poll_and_quiz_are_native(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel = bot.channel(str(room.id))
    poll = Poll("Which?", ("Cats", "Dogs"))
    quiz = Poll("How many?", ("3", "4"), correct=1, explanation="Count.")
    published = await bot.publish(channel, post(poll=poll), nonce="n1")
    await bot.publish(channel, post(poll=quiz), nonce="n2")
    asked = [m for m in room.by(rig.server.bot) if m.poll]
    assert published.poll_message_id == str(asked[0].id)
    assert published.poll_id
    polls = [m.poll for m in room.by(rig.server.bot) if m.poll]
    assert [(p.question, p.type) for p in polls] == [
        ("Which?", "regular"),
        ("How many?", "quiz"),
    ]
    assert polls[1].correct_option_id == 1


async def test_poll_that_telegram_would_not_take_is_a_text(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    many = Poll("Which?", tuple(f"Answer {n}" for n in range(14)))
    await bot.publish(bot.channel(str(room.id)), post(poll=many), nonce="n1")
    assert "- Answer 13" in room.by(rig.server.bot)[1].text.replace("•", "-")


async def test_post_whose_receipt_was_lost_in_a_channel_is_unknown_and_not_repeated(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    rig.server.faults.drop("sendMessage", after=True)
    channel = bot.channel(str(room.id))
    with pytest.raises(NetworkError):
        await bot.publish(channel, post(), nonce="n1")
    with pytest.raises(NetworkError):
        await bot.publish(channel, post(), nonce="n1")
    assert len(room.by(rig.server.bot)) == 1


async def test_post_whose_receipt_was_lost_in_a_group_is_found(
    rig: Rig, bot: TelegramAdapter
) -> None:
    ada = rig.server.user("Ada")
    group = rig.server.supergroup("Friends", ada)
    await ada.write(group, "/hello@hearth_bot")
    await rig.inbox.wait_messages(1)
    rig.server.faults.drop("sendMessage", after=True)
    channel = bot.channel(str(group.id))
    published = await bot.publish(channel, post(), nonce="n1")
    (shown,) = group.by(rig.server.bot)
    assert str(shown.id) == published.message_id


async def test_post_that_did_not_arrive_in_a_group_is_not_repeated_by_itself(
    rig: Rig, bot: TelegramAdapter
) -> None:
    ada = rig.server.user("Ada")
    group = rig.server.supergroup("Friends", ada)
    await ada.write(group, "/hello@hearth_bot")
    await rig.inbox.wait_messages(1)
    rig.server.faults.drop("sendMessage")
    with pytest.raises(NetworkError):
        await bot.publish(bot.channel(str(group.id)), post(), nonce="n1")
    assert not group.by(rig.server.bot)


async def test_post_goes_on_where_it_ended(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel: Channel = bot.channel(str(room.id))
    long = post("word " * 1200, picture=PICTURE)
    refused = "Too Many Requests: retry after 30"
    rig.server.faults.refuse("sendMessage", 429, refused, retry_after=30)
    with pytest.raises(RateLimitedError):
        await bot.publish(channel, long, nonce="n1")
    assert len(room.by(rig.server.bot)) == 1


async def test_post_goes_on_where_it_ended_after_a_restart(
    rig: Rig, bot: TelegramAdapter, room: Chat
) -> None:
    channel: Channel = bot.channel(str(room.id))
    long = post("word " * 1200, picture=PICTURE, poll=Poll("Which?", ("A", "B")))
    refused = "Too Many Requests: retry after 30"
    rig.server.faults.refuse("sendPoll", 429, refused, retry_after=30)
    with pytest.raises(RateLimitedError):
        await bot.publish(channel, long, nonce="n1")
    before = [message.id for message in room.by(rig.server.bot)]
    rig.server.faults.clear()
    await bot.__aexit__(None, None, None)
    async with rig.adapter() as again:
        published = await again.publish(channel, long, nonce="n1")
    *kept, poll = room.by(rig.server.bot)
    assert [message.id for message in kept] == before
    assert published.poll_message_id == str(poll.id)
    assert await rig.settings.all("telegram:sending:n1") == {}


async def test_post_while_telegram_is_out_of_reach_is_tried_again_later() -> None:
    async with open_rig(ScaledClock(200)) as rig, rig.adapter() as bot:
        room = rig.server.channel("News")
        channel = bot.channel(str(room.id))
        await rig.server.stop()
        with pytest.raises(RateLimitedError):
            await bot.publish(channel, post(), nonce="n1")
        await rig.server.start()
        await bot.publish(channel, post(), nonce="n1")
        assert len(room.by(rig.server.bot)) == 1


def test_post_without_a_title_or_sources_has_no_blank_parts() -> None:
    bare = Publication("p1", "", "Body")
    assert post_text(bare) == "Body\n\n`p1`"
