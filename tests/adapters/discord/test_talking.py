"""What is for the bot and what is not, and what comes in with it."""

import asyncio
from typing import Any

import discord
import pytest

from bot.messages import Reply, Role
from bot.preferences import Talk
from tests.adapters.discord.simulated import World, forbid, open_world


async def test_mention_is_for_the_bot_and_left_out_of_the_text(world: World) -> None:
    await world.ada.send(world.general, f"{world.me}, what is *this*?")
    (message,) = world.inbox.messages
    assert message.is_to_bot
    assert message.text == "what is *this*?"


async def test_mention_in_the_middle_stays_a_word(world: World) -> None:
    me: Any = world.adapter.client.user
    name = me.display_name
    await world.ada.send(world.general, f"does {world.me} know? {world.me}")
    assert world.inbox.messages[0].text == f"does @{name} know?"


async def test_what_people_say_to_each_other_comes_in_and_is_not_for_it(
    world: World,
) -> None:
    await world.ada.send(world.general, "  Hello Bert, @everyone <@123>  ")
    (message,) = world.inbox.messages
    assert not message.is_to_bot
    assert message.text == "  Hello Bert, @everyone <@123>  "


async def test_reply_to_the_bot_is_for_it_and_brings_what_it_replies_to(
    world: World,
) -> None:
    await world.adapter.send(world.place(world.general), Reply("Ask me."))
    (said,) = world.shown(world.general)
    await world.ada.send(world.general, "Why?", reply_to=said)
    (message,) = world.inbox.messages
    assert message.is_to_bot
    assert message.reply_to_id == str(said.id)
    assert message.replied is not None
    assert message.replied.author.is_self
    assert message.replied.text == "Ask me."
    assert message.replied.replied is None


async def test_reply_to_somebody_else_brings_their_words(world: World) -> None:
    said = await world.bert.send(world.general, "The moon is cheese.")
    await world.ada.send(world.general, f"{world.me} is that so?", reply_to=said)
    message = world.inbox.messages[-1]
    assert message.replied is not None
    assert message.replied.text == "The moon is cheese."
    assert message.replied.author.name == "bert"
    assert not message.replied.author.is_self


async def test_direct_message_is_private_and_for_the_bot(world: World) -> None:
    await world.ada.send_dm("Hello")
    (message,) = world.inbox.messages
    assert message.is_to_bot
    assert message.channel.is_private
    assert message.channel.community_id == f"private:{world.ada.id}"
    assert message.author.role is Role.MEMBER


async def test_name_and_prefix_call_it_where_they_are_set() -> None:
    config: dict[str, object] = {"names": ["Hearth"], "prefix": "!"}
    async with open_world(config=config) as world:
        await world.ada.send(world.general, "Hearth, hello")
        await world.ada.send(world.general, "!hello")
        await world.ada.send(world.general, "hello")
        told = [(m.text, m.is_to_bot) for m in world.inbox.messages]
        assert told == [("hello", True), ("hello", True), ("hello", False)]


async def test_channel_may_always_or_never_be_answered_in() -> None:
    talks: dict[str, Talk] = {}
    async with open_world(talks=talks) as world:
        talks[f"discord:{world.general.id}"] = Talk.ALWAYS
        talks[f"discord:{world.news.id}"] = Talk.NEVER
        await world.ada.send(world.general, "hello")
        await world.mod.send(world.news, f"{world.me} hello")
        assert [m.is_to_bot for m in world.inbox.messages] == [True, False]


