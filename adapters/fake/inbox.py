"""An inbox that only notes what comes in."""

import asyncio
from collections.abc import Callable

from bot.messages import Channel, Message, Press
from bot.reactions import Comment, Reaction, Vote

__all__ = ["RecordingInbox"]


class RecordingInbox:
    """Keeps what a platform hands in, for looking at.

    Attributes:
        messages: what people wrote.
        edits: what people wrote anew.
        deletions: the channels and ids of messages that are gone.
        presses: the buttons that were pressed.
        reactions: the emoji that were put under messages or taken away.
        votes: what was voted in polls.
        comments: what was written below posts, where only the platform knows that.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.edits: list[Message] = []
        self.deletions: list[tuple[Channel, str]] = []
        self.presses: list[Press] = []
        self.reactions: list[Reaction] = []
        self.votes: list[Vote] = []
        self.comments: list[Comment] = []
        self._changed = asyncio.Event()

    def message(self, message: Message) -> None:
        """Note that a person wrote."""
        self.messages.append(message)
        self._changed.set()

    def edited(self, message: Message) -> None:
        """Note that a person changed what they wrote."""
        self.edits.append(message)
        self._changed.set()

    def deleted(self, channel: Channel, message_id: str) -> None:
        """Note that a message is gone."""
        self.deletions.append((channel, message_id))
        self._changed.set()

    def pressed(self, press: Press) -> None:
        """Note that a person pressed a button."""
        self.presses.append(press)
        self._changed.set()

    def reacted(self, reaction: Reaction) -> None:
        """Note that somebody reacted."""
        self.reactions.append(reaction)
        self._changed.set()

    def voted(self, vote: Vote) -> None:
        """Note that somebody voted."""
        self.votes.append(vote)
        self._changed.set()

    def commented(self, comment: Comment) -> None:
        """Note that somebody wrote below a post."""
        self.comments.append(comment)
        self._changed.set()

    async def wait_until(
        self, is_there: Callable[[], bool], *, timeout_s: float = 10.0
    ) -> None:
        """Wait until something has come in.

        Raises:
            TimeoutError: it did not come.
        """
        async with asyncio.timeout(timeout_s):
            while not is_there():
                self._changed.clear()
                await self._changed.wait()

    async def wait_messages(
        self, num_messages: int, *, timeout_s: float = 10.0
    ) -> list[Message]:
        """Wait until so many messages have come in, in all, and return them."""
        await self.wait_until(
            lambda: len(self.messages) >= num_messages, timeout_s=timeout_s
        )
        return self.messages

    async def wait_presses(
        self, num_presses: int, *, timeout_s: float = 10.0
    ) -> list[Press]:
        """Wait until so many presses have come in, in all, and return them."""
        await self.wait_until(
            lambda: len(self.presses) >= num_presses, timeout_s=timeout_s
        )
        return self.presses
