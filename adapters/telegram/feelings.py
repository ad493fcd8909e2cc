"""Reactions, votes and comments on Telegram, on their way to the core."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import telegram

from adapters.telegram.chats import PLATFORM, Chats
from bot.adapter import Inbox
from bot.messages import Channel
from bot.reactions import Comment, Reaction, Vote

__all__ = ["KINDS", "Feelings"]

KINDS = ("message_reaction", "message_reaction_count", "poll", "poll_answer")
"""The updates that it takes."""

KEEP = 10_000


class Feelings:
    """Hands in what people feel about messages; bots do not count.

    In groups Telegram tells who reacted, in channels only how many did. Of polls it
    tells how many chose what, or who did where the poll shows that to everybody.
    """

    def __init__(self, inbox: Inbox, chats: Chats) -> None:
        self._inbox = inbox
        self._chats = chats
        self._posts: OrderedDict[tuple[int, int], tuple[telegram.Chat, int]] = (
            OrderedDict()
        )

    def take(self, update: telegram.Update) -> None:
        """Hand in what an update of one of KINDS tells."""
        if update.message_reaction is not None:
            self._reacted(update.message_reaction)
        elif update.message_reaction_count is not None:
            self._counted(update.message_reaction_count)
        elif update.poll_answer is not None:
            self._voted(update.poll_answer)
        elif update.poll is not None and update.poll.is_anonymous:
            totals = tuple(option.voter_count for option in update.poll.options)
            self._inbox.voted(Vote(PLATFORM, poll_id=update.poll.id, totals=totals))

    def written(self, message: telegram.Message) -> None:
        """Look whether a message comments on a post of a channel.

        Telegram puts each post of a channel into its discussion group as well, and
        what people write below that one comments on the post.
        """
        if message.is_automatic_forward:
            self._note(message)
            return
        answered = message.reply_to_message
        if answered is not None and answered.is_automatic_forward:
            self._note(answered)
        thread_id = message.message_thread_id or (answered and answered.message_id)
        found = self._posts.get((message.chat.id, thread_id or 0))
        writer = message.sender_chat or message.from_user
        if found is None or writer is None or _is_bot(message.from_user):
            return
        post_chat, post_id = found
        own_id = f"{message.chat.id}/{message.message_id}"
        for channel, message_id in self._places(post_chat, post_id):
            self._inbox.commented(
                Comment(channel, own_id, str(writer.id), (message_id,))
            )

    def _reacted(self, update: telegram.MessageReactionUpdated) -> None:
        actor = update.actor_chat or update.user
        if actor is None or _is_bot(update.user):
            return
        old, new = _names(update.old_reaction), _names(update.new_reaction)
        changes = [(name, False) for name in old if name not in new]
        changes += [(name, True) for name in new if name not in old]
        for channel, message_id in self._places(update.chat, update.message_id):
            for name, is_added in changes:
                self._inbox.reacted(
                    Reaction(
                        channel,
                        message_id,
                        str(actor.id),
                        name,
                        is_added=is_added,
                    )
                )

    def _counted(self, update: telegram.MessageReactionCountUpdated) -> None:
        totals = tuple(
            (_name(count.type), count.total_count) for count in update.reactions
        )
        for channel, message_id in self._places(update.chat, update.message_id):
            self._inbox.reacted(Reaction(channel, message_id, totals=totals))

    def _voted(self, answer: telegram.PollAnswer) -> None:
        voter = answer.voter_chat or answer.user
        if voter is not None and not _is_bot(answer.user):
            self._inbox.voted(
                Vote(
                    PLATFORM,
                    poll_id=answer.poll_id,
                    person_id=str(voter.id),
                    answers=tuple(answer.option_ids),
                )
            )

    def _note(self, forward: telegram.Message) -> None:
        origin = forward.forward_origin
        if isinstance(origin, telegram.MessageOriginChannel):
            key = (forward.chat.id, forward.message_id)
            self._posts[key] = (origin.chat, origin.message_id)
            while len(self._posts) > KEEP:
                self._posts.popitem(last=False)

    def _places(
        self, chat: telegram.Chat, number: int
    ) -> Iterator[tuple[Channel, str]]:
        """Yield a chat with the id of a message of it.

        It goes by its id, by that of today where it has another, and by its public
        name: schedules may use any.
        """
        chat_id, public = str(chat.id), f"@{chat.username}"
        channel, message_id = self._chats.channel(chat_id), self._of(chat_id, number)
        yield channel, message_id
        if channel.id != chat_id:
            yield replace(channel, id=chat_id), message_id
        if chat.username:
            yield self._chats.channel(public), self._of(public, number)

    def _of(self, chat_id: str, number: int) -> str:
        return self._chats.message_id(chat_id, number)


def _is_bot(user: telegram.User | None) -> bool:
    """Return whether it is a bot; those that stand for a channel are none."""
    is_stand_in = user is not None and user.username in STAND_INS
    return user is not None and user.is_bot and not is_stand_in


STAND_INS = ("Channel_Bot", "GroupAnonymousBot")
"""Whom Telegram names for people that write as a chat."""


def _names(reactions: Sequence[telegram.ReactionType]) -> list[str]:
    return [_name(reaction) for reaction in reactions]


def _name(reaction: telegram.ReactionType) -> str:
    """Return a reaction as text; an emoji of somebody's own by its number."""
    if isinstance(reaction, telegram.ReactionTypeEmoji):
        return reaction.emoji
    if isinstance(reaction, telegram.ReactionTypeCustomEmoji):
        return f":{reaction.custom_emoji_id}:"
    return "⭐"
