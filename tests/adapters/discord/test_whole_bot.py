"""The whole bot on Discord: the core, the store and the fake model behind it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.commands import FIXED, MOST_CHOICES
from bot.app import App, open_app
from bot.config import Config
from bot.errors import MissingError
from bot.generation.requests import ModelSpec
from bot.safety.fake import FakeClassifier
from bot.setup import Setup
from bot.terminal.output import Terminal
from bot.words import Words
from tests.discord_server.messages import Message
from tests.discord_server.places import User
from tests.discord_server.server import DiscordServer

WAIT_S = 30.0


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as started:
        started.moderators = started.world.add_channel(started.guild, "moderators")  # type: ignore[attr-defined]
        yield started


def make_setup(server: DiscordServer, folder: Path, **environ: str) -> Setup:
    words = Words.load()
    place: Any = getattr(server, "moderators", server.general)
    config = Config.model_validate(
        {
            "models": {
                "chat": {"model": "fake", "backend": "fake"},
                "image": {"model": ""},
            },
            "safety": {"shadow": True},
            "bot": {
                "first_contact": False,
                "moderator_channels": [f"discord:{place.id}"],
                "owners": [f"discord:{server.owner.id}"],
            },
            "adapters": {
                "web": {"enabled": False},
                "discord": {
                    "enabled": True,
                    "api_url": server.api_url,
                    "gateway_url": server.gateway_url,
                },
            },
        }
    )
    quiet = Terminal(words, "en", err=Console(quiet=True))
    return Setup(config, folder / "config.toml", environ, words, quiet)


@asynccontextmanager
async def whole_bot(
    server: DiscordServer, folder: Path, **options: str | float
) -> AsyncIterator[App]:
    setup = make_setup(server, folder, DISCORD_TOKEN=server.token)
    spec = ModelSpec("fake", "fake", "", options=tuple(options.items()))
    async with open_app(
        setup, ["discord"], models={"fake": spec}, guard=FakeClassifier({})
    ) as app:
        yield app


async def until(found: Callable[[], Any]) -> Any:
    """Wait for something that comes over a socket."""
    async with asyncio.timeout(WAIT_S):
        while not (value := found()):  # noqa: ASYNC110 - comes over a socket
            await asyncio.sleep(0.02)
        return value


async def ask(server: DiscordServer, text: str = "hello") -> Message:
    return await server.say(server.general, server.ann, f"<@{server.bot.id}> {text}")


def labels(message: Message) -> list[str]:
    return re.findall(r"'label': '([^']*)'", str(message.components))


async def finished(server: DiscordServer, number: int = 1) -> Message:
    """Wait for an answer that is there with its buttons."""

    def last() -> Message | None:
        said = [m for m in server.messages(server.general) if m.author is server.bot]
        if len(said) < number or "Regenerate" not in labels(said[number - 1]):
            return None
        return said[number - 1]

    found: Message = await until(last)
    return found


async def told(server: DiscordServer, person: User, words: str) -> None:
    """Wait until somebody is told something that nobody else sees."""
    await until(
        lambda: any(
            words in message.content
            for message in server.messages(server.general, person)
            if message.only_for == person.id
        )
    )


async def test_question_is_answered_rated_and_answered_again(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path, reply="Good evening.") as app:
        await ask(server)
        answer = await finished(server)
        assert answer.content == "Good evening."
        assert labels(answer) == ["Regenerate", "👍", "👎", "Report"]
        pressed = await server.press(answer, "👍", server.ann)
        assert pressed.id
        await told(server, server.ann, "I am glad")
        await server.press(answer, "Regenerate", server.ben)
        await told(server, server.ben, "Only who asked")
        await server.press(answer, "Regenerate", server.ann)
        assert (await finished(server, 2)).content == "Good evening."
        assert app.health.ready()[1]["checks"]["discord"]  # type: ignore[index]


async def test_buttons_of_before_a_restart_still_work(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path, reply="Good evening."):
        await ask(server)
        answer = await finished(server)
    async with whole_bot(server, tmp_path, reply="Good morning."):
        await server.press(answer, "Regenerate", server.ann)
        assert (await finished(server, 2)).content == "Good morning."


async def test_answer_can_be_stopped_by_who_asked_or_a_moderator_only(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path, delay_s=0.3, tokens=400):
        await ask(server)

        def growing() -> Message | None:
            for one in server.messages(server.general):
                if one.author is server.bot and "Stop" in labels(one):
                    return one
            return None

        answer = await until(growing)
        await server.press(answer, "Stop", server.ben)
        await told(server, server.ben, "Nothing of yours")
        await server.press(answer, "Stop", server.mod)
        await told(server, server.mod, "I stopped")
        await until(lambda: "(stopped)" in server.said(server.general)[0])


async def test_deleted_question_stops_its_answer(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path, delay_s=0.3, tokens=400):
        question = await ask(server)
        await until(lambda: server.said(server.general))
        await server.delete(question)
        await until(lambda: "(stopped)" in server.said(server.general)[0])


async def test_changed_question_is_offered_again(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path, reply="Good evening."):
        question = await ask(server)
        await finished(server)
        await server.edit(question, f"<@{server.bot.id}> and now?")
        await until(
            lambda: "You have changed your question." in server.said(server.general)
        )


async def test_who_waits_is_told_their_place_and_sees_a_sign(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path, reply="Good evening.", load_delay_s=4.0):
        question = await ask(server)
        await until(lambda: "waking up" in " ".join(server.said(server.general)))
        await until(lambda: "⏳" in str(question.reactions))
        assert (await finished(server)).content == "Good evening."
        await until(lambda: "⏳" not in str(question.reactions))


async def test_ask_command_is_answered_for_everybody(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path, reply="Good evening."):
        await server.slash(server.general, server.ann, "ask", {"question": "hello"})
        answer = await finished(server)
        assert answer.content == "Good evening."
        assert answer.only_for is None


async def test_reported_message_comes_before_the_moderators(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path):
        said = await server.say(server.general, server.ben, "something mean")
        menu = await server.message_menu(said, server.ann, "Report to moderators")
        assert "moderators have it" in (await menu.replied()).content
        place: Any = server.moderators  # type: ignore[attr-defined]
        (card,) = await until(lambda: server.said(place))
        assert "> Ben: something mean" in card


async def test_answer_is_explained_from_its_menu_to_who_asked(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path, reply="Good evening."):
        await ask(server)
        answer = await finished(server)
        menu = await server.message_menu(answer, server.ben, "How this came about")
        assert "I know nothing about that" in (await menu.replied()).content
        menu = await server.message_menu(answer, server.ann, "How this came about")
        assert "Written by fake" in (await menu.replied()).content


async def test_aside_is_answered_to_its_author_alone(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path, reply="Good evening."):
        said = await server.say(server.general, server.ben, "Guten Abend.")
        menu = await server.message_menu(said, server.ann, "Translate")
        await until(
            lambda: (
                "Good evening."
                in [m.content for m in server.messages(server.general, server.ann)]
            )
        )
        assert server.said(server.general) == []
        assert menu.id


async def test_every_command_of_the_bot_is_one_on_discord(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with whole_bot(server, tmp_path) as app:
        adapter = app.adapters["discord"]
        assert isinstance(adapter, DiscordAdapter)
        tree = adapter.client.tree
        assert tree is not None
        told = {command.name for command in tree.get_commands(guild=None)}
        assert {command.name for command in app.registry} <= told
        assert len(told) <= 100 + 5
        named = {
            (command.name, parameter.name): len((parameter.choices or tuple)())
            for command in app.registry
            for parameter in command.parameters
        }
        assert set(FIXED) <= set(named), "a name has changed"
        assert all(0 < named[one] <= MOST_CHOICES for one in FIXED)
        assert adapter.invitation.startswith("https://discord.com/oauth2/authorize")


async def test_token_that_is_not_set_is_said_to_be_missing(
    server: DiscordServer, tmp_path: Path
) -> None:
    setup = replace(make_setup(server, tmp_path), environ={})
    spec = ModelSpec("fake", "fake", "")
    with pytest.raises(MissingError, match="DISCORD_TOKEN"):
        async with open_app(
            setup, ["discord"], models={"fake": spec}, guard=FakeClassifier({})
        ):
            raise AssertionError
