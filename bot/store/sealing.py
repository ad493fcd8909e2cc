"""Encryption of single values: AES-256-GCM, with the place of a value bound to it.

A sealed value is a mark, the id of its key, its kind, its label, a nonce, and the
ciphertext with its tag. All before the nonce is authenticated with the text, so a
value that was put elsewhere, or changed, cannot be opened.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.config_file import secret
from bot.errors import ConfigError, StoreSealedError
from bot.words import T

__all__ = ["MARK", "Sealer", "new_key", "read_sealer"]

MARK = b"\x8eHS1"
"""No text in UTF-8 begins with the first of these bytes."""

KEY_BYTES = 32
ID_BYTES = 4
NONCE_BYTES = 12
LABEL_AT = len(MARK) + ID_BYTES + 3  # behind the kind and the label's length

TEXT, BLOB = b"t", b"b"


def new_key() -> str:
    """Return a key as it stands in the environment."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def read_sealer(variable: str, environ: Mapping[str, str]) -> "Sealer | None":
    """Return what seals with the keys in a variable; None: there is none.

    Raises:
        ConfigError: what is there is no key.
        MissingError: the package for it is not installed.
    """
    given = secret(environ, variable)
    if given is None:
        return None
    keys = [_key(text.strip(), variable) for text in given.split(",")]
    return Sealer(keys)


class Sealer:
    """Seals with the first of its keys, and opens with any. Any thread may use it.

    A label says where a value is: table, column and row.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = {_id_of(key): AESGCM(key) for key in keys}
        self._newest = _id_of(keys[0])
        self.prefixes = tuple(MARK + one for one in self._ciphers)
        """What sealed values begin with, those of the newest key first."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys, the newest first; they tell nothing of the keys."""
        return tuple(one.hex() for one in self._ciphers)

    def is_sealed(self, value: object) -> bool:
        """Return whether a value was sealed with one of the keys.

        A file that somebody sends may begin with MARK, but they do not know a key's id.
        """
        return isinstance(value, bytes) and value.startswith(self.prefixes)

    def seal(self, value: str | bytes, label: str) -> bytes:
        """Return a value sealed for the place that the label names."""
        kind, plain = (
            (TEXT, value.encode()) if isinstance(value, str) else (BLOB, value)
        )
        name = label.encode()
        head = self.prefixes[0] + kind + len(name).to_bytes(2, "big") + name
        nonce = secrets.token_bytes(NONCE_BYTES)
        return head + nonce + self._ciphers[self._newest].encrypt(nonce, plain, head)

    def open(self, sealed: bytes, label: str | None = None) -> str | bytes:
        """Return what was sealed; without a label it may be from anywhere.

        Raises:
            StoreSealedError: the key is missing, or the value was changed or is from
                another place; the text names the place.
        """
        end = LABEL_AT + int.from_bytes(sealed[LABEL_AT - 2 : LABEL_AT], "big")
        own = sealed[LABEL_AT:end].decode(errors="replace")
        cipher = self._ciphers.get(sealed[len(MARK) : len(MARK) + ID_BYTES])
        nonce = sealed[end : end + NONCE_BYTES]
        try:
            if cipher is None or (label is not None and label != own):
                raise InvalidTag
            plain = cipher.decrypt(nonce, sealed[end + NONCE_BYTES :], sealed[:end])
        except (InvalidTag, ValueError) as error:
            raise _unopened(label or own) from error
        return plain.decode() if sealed[LABEL_AT - 3 : LABEL_AT - 2] == TEXT else plain


def _unopened(place: str) -> StoreSealedError:
    return StoreSealedError(
        T(
            "A sealed value in the database cannot be opened: {place}. It was changed "
            "outside of Hearthbot, or its key is missing. Restore a backup, or delete "
            "that row.",
            place=place,
        )
    )


def _id_of(key: bytes) -> bytes:
    return hashlib.sha256(b"hearthbot store key\0" + key).digest()[:ID_BYTES]


def _key(text: str, variable: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigError(
            T(
                "What is in {name} is no key for the database: one is 32 bytes in "
                "base64, older ones follow after commas. `hearthbot store key` makes "
                "one. Nothing was changed.",
                name=variable,
            )
        )
    return key
