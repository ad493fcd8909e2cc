"""What every adapter does, whatever its platform.

Texts are compared without blanks and without code fences, since pieces may end at a
blank, and with control characters as the platform shows them.
"""

import asyncio
import io
from collections.abc import Callable

import pytest
from PIL import Image

from adapters.fake.driver import AdapterDriver
from bot.errors import GoneError, PlatformError, UserError
from bot.messages import Attachment, Button, Channel, Reply
from bot.publication import Poll, Publication

# How a platform may show what cannot be printed.
STAND_INS = {*map(chr, range(0x2400, 0x2422)), "\ufffd"}


def letters(text: str) -> str:
    """Return what must arrive of a text on every platform."""
    kept = (c for c in text if c > "\x9f" or c.isprintable())
    return "".join(c for c in kept if not c.isspace() and c not in STAND_INS)


def has(text: str) -> Callable[[str], bool]:
    return lambda shown: letters(text) in letters(shown)


def has_only(text: str) -> Callable[[str], bool]:
    return lambda shown: shown.strip() == text


def long_text(num_words: int) -> str:
    """Make a text whose words are all different, so that a lost one is missed."""
    return " ".join(f"w{number}" for number in range(num_words))


def square(colour: str) -> Attachment:
    file = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(file, "PNG")
    return Attachment("preview.png", "image/png", file.getvalue())


PICTURES = (square("red"), square("green"))

TEXTS = {
    "plain": "Hello there.",
    "lines": "One\n\nTwo\n- three\n- four",
    "right to left": "שלום עולם \u202eabc\u202c مرحبا",
    "combining": "e\u0301\u0323 Z\u0351\u036b\u0343 ณั้",
    "emoji": "👨‍👩‍👧‍👦 🇩🇪 👍🏽 ❤️",
    "control": "a\x00b\x07c\x1b[2Jd\x7fe",
    "mass mention": "@everyone @here <@&1> hello",
    "markup": "<b>bold</b> & *stars* _lines_ `code` [a](b)",
    "chinese": "你好，世界。再见！",
    "code": "```py\nprint('x')\n```",
}


async def test_message_comes_in_with_author_channel_and_id(
    driver: AdapterDriver,
) -> None:
    first = await driver.say("Hello")
    second = await driver.say("Hello again")
    assert (first.text, second.text) == ("Hello", "Hello again")
    assert first.channel.key == driver.adapter.channel(driver.channel_ids[0]).key
    assert first.channel.platform == driver.adapter.name
    assert first.author.id
    assert first.author.name
    assert not first.author.is_bot
    assert first.author == second.author
    assert first.id != second.id
    assert first.created_utc.utcoffset() is not None


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_message_comes_in_as_it_was_written(
    driver: AdapterDriver, text: str
) -> None:
    assert (await driver.say(text)).text == text


async def test_message_of_one_megabyte_comes_in_whole(driver: AdapterDriver) -> None:
    text = "x" * 1_000_000
    assert (await driver.say(text)).text == text


async def test_message_can_be_edited_and_deleted(driver: AdapterDriver) -> None:
    if not driver.can_change:
        pytest.skip("what was written stays there")
    message = await driver.say("Hello")
    await driver.edit(message, "Goodbye")
    await driver.inbox.wait_until(lambda: bool(driver.inbox.edits))
    assert driver.inbox.edits[0].id == message.id
    assert driver.inbox.edits[0].text == "Goodbye"
    await driver.delete(message)
    await driver.inbox.wait_until(lambda: bool(driver.inbox.deletions))
    assert driver.inbox.deletions == [(message.channel, message.id)]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_answer_arrives_as_it_is(driver: AdapterDriver, text: str) -> None:
    message = await driver.say("Hello")
    stream = driver.adapter.open_reply(message)
    await stream.feed(text)
    ids = await stream.finish(Reply(text, reply_to_id=message.id))
    # A page shows code as code, without its fence.
    shown = driver.rendered(text).removeprefix("```py").removesuffix("```")
    await driver.read(has(shown))
    assert len(ids) == 1


@pytest.mark.parametrize("num_words", [300, 500, 3000])
@pytest.mark.parametrize("is_streamed", [True, False])
async def test_answer_of_any_length_arrives_whole_and_once(
    driver: AdapterDriver, num_words: int, is_streamed: bool
) -> None:
    text = long_text(num_words)
    message = await driver.say("Hello")
    stream = driver.adapter.open_reply(message)
    if is_streamed:
        for start in range(0, len(text), 400):
            await stream.feed(text[start : start + 400])
            await asyncio.sleep(0)
    ids = await stream.finish(Reply(text, reply_to_id=message.id))
    shown = await driver.read(has(text))
    assert shown.split() == text.split()
    limits = driver.adapter.limits
    assert len(ids) >= limits.count_units(text) / limits.text_units


