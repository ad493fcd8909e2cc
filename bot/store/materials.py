"""What posts are made from, beside their topic."""

import json
from dataclasses import asdict, dataclass, field

from sqlite_utils import Database

from bot.publication import Link
from bot.store.store import Store

__all__ = ["Material", "MaterialRepository", "StoredMaterial"]


@dataclass(frozen=True, slots=True)
class Material:
    """A text from outside: an entry of a feed, a message, an earlier post.

    Attributes:
        title: its headline, or the name of the channel that it was written in.
        url: where people can read it; "": nowhere.
        source: who says so: a publication, or the person who wrote the message.
        may_be_named: the person agreed that posts name them.
    """

    title: str
    url: str = ""
    text: str = field(default="", repr=False)
    source: str = ""
    may_be_named: bool = False


@dataclass(frozen=True, slots=True)
class StoredMaterial:
    """What a post is made from.

    Attributes:
        material: text from outside, marked as such, for prompts; "": there is none.
        links: where it comes from, for readers.
        items: what a post is put together from, for kinds that quote.
    """

    material: str = field(default="", repr=False)
    links: tuple[Link, ...] = ()
    items: tuple[Material, ...] = ()


class MaterialRepository:
    """Materials by post."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(self, post_id: str, material: StoredMaterial) -> None:
        """Keep a post's material in place of what there was."""
        links = [[link.title, link.url] for link in material.links]
        row = (
            post_id,
            material.material,
            json.dumps(links, ensure_ascii=False),
            json.dumps([asdict(item) for item in material.items], ensure_ascii=False),
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT OR REPLACE INTO post_material"
                " (post_id, material, links_json, items_json) VALUES (?, ?, ?, ?)",
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
            links = json.loads(row["links_json"])
            return StoredMaterial(
                row["material"],
                tuple(Link(title, url) for title, url in links),
                tuple(Material(**item) for item in json.loads(row["items_json"])),
            )

        return await self._store.read(read)
