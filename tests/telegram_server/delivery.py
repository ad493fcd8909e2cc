"""Which messages a bot gets: group privacy, as Telegram's FAQ has it.

All bots get service messages, what is written to them in private, and the posts of
channels that they run. Administrators and bots that came without privacy mode get all
that people write. Others get commands with their name, commands without a name while
they were the last bot that wrote, what was sent through them, and replies to their
messages; of several such bots a message reaches one, and replies count first. A mention
in the text alone does not reach a bot in privacy mode: the FAQ does not list it.
"""

from tests.telegram_server.accounts import BotAccount
from tests.telegram_server.chats import Chat
from tests.telegram_server.messages import Message

__all__ = ["wants"]

OWN_SERVICE = ("pinned_message", "forum_topic_created", "new_chat_title")
"""What a bot is told about although it did it itself."""


def wants(bot: BotAccount, message: Message) -> bool:
    """Whether a bot is given a message."""
    chat = message.chat
    if message.sender is bot:
        return any(name in message.service for name in OWN_SERVICE)
    if chat.is_private:
        return chat.bot is bot
    member = chat.member(bot)
    if member is None or not member.is_present:
        return False
    if message.service:
        return True
    if message.sender is not None and isinstance(message.sender, BotAccount):
        return False
    if chat.type == "channel" or member.is_admin or member.sees_all:
        return True
    return _is_meant_for(bot, message)


def _is_meant_for(bot: BotAccount, message: Message) -> bool:
    answered = message.reply_to
    if answered is not None and isinstance(answered.sender, BotAccount):
        return answered.sender is bot
    if message.via_bot is not None:
        return message.via_bot is bot
    return any(
        _is_command_to(bot, message.part(entity), message.chat)
        for entity in message.entities
        if entity.type == "bot_command" and entity.offset == 0
    )


def _is_command_to(bot: BotAccount, command: str, chat: Chat) -> bool:
    _, at, name = command.partition("@")
    if at:
        return name.lower() == bot.username.lower()
    return _last_bot(chat) is bot


def _last_bot(chat: Chat) -> BotAccount | None:
    """Return the bot that wrote last; where none has, the only one that is there."""
    for message in reversed(chat.messages):
        if isinstance(message.sender, BotAccount) and not message.service:
            return message.sender
    bots = [
        member.account
        for member in chat.members.values()
        if member.is_present and isinstance(member.account, BotAccount)
    ]
    return bots[0] if len(bots) == 1 else None