async def test_sent_text_far_above_the_limit_arrives_whole(
    driver: AdapterDriver,
) -> None:
    text = long_text(20_000)
    channel = driver.adapter.channel(driver.channel_ids[0])
    ids = await driver.adapter.send(channel, Reply(text))
    assert len(set(ids)) == len(ids) > 0
    assert (await driver.read(has(text))).split() == text.split()


async def test_what_is_sent_blank_is_no_message(driver: AdapterDriver) -> None:
    channel = driver.adapter.channel(driver.channel_ids[0])
    assert await driver.adapter.send(channel, Reply(" ")) == ()


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
async def test_blank_answer_shows_nothing(driver: AdapterDriver, text: str) -> None:
    message = await driver.say("Hello")
    stream = driver.adapter.open_reply(message)
    assert await stream.finish(Reply(text)) == ()
    assert not (await driver.shown(channel_id=driver.channel_ids[0])).strip()


async def test_growing_answer_shows_only_what_was_fed(driver: AdapterDriver) -> None:
    message = await driver.say("Hello")
    stream = driver.adapter.open_reply(message, buttons=(Button("Stop", "/stop 1"),))
    fed = ""
    for sentence in ("One is here. ", "Two follows it. ", "Three ends it."):
        fed += sentence
        await stream.feed(sentence)
        shown = await driver.read(lambda shown: bool(shown.strip()))
        assert letters(fed).startswith(letters(shown))
    await driver.read(has(fed))
    await stream.finish(Reply(fed, reply_to_id=message.id))
    assert letters(await driver.read(has(fed))) == letters(fed)


async def test_answer_may_end_before_the_blanks_that_were_fed(
    driver: AdapterDriver,
) -> None:
    stream = driver.adapter.open_reply(await driver.say("Hello"))
    await stream.feed("That is all.\n\n")
    await stream.finish(Reply("That is all."))
    assert (await driver.read(has("That is all."))).strip() == "That is all."


async def test_text_taken_back_is_replaced_or_said_to_be(
    driver: AdapterDriver,
) -> None:
    stream = driver.adapter.open_reply(await driver.say("Hello"))
    await stream.feed("Something bad.")
    await driver.read(has("Something bad."))
    await stream.finish(Reply("I cannot say that."))
    shown = await driver.read(has("I cannot say that."))
    assert "bad" not in shown or "taken back" in shown
    assert shown.strip().endswith("I cannot say that.")


async def test_long_text_taken_back_leaves_one_short_answer(
    driver: AdapterDriver,
) -> None:
    if not driver.adapter.can_edit:
        pytest.skip("what was shown stays there")
    stream = driver.adapter.open_reply(await driver.say("Hello"))
    text = long_text(2000)
    await stream.feed(text)
    await driver.read(has(text))
    ids = await stream.finish(Reply("I cannot say that."))
    assert len(ids) == 1
    shown = await driver.read(lambda shown: "w77 " not in shown)
    assert letters(shown) == letters("I cannot say that.")


async def test_notice_is_no_part_of_the_answer(driver: AdapterDriver) -> None:
    stream = driver.adapter.open_reply(await driver.say("Hello"))
    await stream.notice("Two are before you.")
    await stream.feed("Hello.")
    await stream.notice("Too late.")
    await stream.finish(Reply("Hello."))
    shown = await driver.read(lambda shown: shown.strip() == "Hello.")
    assert "before" not in shown


async def until_pictures(driver: AdapterDriver, number: int) -> None:
    async with asyncio.timeout(10):
        place = driver.channel_ids[0]
        # A platform has no event for being seen.
        while await driver.num_pictures(channel_id=place) != number:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("begins", [True, False], ids=["at once", "later"])
async def test_picture_of_a_notice_is_shown_with_it_and_gone_at_the_end(
    driver: AdapterDriver, begins: bool
) -> None:
    stop = Button("Stop", "/stop 1")
    stream = driver.adapter.open_reply(await driver.say("Hello"), buttons=(stop,))
    if not begins:
        await stream.notice("Two are before you.")
        if driver.adapter.can_edit:
            await driver.read(has("Two are before you."))
    for number, picture in enumerate(PICTURES):
        await stream.notice(f"Step {number}.", picture)
        if driver.can_illustrate:
            await driver.read(has_only(f"Step {number}."))
            await until_pictures(driver, 1)
    if driver.can_illustrate:
        await stream.notice("Step 2.", PICTURES[-1])
        await driver.read(has("Step 2."))
        await driver.press("Stop", channel_id=driver.channel_ids[0])
        (press,) = await driver.inbox.wait_presses(1)
        assert press.command == "/stop 1"
    assert await stream.finish(Reply("")) == ()
    await driver.read(lambda shown: not shown.strip())
    if driver.can_illustrate:
        assert await driver.num_pictures(channel_id=driver.channel_ids[0]) == 0


