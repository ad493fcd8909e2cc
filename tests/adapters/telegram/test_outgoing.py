"""Answers and messages on a network and a Telegram that are not always kind."""

import asyncio

import pytest

from adapters.telegram.adapter import TelegramAdapter
from bot.errors import ForbiddenError, GoneError, PlatformError
from bot.messages import Attachment, Button, Channel, Message, Reply
from tests.adapters.telegram.rig import Rig, ScaledClock, open_rig
from tests.telegram_server.chats import Chat
from tests.telegram_server.senders import small_picture
from tests.telegram_server.server import Person

STOP = (Button("Stop", "/stop 1"),)


@pytest.fixture
def ada(rig: Rig) -> Person:
    return rig.server.user("Ada")


@pytest.fixture
async def group(rig: Rig, ada: Person) -> Chat:
    group = rig.server.supergroup("Friends", ada)
    await rig.server.owner.promote(group, rig.server.bot)
    return group


async def asked(rig: Rig, ada: Person, where: Chat | None = None) -> Message:
    num_before = len(rig.inbox.messages)
    await ada.write(where or rig.server.bot, "Hearth, hello")
    return (await rig.inbox.wait_messages(num_before + 1))[-1]


@pytest.mark.parametrize("is_after", [True, False])
async def test_answer_whose_receipt_was_lost_is_there_once(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat, is_after: bool
) -> None:
    for where in (group, rig.server.private(ada)):
        message = await asked(rig, ada, where)
        rig.server.faults.drop("sendMessage", after=is_after)
        buttons = (Button("Again", "/again 1"),)
        ids = await bot.open_reply(message).finish(Reply("Here.", buttons))
        (answer,) = where.by(rig.server.bot)
        assert ids == (str(answer.id),)
        assert answer.text == "Here."
        assert answer.labels == ["Again"]


