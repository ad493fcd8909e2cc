"""discord.py itself, over loopback: nothing is lost, nothing is said twice."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager

import discord
import pytest
from typing_extensions import override

from tests.discord_server.conftest import WAIT_S, Bot, logged_in
from tests.discord_server.intents import Intent
from tests.discord_server.permissions import Permission
from tests.discord_server.rates import Rate
from tests.discord_server.server import DiscordServer

SEND = "POST /channels/{channel_id}/messages"


async def test_a_client_logs_in_and_sees_the_world(
    server: DiscordServer, bot: Bot
) -> None:
    assert bot.user is not None
    assert str(bot.user.id) == server.bot.id
    [guild] = bot.guilds
    assert guild.name == "Hearth"
    assert {channel.name for channel in guild.text_channels} == {
        "general", "news", "adults",
    }  # fmt: skip
    adults = discord.utils.get(guild.text_channels, name="adults")
    assert adults is not None
    assert adults.is_nsfw()
    [forum] = guild.forums
    assert [tag.name for tag in forum.available_tags] == ["idea", "bug"]
    assert [thread.name for thread in guild.threads] == ["a thread"]
    assert {member.name for member in guild.members} >= {"ann", "ben", "mo"}
    mod = guild.get_member(int(server.mod.id))
    assert mod is not None
    assert mod.guild_permissions.manage_messages


async def test_a_message_comes_in_and_a_reply_goes_out(
    server: DiscordServer, bot: Bot
) -> None:
    asked = await server.say(
        server.general, server.ann, "hello?", attachments=[("a.txt", b"bytes")]
    )
    message = await bot.next_message()
    assert message.content == "hello?"
    assert await message.attachments[0].read() == b"bytes"
    sent = await message.reply("hello!", mention_author=False)
    await sent.edit(content="hello again!")
    reply = server.messages(server.general)[-1]
    assert (reply.content, reply.history) == ("hello again!", ["hello!"])
    assert reply.reply_to is asked
    assert reply.pinged_users == []


async def test_files_and_texts_travel_in_one_form(
    server: DiscordServer, bot: Bot
) -> None:
    await server.say(server.world.dm(server.ann), server.ann, "draw")
    message = await bot.next_message()
    assert isinstance(message.channel, discord.DMChannel)
    picture = discord.File(io.BytesIO(b"\x89PNG"), "a.png", description="a cat")
    await message.channel.send("here", file=picture)
    [_, sent] = server.messages(server.world.dm(server.ann))
    [file] = sent.attachments
    assert (file.name, file.content, file.description) == (
        "a.png", b"\x89PNG", "a cat",
    )  # fmt: skip


async def test_a_client_waits_where_it_is_told_to(
    server: DiscordServer, bot: Bot
) -> None:
    await server.say(server.general, server.ann, "go")
    message = await bot.next_message()
    server.flood(server.general, 0.3)
    sent = await asyncio.wait_for(message.channel.send("late"), WAIT_S)
    assert str(sent.id) == server.messages(server.general)[-1].id
    assert server.said(server.general) == ["late"]
    statuses = [call.status for call in server.called(SEND)]
    assert statuses == [429, 200]
    assert server.rates.num_limited == 1
    server.rates.by_route[SEND] = Rate(2, 0.3)
    other = bot.get_partial_messageable(int(server.news.id))
    await asyncio.wait_for(
        asyncio.gather(*(other.send(str(n)) for n in range(4))), WAIT_S
    )
    assert sorted(server.said(server.news)) == ["0", "1", "2", "3"]


async def test_the_same_nonce_is_one_message(server: DiscordServer, bot: Bot) -> None:
    channel = bot.get_partial_messageable(int(server.general.id))
    first = await channel.send("once", nonce="post-17")
    again = await channel.send("once", nonce="post-17")
    assert first.id == again.id
    assert server.said(server.general) == ["once"]


async def test_a_broken_connection_reaches_the_caller(
    server: DiscordServer, bot: Bot
) -> None:
    channel = bot.get_partial_messageable(int(server.general.id))
    server.cut(SEND, is_carried_out=True)
    with pytest.raises(Exception, match=r"."):
        await channel.send("was it said?", nonce="n1")
    assert server.said(server.general) == ["was it said?"]
    await channel.send("was it said?", nonce="n1")
    assert server.said(server.general) == ["was it said?"]


async def test_a_refusal_reaches_the_caller_as_its_error(
    server: DiscordServer, bot: Bot
) -> None:
    channel = bot.get_partial_messageable(int(server.general.id))
    with pytest.raises(discord.HTTPException, match="2000 or fewer") as refused:
        await channel.send("a" * 2001)
    assert refused.value.code == 50035
    server.deny(server.general, Permission.SEND_MESSAGES)
    with pytest.raises(discord.Forbidden) as forbidden:
        await channel.send("a")
    assert forbidden.value.code == 50013
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(1)


@pytest.mark.parametrize("code", [None, 4000, 1001])
async def test_no_message_is_lost_by_a_drop(
    server: DiscordServer, bot: Bot, code: int | None
) -> None:
    await server.gateway.drop(code=code)
    await server.say(server.general, server.ann, "while you were away")
    message = await bot.next_message()
    assert message.content == "while you were away"
    await bot.wait_event("resumed")
    assert (server.gateway.num_identifies, server.gateway.num_resumes) == (1, 1)
    await server.say(server.general, server.ann, "back")
    assert (await bot.next_message()).content == "back"
    assert bot.heard.empty()


async def test_a_call_to_reconnect_is_followed(server: DiscordServer, bot: Bot) -> None:
    await server.gateway.reconnect()
    await bot.wait_event("resumed")
    await server.say(server.general, server.ann, "hello")
    assert (await bot.next_message()).content == "hello"
    assert server.gateway.num_identifies == 1


async def test_an_invalid_session_begins_anew(server: DiscordServer, bot: Bot) -> None:
    await server.gateway.invalidate()
    await bot.wait_event("ready", times=2)
    assert server.gateway.num_identifies == 2
    await server.say(server.general, server.ann, "hello")
    assert (await bot.next_message()).content == "hello"


async def test_a_session_that_cannot_be_resumed_begins_anew(
    server: DiscordServer, bot: Bot
) -> None:
    await server.gateway.drop(resumable=False)
    await bot.wait_event("ready", times=2)
    await server.say(server.general, server.ann, "hello")
    assert (await bot.next_message()).content == "hello"


async def test_each_shard_gets_its_own(server: DiscordServer) -> None:
    server.gateway.num_shards = 2
    async with logged_in(server) as bot:
        assert sorted(bot.shards) == [0, 1]
        await server.say(server.general, server.ann, "to one of them")
        await server.say(server.world.dm(server.ann), server.ann, "to the first")
        texts = {(await bot.next_message()).content for _ in range(2)}
        assert texts == {"to one of them", "to the first"}
        assert server.gateway.num_identifies == 2


async def test_two_clients_on_two_servers_do_not_meet(
    server: DiscordServer, bot: Bot
) -> None:
    async with DiscordServer() as other, logged_in(other) as second:
        await other.say(other.general, other.ann, "over here")
        message = await second.next_message()
        await message.reply("hello")
        assert other.said(other.general) == ["hello"]
        assert bot.heard.empty()
        assert server.messages(server.general) == []


async def test_heartbeats_are_sent_and_asked_for(
    server: DiscordServer, bot: Bot
) -> None:
    before = server.gateway.num_heartbeats
    await server.gateway.ask_heartbeat()
    await server.say(server.general, server.ann, "hello")
    await bot.next_message()
    assert server.gateway.num_heartbeats == before + 1


async def test_intents_without_leave_end_the_login(server: DiscordServer) -> None:
    server.gateway.allowed = Intent.NONE
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with logged_in(server):
            pass
    assert server.gateway.closes == [4014]


async def test_a_wrong_token_ends_the_login(server: DiscordServer) -> None:
    server.token = "another"
    with pytest.raises(discord.LoginFailure):
        async with logged_in(server):
            pass


async def test_a_client_without_the_intent_reads_only_what_is_for_it(
    server: DiscordServer,
) -> None:
    server.gateway.allowed = Intent.NONE
    async with logged_in(server, discord.Intents.default()) as bot:
        await server.say(server.general, server.ann, "secret")
        await server.say(server.general, server.ann, f"<@{server.bot.id}> hello")
        assert (await bot.next_message()).content == ""
        message = await bot.next_message()
        assert message.content == f"<@{server.bot.id}> hello"
        assert bot.user in message.mentions


async def test_fifty_conversations_run_at_once(server: DiscordServer, bot: Bot) -> None:
    people = [server.world.add_user(f"p{number}") for number in range(50)]

    async def echo() -> None:
        for _ in people:
            message = await bot.next_message()
            await message.reply(f"echo {message.content}")

    dms = [server.world.dm(person) for person in people]
    echoing = [asyncio.create_task(echo())]
    await asyncio.gather(
        *(server.say(dm, dm.recipient or server.ann, dm.id) for dm in dms)
    )
    await asyncio.wait_for(asyncio.gather(*echoing), 60.0)
    assert [server.said(dm) for dm in dms] == [[f"echo {dm.id}"] for dm in dms]


@contextmanager
def commands(bot: Bot) -> Iterator[None]:
    @bot.tree.command()
    async def draw(
        interaction: discord.Interaction, what: str, whom: discord.Member
    ) -> None:
        """Draw something."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        await interaction.edit_original_response(content=f"{what} for {whom.name}")

    @draw.autocomplete("what")
    async def complete(
        interaction: discord.Interaction, current: str
    ) -> list[discord.app_commands.Choice[str]]:
        return [discord.app_commands.Choice(name=current + "t", value="cat")]

    @bot.tree.context_menu(name="Explain")
    async def explain(
        interaction: discord.Interaction, message: discord.Message
    ) -> None:
        await interaction.response.send_message(f"about: {message.content}")

    @bot.tree.context_menu(name="Greet")
    async def greet(interaction: discord.Interaction, user: discord.Member) -> None:
        await interaction.response.send_message(f"hello {user.name}")

    yield


