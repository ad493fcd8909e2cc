"""What was changed at run time; it wins over config.toml."""

from sqlite_utils import Database

from bot.store.audit_chain import AuditEntry, append_audit
from bot.store.columns import utc_column
from bot.store.retention_days import Keep
from bot.store.store import Store

__all__ = ["SettingsRepository"]


STEERING = frozenset(
    {"persona", "model", "talk", "moderators", "safety", "pause", *Keep}
)
"""What moderators set by name; the rest is people's own or an adapter's notes."""


class SettingsRepository:
    """Values by key (whose: a channel, a community, a person) and name (of what)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, key: str, name: str) -> str | None:
        """Return a value, None where nothing was set."""

        def read(db: Database) -> str | None:
            row = db.execute(
                "SELECT value FROM setting WHERE key = ? AND name = ?", (key, name)
            ).fetchone()
            return None if row is None else str(row["value"])

        return await self._store.read(read)

    async def set(self, key: str, name: str, value: str) -> None:
        """Keep a value in place of the one before, and that, if moderators set it."""
        now_utc = self._store.clock.now_utc()
        row = (key, name, value, utc_column(now_utc))
        is_communitys = key.startswith("community:")
        change = AuditEntry(
            "setting.changed",
            f"{key} {name}",
            community=key if is_communitys else "",
            facts={} if name == "pause" else {"to": value},  # a pause has its reason
        )

        def write(db: Database) -> None:
            if name in STEERING or (is_communitys and name == "language"):
                append_audit(db, change, now_utc)
            db.execute(
                "INSERT OR REPLACE INTO setting (key, name, value, updated_utc)"
                " VALUES (?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def unset(self, key: str, name: str) -> bool:
        """Let config.toml count again; return whether anything was set."""

        def write(db: Database) -> bool:
            deleted = db.execute(
                "DELETE FROM setting WHERE key = ? AND name = ?", (key, name)
            )
            return deleted.rowcount == 1

        return await self._store.write(write)

    async def all(self, key: str) -> dict[str, str]:
        """Return what is set for a key, by name."""

        def read(db: Database) -> dict[str, str]:
            rows = db.execute(
                "SELECT name, value FROM setting WHERE key = ? ORDER BY name", (key,)
            )
            return {row["name"]: row["value"] for row in rows}

        return await self._store.read(read)

    async def rename(self, old_key: str, new_key: str) -> None:
        """Let what was set for a key, and for its threads, be set for another.

        Threads have keys that go on with a slash. What is set for the new one stays.
        """

        def write(db: Database) -> None:
            values = {"old": old_key, "new": new_key}
            db.execute(
                "UPDATE OR IGNORE setting"
                " SET key = :new || substr(key, length(:old) + 1)"
                " WHERE key = :old OR substr(key, 1, length(:old) + 1) = :old || '/'",
                values,
            )
            db.execute(
                "DELETE FROM setting"
                " WHERE key = :old OR substr(key, 1, length(:old) + 1) = :old || '/'",
                values,
            )

        await self._store.write(write)
