"""What of a post is in a channel already, when it is sent again.

Discord knows a nonce for some minutes only. A bot that was off for longer looks at
what the channel has, so that no part of a post is there twice.
"""

from collections.abc import Sequence
from datetime import timedelta

import discord

from adapters.discord.convert import target_id
from adapters.discord.outbox import Outbox
from adapters.governor import Lane
from bot.clock import Clock
from bot.messages import Channel
from bot.publication import Publication

__all__ = ["Earlier", "Look", "is_of"]

NONCE_LASTS = timedelta(minutes=2)
CLOCKS_DIFFER = timedelta(minutes=10)
MOST_MESSAGES = 1000
HISTORY = "read_message_history"


class Earlier:
    """The bot's own messages in a channel since a post was begun, oldest first."""

    def __init__(self, messages: Sequence[discord.Message] = ()) -> None:
        self._messages = [*messages]

    def first(self, publication: Publication) -> discord.Message | None:
        """Return the message that a post begins with, None where it is not there."""
        return next((one for one in self._messages if is_of(one, publication)), None)

    def take(
        self, text: str, poll: discord.Poll | None = None
    ) -> discord.Message | None:
        """Return a part of a post that is there, else None; each is one part only."""
        wanted = (text.strip(), poll.question if poll else None)
        for message in self._messages:
            asked = message.poll.question if message.poll else None
            if (message.content.strip(), asked) == wanted:
                self._messages.remove(message)
                return message
        return None


class Look:
    """Reads channels."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock

    async def at(
        self, place: Channel, publication: Publication, *, after_id: int = 0
    ) -> Earlier:
        """Return what may be of a post there; nothing, where it is sent anew.

        Only what came after a message `after_id` is looked at.

        Raises:
            ForbiddenError: the bot may not read there what it has said, and too much
                time has passed for its nonces to be known.
        """
        begun_utc = publication.begun_utc
        if begun_utc is None:
            return Earlier()
        if self._outbox.rights.missing(target_id(place), HISTORY):
            if self._clock.now_utc() - begun_utc > NONCE_LASTS:
                self._outbox.rights.check(target_id(place), HISTORY)
            return Earlier()

        async def call() -> list[discord.Message]:
            history = self._outbox.messageable(place).history(
                limit=MOST_MESSAGES, after=begun_utc - CLOCKS_DIFFER, oldest_first=True
            )
            return [one async for one in history]

        found = await self._outbox.run(call, key="other:fetch", lane=Lane.POST)
        me = self._outbox.client.user
        return Earlier(
            [
                one
                for one in found
                if me and one.author.id == me.id and one.id > after_id
            ]
        )


def is_of(message: discord.Message, publication: Publication) -> bool:
    """Return whether a message is the first of a post: its number is below it."""
    footers = [embed.footer.text or "" for embed in message.embeds]
    return any(publication.id in footer.split(" · ") for footer in footers)
