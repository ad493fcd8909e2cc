"""Buttons outlive the bot, and cannot be forged."""

import asyncio
from typing import Any

import pytest

from adapters.discord.buttons import MOST_BUTTONS, ButtonBox
from adapters.fake.inbox import RecordingInbox
from bot.fake_settings import FakeSettings
from bot.messages import Button, Reply, Role
from tests.adapters.discord.simulated import (
    Simulated,
    World,
    build_adapter,
)

LONG = "/again " + "x" * 200


async def sent(world: World, *buttons: Button, text: str = "Well?") -> Any:
    await world.adapter.send(world.place(world.general), Reply(text, buttons))
    return world.shown(world.general)[-1]


async def restarted(world: World) -> RecordingInbox:
    """Start the bot anew, with nothing of before but the store."""
    inbox = RecordingInbox()
    adapter = build_adapter(Simulated(world.env), inbox, settings=world.settings)
    await adapter.__aenter__()
    world.adapter = adapter
    return inbox


@pytest.mark.parametrize("command", ["/approve 7", LONG, '/say "ü€" 你好'])
async def test_button_survives_a_restart(world: World, command: str) -> None:
    card = await sent(world, Button("Go", command))
    inbox = await restarted(world)
    await world.ada.click(card, label="Go")
    (press,) = inbox.presses
    assert press.command == command
    assert press.message_id == str(card.id)
    await world.adapter.__aexit__()


async def test_long_line_that_is_kept_no_longer_is_said_to_be(world: World) -> None:
    card = await sent(world, Button("Go", LONG))
    world.settings.values.clear()
    result = await world.ada.click(card, label="Go")
    assert world.inbox.presses == []
    (said,) = result.followups
    assert said.ephemeral
    assert "nothing any more" in said.content


async def test_forged_button_is_refused(world: World) -> None:
    card = await sent(world, Button("Rate", "/rate 1 up"))
    forged = await press_raw(world, card, "hb:/decide 7 grant")
    assert world.inbox.presses == []
    assert forged.acknowledged
    assert [one.ephemeral for one in forged.followups] == [True]


async def test_button_of_somebody_elses_message_is_refused(world: World) -> None:
    theirs = await world.bert.send(world.general, "Press me")
    await press_raw(world, theirs, "hb:/decide 7 grant")
    assert world.inbox.presses == []


async def press_raw(world: World, message: Any, custom_id: str) -> Any:
    """Send what a changed client would send."""
    from simcord.enums import InteractionType

    data = {"component_type": 2, "custom_id": custom_id}
    stored = world.env.backend.get_message(world.general.id, message.id)
    from simcord.backend import serializers

    payload = dict(serializers.message_payload(world.env.backend, stored))
    return await world.ada._dispatch_interaction(
        InteractionType.MESSAGE_COMPONENT,
        world.general,
        data,
        extra={"message": payload},
        source_message_id=message.id,
    )


EDIT = Button("Edit", "/edit p1", asks="The new text.", prefill="# Old\n\nWords.")


def field(shown: Any) -> Any:
    (label,) = shown.modal["components"]
    return label["component"]


async def test_form_of_a_button_that_is_kept_no_longer_says_so(world: World) -> None:
    card = await sent(world, EDIT)
    shown = await world.mod.click(card, label="Edit")
    world.settings.values.clear()
    result = await world.mod.submit_modal(shown, {"text": "New."})
    assert world.inbox.presses == []
    assert "nothing any more" in result.response.content


async def test_form_with_a_forged_name_is_refused(world: World) -> None:
    card = await sent(world, EDIT)
    await press_raw(world, card, "ha:" + "0" * 32)
    assert world.inbox.presses == []


async def test_button_that_asks_shows_a_form_and_its_answer_is_the_command(
    world: World,
) -> None:
    card = await sent(world, EDIT, Button("Reject", "/review p1 reject"))
    inbox = await restarted(world)
    shown = await world.mod.click(card, label="Edit")
    assert shown.modal["title"] == "Edit"
    assert field(shown)["value"] == "# Old\n\nWords."
    assert inbox.presses == []
    result = await world.mod.submit_modal(shown, {"text": "# New\n\nOther words."})
    (press,) = inbox.presses
    assert press.command == "/edit p1 # New\n\nOther words."
    assert press.message_id == str(card.id)
    assert press.author.role is Role.MODERATOR
    reply = Reply("It has your text.", (), (), press.id, press.author.id, settles=True)
    await world.adapter.send(press.channel, reply)
    assert result.response.content == "It has your text."
    assert result.response.ephemeral
    card = world.shown(world.general)[0]
    assert card.components == []
    assert "Edit · mod" in card.content
    await world.adapter.__aexit__()


