"""How answers look while they grow and when they are there."""

import asyncio
from collections.abc import Callable
from typing import Any

import discord
import pytest

from bot.errors import ForbiddenError, PlatformError
from bot.messages import Attachment, Button, Message, Reply
from tests.adapters.discord.simulated import World, forbid, open_world


async def asked(world: World, text: str = "hello") -> Message:
    """Ask the bot something, and return what came in."""
    await world.ada.send(world.general, f"{world.me} {text}")
    message: Message = world.inbox.messages[-1]
    return message


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - a reader looks again
            await asyncio.sleep(0.01)


def calls(world: World, method: str, ending: str) -> list[Any]:
    """Return the calls that the bot made."""
    return [
        one
        for one in world.env.http_requests
        if one.method == method and one.path.endswith(ending)
    ]


def typed(world: World) -> int:
    """How often typing was shown."""
    return len(calls(world, "POST", "/typing"))


async def test_typing_is_shown_until_there_is_something_to_read(world: World) -> None:
    stream = world.adapter.open_reply(await asked(world))
    await until(lambda: typed(world) == 1)
    reply: Any = next(iter(world.adapter._speaker._replies))
    assert not reply._typing._task.done()
    await stream.feed("Hello.")
    await until(lambda: reply._typing._task.done())
    await stream.finish(Reply("Hello."))
    assert not world.adapter._speaker._replies


@pytest.mark.parametrize("text", ["", "Hello."])
async def test_typing_stops_however_the_answer_ends(world: World, text: str) -> None:
    stream = world.adapter.open_reply(await asked(world))
    reply: Any = next(iter(world.adapter._speaker._replies))
    await stream.finish(Reply(text))
    await until(lambda: reply._typing is not None and reply._typing._task.done())


async def test_typing_stops_where_the_answer_may_not_be_sent(world: World) -> None:
    stream = world.adapter.open_reply(await asked(world))
    reply: Any = next(iter(world.adapter._speaker._replies))
    forbid(world, world.general, "send_messages")
    with pytest.raises(ForbiddenError):
        await stream.finish(Reply("Hello."))
    await until(lambda: reply._typing is not None and reply._typing._task.done())


async def test_typing_is_not_kept_up_for_ever(world: World) -> None:
    await asked(world)
    world.inbox.message = lambda message: world.adapter.open_reply(message)
    await world.ada.send(world.general, f"{world.me} and now?")
    reply: Any = next(iter(world.adapter._speaker._replies))
    await world.env.advance_time(60)
    assert typed(world) >= 7
    await world.env.advance_time(1200)
    assert reply._typing._task.done()
    assert typed(world) < 130


async def test_who_waits_sees_a_sign_that_goes_away_again(world: World) -> None:
    question = await asked(world)
    stream = world.adapter.open_reply(question)
    await stream.notice("You are number 3 in the queue …")
    await until(lambda: reactions(world, question) == ["⏳"])
    assert world.texts(world.general) == ["You are number 3 in the queue …"]
    await stream.notice("You are number 2 in the queue …")
    await until(
        lambda: world.texts(world.general) == ["You are number 2 in the queue …"]
    )
    await stream.finish(Reply("Hello."))
    await until(lambda: reactions(world, question) == [])
    assert world.texts(world.general) == ["Hello."]


def says(world: World, text: str) -> Callable[[], bool]:
    return lambda: world.texts(world.general) == [text]


async def test_notice_has_no_picture_where_no_files_may_be_attached(
    world: World,
) -> None:
    stream = world.adapter.open_reply(await asked(world))
    forbid(world, world.general, "attach_files")
    picture = Attachment("preview.png", "image/png", b"fox")
    for number in range(3):
        await stream.notice(f"Step {number}", picture if number else None)
        await until(says(world, f"Step {number}"))
        assert world.shown(world.general)[0].attachments == []
    assert await stream.finish(Reply("")) == ()
    assert world.texts(world.general) == []


def reactions(world: World, question: Message) -> list[str]:
    """Return the signs under a message."""
    for one in world.general.history():
        if str(one.id) == question.id:
            return [str(reaction.emoji) for reaction in one.reactions]
    raise LookupError(question.id)


async def test_answer_calls_only_whom_it_answers(world: World) -> None:
    question = await asked(world)
    text = f"@everyone @here {world.bert.mention} <@&1> hello"
    await world.adapter.open_reply(question).finish(
        Reply(text, reply_to_id=question.id)
    )
    (said,) = world.shown(world.general)
    stored = world.env.backend.get_message(world.general.id, said.id)
    assert stored.ping_user_ids == [world.ada.id]
    assert not stored.ping_role_ids
    assert not stored.mention_everyone
    assert said.reference is not None
    assert said.reference.message_id == int(question.id)


async def test_edited_answer_calls_nobody_either(world: World) -> None:
    question = await asked(world)
    stream = world.adapter.open_reply(question)
    await stream.feed("Hello ")
    await until(lambda: bool(world.texts(world.general)))
    text = f"Hello @everyone {world.bert.mention}"
    await stream.finish(Reply(text, reply_to_id=question.id))
    (said,) = world.shown(world.general)
    stored = world.env.backend.get_message(world.general.id, said.id)
    assert not stored.mention_everyone
    assert world.bert.id not in stored.ping_user_ids


