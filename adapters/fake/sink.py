"""The calls of the fake platform that live replies and posts are made of."""

from adapters.fake.platform import FakePlatform
from bot.messages import Channel, Reply

__all__ = ["FakeSink"]


class FakeSink:
    """The platform's calls, bound to a channel."""

    def __init__(self, platform: FakePlatform, channel: Channel) -> None:
        self._platform = platform
        self._channel = channel

    async def send(self, message: Reply, *, nonce: str) -> str:
        """Send a message, once for each nonce."""
        return await self._platform.send(self._channel, message, nonce=nonce)

    async def edit(self, message_id: str, message: Reply) -> None:
        """Change a message; without files it keeps those that it has."""
        await self._platform.edit(
            message_id, message, keeps_files=not message.attachments
        )

    async def delete(self, message_id: str) -> None:
        """Take a message away."""
        await self._platform.delete(message_id)
