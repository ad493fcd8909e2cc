"""Takes in what people make of posts: at once, and many together."""

from collections import deque
from collections.abc import Awaitable, Callable, Collection

import structlog

from bot.messages import Message
from bot.reactions import Comment, Reaction, Vote
from bot.store.feedback import FeedbackRepository
from bot.tasks import Tasks

__all__ = ["Feedback", "OnVotes"]

logger = structlog.get_logger(__name__)

MAX_BATCH = 500
MAX_WAITING = 50_000
"""Beyond so many, further ones are let go: a flood may not fill the memory."""

OnVotes = Callable[[Collection[str]], Awaitable[None]]
"""Is told which posts have new votes."""


class Feedback:
    """Collects reactions, votes and replies, and writes what waits in one go.

    The first is written at once; while that is under way the next ones gather.
    """

    def __init__(
        self,
        repository: FeedbackRepository,
        tasks: Tasks,
        *,
        on_votes: OnVotes | None = None,
    ) -> None:
        self._repository = repository
        self._tasks = tasks
        self._on_votes = on_votes
        self._waiting: deque[Reaction | Vote | Comment] = deque()
        self._is_writing = False
        self._num_lost = 0

    def take(self, event: Reaction | Vote | Comment) -> None:
        """Take something in; returns at once."""
        if len(self._waiting) >= MAX_WAITING:
            self._num_lost += 1
            return
        self._waiting.append(event)
        if not self._is_writing:
            self._is_writing = True
            self._tasks.begin(self._write())

    def written(self, message: Message) -> None:
        """Look whether a message may be below a post; its text is not looked at."""
        channel, author = message.channel, message.author
        if message.reply_to_id is None and channel.thread_id is None:
            return  # most messages: this is in the way of each
        below = tuple(id_ for id_ in (message.reply_to_id, channel.thread_id) if id_)
        self.take(Comment(channel, message.id, author.id, below))

    async def _write(self) -> None:
        try:
            while self._waiting:
                num = min(MAX_BATCH, len(self._waiting))
                batch = [self._waiting.popleft() for _ in range(num)]
                voted = await self._repository.keep(batch)
                if voted and self._on_votes is not None:
                    await self._on_votes(voted)
        finally:
            self._is_writing = False
            if self._num_lost:
                logger.warning("too much feedback at once", lost=self._num_lost)
                self._num_lost = 0
