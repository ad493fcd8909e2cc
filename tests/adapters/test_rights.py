"""Who may run what: every command, for every role, as every platform gives it.

A new command needs a row in LEAST. Roles are those that the adapters themselves find.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rich.console import Console

from adapters.telegram.chats import Chats
from adapters.web.sessions import Sessions
from bot.app import App, open_app
from bot.clock import FakeClock
from bot.commands.command import Command, CommandContext
from bot.commands.registry import Registry
from bot.config import Config
from bot.errors import UserError
from bot.generation.requests import ModelSpec
from bot.messages import Author, Channel, Role
from bot.safety.fake import FakeClassifier
from bot.setup import Setup
from bot.store.settings import SettingsRepository
from bot.store.visitors import VisitorRepository
from bot.terminal.output import Terminal
from bot.words import T, Words
from tests.adapters.conftest import ConsoleDriver
from tests.adapters.discord.simulated import open_world

LEAST: Mapping[str, Role] = {
    "adopt": Role.MODERATOR,
    "again": Role.MEMBER,
    "appeal": Role.MEMBER,
    "ask": Role.MEMBER,
    "audit": Role.MODERATOR,
    "blocked": Role.MODERATOR,
    "bot-ban": Role.MODERATOR,
    "bot-mute": Role.MODERATOR,
    "bot-unban": Role.MODERATOR,
    "bot-unmute": Role.MODERATOR,
    "case": Role.MEMBER,
    "channel": Role.MODERATOR,
    "choose": Role.MEMBER,
    "continue": Role.MEMBER,
    "correct": Role.MODERATOR,
    "decide": Role.MODERATOR,
    "desk": Role.MODERATOR,
    "edit": Role.MODERATOR,
    "emoji": Role.MEMBER,
    "help": Role.MEMBER,
    "imagine": Role.MEMBER,
    "keep": Role.MODERATOR,
    "language": Role.MEMBER,
    "lesson": Role.MEMBER,
    "limits": Role.MODERATOR,
    "link": Role.MEMBER,
    "me": Role.MEMBER,
    "memory": Role.MEMBER,
    "model": Role.MEMBER,
    "moderators": Role.MODERATOR,
    "note": Role.MODERATOR,
    "panic": Role.MODERATOR,
    "pause": Role.MODERATOR,
    "person": Role.MODERATOR,
    "persona": Role.MEMBER,
    "pictures": Role.MODERATOR,
    "postpicture": Role.MODERATOR,
    "posts": Role.MODERATOR,
    "rate": Role.MEMBER,
    "remember": Role.MEMBER,
    "report": Role.MEMBER,
    "reset": Role.MEMBER,
    "resume": Role.MODERATOR,
    "review": Role.MODERATOR,
    "rights": Role.OWNER,
    "safety": Role.MODERATOR,
    "schedule": Role.MEMBER,
    "settings": Role.MODERATOR,
    "speak": Role.MEMBER,
    "status": Role.MEMBER,
    "sticker": Role.MEMBER,
    "stop": Role.MEMBER,
    "style": Role.MODERATOR,
    "suggest": Role.MEMBER,
    "suggestions": Role.MEMBER,
    "talk": Role.MODERATOR,
    "unlink": Role.MEMBER,
    "upscale": Role.MEMBER,
    "usage": Role.MEMBER,
    "verdicts": Role.MODERATOR,
    "watch": Role.MODERATOR,
    "why": Role.MEMBER,
    "words": Role.MODERATOR,
}
"""Members see with some, such as /model, what only moderators change with them."""

EVERYBODYS = {"appeal", "help", "me", "usage"}
"""What nobody can take from a person."""

MODELS = {
    name: {"model": "fake", "backend": "fake"} for name in ("chat", "image", "speech")
}

People = Mapping[Role, tuple[Author, Channel]]


class Reached(Exception):
    """A command would have been run."""


async def of_fake(app: App) -> People:
    here = app.adapters["fake"].channel("general")
    return {role: (Author(role.name, role.name, role), here) for role in Role}


async def of_console(app: App) -> People:
    async with ConsoleDriver() as terminal:
        message = await terminal.say("hello")
    return {Role.OWNER: (message.author, message.channel)}


async def of_web(app: App) -> People:
    visitors, clock = VisitorRepository(app.store), FakeClock(datetime.now(UTC))

    def sessions(*owners: str) -> Sessions:
        return Sessions(key=b"k", visitors=visitors, owners=owners, clock=clock)

    async def author(found: Sessions, session: Any) -> tuple[Author, Channel]:
        one = session.person_id
        await visitors.set_name(one, one, name_key=one, seen_utc=clock.now_utc())
        person = await found.author(session, "en")
        assert person is not None
        return person, Channel("web", "general", "web")

    plain = sessions()
    member, owner = plain.begin(), plain.begin()
    seated = await plain.sign_in(plain.begin())
    return {
        Role.MEMBER: await author(plain, member),
        Role.MODERATOR: await author(plain, seated),
        Role.OWNER: await author(sessions(f"web:{owner.person_id}"), owner),
    }


async def of_telegram(app: App) -> People:
    chats = Chats(
        SettingsRepository(app.store),
        owners=frozenset({"telegram:3", "discord:1"}),
        clock=FakeClock(),
    )

    async def administrators(_: str) -> Any:
        return [SimpleNamespace(user=SimpleNamespace(id=2))]

    here = Channel("telegram", "-100", "-100")
    return {
        wanted: (
            Author(str(id_), "x", await chats.role("-100", id_, administrators)),
            here,
        )
        for wanted, id_ in ((Role.MEMBER, 1), (Role.MODERATOR, 2), (Role.OWNER, 3))
    }


async def of_discord(app: App) -> People:
    async with open_world() as world:
        found = {}
        for role, person in ((Role.MEMBER, world.ada), (Role.MODERATOR, world.mod)):
            await person.send(world.general, "hello")
            message = world.inbox.messages[-1]
            found[role] = (message.author, message.channel)
        world.adapter._converter._owners = frozenset({f"discord:{world.bert.id}"})
        await world.bert.send(world.general, "hello")
        message = world.inbox.messages[-1]
        found[Role.OWNER] = (message.author, message.channel)
    return found


PLATFORMS: Mapping[str, Callable[[App], Awaitable[People]]] = {
    "fake": of_fake,
    "console": of_console,
    "web": of_web,
    "telegram": of_telegram,
    "discord": of_discord,
}


def a_setup(folder: Path) -> Setup:
    words = Words({})
    config = Config.model_validate({"models": MODELS})
    terminal = Terminal(words, "en", err=Console(quiet=True))
    return Setup(config, folder / "config.toml", {}, words, terminal)


def stopped_short(app: App) -> Registry:
    """Return the bot's own commands and rights, in which nothing is really run."""

    async def stop(command: Command, context: CommandContext) -> None:
        raise Reached

    commands = [command for command in app.registry if command.name != "help"]
    return Registry(commands, Words({}), least=app.people.rights.least, afford=stop)


