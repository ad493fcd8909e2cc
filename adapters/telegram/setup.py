"""What stands in the bot's way on Telegram, and how to change it."""

from collections.abc import Iterator

import telegram

from adapters.telegram.feelings import KINDS
from adapters.telegram.identity import Identity
from bot.config import TelegramConfig
from bot.words import T, Text

__all__ = ["allowed_updates", "hints", "joining_hint"]

ALWAYS = (
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "my_chat_member",
    # Telegram gives this, and reactions, only to administrators who ask for them.
    "chat_member",
    *KINDS,
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


def joining_hint(me: Identity, update: telegram.ChatMemberUpdated) -> Text | None:
    """Return what moderators should know when the bot's place in a chat changes."""
    place, member = update.chat.title or str(update.chat.id), update.new_chat_member
    if update.chat.type == telegram.Chat.CHANNEL:
        may_post = getattr(member, "can_post_messages", None)
        if member.status == member.ADMINISTRATOR and not may_post:
            return T(
                "In {place} I may not post: give me the right “Post messages”.",
                place=place,
            )
        return None
    is_new = update.old_chat_member.status in (member.LEFT, member.BANNED)
    if is_new and member.status == member.MEMBER and not me.sees_all:
        return T(
            "In {place} I get only commands and replies to me: make me an "
            "administrator there, or switch privacy mode off (docs/telegram.md).",
            place=place,
        )
    return None
