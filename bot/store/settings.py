"""What was changed at run time; it wins over config.toml."""

from collections.abc import Mapping
from datetime import datetime

from sqlite_utils import Database

from bot.store.audit_chain import AuditEntry, append_audit
from bot.store.columns import utc_column
from bot.store.retention_days import Keep
from bot.store.store import Store

__all__ = ["SettingsRepository"]


STEERING = frozenset(
    {
        *("persona", "model", "talk", "moderators", "safety", "pause"),
        *("personas", "words", "limits.person", "limits.channel", "limits.length"),
        *("quota.requests", "quota.seconds"),
        *("quota.community_requests", "quota.community_seconds"),
        *("rights", "style-line", "style-palette", "watch"),
        *Keep,
    }
)
"""What moderators set by name; the rest is people's own or an adapter's notes."""

UNSAID = frozenset({"pause", "personas", "words", "style-line"})
"""Of these the audit keeps that they changed, not what moderators wrote in them."""


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

        def write(db: Database) -> None:
            _put(db, key, name, value, now_utc)

        await self._store.write(write)

    async def change(
        self,
        before: Mapping[tuple[str, str], str],
        after: Mapping[tuple[str, str], str],
    ) -> bool:
        """Set all of `after`, by key and name, unless one is not as in `before`.

        Then nothing is set, and False returned. "" stands for what is not set.
        """
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> bool:
            for place, value in before.items():
                row = db.execute(
                    "SELECT value FROM setting WHERE key = ? AND name = ?", place
                ).fetchone()
                if (row["value"] if row is not None else "") != value:
                    return False
            for (key, name), value in after.items():
                if before.get((key, name)) != value:
                    _put(db, key, name, value, now_utc)
            return True

        return await self._store.write(write)

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


def _put(db: Database, key: str, name: str, value: str, now_utc: datetime) -> None:
    is_persons = key.startswith("person:")
    if name in STEERING or (name == "language" and not is_persons):
        change = AuditEntry(
            "setting.changed",
            f"{key} {name}",
            community=key if key.startswith("community:") else "",
            facts={} if name in UNSAID else {"to": value},
        )
        append_audit(db, change, now_utc)
    db.execute(
        "INSERT OR REPLACE INTO setting (key, name, value, updated_utc)"
        " VALUES (?, ?, ?, ?)",
        (key, name, value, utc_column(now_utc)),
    )
