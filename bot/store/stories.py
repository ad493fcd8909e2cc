"""Stories in parts: what each part needs to know of those before it."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlite_utils import Database

from bot.store.columns import from_json_column, json_column, utc_column
from bot.store.store import Store

__all__ = ["StoryRepository", "StorySoFar"]


@dataclass(frozen=True, slots=True)
class StorySoFar:
    """A story after one of its parts.

    Attributes:
        plan: which of the designed plots it follows; "": one of the model's own.
        characters: who is in it; the hero first, then the friend, then the place.
        plot: what happens, a sentence for each part.
        last_lines: how the last part ended.
        part: the number of that part, from 1.
        has_ended: the next part begins another story.
    """

    title: str
    plan: str
    characters: tuple[str, ...]
    plot: tuple[str, ...] = field(repr=False)
    last_lines: str = field(repr=False)
    part: int
    has_ended: bool = False


class StoryRepository:
    """The stories of each schedule, part by part.

    A part stands beside its post, and counts only while that post does: one that was
    rejected never happened.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(self, post_id: str, schedule_id: str, story: StorySoFar) -> None:
        """Keep how a story stands after a post, in place of an earlier draft of it."""
        row = (
            post_id,
            schedule_id,
            story.title,
            story.plan,
            json_column(story.characters),
            json_column(story.plot),
            story.last_lines,
            story.part,
            story.has_ended,
            utc_column(self._store.clock.now_utc()),
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT OR REPLACE INTO story_part (post_id, schedule_id, title, plan,"
                " characters_json, plot_json, last_lines, part, has_ended, updated_utc)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def of(
        self,
        schedule_id: str,
        *,
        except_post: str = "",
        except_statuses: Collection[str] = (),
    ) -> tuple[StorySoFar, ...]:
        """Return the parts that a schedule has told, in order.

        Left out are those of a post that is being written anew, and of posts in one of
        these states.
        """

        def read(db: Database) -> tuple[StorySoFar, ...]:
            rows = db.execute(
                "SELECT story_part.* FROM story_part JOIN post ON post.id = post_id"
                " WHERE story_part.schedule_id = ? AND post_id != ?"
                " AND status NOT IN (SELECT value FROM json_each(?))"
                " ORDER BY post.rowid",
                (schedule_id, except_post, json_column([*except_statuses])),
            )
            return tuple(_story(row) for row in rows)

        return await self._store.read(read)


def _story(row: sqlite3.Row) -> StorySoFar:
    return StorySoFar(
        title=row["title"],
        plan=row["plan"],
        characters=from_json_column(row["characters_json"]),
        plot=from_json_column(row["plot_json"]),
        last_lines=row["last_lines"],
        part=row["part"],
        has_ended=bool(row["has_ended"]),
    )