async def may(registry: Registry, name: str, author: Author, here: Channel) -> bool:
    """Return whether somebody may run a command; a refusal must be one kind line."""
    try:
        await registry.run(f"/{name}", CommandContext(author, here, "en"))
    except Reached:
        return True
    except UserError as error:
        refusals = (
            T("Only moderators may use /{name}.", name=name),
            T("Only the owner of this bot may use /{name}.", name=name),
        )
        return str(error) not in map(str, refusals)  # else: it was used wrongly
    return True


async def test_every_command_is_for_whom_the_table_says_on_every_platform(
    tmp_path: Path,
) -> None:
    spec = ModelSpec("fake", "fake", "")
    async with open_app(
        a_setup(tmp_path), ["fake"], models={"fake": spec}, guard=FakeClassifier({})
    ) as app:
        by_name = {command.name: command for command in app.registry}
        assert by_name.keys() == LEAST.keys()
        floors = {n: min(one, Role.MODERATOR) for n, one in LEAST.items()}
        floors["rights"] = Role.OWNER
        assert {n: one.lowest for n, one in by_name.items()} == floors
        assert {n for n, one in by_name.items() if one.is_everyones} == EVERYBODYS
        registry = stopped_short(app)
        wrong = []
        for platform, find in PLATFORMS.items():
            for role, (author, here) in (await find(app)).items():
                assert author.role is role, platform
                wrong += [
                    (platform, role, name)
                    for name, least in LEAST.items()
                    if await may(registry, name, author, here) is not (role >= least)
                ]
        assert wrong == []
