"""The pictures of personas: each drawn once and kept."""

from dataclasses import dataclass, field

from sqlite_utils import Database

from bot.store.columns import storable_text, utc_column
from bot.store.store import Store

__all__ = ["AvatarRepository", "StoredAvatar"]


@dataclass(frozen=True, slots=True)
class StoredAvatar:
    """A persona's picture, as a PNG. `prompt` is what a model was asked for."""

    persona: str
    prompt: str = field(repr=False)
    content: bytes = field(repr=False)
    model: str
    seed: int


class AvatarRepository:
    """Avatars by the name of their persona."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, persona: str) -> StoredAvatar | None:
        """Return a persona's picture; None: it has none."""

        def read(db: Database) -> StoredAvatar | None:
            row = db.execute(
                "SELECT * FROM persona_avatar WHERE persona = ?", (persona,)
            ).fetchone()
            if row is None:
                return None
            return StoredAvatar(
                row["persona"], row["prompt"], row["content"], row["model"], row["seed"]
            )

        return await self._store.read(read)

    async def put(self, avatar: StoredAvatar) -> None:
        """Keep a persona's picture in place of the one before."""
        row = (
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
                " (persona, prompt, content, model, seed, made_utc)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)
