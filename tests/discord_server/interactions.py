"""Commands, buttons and forms that people used, and how the bot answered."""

import asyncio
import secrets
from dataclasses import dataclass, field
from enum import IntEnum

from bot.clock import Clock
from tests.discord_server.bodies import Body
from tests.discord_server.compose import Composer
from tests.discord_server.feed import Feed
from tests.discord_server.messages import EPHEMERAL, LOADING, Message
from tests.discord_server.payloads import user_json
from tests.discord_server.places import Channel, User
from tests.discord_server.refusals import Json, invalid_form, refuse
from tests.discord_server.world import World

__all__ = ["Answer", "Interaction", "Interactions", "What"]

FIRST_ANSWER_S = 3.0
TOKEN_S = 15 * 60.0


class What(IntEnum):
    """What a person did."""

    COMMAND = 2
    """Used a slash command or a context menu."""
    COMPONENT = 3
    """Pressed a button or chose from a menu."""
    AUTOCOMPLETE = 4
    """Is typing an option."""
    MODAL = 5
    """Sent a form."""


class Answer(IntEnum):
    """How the bot acknowledged it."""

    MESSAGE = 4
    """With a message."""
    THINKING = 5
    """With a message to come."""
    SEEN = 6
    """With nothing, or a change of the message to come."""
    UPDATE = 7
    """With a change of the message."""
    CHOICES = 8
    """With choices for what is being typed."""
    MODAL = 9
    """With a form."""


FITTING = {
    What.COMMAND: {Answer.MESSAGE, Answer.THINKING, Answer.MODAL},
    What.COMPONENT: set(Answer) - {Answer.CHOICES},
    What.AUTOCOMPLETE: {Answer.CHOICES},
    What.MODAL: {Answer.MESSAGE, Answer.THINKING, Answer.SEEN, Answer.UPDATE},
}


@dataclass(eq=False)
class Interaction:
    """Something that a person did, and what came of it.

    Attributes:
        answer: how it was acknowledged; None: not yet.
        reply: the first message of the answer, or the message that was changed.
        followups: the messages after it.
        choices, modal: what was offered.
    """

    id: str
    token: str = field(repr=False)
    what: What
    channel: Channel
    user: User
    created_s: float
    message: Message | None = None
    answer: Answer | None = None
    reply: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[Json] | None = None
    modal: Json | None = None
    _answered: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)

    async def answered(self, timeout_s: float = 5.0) -> Answer:
        """Wait until it is acknowledged, and return how."""
        await asyncio.wait_for(self._answered.wait(), timeout_s)
        assert self.answer is not None
        return self.answer

    async def replied(self, timeout_s: float = 5.0) -> Message:
        """Wait until there is an answer to read, and return it."""

        def is_there() -> bool:
            return self.reply is not None and not self.reply.is_loading

        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(is_there), timeout_s)
        assert self.reply is not None
        return self.reply

    async def tell(self) -> None:
        """Wake those who wait."""
        if self.answer is not None:
            self._answered.set()
        async with self._changed:
            self._changed.notify_all()


