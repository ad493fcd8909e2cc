"""The picture of each post: what was reviewed is what is published."""

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from bot.store.columns import from_utc_column, storable_text, utc_column
from bot.store.store import Store

__all__ = ["PostPictureRepository", "StoredPicture"]


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A post's picture.

    Attributes:
        number: 0 is the first; each other one counts up.
        alt: what it shows, for those who cannot see it.
        title: the title that is written in it; "": none.
        prompt: what a model was asked for; "": no model drew any of it.
        model: which model that was.
        is_cover: it is a designed cover, with something drawn in it or without.
    """

    post_id: str
    number: int
    content: bytes = field(repr=False)
    media_type: str
    alt: str
    made_utc: datetime
    title: str = ""
    prompt: str = field(default="", repr=False)
    model: str = ""
    seed: int = 0
    is_cover: bool = False


class PostPictureRepository:
    """Pictures by post; of each post the latest alone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, post_id: str) -> StoredPicture | None:
        """Return a post's picture, None where it has none."""

        def read(db: Database) -> StoredPicture | None:
            row = db.execute(
                "SELECT * FROM post_picture WHERE post_id = ?"
                " ORDER BY number DESC LIMIT 1",
                (post_id,),
            ).fetchone()
            return None if row is None else _picture(row)

        return await self._store.read(read)

    async def put(self, picture: StoredPicture, *, status: str | None = None) -> bool:
        """Keep a picture in place of the one before it.

        Returns False, with nothing changed, where the post's status is not `status`: a
        picture that was decided about stays. None: whatever it is.
        """
        row = {
            "post_id": picture.post_id,
            "number": picture.number,
            "content": picture.content,
            "media_type": picture.media_type,
            "alt": storable_text(picture.alt),
            "title": storable_text(picture.title),
            "prompt": storable_text(picture.prompt),
            "model": picture.model,
            "seed": picture.seed,
            "is_cover": picture.is_cover,
            "made_utc": utc_column(picture.made_utc),
        }

        def write(db: Database) -> bool:
            found = db.execute(
                "SELECT 1 FROM post WHERE id = ? AND status = coalesce(?, status)",
                (picture.post_id, status),
            ).fetchone()
            if found is None:
                return False
            db.execute("DELETE FROM post_picture WHERE post_id = ?", (picture.post_id,))
            db.execute(
                f"INSERT INTO post_picture ({', '.join(row)})"  # noqa: S608 (own names)
                f" VALUES ({', '.join(f':{name}' for name in row)})",
                row,
            )
            return True

        return await self._store.write(write)


def _picture(row: sqlite3.Row) -> StoredPicture:
    return StoredPicture(
        post_id=row["post_id"],
        number=row["number"],
        content=row["content"],
        media_type=row["media_type"],
        alt=row["alt"],
        made_utc=from_utc_column(row["made_utc"]),
        title=row["title"],
        prompt=row["prompt"],
        model=row["model"],
        seed=row["seed"],
        is_cover=bool(row["is_cover"]),
    )
