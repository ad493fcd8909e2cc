"""Posts found by what is known of them, a page at a time."""

import sqlite3
from dataclasses import dataclass

from sqlite_utils import Database

from bot.store.columns import from_json_column
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store

__all__ = ["FoundPost", "PostSearch", "Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts are looked for. What is "" does not matter.

    Attributes:
        text: what stands in a title, a topic or a body, whatever the case.
        before: only posts made before the one of this number; 0: all.
    """

    status: str = ""
    kind: str = ""
    schedule_id: str = ""
    text: str = ""
    before: int = 0


@dataclass(frozen=True, slots=True)
class FoundPost:
    """A post with what says whose it is.

    Attributes:
        number: counts up with each new post.
        communities: whose moderators were asked about it.
        channels: the keys of the channels that it went to or was to go to.
    """

    number: int
    post: StoredPost
    communities: tuple[str, ...]
    channels: tuple[str, ...]


class PostSearch:
    """Looks posts up, the latest first."""

    def __init__(self, store: Store, posts: PostRepository) -> None:
        self._store = store
        self._posts = posts

    async def find(self, wanted: Wanted, *, limit: int) -> tuple[FoundPost, ...]:
        """Return the latest posts that are wanted."""
        values: dict[str, str | int] = {
            "status": wanted.status,
            "kind": wanted.kind,
            "schedule": wanted.schedule_id,
            "text": wanted.text.casefold(),
            "before": wanted.before,
            "limit": limit,
        }
        condition = (
            "(:status = '' OR post.status = :status)"
            " AND (:kind = '' OR post.kind = :kind)"
            " AND (:schedule = '' OR post.schedule_id = :schedule)"
            " AND (:before = 0 OR post.rowid < :before)"
            " AND (:text = '' OR instr(lower(post.title || char(10) || post.topic"
            " || char(10) || post.body), :text) > 0)"
        )
        return await self._find(condition, values)

    async def get(self, post_id: str) -> FoundPost | None:
        """Return one post, None where there is none of this id."""
        found = await self._find("post.id = :id", {"id": post_id, "limit": 1})
        return found[0] if found else None

    async def _find(
        self, condition: str, values: dict[str, str | int]
    ) -> tuple[FoundPost, ...]:
        # The conditions are this module's own; what comes from outside is bound.
        sql = (
            "SELECT post.rowid AS number, post.id, review.communities_json,"  # noqa: S608
            " (SELECT json_group_array(channel_key) FROM delivery"
            "  WHERE delivery.post_id = post.id) AS channels_json"
            " FROM post LEFT JOIN review ON review.post_id = post.id"
            f" WHERE {condition} ORDER BY post.rowid DESC LIMIT :limit"
        )

        def read(db: Database) -> list[sqlite3.Row]:
            return list(db.execute(sql, values))

        rows = await self._store.read(read)
        posts = [await self._posts.get(row["id"]) for row in rows]
        return tuple(
            FoundPost(
                row["number"],
                post,
                from_json_column(row["communities_json"] or "[]"),
                from_json_column(row["channels_json"]),
            )
            for row, post in zip(rows, posts, strict=True)
            if post is not None
        )
