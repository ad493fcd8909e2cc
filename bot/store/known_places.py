"""Which communities and channels the bot has met, as far as they left a trace."""

from sqlite_utils import Database

from bot.store.store import Store

__all__ = ["KnownPlaces"]

MOST_CHANNELS = 200


class KnownPlaces:
    """Looks through what is kept anyway: there is no list of places."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def communities(self) -> tuple[str, ...]:
        """Return the `community_key` of each, sorted."""

        def read(db: Database) -> tuple[str, ...]:
            rows = db.execute(
                "SELECT community_key AS key FROM judgement"
                " WHERE scope LIKE '%|-' UNION"
                " SELECT community FROM audit WHERE community != '' UNION"
                " SELECT key FROM setting WHERE key LIKE 'community:%' ORDER BY 1"
            )
            return tuple(row["key"] for row in rows)

        return await self._store.read(read)

    async def channels(self, community: str) -> tuple[str, ...]:
        """Return the keys of a community's channels, sorted; private ones never."""

        def read(db: Database) -> tuple[str, ...]:
            rows = db.execute(
                "SELECT DISTINCT channel_key FROM judgement WHERE community_key = ?"
                " AND scope LIKE '%|-' ORDER BY channel_key LIMIT ?",
                (community, MOST_CHANNELS),
            )
            return tuple(row["channel_key"] for row in rows)

        return await self._store.read(read)

    async def settings(self, name: str) -> dict[str, str]:
        """Return for which keys something is set, and to what."""

        def read(db: Database) -> dict[str, str]:
            rows = db.execute(
                "SELECT key, value FROM setting WHERE name = ? AND value != ''", (name,)
            )
            return {row["key"]: row["value"] for row in rows}

        return await self._store.read(read)