async def test_message_that_a_person_wrote_meanwhile_is_not_taken_for_the_lost_one(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    message = await asked(rig, ada, group)
    rig.server.faults.drop("sendMessage")
    ending = asyncio.create_task(bot.open_reply(message).finish(Reply("Here.")))
    await rig.server.until(lambda: rig.server.calls.of("sendMessage"))
    await ada.write(group, "anybody?")
    await ada.write(group, "hm")
    await ending
    assert [m.text for m in group.by(rig.server.bot)] == ["Here."]


async def test_lost_receipt_of_a_bot_that_is_new_here_loses_nothing(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    rig.server.faults.drop("sendMessage")
    await bot.send(bot.channel(str(group.id)), Reply("News."))
    assert [m.text for m in group.by(rig.server.bot)] == ["News."]


async def test_edit_whose_receipt_was_lost_is_no_error(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    message = await asked(rig, ada, group)
    stream = bot.open_reply(message, buttons=STOP)
    await stream.feed("One. ")
    await rig.server.until(lambda: group.by(rig.server.bot))
    rig.server.faults.drop("editMessageText", after=True, times=2)
    await stream.finish(Reply("One. Two."))
    (answer,) = group.by(rig.server.bot)
    assert answer.text == "One. Two."


async def test_same_text_again_is_no_error(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    message = await asked(rig, ada, group)
    stream = bot.open_reply(message)
    await stream.feed("**One**")
    await rig.server.until(lambda: group.by(rig.server.bot))
    await stream.finish(Reply("__One__"))  # looks the same when it is rendered
    (answer,) = group.by(rig.server.bot)
    assert answer.text == "One"


async def test_entities_that_are_refused_go_as_plain_text(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    message = await asked(rig, ada)
    why = "Bad Request: can't parse entities: unsupported entity at byte offset 3"
    rig.server.faults.refuse("sendMessage", 400, why)
    await bot.open_reply(message).finish(Reply("**Bold** [link](https://e.org)"))
    (answer,) = rig.server.private(ada).by(rig.server.bot)
    assert answer.text == "Bold link (https://e.org)"
    assert not [e for e in answer.entities if e.type != "url"]


async def test_entities_that_are_refused_in_an_edit_go_as_plain_text(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    message = await asked(rig, ada, group)
    stream = bot.open_reply(message)
    await stream.feed("One. ")
    await rig.server.until(lambda: group.by(rig.server.bot))
    why = "Bad Request: ENTITY_BOUNDS_INVALID"
    rig.server.faults.refuse("editMessageText", 400, why)
    await stream.finish(Reply("One. **Two.**"))
    (answer,) = group.by(rig.server.bot)
    assert (answer.text, answer.entities) == ("One. Two.", ())


async def test_answer_to_a_message_that_is_gone_comes_without_a_reply(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    message = await asked(rig, ada, group)
    await ada.delete(group.messages[-1])
    await bot.open_reply(message).finish(Reply("Here.", reply_to_id=message.id))
    (answer,) = group.by(rig.server.bot)
    assert answer.text == "Here."
    assert answer.reply_to is None


async def test_long_answer_in_a_topic_and_below_a_post_stays_there(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    forum = rig.server.supergroup("Forum", ada, is_forum=True)
    await rig.server.owner.promote(forum, rig.server.bot)
    topic = await rig.server.owner.open_topic(forum, "Cats")
    await ada.write(forum, "Hearth, hello", topic=topic)
    (in_topic,) = await rig.inbox.wait_messages(1)
    text = "word " * 2000
    ids = await bot.open_reply(in_topic).finish(Reply(text, reply_to_id=in_topic.id))
    assert len(ids) == 3
    assert {m.thread_id for m in forum.by(rig.server.bot)} == {topic.id}

    channel = rig.server.channel("News", discussion=group)
    await rig.server.owner.write(channel, "Cats are back.")
    post = group.messages[-1]
    await ada.write(group, "Hearth, so?", reply_to=post)
    comment = (await rig.inbox.wait_messages(2))[-1]
    await bot.open_reply(comment).finish(Reply(text, reply_to_id=comment.id))
    assert {m.thread_id for m in group.by(rig.server.bot)} == {post.id}
    assert len(group.by(rig.server.bot)) == 3


async def test_answer_in_general_names_no_thread(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    forum = rig.server.supergroup("Forum", ada, is_forum=True)
    await rig.server.owner.promote(forum, rig.server.bot)
    message = await asked(rig, ada, forum)
    await bot.open_reply(message).finish(Reply("Here.", reply_to_id=message.id))
    (answer,) = forum.by(rig.server.bot)
    assert not answer.is_topic_message
    (call,) = rig.server.calls.of("sendMessage")
    assert "message_thread_id" not in call.parameters


async def test_closed_and_deleted_topics_are_named(rig: Rig, ada: Person) -> None:
    forum = rig.server.supergroup("Forum", ada, is_forum=True)
    async with rig.adapter() as bot:
        closed = await rig.server.owner.open_topic(forum, "Closed")
        await rig.server.owner.close_topic(forum, closed)
        with pytest.raises(ForbiddenError, match="closed"):
            await bot.send(bot.channel(f"{forum.id}/{closed.id}"), Reply("Hello"))
        gone = await rig.server.owner.open_topic(forum, "Gone")
        await rig.server.owner.delete_topic(forum, gone)
        with pytest.raises(GoneError, match="topic"):
            await bot.send(bot.channel(f"{forum.id}/{gone.id}"), Reply("Hello"))


async def test_missing_right_is_told_to_moderators_once(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    mute = rig.server.supergroup("Quiet", ada)
    await ada.write(mute, "/hello@hearth_bot")
    await rig.inbox.wait_messages(1)
    await rig.server.owner.restrict(mute, rig.server.bot)
    channel = bot.channel(str(mute.id))
    for _ in range(3):
        with pytest.raises(ForbiddenError):
            await bot.send(channel, Reply("Hello"))
    (told,) = rig.told
    assert "may not write in Quiet" in str(told)


async def test_who_was_kicked_or_blocked_is_told_so(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    message = await asked(rig, ada)
    await ada.block(rig.server.bot)
    with pytest.raises(ForbiddenError, match="blocked"):
        await bot.open_reply(message).finish(Reply("Hello"))
    await rig.server.owner.kick(group, rig.server.bot)
    with pytest.raises(GoneError):
        await bot.send(bot.channel(str(group.id)), Reply("Hello"))


async def test_typing_is_shown_until_the_answer_is_there() -> None:
    async with open_rig(ScaledClock(20)) as rig, rig.adapter() as bot:
        ada = rig.server.user("Ada")
        group = rig.server.supergroup("Friends", ada)
        await rig.server.owner.promote(group, rig.server.bot)
        message = await asked(rig, ada, group)
        stream = bot.open_reply(message)
        await rig.server.until(lambda: len(rig.server.calls.of("sendChatAction")) >= 3)
        await stream.finish(Reply("Here."))
        num_shown = len(rig.server.calls.of("sendChatAction"))
        await rig.clock.sleep(15)
        assert len(rig.server.calls.of("sendChatAction")) == num_shown


@pytest.mark.parametrize("method", ["sendChatAction", "sendMessageDraft"])
async def test_sign_that_fails_leaves_the_answer_alone(
    rig: Rig, bot: TelegramAdapter, ada: Person, method: str
) -> None:
    rig.server.faults.refuse(method, 400, "Bad Request: no", times=50)
    message = await asked(rig, ada)
    stream = bot.open_reply(message)
    await stream.feed("One. ")
    await rig.server.until(lambda: rig.server.calls.of(method))
    await stream.finish(Reply("One. Two."))
    (answer,) = rig.server.private(ada).by(rig.server.bot)
    assert answer.text == "One. Two."


async def test_server_without_drafts_gets_edits_from_then_on(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    private = rig.server.private(ada)
    rig.server.faults.refuse("sendMessageDraft", 404, "Not Found", times=50)
    for number in (1, 2):
        message = await asked(rig, ada)
        stream = bot.open_reply(message)
        await stream.feed("One. ")
        if number == 1:
            await rig.server.until(lambda: rig.server.calls.of("sendMessageDraft"))
        else:
            await rig.server.until(lambda: len(private.by(rig.server.bot)) == 2)
        await stream.finish(Reply("One. Two."))
    assert [m.text for m in private.by(rig.server.bot)] == ["One. Two."] * 2
    assert private.by(rig.server.bot)[1].versions
    assert len(rig.server.calls.of("sendMessageDraft")) == 1


async def test_draft_that_stands_still_is_shown_again() -> None:
    async with open_rig(ScaledClock(60)) as rig, rig.adapter() as bot:
        message = await asked(rig, rig.server.user("Ada"))
        stream = bot.open_reply(message)
        await stream.feed("Thinking hard. ")
        await rig.server.until(
            lambda: len(rig.server.calls.of("sendMessageDraft")) >= 3
        )
        await stream.finish(Reply("Thinking hard. Done."))


async def test_stop_button_of_a_private_answer_comes_after_a_while_and_goes(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    private = rig.server.private(ada)
    message = await asked(rig, ada)
    stream = bot.open_reply(message, buttons=STOP)
    await stream.feed("Once upon a time. ")
    await rig.server.until(lambda: private.by(rig.server.bot))
    (offer,) = private.by(rig.server.bot)
    assert (offer.labels, offer.is_silent) == (["Stop"], True)
    await stream.finish(Reply("Once upon a time."))
    assert [m.text for m in private.by(rig.server.bot)] == ["Once upon a time."]


async def test_short_private_answer_shows_no_stop_button(rig: Rig, ada: Person) -> None:
    async with rig.adapter(stop_after_s=30) as bot:
        stream = bot.open_reply(await asked(rig, ada), buttons=STOP)
        await stream.feed("Yes.")
        await stream.finish(Reply("Yes."))
    (answer,) = rig.server.private(ada).messages[1:]
    assert answer.text == "Yes."
    assert len(rig.server.calls.of("sendMessage")) == 1


def preview(number: int) -> Attachment:
    return Attachment(f"{number}.png", "image/png", small_picture(number))


async def until_said(rig: Rig, chat: Chat, text: str) -> None:
    await rig.server.until(
        lambda: [message.text for message in chat.by(rig.server.bot)] == [text]
    )


async def test_picture_that_passes_in_private_is_a_quiet_message_with_the_buttons(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    private = rig.server.private(ada)
    stream = bot.open_reply(await asked(rig, ada), buttons=STOP)
    await stream.notice("Step 1")
    await rig.server.until(lambda: private.by(rig.server.bot))  # the button to stop
    for number in (2, 3):
        await stream.notice(f"Step {number}", preview(number))
        await until_said(rig, private, f"Step {number}")
        (shown,) = private.by(rig.server.bot)
        assert (shown.labels, shown.is_silent) == (["Stop"], True)
        assert shown.media is not None
        assert shown.media.kind == "photo"
    assert await stream.finish(Reply("")) == ()
    assert private.by(rig.server.bot) == []


async def test_picture_is_put_into_the_notice_of_a_group_and_stays_under_other_words(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    stream = bot.open_reply(await asked(rig, ada, group), buttons=STOP)
    for text, picture in (
        ("Step 1", None),
        ("Step 2", preview(2)),
        ("Step 3", preview(2)),
        ("Step 4", preview(4)),
    ):
        await stream.notice(text, picture)
        await until_said(rig, group, text)
    (shown,) = group.by(rig.server.bot)
    assert [one.media is not None for one in shown.versions] == [False, True, True]
    assert shown.labels == ["Stop"]
    assert len(rig.server.calls.of("editMessageMedia")) == 2
    assert await stream.finish(Reply("")) == ()
    assert group.by(rig.server.bot) == []


async def test_server_that_puts_no_picture_into_texts_shows_the_words_alone(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    stream = bot.open_reply(await asked(rig, ada, group), buttons=STOP)
    await stream.notice("Step 1")
    await rig.server.until(lambda: group.by(rig.server.bot))
    rig.server.faults.refuse(
        "editMessageMedia", 400, "Bad Request: there is no media in the message to edit"
    )
    for number in (2, 3):
        await stream.notice(f"Step {number}", preview(number))
        await until_said(rig, group, f"Step {number}")
    assert len(rig.server.calls.of("editMessageMedia")) == 1
    assert await stream.finish(Reply("")) == ()
    assert group.by(rig.server.bot) == []


async def test_very_long_answer_is_its_beginning_and_a_file(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    text = "\n\n".join(f"Paragraph {n}. " + "words " * 80 for n in range(80))
    stream = bot.open_reply(await asked(rig, ada))
    (message_id,) = await stream.finish(Reply(text))
    (answer,) = rig.server.private(ada).by(rig.server.bot)
    assert str(answer.id) == message_id
    assert answer.text.startswith("Paragraph 0.")
    assert answer.text.endswith("…")
    assert answer.media is not None
    assert answer.media.content.decode() == text


async def test_answer_that_grew_too_long_becomes_its_beginning_and_a_file(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    text = "\n\n".join(f"Paragraph {n}. " + "words " * 80 for n in range(80))
    message = await asked(rig, ada, group)
    stream = bot.open_reply(message, buttons=STOP)
    await stream.feed(text)
    await rig.server.until(lambda: len(group.by(rig.server.bot)) > 5)
    (message_id,) = await stream.finish(Reply(text))
    beginning, file = group.by(rig.server.bot)
    assert str(beginning.id) == message_id
    assert beginning.text.startswith("Paragraph 0.")
    assert beginning.labels == []
    assert file.media is not None
    assert file.media.content.decode() == text


async def test_server_that_was_away_for_a_minute_loses_no_answer() -> None:
    async with open_rig(ScaledClock(30)) as rig, rig.adapter() as bot:
        ada = rig.server.user("Ada")
        message = await asked(rig, ada)
        stream = bot.open_reply(message)
        await stream.feed("Here. ")
        await rig.server.stop()
        ending = asyncio.create_task(stream.finish(Reply("Here.")))
        await rig.clock.sleep(60)
        assert not ending.done()
        await rig.server.start()
        await ending
        assert [m.text for m in rig.server.private(ada).by(rig.server.bot)] == ["Here."]
        await ada.write(rig.server.bot, "Still there?")
        await rig.inbox.wait_messages(2)


async def test_channel_is_found_by_id_topic_and_name(
    rig: Rig, bot: TelegramAdapter
) -> None:
    assert bot.channel("-1001/7").thread_id == "7"
    assert bot.channel("@news_room").id == "@news_room"
    for wrong in ("", "nowhere", "-1001/x", "12a", "@"):
        with pytest.raises(GoneError):
            bot.channel(wrong)


async def test_files_go_out_as_what_they_are(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    private = rig.server.private(ada)
    channel: Channel = bot.channel(str(ada.id))
    picture = small_picture(30, 20, "PNG")
    sent = (
        Attachment("a.png", "image/png", picture),
        Attachment("b.png", "image/png", picture),
        Attachment("say.ogg", "audio/ogg", b"OggS\0", is_voice=True),
        Attachment("song.mp3", "audio/mpeg", b"ID3"),
        Attachment("move.gif", "image/gif", b"GIF89a"),
        Attachment("sticker.webp", "image/webp", small_picture(512, 512, "WEBP")),
        Attachment("x.csv", "text/csv", b"a,b"),
        Attachment("not.png", "image/png", b"no picture"),
    )
    message_ids = await bot.send(channel, Reply("", attachments=sent))
    kinds = [m.media.kind for m in private.by(rig.server.bot) if m.media]
    assert kinds == [
        "photo", "photo", "voice", "audio", "animation", "sticker",
        "document", "document",
    ]  # fmt: skip
    first, second, *_ = private.by(rig.server.bot)
    assert first.media_group_id == second.media_group_id != ""
    own = private.by(rig.server.bot)
    assert message_ids == tuple(str(one.id) for one in own)


async def test_photo_that_telegram_does_not_take_goes_as_a_file(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    private = rig.server.private(ada)
    rig.server.faults.refuse("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    photo = Attachment("a.png", "image/png", small_picture(9, 9, "PNG"))
    buttons = (Button("More", "/more"),)
    await bot.send(bot.channel(str(ada.id)), Reply("My **cat**", buttons, (photo,)))
    (answer,) = private.by(rig.server.bot)
    assert answer.media is not None
    assert answer.media.kind == "document"
    assert (answer.text, answer.labels) == ("My cat", ["More"])
    assert answer.parts("bold") == ["cat"]


async def test_caption_whose_entities_are_refused_goes_as_plain_text(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    private = rig.server.private(ada)
    why = "Bad Request: can't parse entities"
    rig.server.faults.refuse("sendDocument", 400, why)
    file = Attachment("a.txt", "text/plain", b"x")
    text = "My [cat](https://e.org/cat)"
    await bot.send(bot.channel(str(ada.id)), Reply(text, attachments=(file,)))
    (answer,) = private.by(rig.server.bot)
    assert answer.text == "My cat (https://e.org/cat)"


async def test_long_text_with_a_file_is_whole_and_has_the_buttons(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    private = rig.server.private(ada)
    file = Attachment("a.txt", "text/plain", b"x")
    text = "word " * 300
    message_ids = await bot.send(
        bot.channel(str(ada.id)), Reply(text, (Button("More", "/more"),), (file,))
    )
    first, second = private.by(rig.server.bot)
    assert message_ids == (str(first.id), str(second.id))
    assert first.media is not None
    assert (second.text, second.labels) == (text.strip(), ["More"])


async def test_file_joins_an_answer_that_has_grown(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    message = await asked(rig, ada, group)
    stream = bot.open_reply(message, buttons=STOP)
    await stream.feed("Listen: ")
    await rig.server.until(lambda: group.by(rig.server.bot))
    voice = Attachment("v.ogg", "audio/ogg", b"OggS\0", is_voice=True)
    rig.server.faults.drop("sendVoice", after=True)
    await stream.finish(Reply("Listen:", attachments=(voice,)))
    text, spoken = group.by(rig.server.bot)
    assert text.text == "Listen:"
    assert spoken.media is not None
    assert spoken.media.kind == "voice"


async def test_open_answers_end_with_the_connection(rig: Rig, ada: Person) -> None:
    async with rig.adapter() as bot:
        stream = bot.open_reply(await asked(rig, ada), buttons=STOP)
        await stream.feed("One. ")
    with pytest.raises(PlatformError):
        await stream.finish(Reply("One. Two."))
