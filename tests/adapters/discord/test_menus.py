"""What can be done with a message or a person from its menu."""

from typing import Any

import pytest

from bot.messages import Reply
from tests.adapters.discord.simulated import World, forbid, open_world


async def written(world: World, text: str = "Der Mond ist aufgegangen.") -> Any:
    return await world.bert.send(world.general, text)


async def test_ask_about_this_asks_for_the_question_and_answers_aside(
    world: World,
) -> None:
    target = await written(world)
    shown = await world.ada.context_menu(world.general, "Ask about this", target)
    assert shown.modal["title"] == "Ask about this"
    world.inbox.messages.clear()
    result = await world.ada.submit_modal(shown, {"text": "Who wrote it?"})
    assert result.deferred
    assert result.ephemeral
    (message,) = world.inbox.messages
    assert message.text == "Who wrote it?"
    assert message.is_aside
    (file,) = message.attachments
    assert file.name == "message-by-bert.txt"
    assert file.content.decode() == "Der Mond ist aufgegangen."
    stream = world.adapter.open_reply(message)
    await stream.feed("Claudius.")
    await stream.finish(Reply("Claudius.", reply_to_id=message.id))
    assert result.response.content == "Claudius."
    assert result.response.ephemeral
    assert world.texts(world.general) == []


async def test_form_from_before_a_restart_says_so(world: World) -> None:
    target = await written(world)
    shown = await world.ada.context_menu(world.general, "Ask about this", target)
    world.adapter._menus._asked_about.clear()
    result = await world.ada.submit_modal(shown, {"text": "Who wrote it?"})
    assert "once more" in result.response.content
    assert not [m for m in world.inbox.messages if m.is_aside]


async def test_translate_wants_the_persons_own_language(world: World) -> None:
    target = await written(world)
    await world.ada.context_menu(world.general, "Translate", target)
    message = world.inbox.messages[-1]
    assert message.is_aside
    assert message.text == "Translate this into en-US."
    assert message.attachments[0].content.decode() == "Der Mond ist aufgegangen."


async def test_summarise_takes_everything_from_there_on(world: World) -> None:
    await written(world, "Before.")
    target = await written(world, "First.")
    await world.ada.send(world.general, "Second.")
    await written(world, "Third.")
    await world.ada.context_menu(world.general, "Summarise from here", target)
    message = world.inbox.messages[-1]
    assert message.is_aside
    text = message.attachments[0].content.decode()
    assert text == "bert: First.\nada: Second.\nbert: Third."


async def test_history_that_may_not_be_read_is_said_to_be_so(world: World) -> None:
    target = await written(world)
    world.env.inject_error("GET", "/channels/*/messages", status=403, code=50013)
    result = await world.ada.context_menu(world.general, "Summarise from here", target)
    assert "may not read" in result.response.content
    assert result.response.ephemeral


@pytest.mark.parametrize("menu", ["Ask about this", "Translate", "Summarise from here"])
async def test_message_without_text_says_that_there_is_none(
    world: World, menu: str
) -> None:
    target = await world.bert.send(
        world.general, "", attachments=[("a.png", b"\x89PNG")]
    )
    result = await world.ada.context_menu(world.general, menu, target)
    assert "cannot see any text" in result.response.content
    assert not [m for m in world.inbox.messages if m.is_aside]


@pytest.mark.parametrize(
    ("menu", "command"),
    [("Report to moderators", "/report"), ("How this came about", "/why")],
)
async def test_command_of_a_menu_brings_the_message_along(
    world: World, menu: str, command: str
) -> None:
    target = await written(world, "Something mean.")
    await world.ada.context_menu(world.general, menu, target)
    message = world.inbox.messages[-1]
    assert message.text == f"{command} {target.id}"
    assert message.reply_to_id == str(target.id)
    assert message.replied is not None
    assert message.replied.text == "Something mean."
    assert message.replied.author.name == "bert"


async def test_what_it_knows_is_told_about_oneself_alone(world: World) -> None:
    menu = "What does the bot know about me"
    result = await world.ada.context_menu(world.general, menu, world.bert)
    message = world.inbox.messages[-1]
    assert message.text == "/me"
    assert message.author.id == str(world.ada.id)
    assert result.ephemeral


async def test_menus_read_messages_without_the_privilege_too() -> None:
    async with open_world(config={"message_content": False}) as world:
        target = await written(world)
        await world.ada.context_menu(world.general, "Translate", target)
        (message,) = world.inbox.messages
        assert message.attachments[0].content.decode() == "Der Mond ist aufgegangen."


async def test_menu_works_where_the_bot_may_not_write(world: World) -> None:
    target = await written(world)
    forbid(world, world.general, "send_messages")
    result = await world.mod.context_menu(world.general, "Translate", target)
    message = world.inbox.messages[-1]
    await world.adapter.open_reply(message).finish(Reply("The moon has risen."))
    assert result.response.content == "The moon has risen."