async def test_answer_takes_the_place_of_a_notice_with_a_picture(
    driver: AdapterDriver,
) -> None:
    stream = driver.adapter.open_reply(await driver.say("Hello"))
    await stream.notice("Step 1.", PICTURES[0])
    if driver.can_illustrate:
        await until_pictures(driver, 1)
    await stream.feed("Hello.")
    await stream.notice("Too late.", PICTURES[1])
    ids = await stream.finish(Reply("Hello."))
    assert len(ids) == 1
    await driver.read(lambda shown: shown.strip() == "Hello.")
    if driver.can_illustrate:
        assert await driver.num_pictures(channel_id=driver.channel_ids[0]) == 0


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_pressed_button_comes_back_with_its_command(
    driver: AdapterDriver, is_streamed: bool
) -> None:
    message = await driver.say("Hello")
    buttons = (Button("Approve", "/approve 7"), Button("Reject", "/reject 7"))
    reply = Reply("What now?", buttons)
    if is_streamed:
        (message_id,) = await driver.adapter.open_reply(message).finish(reply)
    else:
        (message_id,) = await driver.adapter.send(message.channel, reply)
    await driver.read(has("What now?"))
    await driver.press("Reject", channel_id=driver.channel_ids[0])
    (press,) = await driver.inbox.wait_presses(1)
    assert press.command == "/reject 7"
    assert press.message_id == message_id
    assert press.channel.key == message.channel.key
    assert press.author == message.author


async def test_stop_can_be_pressed_while_the_answer_grows(
    driver: AdapterDriver,
) -> None:
    message = await driver.say("Hello")
    stream = driver.adapter.open_reply(message, buttons=(Button("Stop", "/stop 1"),))
    await stream.feed("Once upon a time.")
    await driver.read(has("Once"))
    await driver.press("Stop", channel_id=driver.channel_ids[0])
    (press,) = await driver.inbox.wait_presses(1)
    assert press.command == "/stop 1"
    await stream.finish(Reply("Once upon a time."))


async def test_file_goes_out_with_the_answer(driver: AdapterDriver) -> None:
    message = await driver.say("Hello")
    file = Attachment("notes.txt", "text/plain", b"x" * 3000)
    ids = await driver.adapter.open_reply(message).finish(Reply("", (), (file,)))
    assert len(ids) == 1


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_every_picture_of_an_answer_is_there_after_one_that_passed(
    driver: AdapterDriver, is_streamed: bool
) -> None:
    message = await driver.say("Hello")
    stream = driver.adapter.open_reply(message)
    await stream.notice("Step 1.", square("blue"))
    reply = Reply("Here.", (Button("Again", "/again"),), PICTURES, message.id)
    if is_streamed:
        await stream.finish(reply)
    else:
        await driver.adapter.send(message.channel, reply)
        await stream.finish(Reply(""))
    await driver.read(has_only("Here."))
    if driver.can_illustrate:
        await until_pictures(driver, 2)


async def test_unknown_channel_is_gone(driver: AdapterDriver) -> None:
    with pytest.raises(GoneError):
        driver.adapter.channel("nowhere")
    channel = Channel(driver.adapter.name, "nowhere", "nobody")
    with pytest.raises(GoneError):
        await driver.adapter.send(channel, Reply("Hello"))


async def test_two_answers_at_once_are_not_mixed(driver: AdapterDriver) -> None:
    first_message, second_message = await driver.say("One"), await driver.say("Two")
    first = driver.adapter.open_reply(first_message)
    second = driver.adapter.open_reply(second_message)
    for _ in range(5):
        await first.feed("aaa ")
        await second.feed("bbb ")
    second_end = asyncio.create_task(second.finish(Reply("bbb " * 5)))
    await asyncio.sleep(0.05)
    await first.finish(Reply("aaa " * 5))
    await second_end
    shown = letters(await driver.read(lambda text: text.count("b") == 15))
    assert shown in {"a" * 15 + "b" * 15, "b" * 15 + "a" * 15}


