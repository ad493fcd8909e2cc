"""Which accounts are one person's."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.messages import Author, Channel

__all__ = ["Account", "Identity", "Linked", "alone"]

Identity = tuple[str, str]
"""An account: the platform, and the person's id there."""

Linked = Callable[[str, str], Awaitable[tuple[Identity, ...]]]
"""Returns all accounts of who has one, this one too, the first linked first.

What is held against a person, or counted for them, counts for all their accounts: look
for it under each.
"""


async def alone(platform: str, person_id: str) -> tuple[Identity, ...]:
    """Return one account alone: nobody has linked theirs."""
    return ((platform, person_id),)


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it was called when it was linked.

    Attributes:
        channel_id: where it can be told something, for `Adapter.channel`.
    """

    platform: str
    person_id: str
    name: str
    channel_id: str

    @classmethod
    def of(cls, channel: Channel, person: Author) -> "Account":
        """Return the account of a person who writes in a channel."""
        place = channel.key.removeprefix(f"{channel.platform}:")
        return cls(channel.platform, person.id, person.name, place)

    @property
    def identity(self) -> Identity:
        """Its platform and id."""
        return (self.platform, self.person_id)
