"""Reactions and votes below posts in the rooms: kept, shown to all, handed in."""

from collections.abc import Sequence
from datetime import timedelta

from adapters.web.audience import Event
from adapters.web.board import Board
from adapters.web.convert import room_channel
from bot.adapter import Inbox
from bot.clock import Clock
from bot.errors import GoneError, UserError
from bot.messages import Author
from bot.publication import Poll
from bot.reactions import Reaction, Vote
from bot.store.room_feelings import RoomFeelingRepository, RoomFeelings
from bot.store.rooms import RoomMessage
from bot.words import T

__all__ = ["EMOJI", "Feelings"]

EMOJI = ("👍", "❤️", "😂")
"""What one can put below a post."""


class Feelings:
    """Takes reactions and votes from the page, and says what there is of them."""

    def __init__(
        self,
        board: Board,
        repository: RoomFeelingRepository,
        inbox: Inbox,
        *,
        clock: Clock,
    ) -> None:
        self._board = board
        self._repository = repository
        self._inbox = inbox
        self._clock = clock

    async def react(
        self, author: Author, message_id: str, emoji: str, *, is_added: bool
    ) -> Event:
        """Put an emoji below a post, or take it away; return what they see now.

        Raises:
            GoneError: there is no such post for them.
            UserError: it is none of EMOJI.
        """
        message = await self._post(author, message_id)
        if emoji not in EMOJI:
            raise UserError(T("This cannot be put below a post."))
        if await self._repository.react(
            message_id, author.id, emoji, is_added=is_added
        ):
            self._inbox.reacted(
                Reaction(
                    room_channel(message.room),
                    message_id,
                    author.id,
                    emoji,
                    is_added=is_added,
                )
            )
            await self._tell(message)
        return await self._seen(message, author.id)

    async def vote(self, author: Author, message_id: str, answer: int) -> Event:
        """Choose an answer of a post's poll; return what they see now.

        The vote of a quiz stays: its solution is shown for it.

        Raises:
            GoneError: there is no such poll for them.
            UserError: it has ended, or has no such answer.
        """
        message = await self._post(author, message_id)
        poll = message.poll
        if poll is None or not 0 <= answer < len(poll.answers):
            raise GoneError(T("This poll is no longer there."))
        if self._is_over(message, poll):
            raise UserError(T("This poll has ended."))
        is_final = poll.correct is not None
        if await self._repository.vote(
            message_id, author.id, answer, is_final=is_final
        ):
            self._inbox.voted(
                Vote(
                    "web",
                    room_channel(message.room),
                    message_id,
                    person_id=author.id,
                    answers=(answer,),
                )
            )
            await self._tell(message)
        return await self._seen(message, author.id)

    async def add_to(self, events: Sequence[Event], person_id: str) -> None:
        """Add to messages that are posts what is below them, as a person sees it."""
        posts = [event["id"] for event in events if event["is_post"]]
        found = await self._repository.of(posts, person_id) if posts else {}
        for event in events:
            if event["is_post"]:
                message = await self._board.message(event["id"])
                if message is not None:
                    event |= self._event(message, found[event["id"]])

    async def _post(self, author: Author, message_id: str) -> RoomMessage:
        message = await self._board.message(message_id)
        access = self._board.access
        if (
            message is None
            or message.post_id is None
            or not access.may_read(message, author.id, author.role)
        ):
            raise GoneError(T("This message is no longer there."))
        return message

    async def _seen(self, message: RoomMessage, person_id: str) -> Event:
        found = await self._repository.of([message.id], person_id)
        return self._event(message, found[message.id])

    async def _tell(self, message: RoomMessage) -> None:
        """Show everybody the new counts; what is one's own, each page knows."""
        counts = (await self._repository.of([message.id], ""))[message.id]
        event = {"type": "feelings", "id": message.id, "room": message.room}
        self._board.audience.tell(
            event | {"reactions": _row(counts), "votes": _votes(message, counts)},
            room=message.room,
            only=message.audience_id,
        )

    def _event(self, message: RoomMessage, counts: RoomFeelings) -> Event:
        event: Event = {
            "reactions": _row(counts),
            "own_reactions": list(counts.own_reactions),
        }
        poll = message.poll
        if poll is not None:
            is_over = self._is_over(message, poll)
            event |= {
                "votes": _votes(message, counts),
                "own_vote": counts.own_vote,
                "is_over": is_over,
            }
            if poll.correct is not None and (is_over or counts.own_vote is not None):
                event["solution"] = {
                    "answer": poll.correct,
                    "explanation": poll.explanation,
                }
        return event

    def _is_over(self, message: RoomMessage, poll: Poll) -> bool:
        ends_utc = message.created_utc + timedelta(hours=poll.hours)
        return self._clock.now_utc() >= ends_utc


def _row(counts: RoomFeelings) -> list[list[str | int]]:
    return [[emoji, counts.reactions.get(emoji, 0)] for emoji in EMOJI]


def _votes(message: RoomMessage, counts: RoomFeelings) -> list[int]:
    answers = message.poll.answers if message.poll else ()
    return [counts.votes.get(number, 0) for number in range(len(answers))]
