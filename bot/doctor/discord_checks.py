"""Looking at what Discord needs, without asking Discord."""

from collections.abc import Iterator, Mapping

import regex

from bot.config_adapters import DiscordConfig
from bot.config_file import secret
from bot.doctor.check import Check, State
from bot.words import T

__all__ = ["check_discord"]

TOKEN = regex.compile(r"[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}")
ID = regex.compile(r"[0-9]{15,20}")


def check_discord(config: DiscordConfig, environ: Mapping[str, str]) -> Iterator[Check]:
    """Look whether there is a token, and whether it and the ids look like ones."""
    if not config.enabled:
        return
    token = secret(environ, config.token_env)
    if token is None:
        yield Check(
            "discord",
            State.FAIL,
            T("{name} is not set, but Discord is enabled", name=config.token_env),
            T("Set {name}: docs/discord.md says where from.", name=config.token_env),
        )
    elif TOKEN.fullmatch(token) is None:
        yield Check(
            "discord",
            State.WARN,
            T("{name} does not look like a bot's token", name=config.token_env),
            T("It has three parts with dots between. Is it the client secret?"),
        )
    else:
        yield Check("discord", State.OK, T("{name} is set", name=config.token_env))
    yield from _check_ids("talk_channels", config.talk_channels)
    yield from _check_ids("moderator_roles", config.moderator_roles)
    if config.development_guild:
        yield from _check_ids("development_guild", (config.development_guild,))


def _check_ids(key: str, ids: tuple[str, ...]) -> Iterator[Check]:
    for found in ids:
        if ID.fullmatch(found) is None:
            yield Check(
                "discord",
                State.WARN,
                T("{key} has “{value}”, which is no id", key=key, value=found),
                T(
                    "Switch on Developer Mode in Discord (Settings → Advanced), then "
                    "Copy ID in the menu of the channel, role or server."
                ),
            )
