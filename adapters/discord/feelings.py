"""Reactions and votes on Discord, on their way to the core."""

from collections.abc import Callable

import discord

from adapters.discord.convert import PLATFORM
from bot.adapter import Inbox
from bot.messages import Channel
from bot.reactions import Reaction, Vote

__all__ = ["Feelings", "PlaceOf", "ReactionEvent"]

PlaceOf = Callable[[int, int | None], Channel | None]
"""Returns the place of an id, in the guild of an id; None: it is not known."""

ReactionEvent = (
    discord.RawReactionActionEvent
    | discord.RawReactionClearEvent
    | discord.RawReactionClearEmojiEvent
)


class Feelings:
    """Hands in what people feel about messages, also old ones; bots do not count."""

    def __init__(
        self, client: discord.Client, inbox: Inbox, *, place_of: PlaceOf
    ) -> None:
        self._client = client
        self._inbox = inbox
        self._place_of = place_of

    def reacted(self, event: ReactionEvent) -> None:
        """Hand in that an emoji came, went, or that all did."""
        channel = self._place_of(event.channel_id, event.guild_id)
        if channel is None:
            return
        message_id = str(event.message_id)
        if isinstance(event, discord.RawReactionClearEvent):
            self._inbox.reacted(Reaction(channel, message_id, is_added=False))
        elif isinstance(event, discord.RawReactionClearEmojiEvent):
            emoji = _named(event.emoji)
            self._inbox.reacted(
                Reaction(channel, message_id, emoji=emoji, is_added=False)
            )
        elif not self._is_bot(event.user_id, event.member):
            is_added = event.event_type == "REACTION_ADD"
            person_id, emoji = str(event.user_id), _named(event.emoji)
            self._inbox.reacted(
                Reaction(channel, message_id, person_id, emoji, is_added=is_added)
            )

    def voted(self, event: discord.RawPollVoteActionEvent, *, is_added: bool) -> None:
        """Hand in a vote. Discord numbers answers from 1.

        Who changes their mind takes the old vote back and gives another: two events,
        which need not come in that order.
        """
        channel = self._place_of(event.channel_id, event.guild_id)
        if channel is None or self._is_bot(event.user_id, None):
            return
        chosen = (event.answer_id - 1,)
        self._inbox.voted(
            Vote(
                PLATFORM,
                channel,
                str(event.message_id),
                person_id=str(event.user_id),
                answers=chosen if is_added else (),
                instead_of=() if is_added else chosen,
            )
        )

    def _is_bot(self, user_id: int, member: discord.Member | None) -> bool:
        me = self._client.user
        is_self = me is not None and me.id == user_id
        return is_self or (member is not None and member.bot)


def _named(emoji: discord.PartialEmoji) -> str:
    """Return an emoji as text; a server's own by its name."""
    return f":{emoji.name}:" if emoji.is_custom_emoji() else emoji.name
