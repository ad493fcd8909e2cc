"""What posts are made from, beside their topic."""

import json
from dataclasses import dataclass, field

from sqlite_utils import Database

from bot.publication import Link
from bot.store.store import Store

__all__ = ["MaterialRepository", "StoredMaterial"]


@dataclass(frozen=True, slots=True)
class StoredMaterial:
    """What a post is made from.

    Attributes:
        material: text from outside, marked as such, for prompts; "": there is none.
        links: where it comes from, for readers.
    """

    material: str = field(default="", repr=False)
    links: tuple[Link, ...] = ()


class MaterialRepository:
    """Materials by post."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(self, post_id: str, material: StoredMaterial) -> None:
        """Keep a post's material in place of what there was."""
        links = [[link.title, link.url] for link in material.links]
        row = (post_id, material.material, json.dumps(links, ensure_ascii=False))

        def write(db: Database) -> None:
            db.execute(
                "INSERT OR REPLACE INTO post_material (post_id, material, links_json)"
                " VALUES (?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def get(self, post_id: str) -> StoredMaterial:
        """Return a post's material, an empty one where there is none."""

        def read(db: Database) -> StoredMaterial:
            row = db.execute(
                "SELECT * FROM post_material WHERE post_id = ?", (post_id,)
            ).fetchone()
            if row is None:
                return StoredMaterial()
            links = tuple(Link(title, url) for title, url in json.loads(row[2]))
            return StoredMaterial(row["material"], links)

        return await self._store.read(read)
