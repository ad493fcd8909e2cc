"""The cover of a post, as the settings want it."""

import hashlib
from typing import TYPE_CHECKING

from bot.config_cover import CoverConfig
from bot.messages import Attachment
from bot.store.posts import StoredPost

if TYPE_CHECKING:
    from content.cover import Covers

__all__ = ["PostCovers"]


class PostCovers:
    """Draws covers; what that needs is loaded with the first one.

    The same post always has the same cover, also after a restart.
    """

    def __init__(self, config: CoverConfig, *, name: str) -> None:
        self._config = config
        self._name = name
        self._covers: Covers | None = None

    async def draw(self, post: StoredPost) -> Attachment | None:
        """Return a post's cover; None where the settings want none."""
        if not self._config.enabled:
            return None
        if self._covers is None:
            from content.cover import Covers

            self._covers = Covers(colours=self._config.colours)
        digest = hashlib.sha256(post.id.encode()).digest()
        return await self._covers.cover(
            post.title,
            kind=post.kind,
            name=self._name,
            seed=int.from_bytes(digest[:4], "big"),
        )