async def test_text_too_long_for_a_form_is_not_cut(world: World) -> None:
    card = await sent(
        world, Button("Edit", "/edit p1", asks="New.", prefill="x" * 4001)
    )
    shown = await world.mod.click(card, label="Edit")
    assert "value" not in field(shown)


async def test_two_buttons_of_one_command_are_two_where_one_asks() -> None:
    twins = (Button("No", "/x"), Button("No, because", "/x", asks="Why?"))
    view = await ButtonBox(FakeSettings()).view(twins)
    assert view is not None
    assert len(view.children) == 2


async def test_right_is_taken_from_who_presses(world: World) -> None:
    card = await sent(world, Button("Approve", "/approve 7"))
    await world.ada.click(card, label="Approve")
    await world.mod.click(card, label="Approve")
    roles = [press.author.role for press in world.inbox.presses]
    assert roles == [Role.MEMBER, Role.MODERATOR]


async def test_decided_card_loses_its_buttons_and_names_who_decided(
    world: World,
) -> None:
    card = await sent(
        world,
        Button("Approve", "/approve 7"),
        Button("Reject", "/reject 7"),
        text="A post waits.",
    )
    await world.mod.click(card, label="Approve")
    (press,) = world.inbox.presses
    reply = Reply("Thank you.", (), (), press.id, press.author.id, settles=True)
    await world.adapter.send(press.channel, reply)
    card = world.shown(world.general)[0]
    assert card.components == []
    assert card.content == "A post waits.\n\n-# ☑ Approve · mod"


async def test_card_stays_open_where_the_press_decided_nothing(world: World) -> None:
    card = await sent(world, Button("Approve", "/approve 7"))
    await world.ada.click(card, label="Approve")
    (press,) = world.inbox.presses
    refusal = Reply("Only moderators may.", (), (), press.id, press.author.id)
    await world.adapter.send(press.channel, refusal)
    assert world.shown(world.general)[0].components


async def test_card_that_one_person_alone_sees_is_closed_too(world: World) -> None:
    result = await world.mod.slash(world.general, "help")
    command = world.inbox.messages[-1]
    buttons = (Button("Harmless", "/correct 7 harmless"),)
    reply = Reply("A verdict.", buttons, (), command.id, command.author.id)
    await world.adapter.send(command.channel, reply)
    await world.mod.click(result.response, label="Harmless")
    (press,) = world.inbox.presses
    thanks = Reply("Thank you.", (), (), press.id, press.author.id, settles=True)
    await world.adapter.send(press.channel, thanks)
    assert result.response.components == []
    assert "Harmless · mod" in result.response.content


async def test_pressing_many_times_at_once_is_acknowledged_each_time(
    world: World,
) -> None:
    card = await sent(world, Button("Rate", "/rate 1 up"))
    results = [await world.ada.click(card, label="Rate") for _ in range(10)]
    assert all(result.acknowledged for result in results)
    assert len({press.id for press in world.inbox.presses}) == 10


async def test_no_view_is_kept_in_memory(world: World) -> None:
    for _ in range(20):
        await sent(world, Button("Rate", "/rate 1 up"))
    state: Any = world.adapter.client._connection
    assert not state._view_store._views
    await asyncio.sleep(0)


async def test_more_buttons_than_discord_takes_are_left_out() -> None:
    box = ButtonBox(FakeSettings())
    buttons = [Button(f"B{n}", f"/rate {n} up") for n in range(30)]
    view = await box.view(buttons)
    assert view is not None
    assert len(view.children) == MOST_BUTTONS
    assert await box.view([]) is None


async def test_two_buttons_with_one_command_become_one() -> None:
    twins = (Button("A", "/x"), Button("B", "/x"))
    view = await ButtonBox(FakeSettings()).view(twins)
    assert view is not None
    assert len(view.children) == 1