async def test_program_is_not_heard(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    await robot.send(world.general, f"{world.me} hello")
    await world.adapter.send(world.place(world.general), Reply("Hello"))
    assert world.inbox.messages == []


async def test_message_that_comes_twice_is_handed_in_once(world: World) -> None:
    sent = await world.ada.send(world.general, f"{world.me} hello")
    await world.adapter.message(sent)
    assert len(world.inbox.messages) == 1


async def test_messages_of_a_channel_keep_their_order(world: World) -> None:
    backend = world.env.backend
    for number in range(50):
        backend.create_message(world.general.id, world.ada.id, f"{world.me} {number}")
    await world.env.settle()
    texts = [message.text for message in world.inbox.messages]
    assert texts == [str(number) for number in range(50)]


async def test_changed_text_comes_in_and_a_preview_does_not(world: World) -> None:
    sent = await world.ada.send(world.general, f"{world.me} see https://x.example")
    backend = world.env.backend
    preview: dict[str, Any] = {"embeds": [{"title": "A page", "type": "link"}]}
    backend.edit_message(world.general.id, sent.id, preview)
    await world.env.settle()
    assert world.inbox.edits == []
    await world.ada.edit(sent, f"{world.me} and now?")
    (edit,) = world.inbox.edits
    assert (edit.id, edit.text, edit.is_to_bot) == (str(sent.id), "and now?", True)


async def test_message_from_before_the_start_can_be_edited_and_deleted(
    world: World,
) -> None:
    sent = await world.ada.send(world.general, f"{world.me} hello")
    state: Any = world.adapter.client._connection
    state._messages.clear()
    await world.ada.edit(sent, f"{world.me} goodbye")
    assert [edit.text for edit in world.inbox.edits] == ["goodbye"]
    state._messages.clear()
    await world.ada.delete(sent)
    place = world.place(world.general)
    assert world.inbox.deletions == [(place, str(sent.id))]


async def test_many_deleted_at_once_are_all_told(world: World) -> None:
    sent = [await world.ada.send(world.general, str(number)) for number in range(3)]
    world.env.backend.bulk_delete_messages(world.general.id, [m.id for m in sent])
    await world.env.settle()
    assert [found for _, found in world.inbox.deletions] == [str(m.id) for m in sent]


async def test_forwarded_message_is_quoted(world: World) -> None:
    talks = await world.bert.send(world.general, "One\nTwo")
    await world.ada.forward(talks, world.general)
    assert world.inbox.messages[-1].text.startswith("> One\n> Two")


async def test_roles_come_from_discord_and_from_the_settings() -> None:
    async with open_world() as world:
        assert await _role(world, world.ada) is Role.MEMBER
        assert await _role(world, world.mod) is Role.MODERATOR
    async with open_world(config={"moderator_roles": ["7"]}) as world:
        role = world.guild.create_role("Helpers")
        helper = world.guild.add_member(world.env.create_user("eve"), roles=[role])
        assert await _role(world, helper) is Role.MEMBER
        world.adapter._converter._moderator_roles = frozenset({str(role.id)})
        assert await _role(world, helper) is Role.MODERATOR


async def test_role_is_taken_anew_from_each_message(world: World) -> None:
    assert await _role(world, world.ada) is Role.MEMBER
    role = world.guild.create_role(
        "New", permissions=discord.Permissions(manage_messages=True)
    )
    backend = world.env.backend
    backend.get_guild(world.guild.id).members[world.ada.id].role_ids.append(role.id)
    assert await _role(world, world.ada) is Role.MODERATOR


async def _role(world: World, member: Any) -> Role:
    await member.send(world.general, "hello")
    role: Role = world.inbox.messages[-1].author.role
    return role


async def test_age_restricted_channel_is_known_as_one(world: World) -> None:
    late = world.guild.create_text_channel("late")
    cached: Any = world.adapter.client.get_channel(late.id)
    cached.nsfw = True
    await world.ada.send(late, "hello")
    await world.ada.send(world.general, "hello")
    flags = [message.channel.is_age_restricted for message in world.inbox.messages]
    assert flags == [True, False]


async def test_servers_are_communities_of_their_own(world: World) -> None:
    other = world.env.create_guild(name="Elsewhere")
    channel = other.create_text_channel("general")
    member = other.add_member(world.ada.user)
    await member.send(channel, f"{world.me} hello")
    await world.ada.send(world.general, f"{world.me} hello")
    there, here = (message.channel for message in world.inbox.messages)
    assert there.community_id == str(other.id)
    assert here.community_id == str(world.guild.id)
    assert there.key != here.key


async def test_thread_of_its_own_is_always_answered_and_a_part_of_its_channel() -> None:
    async with open_world(config={"threads": True}) as world:
        await world.ada.send(
            world.general, f"{world.me} how do bees find their way home in the dark?"
        )
        (question,) = world.inbox.messages
        (thread,) = world.general.threads
        assert question.channel.id == str(world.general.id)
        assert question.channel.thread_id == str(thread.id) == question.id
        assert thread.name == "how do bees find their way home in the dark?"
        stream = world.adapter.open_reply(question)
        await stream.finish(Reply("By the sun.", reply_to_id=question.id))
        assert world.texts(thread) == ["By the sun."]
        assert world.shown(world.general) == []
        await world.ada.send(thread, "And at night?")
        follow_up = world.inbox.messages[-1]
        assert follow_up.is_to_bot
        assert follow_up.scope == question.scope
        assert world.adapter.channel(question.channel.key.split(":")[1]).thread_id


async def test_question_that_began_a_thread_is_stopped_when_it_is_deleted() -> None:
    async with open_world(config={"threads": True}) as world:
        sent = await world.ada.send(world.general, f"{world.me} hello")
        (question,) = world.inbox.messages
        await world.ada.delete(sent)
        keys = [(place.key, found) for place, found in world.inbox.deletions]
        assert (question.channel.key, question.id) in keys


async def test_thread_that_may_not_be_opened_is_done_without() -> None:
    async with open_world(config={"threads": True}) as world:
        forbid(world, world.general, "create_public_threads")
        await world.ada.send(world.general, f"{world.me} hello")
        (question,) = world.inbox.messages
        assert question.channel.thread_id is None
        assert len(world.told) == 1
        assert "Create Public Threads" in str(world.told[0])


async def test_first_message_of_a_thread_brings_what_the_thread_is_about(
    world: World,
) -> None:
    sent = await world.bert.send(world.general, "We should bake bread.")
    world.env.backend.create_thread(
        world.general.id, "Bread", world.bert.id, message_id=sent.id
    )
    await world.env.settle()
    handle = world.general.threads[0]
    await world.ada.send(handle, f"{world.me} how?")
    first = world.inbox.messages[-1]
    assert first.channel.thread_id == str(handle.id)
    assert first.replied is not None
    assert first.replied.text == "We should bake bread."
    await world.ada.send(handle, f"{world.me} really?")
    assert world.inbox.messages[-1].replied is None


async def test_without_the_privilege_nothing_empty_comes_in() -> None:
    async with open_world(config={"message_content": False}) as world:
        assert not world.adapter.client.intents.message_content
        await world.ada.send(world.general, "between us")
        assert world.inbox.messages == []
        await world.ada.send(world.general, f"{world.me} for you")
        await world.ada.send_dm("and here")
        assert [m.text for m in world.inbox.messages] == ["for you", "and here"]


async def test_what_comes_before_the_core_can_answer_waits(world: World) -> None:
    world.adapter._opened.clear()
    task = asyncio.create_task(
        world.adapter.deleted(world.general.id, world.guild.id, frozenset({1}))
    )
    await asyncio.sleep(0)
    assert world.inbox.deletions == []
    world.adapter._opened.set()
    await task
    assert len(world.inbox.deletions) == 1


@pytest.mark.parametrize("channel_id", ["", "x", "1", "1/2", "¹", "-5"])
async def test_channel_that_is_not_there_is_gone(world: World, channel_id: str) -> None:
    from bot.errors import GoneError

    with pytest.raises(GoneError):
        world.adapter.channel(channel_id)


async def test_reply_to_what_discord_does_not_show_is_looked_up(world: World) -> None:
    said = await world.bert.send(world.general, "The moon is cheese.")
    threads = world.adapter._intake._threads
    reply = await world.ada.send(world.general, "Is it?", reply_to=said)
    assert reply.reference is not None
    reply.reference.resolved = None
    found = await threads.replied(reply)
    assert found is not None
    assert found.content == "The moon is cheese."
    await world.bert.delete(said)
    assert await threads.replied(reply) is None


async def test_start_of_a_thread_from_before_the_bot_came_is_looked_up(
    world: World,
) -> None:
    sent = await world.bert.send(world.general, "We should bake bread.")
    world.env.backend.create_thread(
        world.general.id, "Bread", world.bert.id, message_id=sent.id
    )
    await world.env.settle()
    state: Any = world.adapter.client._connection
    state._messages.clear()
    await world.ada.send(world.general.threads[0], f"{world.me} how?")
    first = world.inbox.messages[-1]
    assert first.replied is not None
    assert first.replied.text == "We should bake bread."


async def test_forum_thread_whose_start_cannot_be_read_is_answered(
    world: World,
) -> None:
    forum = world.guild.create_forum_channel("library")
    world.env.backend.create_thread(forum.id, "Bread", world.bert.id)
    await world.env.settle()
    await world.ada.send(forum.threads[0], f"{world.me} how?")
    first = world.inbox.messages[-1]
    assert first.is_to_bot
    assert first.replied is None
    assert first.channel.id == str(forum.id)


async def test_place_that_is_not_shown_yet_is_one_of_its_server(world: World) -> None:
    client = world.adapter.client
    hidden = client.get_partial_messageable(77, guild_id=world.guild.id)
    channel = world.adapter._converter.channel(hidden)
    assert (channel.id, channel.community_id) == ("77", str(world.guild.id))
    assert not channel.is_private


async def test_owner_is_known_everywhere() -> None:
    async with open_world(owners=("discord:1456074443980800013",)) as world:
        await world.ada.send_dm("hello")
        (message,) = world.inbox.messages
        expected = Role.OWNER if str(world.ada.id).endswith("13") else Role.MEMBER
        assert message.author.role is expected


async def test_language_of_a_community_server_counts_until_the_person_shows_theirs(
    world: World,
) -> None:
    cached: Any = world.adapter.client.get_guild(world.guild.id)
    cached.features = ["COMMUNITY"]
    cached.preferred_locale = discord.Locale.chinese
    await world.ada.send(world.general, "hello")
    assert world.inbox.messages[-1].author.language == "zh-CN"
    await world.ada.slash(world.general, "help")
    await world.ada.send(world.general, "hello")
    assert world.inbox.messages[-1].author.language == "en-US"
