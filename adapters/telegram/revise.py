"""Posts that are out on Telegram: changed, or taken away."""

from adapters.revising import retract_messages, revise_messages
from adapters.splitter import split
from adapters.telegram.calls import Kind
from adapters.telegram.chats import Chats
from adapters.telegram.entities import Rendered
from adapters.telegram.errors import NotSentError, is_saying
from adapters.telegram.limits import CAPTION_UNITS, LIMITS
from adapters.telegram.line import Line
from adapters.telegram.markup import render
from adapters.telegram.publish import AGAIN_S, Publishing, post_text
from adapters.telegram.sink import TelegramSink
from adapters.telegram.uploads import change_of_file
from bot.errors import (
    ForbiddenError,
    GoneError,
    NetworkError,
    PlatformError,
    RateLimitedError,
)
from bot.messages import Attachment, Channel, Reply
from bot.publication import Publication, Published

__all__ = ["Revising", "message_link"]

SUPERGROUP = "-100"
MESSAGE = ("message",)
"""What Telegram speaks of when a message is gone, and not the whole chat."""


class Revising:
    """Changes posts, each added part once, and takes posts away.

    What a change adds is remembered under its nonce, as `Publishing` does.
    """

    def __init__(self, line: Line, publishing: Publishing) -> None:
        self._line = line
        self._publishing = publishing

    async def revise(
        self,
        channel: Channel,
        published: Published,
        post: Publication,
        *,
        nonce: str,
    ) -> Published:
        """Change a post; polls stay, and a post without a picture gets none.

        Raises:
            NetworkError: it is not known whether a part that was added arrived.
            RateLimitedError: it may be repeated.
            PlatformError: Telegram did not take it.
        """
        sink = _Steps(await self._publishing.sink(channel, nonce))
        ids, picture_id = published.message_ids, published.picture_message_id
        text = post_text(post)
        kept: tuple[str, ...] = ()
        if picture_id and ids[:1] == (picture_id,):
            caption, text = _captioned(post, text)
            await self._show(sink, channel, picture_id, post.picture, caption)
            kept, ids = (picture_id,), ids[1:]
        elif picture_id and post.picture is not None:
            await self._show(sink, channel, picture_id, post.picture, "")
        parts = [Reply(piece) for piece in split(text, LIMITS) if piece.strip()]
        new = await revise_messages(sink, ids, parts, nonce=nonce)
        await self._publishing.forget(nonce)
        return Published(
            (*kept, *new),
            poll_message_id=published.poll_message_id,
            poll_id=published.poll_id,
            picture_message_id=picture_id,
        )

    async def retract(self, channel: Channel, published: Published) -> None:
        """Take a post away with its poll; what is gone already is no error.

        Raises:
            PlatformError: Telegram did not let it go.
        """
        sink = await self._publishing.sink(channel, "")
        await retract_messages(_Steps(sink), published.all_ids)

    async def _show(
        self,
        sink: "_Steps",
        channel: Channel,
        message_id: str,
        picture: Attachment | None,
        caption: str,
    ) -> None:
        """Give a message another picture and the text below it."""
        if picture is None:  # posts have none any more: what it shows stays
            await sink.change_caption(message_id, Reply(caption))
            return
        rendered = render(caption) if caption else Rendered("")
        change = await change_of_file(
            self._line, message_id, picture, caption=rendered, source=caption
        )
        try:
            await self._line.calls.run(
                channel.id, change, kind=Kind.MESSAGE, is_watched=False
            )
        except NetworkError as error:
            raise RateLimitedError(AGAIN_S) from error


class _Steps:
    """The calls for a post: what can be repeated without harm is said to be so."""

    def __init__(self, sink: TelegramSink) -> None:
        self._sink = sink

    async def send(self, message: Reply, *, nonce: str) -> str:
        try:
            try:
                return await self._sink.send(message, nonce=nonce)
            except NotSentError:
                raise
            except NetworkError:
                return await self._sink.send(message, nonce=nonce)  # looks for it
        except NotSentError as error:
            raise RateLimitedError(AGAIN_S) from error

    async def edit(self, message_id: str, message: Reply) -> None:
        try:
            await self._sink.edit(message_id, message)
        except NetworkError as error:
            raise RateLimitedError(AGAIN_S) from error

    async def change_caption(self, message_id: str, message: Reply) -> None:
        self._sink.has_caption(message_id)
        await self.edit(message_id, message)

    async def delete(self, message_id: str) -> None:
        try:
            await self._sink.delete(message_id)
        except NetworkError as error:
            raise RateLimitedError(AGAIN_S) from error
        except GoneError as error:
            if error.__cause__ is None or is_saying(error.__cause__, MESSAGE):
                raise
            # The bot is no longer in the chat: what it wrote still is.
            raise ForbiddenError(error.text) from error


def _captioned(post: Publication, text: str) -> tuple[str, str]:
    """Return what stands below the picture, and what follows in further messages."""
    if render(text).units <= CAPTION_UNITS:
        return text, ""
    heading = f"# {post.title}"
    if text.startswith(heading) and render(heading).units <= CAPTION_UNITS:
        return heading, text.removeprefix(heading).strip()
    return "", text


def message_link(chats: Chats, channel: Channel, message_id: str) -> str:
    """Return the address of a message; "" where only members of a chat know one."""
    here = chats.current(channel.id)
    if here.startswith("@"):
        chat = here.removeprefix("@")
    elif here.startswith(SUPERGROUP):
        chat = f"c/{here.removeprefix(SUPERGROUP)}"
    else:
        return ""
    try:
        return f"https://t.me/{chat}/{chats.number(here, message_id)}"
    except PlatformError:
        return ""
