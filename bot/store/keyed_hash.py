"""Names that can be known again but not read: hashes keyed with the store's secret."""

import hashlib
import hmac
from collections.abc import Callable

from bot.store.accounts import AccountRepository
from bot.store.store import Store

__all__ = ["Hashed", "KeyedHash"]

SECRET = "feedback"  # noqa: S105  the name of it, not the secret
HASH_DIGITS = 32

Hashed = Callable[[str, str], str]
"""Returns the hash of a name on a platform."""


class KeyedHash:
    """Hashes names. Nobody is found by a hash, but whose it is can be told by name.

    All tables of a store have the same hash for the same person.
    """

    def __init__(self, store: Store) -> None:
        self._accounts = AccountRepository(store)
        self._key = b""

    async def function(self) -> Hashed:
        """Return what hashes, once the key was read."""
        if not self._key:
            self._key = await self._accounts.secret(SECRET)
        key = self._key

        def hashed(platform: str, name: str) -> str:
            named = f"{platform}\0{name}".encode("utf-8", "surrogatepass")
            return hmac.new(key, named, hashlib.sha256).hexdigest()[:HASH_DIGITS]

        return hashed
