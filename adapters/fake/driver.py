"""A person at a platform, as the contract suite of the adapters needs one."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from adapters.fake.inbox import RecordingInbox
from bot.adapter import Adapter
from bot.messages import Message

__all__ = ["AdapterDriver"]


class AdapterDriver(ABC):
    """Speaks, presses and reads like a person, on a platform that is connected.

    `async with driver:` connects it. To bring a new adapter under the contract, write
    one and add it to the table in tests/adapters/conftest.py.

    Attributes:
        adapter: the adapter under test, connected.
        inbox: what it handed in.
        channel_ids: channels that are there, two where the platform has several.
        can_change: whether people can edit and delete their messages.
        can_feel: whether people can react to posts and vote in polls.
        can_illustrate: whether a notice can show a picture.
    """

    adapter: Adapter
    inbox: RecordingInbox
    channel_ids: tuple[str, ...]
    can_change: bool
    can_feel: bool = False
    can_illustrate: bool = True

    @abstractmethod
    async def __aenter__(self) -> "AdapterDriver": ...

    @abstractmethod
    async def __aexit__(self, *exc_info: object) -> None: ...

    @abstractmethod
    async def write(self, text: str, *, channel_id: str) -> None:
        """Write something, as a person."""

    @abstractmethod
    async def press(self, label: str, *, channel_id: str) -> None:
        """Press the newest button with this label."""

    @abstractmethod
    async def shown(self, *, channel_id: str) -> str:
        """Return what the bot's messages in a channel show now, in one string."""

    async def num_pictures(self, *, channel_id: str) -> int:
        """Return how many pictures the bot's messages in a channel show now."""
        raise NotImplementedError

    def rendered(self, text: str) -> str:
        """Return a text as the platform shows it, with its markup as what it means."""
        return text

    async def edit(self, message: Message, text: str) -> None:
        """Change what was written."""
        raise NotImplementedError

    async def delete(self, message: Message) -> None:
        """Take away what was written."""
        raise NotImplementedError

    async def react(self, message_id: str, emoji: str, *, channel_id: str) -> None:
        """Put an emoji below a message."""
        raise NotImplementedError

    async def vote(self, message_id: str, answer: int, *, channel_id: str) -> None:
        """Choose an answer of the poll in a message."""
        raise NotImplementedError

    async def say(self, text: str, *, channel_id: str | None = None) -> Message:
        """Write something and return the message as the core gets it."""
        num_before = len(self.inbox.messages)
        await self.write(text, channel_id=channel_id or self.channel_ids[0])
        return (await self.inbox.wait_messages(num_before + 1))[-1]

    async def read(
        self,
        is_enough: Callable[[str], bool],
        *,
        channel_id: str | None = None,
        timeout_s: float = 10.0,
    ) -> str:
        """Read a channel until there is enough, and return what it shows then.

        Raises:
            TimeoutError: it never was.
        """
        channel_id = channel_id or self.channel_ids[0]
        async with asyncio.timeout(timeout_s):
            while True:
                text = await self.shown(channel_id=channel_id)
                if is_enough(text):
                    return text
                # A reader looks again: a platform has no event for being read.
                await asyncio.sleep(0.01)