@dataclass
class Interactions:
    """Keeps them by id, and by the token that answers them."""

    world: World
    composer: Composer
    feed: Feed
    clock: Clock
    _by_id: dict[str, Interaction] = field(default_factory=dict)

    def open(
        self, what: What, channel: Channel, user: User, message: Message | None = None
    ) -> Interaction:
        """Begin one; the bot does not know of it yet."""
        id_, now_s = self.world.new_id(), self.clock.monotonic()
        token = secrets.token_urlsafe(24)
        opened = Interaction(id_, token, what, channel, user, now_s, message)
        self._by_id[id_] = opened
        return opened

    async def acknowledge(self, id_: str, token: str, body: Body) -> Interaction:
        """Take the bot's first answer.

        Raises:
            Refusal: it is too late, the second one, or does not fit.
        """
        found = self._by_id.get(id_)
        if found is None or not secrets.compare_digest(found.token, token):
            raise refuse(10062)
        if found.answer is not None:
            raise refuse(40060)
        if self.clock.monotonic() - found.created_s > FIRST_ANSWER_S:
            raise refuse(10062)
        kind, fields = body.fields.get("type"), body.fields.get("data") or {}
        if kind not in FITTING[found.what] or (
            kind in {Answer.SEEN, Answer.UPDATE} and found.message is None
        ):
            words = 'Value of field "type" does not fit the interaction.'
            raise invalid_form("type", "INTERACTION_TYPE", words)
        await self._answer(found, Answer(kind), Body(fields, body.files))
        await found.tell()
        return found

    def by_token(self, token: str) -> Interaction:
        """Return the one that a token still answers.

        Raises:
            Refusal: there is none, it is not acknowledged yet, or it is too old.
        """
        for found in self._by_id.values():
            if secrets.compare_digest(found.token, token):
                if self.clock.monotonic() - found.created_s > TOKEN_S:
                    raise refuse(50027)
                if found.answer is None:
                    raise refuse(10015)
                return found
        raise refuse(50027)

    def message(self, found: Interaction, message_id: str) -> Message:
        """Return the answer (`@original`) or one of the followups."""
        if message_id == "@original":
            if found.reply is None or found.reply.is_deleted:
                raise refuse(10008)
            return found.reply
        for message in (found.reply, *found.followups, found.message):
            if message and message.id == message_id and not message.is_deleted:
                return message
        raise refuse(10008)

    async def follow(self, found: Interaction, body: Body) -> Message:
        """Add a message; the first one takes the place of "is thinking"."""
        reply = found.reply
        if reply is not None and reply.is_loading:
            await self.edit(found, reply, body)
            return reply
        message = self._compose(found, body)
        found.followups.append(message)
        await self.feed.message("MESSAGE_CREATE", message)
        await found.tell()
        return message

    async def edit(self, found: Interaction, message: Message, body: Body) -> None:
        """Change a message of the answer."""
        self.composer.change(message, body)
        message.flags &= ~LOADING
        await self.feed.message("MESSAGE_UPDATE", message)
        await found.tell()

    async def _answer(self, found: Interaction, answer: Answer, body: Body) -> None:
        fields = body.fields
        if answer is Answer.MESSAGE:
            found.reply = self._compose(found, body)
            await self.feed.message("MESSAGE_CREATE", found.reply)
        elif answer is Answer.THINKING:
            flags = (int(fields.get("flags") or 0) & EPHEMERAL) | LOADING
            found.reply = self._sign(
                found, self.composer.blank(found.channel, self.world.bot, flags)
            )
            self.composer.put(found.reply)
            await self.feed.message("MESSAGE_CREATE", found.reply)
        elif answer in {Answer.SEEN, Answer.UPDATE}:
            found.reply = found.message
            if answer is Answer.UPDATE and found.message is not None:
                await self.edit(found, found.message, body)
        elif answer is Answer.CHOICES:
            found.choices = _choices(fields)
        else:
            found.modal = _modal(fields)
        found.answer = answer

    def _compose(self, found: Interaction, body: Body) -> Message:
        return self._sign(found, self.composer.new(found.channel, self.world.bot, body))

    def _sign(self, found: Interaction, message: Message) -> Message:
        message.application_id = self.world.application_id
        message.only_for = found.user.id if message.is_ephemeral else None
        if found.what is What.COMMAND:
            message.kind = 20
        message.interaction = {
            "id": found.id,
            "type": int(found.what),
            "user": user_json(found.user),
            "authorizing_integration_owners": {},
        }
        return message


def _choices(fields: Json) -> list[Json]:
    choices: list[Json] = fields.get("choices") or []
    if len(choices) > 25:
        words = "Must be 25 or fewer in length."
        raise invalid_form("data.choices", "BASE_TYPE_MAX_LENGTH", words)
    for number, choice in enumerate(choices):
        if not 1 <= len(str(choice.get("name") or "")) <= 100:
            words = "Must be between 1 and 100 in length."
            path = f"data.choices.{number}.name"
            raise invalid_form(path, "BASE_TYPE_BAD_LENGTH", words)
    return choices


def _modal(fields: Json) -> Json:
    for name, most in (("custom_id", 100), ("title", 45)):
        if not 1 <= len(fields.get(name) or "") <= most:
            words = f"Must be between 1 and {most} in length."
            raise invalid_form(f"data.{name}", "BASE_TYPE_BAD_LENGTH", words)
    if not 1 <= len(fields.get("components") or []) <= 5:
        words = "Must be between 1 and 5 in length."
        raise invalid_form("data.components", "BASE_TYPE_BAD_LENGTH", words)
    return fields
