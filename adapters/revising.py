"""Changing a post that is out: the messages it has become, one by one."""

from collections.abc import Sequence
from contextlib import suppress

from adapters.message_sink import MessageSink
from bot.errors import GoneError
from bot.messages import Reply
from bot.publication import Publication, Published

__all__ = ["published_as", "reply_of", "retract_messages", "revise_messages"]


async def revise_messages(
    sink: MessageSink, old_ids: Sequence[str], parts: Sequence[Reply], *, nonce: str
) -> tuple[str, ...]:
    """Turn messages into others; return their ids.

    What is more than before is sent, what is less is taken away at the end, so that
    nothing is missing in between. May be repeated under the same nonce.

    Raises:
        GoneError: one of them is no longer there.
    """
    ids: list[str] = []
    for number, part in enumerate(parts):
        if number < len(old_ids):
            await sink.edit(old_ids[number], part)
            ids.append(old_ids[number])
        else:
            ids.append(await sink.send(part, nonce=f"{nonce}.{number}"))
    await retract_messages(sink, old_ids[len(parts) :])
    return tuple(ids)


async def retract_messages(sink: MessageSink, message_ids: Sequence[str]) -> None:
    """Take messages away, the last first; those that are gone already are no error."""
    for message_id in reversed(message_ids):
        with suppress(GoneError):
            await sink.delete(message_id)


def published_as(message_ids: Sequence[str], publication: Publication) -> Published:
    """Return what a post became as plain messages, its picture under the last."""
    last_id = message_ids[-1] if message_ids else ""
    return Published(
        tuple(message_ids), picture_message_id=last_id if publication.picture else ""
    )


def reply_of(publication: Publication) -> Reply:
    """Return a post as a plain reply with its picture."""
    picture = publication.picture
    return Reply(publication.text, attachments=(picture,) if picture else ())
