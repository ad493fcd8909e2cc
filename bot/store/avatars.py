"""The pictures of personas: each drawn once and kept."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlite_utils import Database

from bot.store.columns import storable_text, utc_column
from bot.store.store import Store

__all__ = ["AvatarRepository", "StoredAvatar"]


@dataclass(frozen=True, slots=True)
class StoredAvatar:
    """A persona's picture in a community, as a PNG.

    `prompt` is what a model was asked for.
    """

    community: str
    persona: str
    prompt: str = field(repr=False)
    content: bytes = field(repr=False)
    model: str
    seed: int


class AvatarRepository:
    """Avatars by community and the name of their persona."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, community: str, persona: str) -> StoredAvatar | None:
        """Return a persona's picture; None: it has none."""

        def read(db: Database) -> StoredAvatar | None:
            row = db.execute(
                "SELECT community, persona, prompt, content, model, seed"
                " FROM persona_avatar WHERE community = ? AND persona = ?",
                (community, persona),
            ).fetchone()
            return None if row is None else StoredAvatar(*row)

        return await self._store.read(read)

    async def put(self, avatar: StoredAvatar) -> None:
        """Keep a persona's picture in place of the one before."""
        row = (
            avatar.community,
            avatar.persona,
            storable_text(avatar.prompt),
            avatar.content,
            avatar.model,
            avatar.seed,
            utc_column(self._store.clock.now_utc()),
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT OR REPLACE INTO persona_avatar"
                " (community, persona, prompt, content, model, seed, made_utc)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def communities(self) -> tuple[str, ...]:
        """Return the communities that have any."""

        def read(db: Database) -> tuple[str, ...]:
            rows = db.execute("SELECT DISTINCT community FROM persona_avatar")
            return tuple(row["community"] for row in rows)

        return await self._store.read(read)

    async def keep_only(self, community: str, personas: Collection[str]) -> None:
        """Erase a community's pictures of all other personas."""

        def write(db: Database) -> None:
            db.execute(
                "DELETE FROM persona_avatar WHERE community = ?"
                " AND persona NOT IN (SELECT value FROM json_each(?))",
                (community, json.dumps([*personas])),
            )

        await self._store.write(write)
