"""Commands: acknowledged at once, answered whenever, to whom it concerns."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.discord.commands import line_of
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.messages import Attachment, Message, Press, Reply, Role
from bot.words import T, Words
from tests.adapters.discord.simulated import World, open_world


async def _nothing(context: CommandContext, arguments: Arguments) -> Answer:
    return Answer("")


def _plans() -> tuple[str, ...]:
    return ("weekly digest", "daily story")


PERSONAS = ["hearth", "pirate", "poet", *(f"voice {n}" for n in range(40))]

COMMANDS = (
    Command(
        "persona",
        T("Show, choose or write how I speak in this channel."),
        _nothing,
        parameters=(
            Parameter("name", T("Which one."), choices=lambda: tuple(PERSONAS)),
            Parameter("reason", T("Why."), ParameterType.REST),
        ),
    ),
    Command(
        "plan",
        T("Show which posts come when."),
        _nothing,
        parameters=(Parameter("id", T("The schedule."), suggestions=_plans),),
    ),
    Command(
        "talk",
        T("Show or choose when I answer in this channel."),
        _nothing,
        parameters=(
            Parameter("when", T("When."), choices=lambda: ("always", "never")),
        ),
        min_role=Role.MODERATOR,
    ),
    Command(
        "ask",
        T("Ask me something."),
        _nothing,
        parameters=(
            Parameter("question", T("What."), ParameterType.REST, is_required=True),
        ),
    ),
    Command(
        "decide",
        T("Decide an appeal."),
        _nothing,
        parameters=(
            Parameter("number", T("Which."), ParameterType.INTEGER, is_required=True),
        ),
        min_role=Role.OWNER,
    ),
)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world(commands=COMMANDS) as opened:
        yield opened


async def test_slash_command_comes_in_as_the_line_that_would_be_written(
    world: World,
) -> None:
    result = await world.ada.slash(
        world.general, "persona", name="voice 7", reason='it is "nice"'
    )
    assert result.deferred
    assert result.ephemeral
    (message,) = world.inbox.messages
    assert message.text == '/persona "voice 7" it is "nice"'
    assert message.is_to_bot
    assert message.author.language == "en-US"
    await world.mod.slash(world.general, "decide", number=12)
    assert world.inbox.messages[-1].text == "/decide 12"
    assert world.inbox.messages[-1].author.role is Role.MODERATOR
    await world.ada.slash(world.general, "persona", reason="because")
    assert world.inbox.messages[-1].text == '/persona "" because'
    await world.ada.slash(world.general, "persona")
    assert world.inbox.messages[-1].text == "/persona"


async def test_private_answer_takes_the_place_of_thinking(world: World) -> None:
    result = await world.ada.slash(world.general, "persona")
    (message,) = world.inbox.messages
    await world.adapter.send(
        message.channel,
        Reply("I am Hearth.", reply_to_id=message.id, only_for=message.author.id),
    )
    assert result.response.content == "I am Hearth."
    assert result.response.ephemeral
    assert result.followups == []


async def test_public_answer_after_private_thinking_is_for_everybody(
    world: World,
) -> None:
    result = await world.mod.slash(world.general, "talk", when="never")
    (message,) = world.inbox.messages
    await world.adapter.send(
        message.channel, Reply("I keep quiet.", reply_to_id=message.id)
    )
    assert result.response is None  # "thinking" is gone
    (said,) = result.followups
    assert said.content == "I keep quiet."
    assert not said.ephemeral


def test_values_that_are_named_stand_before_all_others() -> None:
    command = Command(
        "draw",
        T("Draw."),
        _nothing,
        parameters=(
            Parameter("prompt", T("What."), ParameterType.REST, is_required=True),
            Parameter("count", T("How many."), ParameterType.INTEGER, is_named=True),
            Parameter("size", T("How large."), is_named=True),
        ),
    )
    assert line_of(command, {"prompt": "a fox"}) == "/draw a fox"
    given: dict[str, str | int] = {"prompt": 'a "red" fox', "size": "wide", "count": 2}
    assert line_of(command, given) == '/draw count=2 size=wide a "red" fox'


async def test_question_is_answered_for_everybody_and_grows(world: World) -> None:
    result = await world.ada.slash(world.general, "ask", question="How are you?")
    assert not result.ephemeral
    (message,) = world.inbox.messages
    stream = world.adapter.open_reply(message)
    await stream.notice("You are number 2 …")
    await stream.feed("I am ")
    await asyncio.sleep(0.1)
    assert result.response.content.strip() == "I am"
    text = "I am well. " + "word " * 600
    ids = await stream.finish(Reply(text, reply_to_id=message.id))
    assert len(ids) == 2
    said = [result.response, *result.followups]
    assert [str(one.id) for one in said] == list(ids)
    assert " ".join(one.content for one in said).split() == text.split()


async def test_pictures_pass_below_a_command_until_its_answer_is_there(
    world: World,
) -> None:
    result = await world.ada.slash(world.general, "ask", question="How are you?")
    (message,) = world.inbox.messages
    stream = world.adapter.open_reply(message)
    await stream.notice("Step 1")
    for number in (2, 3):
        picture = Attachment(f"{number}.png", "image/png", bytes([number]))
        await stream.notice(f"Step {number}", picture)
        await asyncio.sleep(0.1)
        assert result.response.content == f"Step {number}"
        assert [one.filename for one in result.response.attachments] == [picture.name]
    await stream.notice("Step 4", picture)
    await asyncio.sleep(0.1)
    assert result.response.content == "Step 4"
    assert [one.filename for one in result.response.attachments] == ["3.png"]
    drawn = Attachment("fox.png", "image/png", b"fox")
    await world.adapter.send(
        message.channel, Reply("A fox.", attachments=(drawn,), reply_to_id=message.id)
    )
    assert await stream.finish(Reply("")) == ()
    (shown,) = world.shown(world.general)
    assert [one.filename for one in shown.attachments] == ["fox.png"]


async def test_refused_question_is_told_to_its_author_alone(world: World) -> None:
    result = await world.ada.slash(world.general, "ask", question="Something bad")
    (message,) = world.inbox.messages
    await world.adapter.send(
        message.channel,
        Reply("Not that.", reply_to_id=message.id, only_for=message.author.id),
    )
    assert result.response is None
    assert [one.ephemeral for one in result.followups] == [True]
    assert world.texts(world.general) == []  # nobody else sees it


async def test_blank_answer_only_takes_thinking_away(world: World) -> None:
    result = await world.ada.slash(world.general, "persona")
    (message,) = world.inbox.messages
    await world.adapter.send(message.channel, Reply("", reply_to_id=message.id))
    assert result.response is None
    assert result.followups == []


@pytest.mark.parametrize("minutes", [10, 16, 600])
async def test_command_that_takes_long_is_answered_all_the_same(
    world: World, minutes: int
) -> None:
    result = await world.mod.slash(world.general, "talk", when="never")
    (message,) = world.inbox.messages
    await world.env.advance_time(60 * minutes)
    await world.adapter.send(message.channel, Reply("Done.", reply_to_id=message.id))
    if minutes < 15:
        assert [one.content for one in result.followups] == ["Done."]
        return
    said = world.general.last_message
    assert said.content == f"{world.mod.mention} Done."
    stored = world.env.backend.get_message(world.general.id, said.id)
    assert stored.ping_user_ids == [world.mod.id]


async def test_private_answer_that_comes_late_goes_to_the_person(
    world: World,
) -> None:
    await world.ada.slash(world.general, "persona")
    (message,) = world.inbox.messages
    await world.env.advance_time(16 * 60)
    reply = Reply("Psst.", reply_to_id=message.id, only_for=message.author.id)
    await world.adapter.send(message.channel, reply)
    assert "Psst." not in world.texts(world.general)
    assert world.ada.user.dm_channel.last_message.content == "Psst."


async def test_answer_that_grows_beyond_the_15_minutes_goes_on(world: World) -> None:
    await world.ada.slash(world.general, "ask", question="Tell me a long story")
    (message,) = world.inbox.messages
    stream = world.adapter.open_reply(message)
    await stream.feed("Once ")
    await asyncio.sleep(0.1)
    await world.env.advance_time(16 * 60)
    text = "Once upon a time. " + "word " * 600
    ids = await stream.finish(Reply(text, reply_to_id=message.id))
    assert len(ids) == 2
    texts = world.texts(world.general)
    shown = " ".join(texts).replace(f"{world.ada.mention} ", "")
    assert shown.split() == text.split()


async def test_command_is_acknowledged_while_the_machine_is_busy(
    world: World,
) -> None:
    work: list[asyncio.Task[None]] = []

    def busy(message: Message) -> None:
        # What the core does with it takes ten minutes.
        work.append(asyncio.create_task(asyncio.sleep(600)))

    world.inbox.message = busy
    for _ in range(20):
        begun_s = time.perf_counter()
        result = await world.ada.slash(world.general, "persona")
        assert result.deferred
        assert time.perf_counter() - begun_s < 3
    await world.env.advance_time(601)
    assert all(task.done() for task in work)


async def test_command_that_could_not_be_acknowledged_is_answered_in_the_channel(
    world: World,
) -> None:
    world.env.inject_error("POST", "/interactions/*", status=404, code=10062, times=1)
    await world.mod.slash(world.general, "talk", when="never")
    (message,) = world.inbox.messages
    await world.adapter.send(message.channel, Reply("Done.", reply_to_id=message.id))
    assert world.general.last_message.content == f"{world.mod.mention} Done."


async def test_personas_are_offered_while_typing(world: World) -> None:
    found = await world.ada.autocomplete(world.general, "persona", "name", "P")
    assert [one["name"] for one in found] == ["pirate", "poet"]
    everything = await world.ada.autocomplete(world.general, "persona", "name", "")
    assert len(everything) == 25
    PERSONAS.append("a new one")
    found = await world.ada.autocomplete(world.general, "persona", "name", "NEW")
    assert [one["value"] for one in found] == ["a new one"]


async def test_schedules_are_offered_while_typing_and_others_are_allowed(
    world: World,
) -> None:
    found = await world.ada.autocomplete(world.general, "plan", "id", "d")
    assert [one["value"] for one in found] == ["daily story", "weekly digest"]
    await world.ada.slash(world.general, "plan", id="something else")
    assert world.inbox.messages[-1].text == '/plan "something else"'


async def test_fixed_choices_types_and_rights_are_discords_own(world: World) -> None:
    (told,) = (r for r in world.env.http_requests if r.path.endswith("/commands"))
    sent = {one["name"]: one for one in told.json if one["type"] == 1}
    (when,) = sent["talk"]["options"]
    assert [choice["value"] for choice in when["choices"]] == ["always", "never"]
    assert sent["persona"]["options"][0]["autocomplete"]
    assert sent["decide"]["options"][0]["type"] == 4
    assert sent["decide"]["options"][0]["required"]
    assert sent["ask"]["options"][-1]["type"] == 11  # a file may come with it
    assert int(sent["talk"]["default_member_permissions"]) == 1 << 13
    assert int(sent["decide"]["default_member_permissions"]) == 1 << 3
    assert sent["persona"]["default_member_permissions"] is None


async def test_commands_are_described_in_every_language_there_is() -> None:
    words = Words.load()
    assert "zh" in words.languages
    async with open_world(commands=COMMANDS, words=words) as world:
        tree = world.adapter.client.tree
        assert tree is not None
        command = tree.get_command("persona")
        assert command is not None
        translator = tree.translator
        assert translator is not None
        payload: Any = await command.get_translated_payload(tree, translator)
        told = payload["description_localizations"]
        expected = words.say(COMMANDS[0].summary, "zh")
        assert told["zh-CN"] == told["zh-TW"] == expected
        assert "de" not in told


async def test_command_that_is_known_no_longer_says_so(world: World) -> None:
    tree = world.adapter.client.tree
    assert tree is not None
    tree.remove_command("persona")
    result = await world.ada.slash(world.general, "persona")
    assert "changed" in result.response.content
    assert result.response.ephemeral
    assert world.inbox.messages == []


async def test_command_in_private_is_answered_there(world: World) -> None:
    result = await world.ada.user.slash("persona", name="poet")
    (message,) = world.inbox.messages
    assert message.channel.is_private
    assert message.channel.community_id == f"private:{world.ada.id}"
    await world.adapter.send(message.channel, Reply("Good.", reply_to_id=message.id))
    said = [one.content for one in [result.response, *result.followups] if one]
    assert said == ["Good."]


async def test_file_comes_with_a_command(world: World) -> None:
    await world.ada.slash(
        world.general, "ask", question="What is this?", file=("a.txt", b"a fox")
    )
    (message,) = world.inbox.messages
    (file,) = message.attachments
    assert (file.name, file.content) == ("a.txt", b"a fox")
    assert message.text == "/ask What is this?"


async def test_press_of_the_core_is_answered_by_its_id(world: World) -> None:
    from bot.messages import Button

    place = world.place(world.general)
    await world.adapter.send(place, Reply("Well?", (Button("Rate", "/rate 1 up"),)))
    result = await world.ada.click(world.shown(world.general)[0], label="Rate")
    (press,) = world.inbox.presses
    assert isinstance(press, Press)
    await world.adapter.send(
        place, Reply("Thank you.", reply_to_id=press.id, only_for=press.author.id)
    )
    assert [(f.content, f.ephemeral) for f in result.followups] == [
        ("Thank you.", True)
    ]
    assert world.shown(world.general)[0].components  # it can be pressed again


@pytest.mark.parametrize("is_private", [True, False])
async def test_answer_that_discord_takes_no_longer_goes_another_way(
    world: World, *, is_private: bool
) -> None:
    await world.ada.slash(world.general, "ask", question="How are you?")
    (message,) = world.inbox.messages
    world.env.inject_error("*", "/webhooks/*", status=404, code=10015)
    person = message.author.id if is_private else None
    reply = Reply("Well.", reply_to_id=message.id, only_for=person)
    await world.adapter.send(message.channel, reply)
    if is_private:
        assert world.ada.user.dm_channel.last_message.content == "Well."
    else:
        assert world.general.last_message.content == f"{world.ada.mention} Well."


async def test_late_answer_grows_and_loses_what_is_taken_back(world: World) -> None:
    await world.ada.slash(world.general, "ask", question="How are you?")
    (message,) = world.inbox.messages
    await world.env.advance_time(16 * 60)
    stream = world.adapter.open_reply(message)
    await stream.feed("I am " + "very " * 600)
    await asyncio.sleep(0.2)
    await stream.finish(Reply("I am well.", reply_to_id=message.id))
    assert world.texts(world.general)[-1] == f"{world.ada.mention} I am well."
    assert not any("very" in text for text in world.texts(world.general))


async def test_answer_in_time_loses_what_is_taken_back(world: World) -> None:
    result = await world.ada.slash(world.general, "ask", question="How are you?")
    (message,) = world.inbox.messages
    stream = world.adapter.open_reply(message)
    await stream.feed("I am " + "very " * 600)
    await asyncio.sleep(0.2)
    await stream.finish(Reply("I am well.", reply_to_id=message.id))
    assert result.response.content == "I am well."
    assert not any("very" in text for text in world.texts(world.general))


async def test_file_goes_out_with_an_answer_to_a_command(world: World) -> None:
    from bot.messages import Attachment

    result = await world.ada.slash(world.general, "ask", question="A picture?")
    (message,) = world.inbox.messages
    picture = Attachment("fox.png", "image/png", b"\x89PNG")
    reply = Reply("Here.", (), (picture,), reply_to_id=message.id)
    await world.adapter.send(message.channel, reply)
    assert [file.filename for file in result.response.attachments] == ["fox.png"]
