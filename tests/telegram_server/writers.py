"""People: what they write, press and look for, played by a test."""

from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server import utf16
from tests.telegram_server.accounts import BotAccount
from tests.telegram_server.chats import Chat, Member, Topic
from tests.telegram_server.entities import Entity, fix
from tests.telegram_server.messages import Message
from tests.telegram_server.people import Actor, NotAllowedError, Place

__all__ = ["InlineSearch", "Press", "Writer"]


@dataclass(slots=True, eq=False)
class Press:
    """A button that somebody pressed.

    Attributes:
        answers: what the bot answered; an empty text only ends the waiting.
        url: where the button or the answer leads.
    """

    id: str
    message: Message
    at_s: float
    answers: list[str] = field(default_factory=list)
    is_alert: bool = False
    url: str = ""


@dataclass(slots=True, eq=False)
class InlineSearch:
    """What somebody looked for through a bot, and what it offers."""

    id: str
    bot: BotAccount
    text: str
    results: list[dict[str, Any]] | None = None


@dataclass(slots=True, eq=False)
class Writer(Actor):
    """What a person does with texts, buttons and other people's messages."""

    async def write(
        self,
        where: Place,
        text: str,
        *,
        reply_to: Message | None = None,
        quote: str | None = None,
        topic: Topic | int | None = None,
        as_channel: Chat | None = None,
        entities: list[Entity] | None = None,
    ) -> Message:
        """Write a text.

        Raises:
            NotAllowedError: Telegram's own apps would not let them.
        """
        if not text.strip() or utf16.units(text) > 4096:
            raise NotAllowedError("Telegram's apps send 1 to 4096 units at a time")
        return self.post(
            where,
            text,
            reply_to=reply_to,
            quote=quote,
            topic=topic,
            as_channel=as_channel,
            entities=entities,
        )

    async def edit(self, message: Message, text: str) -> None:
        """Change the text or the caption of a message of one's own."""
        if message.author is not self or message.is_deleted:
            raise NotAllowedError("people edit their own messages only")
        message.versions.append(message.version())
        shown = fix(text, [])
        message.text, message.entities = shown.text, shown.entities
        self.world.edited(message)

    async def delete(self, message: Message) -> None:
        """Take a message away; bots are never told."""
        member = message.chat.member(self)
        may_clean = member is not None and member.has_right("can_delete_messages")
        if not (message.author is self or may_clean or message.chat.is_private):
            raise NotAllowedError("people delete their own messages only")
        self.world.delete(message)

    async def press(self, message: Message, label: str) -> Press:
        """Press a button by what is written on it.

        Raises:
            LookupError: there is none, or the message is gone.
        """
        buttons = [b for row in message.buttons for b in row if b["text"] == label]
        if message.is_deleted or not buttons:
            raise LookupError(label)
        return self.press_with(message, buttons[0])

    def press_with(self, message: Message, button: dict[str, Any]) -> Press:
        """Press a button as it is, also one that is not shown any more."""
        number = str(self.world.next_number("query", 4_000_000_000_001))
        press = Press(number, message, self.world.clock.monotonic())
        press.url = str(button.get("url", ""))
        if "callback_data" in button and isinstance(message.author, BotAccount):
            bot = message.via_bot or message.author
            assert isinstance(bot, BotAccount)
            bot.presses[number] = press
            self.world.tell(
                bot,
                "callback_query",
                {
                    "id": number,
                    "from": self.to_json(),
                    "message": self._under(message),
                    "chat_instance": str(-message.chat.id * 7919),
                    "data": button["callback_data"],
                },
            )
        return press

    def _under(self, message: Message) -> dict[str, Any]:
        """Return the message of a button; one that is gone has a date of 0."""
        if not message.is_deleted:
            return self.world.message_json(message)
        chat = message.chat.to_json()
        return {"chat": chat, "message_id": message.id, "date": 0}

    async def react(self, message: Message, *emojis: str) -> None:
        """Put reactions on a message; none takes them away."""
        old = message.reactions.get(self.id, [])
        new = [{"type": "emoji", "emoji": emoji} for emoji in emojis]
        message.reactions[self.id] = new
        chat = message.chat
        if chat.type == "channel":
            self._count_reactions(message)
            return
        for bot in self.world.bots.values():
            if chat.bot is bot or chat.is_admin(bot):
                # There is no topic in it: that is how the API is.
                contents = {
                    "chat": chat.to_json(),
                    "message_id": message.id,
                    "user": self.to_json(),
                    "date": int(self.world.clock.now_utc().timestamp()),
                    "old_reaction": old,
                    "new_reaction": new,
                }
                self.world.tell(bot, "message_reaction", contents)

    async def vote(self, message: Message, *options: int) -> None:
        """Choose answers of a poll; none takes the vote back."""
        poll = message.poll
        if poll is None or poll.is_closed:
            raise NotAllowedError("there is no open poll here")
        poll.votes[self.id] = list(options)
        if not options:
            del poll.votes[self.id]
        if isinstance(message.author, BotAccount) and not poll.is_anonymous:
            contents = {
                "poll_id": poll.id,
                "user": self.to_json(),
                "option_ids": list(options),
                "option_persistent_ids": [f"{index}" for index in options],
            }
            self.world.tell(message.author, "poll_answer", contents)
        if isinstance(message.author, BotAccount):
            self.world.tell(message.author, "poll", poll.to_json())

    def _count_reactions(self, message: Message) -> None:
        """Tell administrators how many reactions there are: in channels not whose."""
        names = [r["emoji"] for own in message.reactions.values() for r in own]
        counts = [
            {"type": {"type": "emoji", "emoji": name}, "total_count": names.count(name)}
            for name in dict.fromkeys(names)
        ]
        for bot in self.world.bots.values():
            if message.chat.is_admin(bot):
                contents = {
                    "chat": message.chat.to_json(),
                    "message_id": message.id,
                    "date": int(self.world.clock.now_utc().timestamp()),
                    "reactions": counts,
                }
                self.world.tell(bot, "message_reaction_count", contents)

    async def block(self, bot: BotAccount) -> None:
        """Block a bot: it may not write any more."""
        chat = self.place(bot)
        self.has_blocked.add(bot.id)
        self._tell_blocked(chat, bot, "member", "kicked")

    async def unblock(self, bot: BotAccount) -> None:
        """Let a bot write again."""
        chat = self.place(bot)
        self.has_blocked.discard(bot.id)
        self._tell_blocked(chat, bot, "kicked", "member")

    def _tell_blocked(self, chat: Chat, bot: BotAccount, old: str, new: str) -> None:
        self.world.tell_member(chat, Member(bot, old), Member(bot, new), by=self)

    async def inline_query(
        self, bot: BotAccount, text: str, *, chat_type: str = "sender"
    ) -> InlineSearch:
        """Look for something through a bot, in whatever chat."""
        number = str(self.world.next_number("query", 4_000_000_000_001))
        asked = InlineSearch(number, bot, text)
        bot.inline_queries[number] = asked
        contents = {
            "id": number,
            "from": self.to_json(),
            "query": text,
            "offset": "",
            "chat_type": chat_type,
        }
        self.world.tell(bot, "inline_query", contents)
        return asked

    async def choose(self, where: Place, asked: InlineSearch, number: int) -> Message:
        """Send one of the results that a bot offered."""
        if asked.results is None:
            raise NotAllowedError("the bot has not answered yet")
        result = asked.results[number]
        content = result.get("input_message_content", {})
        message = self.post(
            where, str(content.get("message_text", "")), via_bot=asked.bot
        )
        message.markup = result.get("reply_markup")
        contents = {
            "result_id": result["id"],
            "from": self.to_json(),
            "query": asked.text,
        }
        self.world.tell(asked.bot, "chosen_inline_result", contents)
        return message
