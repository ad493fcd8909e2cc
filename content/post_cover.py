"""The cover of a post, as the settings want it."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from bot.config_cover import CoverConfig
from bot.messages import Attachment
from bot.store.posts import StoredPost

if TYPE_CHECKING:
    from content.cover import Covers

__all__ = ["ColoursOf", "PostCovers", "seed_of"]

ColoursOf = Callable[[StoredPost], Awaitable[Sequence[str]]]
"""Returns the colours of the community that a post is for; none: it chose none."""


async def _no_colours(_: StoredPost) -> Sequence[str]:
    return ()


class PostCovers:
    """Draws covers; what that needs is loaded with the first one.

    The same post always has the same cover, also after a restart.
    """

    def __init__(
        self, config: CoverConfig, *, name: str, colours_of: ColoursOf = _no_colours
    ) -> None:
        self._config = config
        self._name = name
        self._colours_of = colours_of
        self._covers: Covers | None = None

    async def draw(
        self, post: StoredPost, *, number: int = 0, sticker: bytes | None = None
    ) -> Attachment | None:
        """Return a post's cover; None where the settings want none.

        Another number, another design. `sticker` is a PNG to set beside the title.
        """
        if not self._config.enabled:
            return None
        if self._covers is None:
            from content.cover import Covers

            self._covers = Covers(colours=self._config.colours)
        return await self._covers.cover(
            post.title,
            kind=post.kind,
            name=self._name,
            seed=seed_of(post.id, number),
            colours=await self._colours_of(post) or None,
            sticker=sticker,
        )


def seed_of(post_id: str, number: int) -> int:
    """Return the seed of a post's picture: its own for each post and number."""
    key = f"{post_id}/{number}" if number else post_id
    digest = hashlib.sha256(key.encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