async def test_commands_menus_and_typing_work(server: DiscordServer, bot: Bot) -> None:
    with commands(bot):
        await bot.tree.sync()
    used = await server.slash(
        server.general, server.ann, "draw", {"what": "cat", "whom": server.ben}
    )
    reply = await used.replied()
    assert (reply.content, reply.only_for) == ("cat for ben", server.ann.id)
    assert server.said(server.general) == []
    typed = await server.autocomplete(
        server.general, server.ann, "draw", {"what": "ca"}, focused="what"
    )
    await typed.answered()
    assert typed.choices == [{"name": "cat", "value": "cat"}]
    said = await server.say(server.general, server.ann, "42")
    menu = await server.message_menu(said, server.ben, "Explain")
    assert (await menu.replied()).content == "about: 42"
    menu = await server.user_menu(server.general, server.ann, server.ben, "Greet")
    assert (await menu.replied()).content == "hello ann"


async def test_a_button_is_pressed_and_a_form_is_sent(
    server: DiscordServer, bot: Bot
) -> None:
    class Form(discord.ui.Modal, title="Why?"):
        why: discord.ui.TextInput["Form"] = discord.ui.TextInput(label="Why")

        @override
        async def on_submit(self, interaction: discord.Interaction) -> None:
            await interaction.response.send_message(f"because {self.why.value}")

    class View(discord.ui.View):
        @discord.ui.button(label="Why?", custom_id="why")
        async def ask(
            self, interaction: discord.Interaction, button: discord.ui.Button["View"]
        ) -> None:
            await interaction.response.send_modal(Form())

    channel = bot.get_partial_messageable(int(server.general.id))
    await channel.send("Press", view=View(timeout=None))
    [message] = server.messages(server.general)
    used = await server.press(message, "Why?", server.ann)
    await used.answered()
    assert used.modal is not None
    [field_id] = [row["components"][0]["custom_id"] for row in used.modal["components"]]
    sent = await server.submit(used, {field_id: "of cats"})
    assert (await sent.replied()).content == "because of cats"


