"""What a live reply needs of a platform."""

from typing import Protocol

from bot.messages import Reply

__all__ = ["MessageSink"]


class MessageSink(Protocol):
    """The calls of a platform that a live reply is made of.

    Each message is a `Reply` that fits the platform's limits. Each call raises
    PlatformError, NetworkError where it may have happened all the same.
    """

    async def send(self, message: Reply, *, nonce: str) -> str:
        """Send a message and return its id.

        Where the platform can tell, a nonce that was used before sends nothing and
        returns the id of the earlier message, whose contents stay as they are.
        """

    async def edit(self, message_id: str, message: Reply) -> None:
        """Give a message this text and these buttons.

        Files take the place of those that it has; without any it keeps them.
        """

    async def delete(self, message_id: str) -> None:
        """Take a message away, or empty it where that cannot be done."""
