"""The part of the composition root that builds the platforms."""

from collections.abc import Callable, Mapping

from adapters.fake.adapter import FakeAdapter
from bot.adapter import Adapter, Limits
from bot.app_desk import build_desk_parts
from bot.app_parts import App
from bot.config_file import secret
from bot.store.accounts import AccountRepository
from bot.store.rooms import RoomRepository
from bot.store.settings import SettingsRepository
from bot.store.turns import TurnRepository
from bot.store.visitors import VisitorRepository

__all__ = ["ADAPTERS", "BuildAdapter"]


def _console(app: App) -> Adapter:
    from adapters.console.adapter import ConsoleAdapter

    return ConsoleAdapter(
        app.responder,
        words=app.setup.words,
        language=app.setup.config.bot.language,
        clock=app.clock,
    )


def _discord(app: App) -> Adapter:
    from adapters.discord.adapter import DiscordAdapter
    from adapters.discord.connection import GatewayConnection
    from adapters.discord.setup import read_token
    from bot.voice_note import voice_note

    config = app.setup.config
    ours = config.adapters.discord
    adapter = DiscordAdapter(
        ours,
        connection=GatewayConnection(read_token(ours, app.setup.environ), app.clock),
        owners=config.bot.owners,
        inbox=app.responder,
        registry=app.registry,
        words=app.setup.words,
        language=config.bot.language,
        talk_of=app.preferences.talk,
        settings=SettingsRepository(app.store),
        tell=app.moderators.tell_soon,
        clock=app.clock,
        file_limits=Limits(
            0,
            attachment_bytes=config.files.max_bytes,
            attachments=config.files.max_count,
        ),
        describe_voice=voice_note,
    )
    app.health.add("discord", lambda: adapter.is_online)
    return adapter


def _fake(app: App) -> Adapter:
    return FakeAdapter(app.responder, clock=app.clock)


def _web(app: App) -> Adapter:
    # The page takes a second to import: only who asks for it pays for it.
    from adapters.web.adapter import WebAdapter
    from adapters.web.metering import Metering

    config, words = app.setup.config, app.setup.words
    ours = config.adapters.web
    token = secret(app.setup.environ, ours.metrics_token_env)
    return WebAdapter(
        ours,
        bot_name=config.bot.name,
        owners=config.bot.owners,
        language=config.bot.language,
        inbox=app.responder,
        registry=app.registry,
        words=words,
        rooms=RoomRepository(app.store),
        visitors=VisitorRepository(app.store),
        accounts=AccountRepository(app.store),
        alive=app.health.alive,
        ready=app.health.ready,
        talk_of=app.preferences.talk,
        clock=app.clock,
        content=app.content,
        parts=build_desk_parts(app),
        avatars=app.avatars,
        metering=Metering(app.scrape.text, token) if ours.metrics else None,
    )


def _telegram(app: App) -> Adapter:
    # The SDK takes a second to import: only who is on Telegram pays for it.
    from adapters.addressing import Addressing
    from adapters.telegram.adapter import TelegramAdapter
    from adapters.telegram.connection import read_token
    from adapters.telegram.core_parts import CoreParts

    config, words = app.setup.config, app.setup.words
    ours = config.adapters.telegram
    core = CoreParts(
        inbox=app.responder,
        registry=app.registry,
        words=words,
        language=config.bot.language,
        language_of=app.preferences.language,
        addressing=Addressing(
            names=ours.names,
            prefix="",
            talk_channels=ours.talk_channels,
            talk_of=app.preferences.talk,
        ),
        owners=config.bot.owners,
        settings=SettingsRepository(app.store),
        turns=TurnRepository(app.store),
        accounts=AccountRepository(app.store),
        tell=app.moderators.tell_soon,
        note=app.setup.terminal.note,
        clock=app.clock,
    )
    return TelegramAdapter(ours, core, token=read_token(ours, app.setup.environ))


BuildAdapter = Callable[[App], Adapter]

ADAPTERS: Mapping[str, BuildAdapter] = {
    "console": _console,
    "discord": _discord,
    "fake": _fake,
    "telegram": _telegram,
    "web": _web,
}
"""How each platform is built, by its name."""
