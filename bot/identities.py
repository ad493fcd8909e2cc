"""Which accounts are one person's."""

from dataclasses import dataclass
from typing import Protocol

from bot.messages import Author, Channel

__all__ = ["Account", "Identity", "People"]

Identity = tuple[str, str]
"""An account: the platform, and the person's id there."""


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


class People(Protocol):
    """Knows who linked their accounts with each other.

    What is held against a person, or counted for them, counts for all their accounts:
    look for it under each of `identities`.
    """

    async def identities(self, platform: str, person_id: str) -> tuple[Identity, ...]:
        """Return all accounts of a person, this one too, the first linked first."""
