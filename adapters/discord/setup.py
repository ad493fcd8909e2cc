"""Getting in: the invitation, and in plain words what keeps the bot out."""

from collections.abc import Mapping

import discord

from adapters.discord.rights import NEEDED
from bot.config_adapters import DiscordConfig
from bot.config_file import secret
from bot.errors import HearthbotError, MissingError
from bot.words import T, Text

__all__ = [
    "explained",
    "invitation",
    "read_token",
]

PORTAL = "https://discord.com/developers/applications"
BAD_TOKEN, DISALLOWED_INTENTS = 4004, 4014


def read_token(config: DiscordConfig, environ: Mapping[str, str]) -> str:
    """Return the bot's token.

    Raises:
        MissingError: the variable is not set; the text says where a token comes from.
    """
    token = secret(environ, config.token_env)
    if token is None:
        raise MissingError(
            T(
                "{name} is not set, and [adapters.discord] needs it. Copy the token "
                "from {portal} (your application → Bot → Reset Token) and set it in "
                "the environment.",
                name=config.token_env,
                portal=PORTAL,
            )
        )
    return token


def invitation(application_id: int) -> str:
    """Return the address at which a server lets the bot in, with what it needs."""
    return discord.utils.oauth_url(
        application_id, permissions=NEEDED, scopes=("bot", "applications.commands")
    )


def _no_message_content(application_id: int | None) -> MissingError:
    """Return the error for text that is wanted and not switched on."""
    return MissingError(
        T(
            "Discord does not give the bot the text of messages. Switch on “Message "
            "Content Intent” at {place} (below “Privileged Gateway Intents”), or set "
            "message_content = false in [adapters.discord]: then the bot reads "
            "mentions, replies to it, direct messages and commands.",
            place=_bot_page(application_id),
        )
    )


def explained(error: Exception, *, application_id: int | None) -> HearthbotError:
    """Return what keeps the bot out, in words that say what to do."""
    if isinstance(error, HearthbotError):
        return error
    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return _no_message_content(application_id)
    if code == DISALLOWED_INTENTS:
        return _no_message_content(application_id)
    if isinstance(error, discord.LoginFailure) or code == BAD_TOKEN:
        return MissingError(
            T(
                "Discord does not know this token. Make a new one at {place} (Reset "
                "Token) and set it in the environment.",
                place=_bot_page(application_id),
            )
        )
    return MissingError(
        T("Discord refused the bot: {reason}", reason=Text(type(error).__name__))
    )


def _bot_page(application_id: int | None) -> str:
    return f"{PORTAL}/{application_id}/bot" if application_id else PORTAL