@pytest.mark.parametrize("unfurl", [False, True])
async def test_links_show_their_pages_only_where_that_is_allowed(
    *, unfurl: bool
) -> None:
    async with open_world(config={"unfurl_links": unfurl}) as world:
        question = await asked(world)
        await world.adapter.open_reply(question).finish(
            Reply("See https://example.org/page.", reply_to_id=question.id)
        )
        (said,) = world.shown(world.general)
        assert said.flags.suppress_embeds is not unfurl


async def test_table_is_shown_as_discord_can(world: World) -> None:
    question = await asked(world)
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    await world.adapter.open_reply(question).finish(Reply(table))
    (text,) = world.texts(world.general)
    assert "|---|" not in text
    assert "1" in text


async def test_text_that_reads_better_as_a_file_is_one_with_its_first_lines(
    world: World,
) -> None:
    question = await asked(world)
    text = "# A long story\n\n" + "\n".join(f"Line {n} of it." for n in range(1500))
    stream = world.adapter.open_reply(question)
    for start in range(0, len(text), 3000):
        await stream.feed(text[start : start + 3000])
        await asyncio.sleep(0.02)
    ids = await stream.finish(Reply(text, (Button("Again", "/again 1"),)))
    (said,) = world.shown(world.general)
    assert [str(said.id)] == list(ids)
    assert said.content.startswith("# A long story")
    (file,) = said.attachments
    content = world.env.backend.cdn.get(file.url)
    assert content.decode() == text
    assert said.components


async def test_file_with_code_shows_the_words_before_it(world: World) -> None:
    question = await asked(world)
    text = "Here it is:\n```py\n" + "print('x')\n" * 400 + "```"
    await world.adapter.open_reply(question).finish(Reply(text))
    (said,) = world.shown(world.general)
    assert said.content == "Here it is: …"
    assert world.env.backend.cdn.get(said.attachments[0].url).decode() == text


async def test_file_goes_out(world: World) -> None:
    question = await asked(world)
    picture = Attachment("fox.png", "image/png", b"\x89PNG" + b"x" * 500)
    await world.adapter.open_reply(question).finish(Reply("Here.", (), (picture,)))
    (said,) = world.shown(world.general)
    assert said.attachments[0].filename == "fox.png"


async def test_file_above_the_servers_limit_is_said_to_be(world: World) -> None:
    big = Attachment("film.mp4", "video/mp4", b"x" * (10 * 1024 * 1024 + 1))
    with pytest.raises(PlatformError, match=r"film\.mp4.*larger"):
        await world.adapter.send(world.place(world.general), Reply("", (), (big,)))


async def test_answers_side_by_side_in_a_channel_grow_slower(world: World) -> None:
    first = await asked(world)
    speaker = world.adapter._speaker
    alone = speaker._paced(first.channel).edit_interval_s
    world.adapter.open_reply(first)
    world.adapter.open_reply(await asked(world))
    assert speaker._paced(first.channel).edit_interval_s == pytest.approx(3 * alone)
    elsewhere = world.place(world.news)
    assert speaker._paced(elsewhere).edit_interval_s == pytest.approx(alone)


async def test_private_reply_without_a_command_goes_to_the_person(
    world: World,
) -> None:
    question = await asked(world)
    await world.adapter.send(
        question.channel,
        Reply("Between us.", reply_to_id=question.id, only_for=question.author.id),
    )
    assert world.texts(world.general) == []
    (said,) = world.ada.user.dm_channel.history()
    assert said.content == "Between us."


async def test_private_reply_in_a_private_channel_stays_there(world: World) -> None:
    await world.ada.send_dm("hello")
    (question,) = world.inbox.messages
    await world.adapter.send(
        question.channel,
        Reply("Hello.", reply_to_id=question.id, only_for=question.author.id),
    )
    assert world.ada.user.dm_channel.last_message.content == "Hello."


async def test_buttons_go_when_the_answer_is_there(world: World) -> None:
    stop = Button("Stop", "/stop 1")
    stream = world.adapter.open_reply(await asked(world), buttons=(stop,))
    await stream.feed("Hello")
    await until(lambda: bool(world.shown(world.general)))
    assert world.shown(world.general)[0].components
    await stream.finish(Reply("Hello."))
    assert world.shown(world.general)[0].components == []


async def test_sent_text_is_not_twice_there_with_the_same_nonce(world: World) -> None:
    place = world.place(world.general)
    nonce = "delivery-0123456789abcdef0123456789abcdef"
    first = await world.adapter.send(place, Reply("Once."), nonce=nonce)
    assert await world.adapter.send(place, Reply("Once."), nonce=nonce) == first
    assert world.texts(world.general) == ["Once."]


async def test_missing_right_is_told_once_with_its_name_and_place(
    world: World,
) -> None:
    forbid(world, world.general, "send_messages")
    place = world.place(world.general)
    num_calls = len(world.env.http_requests)
    for _ in range(3):
        with pytest.raises(ForbiddenError):
            await world.adapter.send(place, Reply("Hello"))
    assert len(world.env.http_requests) == num_calls  # it was not even tried
    (told,) = world.told
    assert "Send Messages" in str(told)
    assert "#general on Fireside" in str(told)
    forbid(world, world.news, "send_messages")
    with pytest.raises(ForbiddenError):
        await world.adapter.send(world.place(world.news), Reply("Hello"))
    assert len(world.told) == 2


async def test_voice_channel_without_text_says_so(world: World) -> None:
    category = world.guild.create_category("Rooms")
    with pytest.raises(PlatformError, match="text channel"):
        await world.adapter.send(world.place(category), Reply("Hello"))
    assert isinstance(
        world.adapter.client.get_channel(category.id), discord.abc.GuildChannel
    )
