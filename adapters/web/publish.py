"""A post in a room: its text and picture, its poll to vote in."""

from dataclasses import replace

from adapters.web.board import Board
from adapters.web.errors import as_platform_errors
from bot.messages import Channel
from bot.publication import Publication, Published

__all__ = ["publish"]


async def publish(
    board: Board, channel: Channel, publication: Publication, nonce: str
) -> Published:
    """Show a post; what was shown under the nonce before is not shown again.

    Raises:
        PlatformError: the page is closed, or it could not be kept.
    """
    picture, poll = publication.picture, publication.poll
    with as_platform_errors():
        stored = await board.post(
            channel.id,
            replace(publication, poll=None).text,
            attachments=(picture,) if picture else (),
            nonce=f"{nonce}.0" if nonce else "",
            post_id=publication.id,
            poll=poll,
        )
    return Published(
        (stored.id,),
        poll_message_id=stored.id if poll else "",
        picture_message_id=stored.id if picture else "",
    )
