"""What stands in the bot's way on Telegram, and how to change it."""

from collections.abc import Iterator

from adapters.telegram.identity import Identity
from bot.config import TelegramConfig
from bot.words import T, Text

__all__ = ["allowed_updates", "hints"]

ALWAYS = (
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "my_chat_member",
    # Telegram gives these two only to administrators who ask for them.
    "chat_member",
    "message_reaction",
)


def allowed_updates(config: TelegramConfig) -> tuple[str, ...]:
    """Return which updates to ask for."""
    return (*ALWAYS, "inline_query") if config.inline else ALWAYS


def hints(me: Identity, config: TelegramConfig) -> Iterator[Text]:
    """Yield what the owner should know, with what to do about it."""
    if not me.sees_all:
        yield T(
            "Telegram's privacy mode is on: in groups I get only commands, and replies "
            "to me. To be called by name, switch it off (@BotFather, /setprivacy, "
            "Disable), and then take me out of the group and add me again; or make me "
            "an administrator there."
        )
    if config.inline and not me.has_inline:
        yield T(
            "inline = true, but inline mode is off at Telegram: switch it on with "
            "@BotFather, /setinline."
        )