async def test_threads_posts_and_news_can_be_made(
    server: DiscordServer, bot: Bot
) -> None:
    [forum] = bot.guilds[0].forums
    made = await forum.create_thread(
        name="A thought", content="first", applied_tags=[forum.available_tags[0]]
    )
    await made.thread.send("second")
    post = server.world.channel(str(made.thread.id))
    assert [message.content for message in server.messages(post)] == ["first", "second"]
    assert post.applied_tags == [server.forum.tags[0].id]
    news = bot.get_partial_messageable(int(server.news.id))
    await (await news.send("news")).publish()
    assert server.messages(server.news)[0].is_crossposted
    said = await server.say(server.general, server.ann, "a topic")
    message = await bot.next_message()
    thread = await message.create_thread(name="about it")
    await thread.send("in here")
    assert said.thread is not None
    assert server.said(said.thread) == ["in here"]


async def test_what_happens_is_told(server: DiscordServer, bot: Bot) -> None:
    said = await server.say(server.general, server.ann, "first")
    await bot.next_message()
    await server.edit(said, "second")
    await bot.wait_event("message_edit")
    await server.react(said, server.ben, "👍")
    await bot.wait_event("reaction_add")
    await server.unreact(said, server.ben, "👍")
    await bot.wait_event("reaction_remove")
    more = [await server.say(server.general, server.ann, str(n)) for n in range(2)]
    await server.delete(said)
    await bot.wait_event("message_delete")
    await server.delete(*more)
    await bot.wait_event("bulk_message_delete")
    await server.join(server.guild, server.stranger)
    await bot.wait_event("member_join")
    await server.leave(server.guild, server.stranger)
    await bot.wait_event("member_remove")
    await server.update_channel(server.general)
    await server.delete_channel(server.thread)
    await bot.wait_event("thread_delete")
    guild = server.world.add_guild("Second", server.owner, with_bot=False)
    await server.invite(guild)
    await bot.wait_event("guild_join")
    await server.remove_bot(guild)
    await bot.wait_event("guild_remove")


async def test_a_moderator_bot_times_out_and_bans(
    server: DiscordServer, bot: Bot
) -> None:
    guild = bot.guilds[0]
    ann = guild.get_member(int(server.ann.id))
    assert ann is not None
    with pytest.raises(discord.Forbidden):
        await ann.ban()
    role = server.world.add_role(
        server.guild,
        "Bot",
        Permission.BAN_MEMBERS | Permission.MODERATE_MEMBERS | Permission.KICK_MEMBERS,
    )
    server.guild.members[server.bot.id].roles.append(role)
    await ann.timeout(discord.utils.utcnow(), reason="loud")
    assert server.guild.members[server.ann.id].timed_out_until is not None
    assert server.calls[-1].audit_reason == "loud"
    await ann.ban(reason="again")
    assert server.guild.banned == {server.ann.id: "again"}
    ben = guild.get_member(int(server.ben.id))
    assert ben is not None
    await ben.kick()
    assert server.ben.id not in server.guild.members
