"""An answer that grows on the fake platform."""

from typing import TYPE_CHECKING

from typing_extensions import override

from adapters.fake.sink import FakeSink
from adapters.live_edit import LiveEdit
from bot.adapter import ReplyStream
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Attachment, Button, Message, Reply

if TYPE_CHECKING:
    from adapters.fake.adapter import FakeAdapter

__all__ = ["FakeReply"]


class FakeReply(ReplyStream):
    """A live reply, with the typing that goes with it."""

    def __init__(
        self,
        adapter: "FakeAdapter",
        message: Message,
        *,
        buttons: tuple[Button, ...],
        clock: Clock,
    ) -> None:
        self.message = message
        self._adapter = adapter
        self._live = LiveEdit(
            FakeSink(adapter.platform, message.channel),
            limits=adapter.limits,
            clock=clock,
            can_edit=adapter.can_edit,
            buttons=buttons,
            reply_to_id=message.id,
        )

    @override
    async def notice(self, text: str, picture: Attachment | None = None) -> None:
        await self._live.notice(text, picture)

    @override
    async def feed(self, text: str) -> None:
        await self._live.feed(text)

    @override
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        try:
            message_ids = await self._live.finish(reply)
        except PlatformError as error:
            self._adapter.settle(self.message.id, error)
            raise
        finally:
            self._adapter.closed(self)
        if reply.text.strip() or reply.attachments:  # else the answer is yet to come
            self._adapter.settle(self.message.id, reply)
        return message_ids

    async def aclose(self) -> None:
        """Stop at once."""
        await self._live.aclose()
        self._adapter.closed(self)
