"""What comes in: who wrote what where, and whether it is for the bot."""

from datetime import timedelta

import pytest

from adapters.telegram.adapter import TelegramAdapter
from bot.messages import Message, Reply, Role
from bot.preferences import Talk
from tests.adapters.telegram.rig import Rig
from tests.telegram_server.chats import Chat
from tests.telegram_server.entities import Entity
from tests.telegram_server.server import Person


@pytest.fixture
def ada(rig: Rig) -> Person:
    return rig.server.user("Ada", last_name="Byron", language_code="de")


@pytest.fixture
async def group(rig: Rig, ada: Person) -> Chat:
    group = rig.server.supergroup("Friends", ada)
    await rig.server.owner.promote(group, rig.server.bot)
    return group


async def newest(rig: Rig, count: int = 1) -> Message:
    return (await rig.inbox.wait_messages(count))[-1]


async def test_author_has_name_language_and_no_rights(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    await ada.write(rig.server.bot, "Hello")
    author = (await newest(rig)).author
    assert (author.id, author.name) == (str(ada.id), "Ada Byron")
    assert author.language == "de"
    assert author.role is Role.MEMBER
    assert not author.is_bot


async def test_private_chat_is_a_community_of_its_own(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    await ada.write(rig.server.bot, "Hello")
    channel = (await newest(rig)).channel
    assert channel.key == f"telegram:{ada.id}"
    assert channel.community_id == f"private:{ada.id}"
    assert channel.is_private


@pytest.mark.parametrize(
    ("text", "is_to_bot", "read"),
    [
        ("@hearth_bot how are you?", True, "how are you?"),
        ("how are you @Hearth_Bot", True, "how are you"),
        ("what do you, @hearth_bot, think", True, "what do you, @hearth_bot, think"),
        ("@hearth_bot, hello", True, "hello"),
        ("Hearth, how are you?", True, "how are you?"),
        ("hearthstone is a game", False, "hearthstone is a game"),
        ("how is @hearth_botany", False, "how is @hearth_botany"),
        ("nobody is meant", False, "nobody is meant"),
        ("/status@hearth_bot now", True, "/status now"),
        ("/Set_Persona x_y", True, "/Set-Persona x_y"),
    ],
)
async def test_group_text_is_for_the_bot_where_it_is_called(
    rig: Rig,
    bot: TelegramAdapter,
    ada: Person,
    group: Chat,
    text: str,
    is_to_bot: bool,
    read: str,
) -> None:
    await ada.write(group, text)
    message = await newest(rig)
    assert (message.text, message.is_to_bot) == (read, is_to_bot)


async def test_command_for_another_bot_is_left_alone(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    await ada.write(group, "/status@other_bot")
    await ada.write(group, "next")
    assert (await newest(rig)).text == "next"


async def test_reply_to_the_bot_is_for_the_bot_and_brings_what_it_answers(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    channel = bot.channel(str(group.id))
    (said_id,) = await bot.send(channel, Reply("I say **this**."))
    (said,) = group.by(rig.server.bot)
    await ada.write(group, "Why?", reply_to=said)
    message = await newest(rig)
    assert message.is_to_bot
    assert message.reply_to_id == said_id
    assert message.replied is not None
    assert message.replied.author.is_self
    assert not message.replied.author.is_bot
    assert message.replied.text == "I say this."


async def test_quoted_part_stands_in_front(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    bob = rig.server.user("Bob")
    group.members[bob.id] = type(group.members[ada.id])(bob)
    first = await bob.write(group, "The cat sat on the mat.")
    await ada.write(group, "@hearth_bot why?", reply_to=first, quote="on the mat")
    message = await newest(rig, 2)
    assert message.text == "> on the mat\n\nwhy?"
    assert message.replied is not None
    assert message.replied.author.name == "Bob"


async def test_topic_is_a_thread_and_its_first_message_no_reply(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    forum = rig.server.supergroup("Forum", ada, is_forum=True)
    await rig.server.owner.promote(forum, rig.server.bot)
    topic = await rig.server.owner.open_topic(forum, "Cats")
    await ada.write(forum, "@hearth_bot hello", topic=topic)
    await ada.write(forum, "@hearth_bot hello")
    await rig.inbox.wait_messages(2)
    in_topic, in_general = rig.inbox.messages
    assert in_topic.channel.key == f"telegram:{forum.id}/{topic.id}"
    assert in_topic.replied is None
    assert in_general.channel.key == f"telegram:{forum.id}"
    assert in_topic.scope != in_general.scope


async def test_administrators_are_moderators_until_they_are_not(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    await rig.server.owner.write(group, "one")
    assert (await newest(rig, 1)).author.role is Role.MODERATOR
    await ada.write(group, "two")
    assert (await newest(rig, 2)).author.role is Role.MEMBER
    num_asked = len(rig.server.calls.of("getChatAdministrators"))
    assert num_asked == 1
    await rig.server.owner.promote(group, ada)
    await ada.write(group, "three")
    assert (await newest(rig, 3)).author.role is Role.MODERATOR
    await rig.server.owner.demote(group, ada)
    await ada.write(group, "four")
    assert (await newest(rig, 4)).author.role is Role.MEMBER


async def test_rights_in_one_chat_are_none_in_another(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    other = rig.server.supergroup("Others", owner=ada)
    await ada.promote(other, rig.server.bot)
    await ada.write(other, "here")
    assert (await newest(rig, 1)).author.role is Role.MODERATOR
    await ada.write(group, "there")
    assert (await newest(rig, 2)).author.role is Role.MEMBER


async def test_owner_of_the_bot_is_owner_everywhere(rig: Rig, ada: Person) -> None:
    async with rig.adapter(owners=(f"telegram:{ada.id}", "discord:5")):
        await ada.write(rig.server.bot, "Hello")
        assert (await newest(rig)).author.role is Role.OWNER


async def test_unreadable_list_of_administrators_makes_nobody_one(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    rig.server.faults.answer("getChatAdministrators", 502, times=5)
    await rig.server.owner.write(group, "one")
    assert (await newest(rig)).author.role is Role.MEMBER
    rig.server.faults.clear()
    await rig.server.owner.write(group, "two")
    assert (await newest(rig, 2)).author.role is Role.MODERATOR


async def test_anonymous_administrator_is_a_moderator_and_nobody_in_particular(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    await rig.server.owner.promote(group, ada, is_anonymous=True)
    await ada.write(group, "@hearth_bot hello")
    author = (await newest(rig)).author
    assert author.role is Role.MODERATOR
    assert not author.is_bot
    assert str(ada.id) not in (author.id, author.name)


async def test_person_who_writes_as_a_channel_is_a_member(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    channel = rig.server.channel("Ada's", owner=ada)
    await ada.write(group, "@hearth_bot hello", as_channel=channel)
    author = (await newest(rig)).author
    assert (author.id, author.name) == (str(channel.id), "Ada's")
    assert author.role is Role.MEMBER
    assert not author.is_bot


async def test_post_of_the_linked_channel_is_no_person_and_comments_reach_it(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    channel = rig.server.channel("News", discussion=group)
    await rig.server.owner.write(channel, "Cats are back.")
    await rig.server.until(lambda: group.messages)
    post = group.messages[-1]
    await ada.write(group, "@hearth_bot is that so?", reply_to=post)
    message = await newest(rig)
    assert message.text == "is that so?"
    assert message.replied is not None
    assert message.replied.text == "Cats are back."
    assert message.channel.thread_id is None


async def test_code_and_links_stay_what_they_are(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    await ada.write(
        rig.server.bot,
        "🔥 see this print(1) and x here",
        entities=[
            Entity("text_link", 3, 3, url="https://example.org/"),
            Entity("pre", 12, 8, language="python"),
            Entity("code", 25, 1),
        ],
    )
    text = (await newest(rig)).text
    assert text == (
        "🔥 see (https://example.org/) this ```python\nprint(1)\n``` and `x` here"
    )


async def test_name_alone_and_start_are_answered_too(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    await ada.write(group, "@hearth_bot")
    await ada.write(rig.server.bot, "/start")
    await rig.inbox.wait_messages(2)
    texts = sorted((m.text, m.is_to_bot) for m in rig.inbox.messages)
    assert texts == [("", True), ("/help", True)]


async def test_talk_chosen_for_a_chat_counts(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    rig.talk[f"telegram:{group.id}"] = Talk.ALWAYS
    await ada.write(group, "anything")
    assert (await newest(rig, 1)).is_to_bot
    rig.talk[f"telegram:{group.id}"] = Talk.NEVER
    await ada.write(group, "@hearth_bot please")
    assert not (await newest(rig, 2)).is_to_bot


async def test_edit_comes_in_only_where_the_text_has_changed(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    message = await ada.write(rig.server.bot, "Helo")
    await newest(rig)
    rig.server.world.edited(message)  # a link shows its preview now
    await ada.edit(message, "Hello")
    await rig.inbox.wait_until(lambda: bool(rig.inbox.edits))
    assert [edit.text for edit in rig.inbox.edits] == ["Hello"]
    assert rig.inbox.edits[0].id == str(message.id)


async def test_what_is_no_text_is_named(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    await ada.send_sticker(rig.server.bot, "🔥")
    message = await newest(rig)
    assert message.text == "🔥"
    (sticker,) = message.attachments
    assert sticker.media_type == "image/webp"


async def test_service_messages_are_no_questions(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    await rig.server.owner.rename(group, "New friends")
    await ada.write(group, "@hearth_bot hello")
    message = await newest(rig)
    assert message.text == "hello"
    assert message.channel.name == "New friends"


async def test_old_chatter_is_read_and_not_answered(rig: Rig, ada: Person) -> None:
    await ada.write(rig.server.bot, "from long ago")
    await ada.write(rig.server.bot, "/status")
    for old in rig.server.bot.updates.pending:
        old["message"]["date"] -= int(timedelta(minutes=30).total_seconds())
    await ada.write(rig.server.bot, "from now")
    async with rig.adapter(backlog_minutes=10):
        await rig.inbox.wait_messages(2)
    texts = [(m.text, m.is_to_bot) for m in rig.inbox.messages]
    assert texts == [("from long ago", False), ("from now", True)]


async def test_two_chats_do_not_wait_for_each_other_and_one_keeps_its_order(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    bob = rig.server.user("Bob")
    rig.server.faults.slow("getFile", 0.5)
    await ada.send_document(rig.server.bot, b"x", caption="first")
    await ada.write(rig.server.bot, "second")
    await bob.write(rig.server.bot, "other")
    await rig.inbox.wait_messages(3)
    assert [m.text for m in rig.inbox.messages] == ["other", "first", "second"]
