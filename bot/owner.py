"""On whose behalf the engine works, so that everybody has their turn."""

from bot.generation.requests import Owner
from bot.messages import Author, Channel

__all__ = ["owner_of"]


def owner_of(channel: Channel, author: Author) -> Owner:
    """Return the owner of what an author asks for in a channel."""
    return Owner(
        community=f"{channel.platform}:{channel.community_id}",
        person=f"{channel.platform}:{author.id}",
    )