async def test_two_channels_are_not_mixed(driver: AdapterDriver) -> None:
    if len(driver.channel_ids) < 2:
        pytest.skip("there is one channel")
    here, there = driver.channel_ids[:2]
    message = await driver.say("Hello", channel_id=here)
    other = await driver.say("Goodbye", channel_id=there)
    assert (message.channel.id, other.channel.id) == (here, there)
    await asyncio.gather(
        driver.adapter.open_reply(message).finish(Reply("for here")),
        driver.adapter.open_reply(other).finish(Reply("for there")),
    )
    assert "there" not in await driver.read(has("for here"), channel_id=here)
    assert "for here" not in await driver.read(has("for there"), channel_id=there)


async def test_same_nonce_is_not_sent_twice(driver: AdapterDriver) -> None:
    if not driver.adapter.can_deduplicate:
        pytest.skip("the platform cannot tell")
    channel = driver.adapter.channel(driver.channel_ids[0])
    text = long_text(600)
    first = await driver.adapter.send(channel, Reply(text), nonce="post-1")
    assert await driver.adapter.send(channel, Reply(text), nonce="post-1") == first
    assert await driver.adapter.send(channel, Reply("next"), nonce="post-2") != first
    assert (await driver.read(has("next"))).count("w77 ") == 1


async def test_disconnecting_in_the_middle_leaves_nothing_running(
    driver: AdapterDriver,
) -> None:
    stream = driver.adapter.open_reply(await driver.say("Hello"))
    await stream.notice("One is before you.")
    await stream.feed("Once upon a time, ")
    await driver.__aexit__(None, None, None)
    await stream.feed("and more")
    with pytest.raises(PlatformError):
        await stream.finish(Reply("Once upon a time, and more"))
    late = driver.adapter.open_reply(driver.inbox.messages[0])
    with pytest.raises(PlatformError):
        await late.finish(Reply("Too late."))
    assert asyncio.all_tasks() == {asyncio.current_task()}


POST = Publication("p1", "Foxes", "They hear mice.", poll=Poll("Red?", ("no", "yes")))


async def test_reaction_to_a_post_comes_in_once(driver: AdapterDriver) -> None:
    if not driver.can_feel:
        pytest.skip("nobody can react there")
    place = driver.adapter.channel(driver.channel_ids[0])
    published = await driver.adapter.publish(place, POST, nonce="n1")
    await driver.react(published.message_id, "👍", channel_id=driver.channel_ids[0])
    await driver.inbox.wait_until(lambda: bool(driver.inbox.reactions))
    (reaction,) = driver.inbox.reactions
    assert reaction.channel.key == place.key
    assert reaction.message_id == published.message_id
    assert (reaction.emoji, reaction.is_added) == ("👍", True)
    assert reaction.person_id


async def test_vote_in_the_poll_of_a_post_comes_in_once(driver: AdapterDriver) -> None:
    if not driver.can_feel:
        pytest.skip("nobody can vote there")
    place = driver.adapter.channel(driver.channel_ids[0])
    published = await driver.adapter.publish(place, POST, nonce="n1")
    poll_message_id = published.poll_message_id or published.message_id
    await driver.vote(poll_message_id, 1, channel_id=driver.channel_ids[0])
    await driver.inbox.wait_until(lambda: bool(driver.inbox.votes))
    (vote,) = driver.inbox.votes
    assert vote.platform == driver.adapter.name
    if vote.channel is None:
        assert vote.poll_id == published.poll_id
    else:
        assert (vote.channel.key, vote.message_id) == (place.key, poll_message_id)
    assert (vote.answers, vote.totals) in [((1,), None), ((), (0, 1))]


def picture() -> Attachment:
    file = io.BytesIO()
    Image.new("RGBA", (128, 128), "red").save(file, "PNG")
    return Attachment("fox.png", "image/png", file.getvalue())


async def test_flag_says_whether_a_community_can_have_emoji_of_its_own(
    driver: AdapterDriver,
) -> None:
    asked = await driver.say("A fox, please.")
    adding = driver.adapter.add_emoji(asked.channel, "fox", picture(), by=asked.author)
    if driver.adapter.can_emoji:
        assert await adding
        return
    with pytest.raises(UserError, match="no emoji of their own"):
        await adding


async def test_flag_says_whether_a_community_can_have_stickers_of_its_own(
    driver: AdapterDriver,
) -> None:
    asked = await driver.say("A fox, please.")
    adding = driver.adapter.add_sticker(
        asked.channel, "fox", picture(), emoji="🦊", by=asked.author
    )
    if driver.adapter.can_sticker:
        await adding
        return
    with pytest.raises(UserError, match="can add no stickers"):
        await adding
