"""What the bot must know to recognize people on its page, and its own starts."""

import asyncio
import hashlib
import hmac
import secrets
import unicodedata
from typing import cast

from sqlite_utils import Database

from bot.store.columns import utc_column
from bot.store.store import Store

__all__ = ["AccountRepository"]

SECRET_BYTES = 32
SALT_BYTES = 16
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1  # 16 MiB and some 50 ms for each try


class AccountRepository:
    """Signing keys, password hashes and the count of starts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def secret(self, name: str) -> bytes:
        """Return 32 random bytes: drawn the first time, the same ever after."""
        now_utc = utc_column(self._store.clock.now_utc())

        def write(db: Database) -> bytes:
            db.execute(
                "INSERT OR IGNORE INTO secret (name, value, created_utc)"
                " VALUES (?, ?, ?)",
                (name, secrets.token_bytes(SECRET_BYTES), now_utc),
            )
            row = db.execute("SELECT value FROM secret WHERE name = ?", (name,))
            return bytes(row.fetchone()["value"])

        return await self._store.write(write)

    async def set_password(self, name: str, password: str) -> None:
        """Keep the hash of a password, in place of the one before.

        Every seat that was taken with that one ends.
        """
        salt = secrets.token_bytes(SALT_BYTES)
        digest = await asyncio.to_thread(_scrypt, password, salt)
        row = (
            name,
            f"scrypt${salt.hex()}${digest.hex()}",
            utc_column(self._store.clock.now_utc()),
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT OR REPLACE INTO password (name, hash, updated_utc)"
                " VALUES (?, ?, ?)",
                row,
            )
            db.execute("DELETE FROM seat")

        await self._store.write(write)

    async def has_password(self, name: str) -> bool:
        """Return whether a password was set under this name."""
        return await self._hash(name) is not None

    async def check_password(self, name: str, password: str) -> bool:
        """Return whether this is the password; as slow where there is none."""
        stored = await self._hash(name)
        _, salt, digest = (stored or f"scrypt${'00' * SALT_BYTES}$").split("$")
        given = await asyncio.to_thread(_scrypt, password, bytes.fromhex(salt))
        return hmac.compare_digest(given, bytes.fromhex(digest))

    async def record_start(self) -> int:
        """Count a start of the bot; return its number, 1 for the very first."""
        now_utc = utc_column(self._store.clock.now_utc())

        def write(db: Database) -> int:
            added = db.execute("INSERT INTO start (started_utc) VALUES (?)", (now_utc,))
            return cast("int", added.lastrowid)  # None only where nothing was added

        return await self._store.write(write)

    async def is_first_start(self) -> bool:
        """Return whether at most one start was counted."""

        def read(db: Database) -> bool:
            row = db.execute("SELECT count(*) AS starts FROM start").fetchone()
            return int(row["starts"]) <= 1

        return await self._store.read(read)

    async def _hash(self, name: str) -> str | None:
        def read(db: Database) -> str | None:
            row = db.execute(
                "SELECT hash FROM password WHERE name = ?", (name,)
            ).fetchone()
            return None if row is None else str(row["hash"])

        return await self._store.read(read)


def _scrypt(password: str, salt: bytes) -> bytes:
    # NFKC: the same password from another keyboard may come in other code points.
    typed = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(typed, salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P)
