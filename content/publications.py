"""Posts as they go out: with cover, sources and who wrote them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Attachment
from bot.publication import Publication
from bot.store.materials import MaterialRepository
from bot.store.posts import PostRepository, StoredPost
from bot.store.schedules import StoredSchedule
from bot.words import T, Words

__all__ = ["DrawCover", "Edition", "Manner", "Publications"]

DrawCover = Callable[[StoredPost], Awaitable[Attachment | None]]
"""Draws the cover of a post; None: it gets none."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a schedule wants its posts to go out.

    Attributes:
        patience_minutes: so long a platform that is down is tried.
    """

    tags: tuple[str, ...] = ()
    discuss: bool = False
    mention_role: str = ""
    patience_minutes: int = 60

    @classmethod
    def of(cls, schedule: StoredSchedule | None) -> "Manner":
        """Return how the posts of a schedule go out; None: it is gone."""
        if schedule is None:
            return cls()
        return cls(
            tags=schedule.tags,
            discuss=schedule.discuss,
            mention_role=schedule.mention_role,
            patience_minutes=schedule.grace_minutes,
        )


class Publications:
    """Lays posts out. The same text always comes out the same."""

    def __init__(
        self,
        *,
        materials: MaterialRepository,
        words: Words,
        draw: DrawCover | None = None,
    ) -> None:
        self._materials = materials
        self._words = words
        self._draw = draw

    async def of(self, post: StoredPost, manner: Manner) -> Publication:
        """Return a post as it goes out."""
        material, extras = await self._materials.get(post.id), post.extras
        return Publication(
            id=post.id,
            title=post.title,
            body=post.body,
            # Where the text has it already, it is not shown twice.
            summary="" if extras.summary in post.body else extras.summary,
            poll=extras.poll,
            sources=tuple(dict.fromkeys((*extras.sources, *material.links))),
            picture=await self._draw(post) if self._draw else None,
            byline=self._words.say(T("Written by AI"), post.language),
            tags=manner.tags,
            discussion=post.title if manner.discuss else "",
            mention_role=manner.mention_role,
        )


class Edition:
    """A post as it is by now, laid out once for each text that it has had."""

    def __init__(
        self,
        post_id: str,
        *,
        posts: PostRepository,
        publications: Publications,
        manner: Manner,
    ) -> None:
        self._post_id = post_id
        self._posts = posts
        self._publications = publications
        self._manner = manner
        self._turn = asyncio.Lock()
        self._of_utc: datetime | None = None
        self._publication: Publication | None = None

    async def current(self) -> Publication:
        """Return the post with the text that it has now.

        Raises:
            LookupError: there is no such post.
        """
        async with self._turn:
            post = await self._posts.get(self._post_id)
            if post is None:
                raise LookupError(f"there is no post {self._post_id}")
            if self._publication is None or post.updated_utc != self._of_utc:
                self._publication = await self._publications.of(post, self._manner)
                self._of_utc = post.updated_utc
            return self._publication
