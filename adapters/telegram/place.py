"""Where a message of the bot goes."""

from dataclasses import dataclass

from bot.messages import Channel

__all__ = ["Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """A chat or a topic of it.

    Attributes:
        anchor_id: the message that everything replies to, where only that keeps it in
            its thread (comments below a post); "": none.
    """

    chat_id: str
    thread_id: int | None = None
    anchor_id: str = ""

    @classmethod
    def of(cls, channel: Channel, *, anchor_id: str = "") -> "Place":
        """Return the place of a channel."""
        thread_id = int(channel.thread_id) if channel.thread_id else None
        return cls(channel.id, thread_id, anchor_id)
