"""A core that answers every message with a text of its own, bit by bit."""

import asyncio
import random

from adapters.telegram.adapter import TelegramAdapter
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Button, Channel, Message, Press, Reply
from bot.reactions import Comment, Reaction, Vote

__all__ = ["Talker", "answer_to"]


def answer_to(text: str, num_words: int = 12) -> str:
    """Return the answer to a text: words that no other answer has."""
    return " ".join(f"{text}w{number}" for number in range(num_words))


class Talker:
    """An inbox that answers, as the core would.

    Attributes:
        answered: what became of each message, by its text: ids, or the error.
    """

    def __init__(
        self, clock: Clock, *, think_s: float = 0.2, seed: int = 1, num_words: int = 12
    ) -> None:
        self.adapter: TelegramAdapter | None = None
        self.answered: dict[str, tuple[str, ...] | PlatformError] = {}
        self.num_seen: dict[str, int] = {}
        self.presses: list[Press] = []
        self._clock = clock
        self._think_s = think_s
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._num_words = num_words
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen: set[tuple[str, str]] = set()

    def message(self, message: Message) -> None:
        """Answer a message that is to the bot, once for each id."""
        if not message.is_to_bot or (message.channel.key, message.id) in self._seen:
            return
        self._seen.add((message.channel.key, message.id))
        self.num_seen[message.text] = self.num_seen.get(message.text, 0) + 1
        task = asyncio.get_running_loop().create_task(self._answer(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def edited(self, message: Message) -> None:
        """Leave it."""

    def deleted(self, channel: Channel, message_id: str) -> None:
        """Leave it."""

    def pressed(self, press: Press) -> None:
        """Note it."""
        self.presses.append(press)

    def reacted(self, reaction: Reaction) -> None:
        """Leave it."""

    def voted(self, vote: Vote) -> None:
        """Leave it."""

    def commented(self, comment: Comment) -> None:
        """Leave it."""

    async def idle(self) -> None:
        """Wait until everything is answered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _answer(self, message: Message) -> None:
        assert self.adapter is not None
        text = answer_to(message.text, self._num_words)
        stop = Button("Stop", f"/stop {message.id}")
        stream = self.adapter.open_reply(message, buttons=(stop,))
        for start in range(0, len(text), 40):
            await self._clock.sleep(self._random.uniform(0, 2 * self._think_s))
            await stream.feed(text[start : start + 40])
        try:
            self.answered[message.text] = await stream.finish(
                Reply(text, reply_to_id=message.id)
            )
        except PlatformError as error:
            self.answered[message.text] = error
