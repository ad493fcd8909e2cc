"""The words that communities block themselves, beside those of the settings."""

import asyncio
import json
from collections.abc import Sequence

from bot.errors import ConfigError, UserError
from bot.safety.word_entries import Entries
from bot.safety.word_search import WordSearch
from bot.settings_store import SettingsStore
from bot.words import T

__all__ = [
    "MAX_WORDS",
    "WORDS",
    "WORD_LENGTH",
    "OwnWords",
    "check_word",
    "dump_words",
    "load_words",
]

WORDS = "words"
"""The name of the setting."""

MAX_WORDS = 500
WORD_LENGTH = 100


class OwnWords:
    """The list of each community. What changes counts at once.

    `allowed` are the words of the settings in which a blocked word does not count.
    """

    def __init__(self, settings: SettingsStore, *, allowed: Sequence[str] = ()) -> None:
        self._settings = settings
        self._allowed = Entries(allowed, setting="safety.allowed_words")
        self._searches: dict[str, tuple[str, WordSearch]] = {}
        self._changing = asyncio.Lock()

    async def all(self, community: str) -> tuple[str, ...]:
        """Return the list of a community, in the order in which it was written."""
        return load_words(await self._settings.get(community, WORDS))

    async def search(self, community: str) -> WordSearch | None:
        """Return what looks for the words of a community; None where it has none."""
        line = await self._settings.get(community, WORDS)
        if not line:
            return None
        known = self._searches.get(community)
        if known is None or known[0] != line:
            search = WordSearch(
                load_words(line), setting="/words", allowed=self._allowed
            )
            known = self._searches[community] = line, search
        return known[1]

    async def add(self, community: str, word: str) -> None:
        """Block a word or phrase from now on.

        Raises:
            UserError: it cannot be kept, is there already, or is one too many.
        """
        word = check_word(word)
        async with self._changing:
            words = await self.all(community)
            if word in words:
                raise UserError(T("“{word}” is on the list already.", word=word))
            if len(words) >= MAX_WORDS:
                raise UserError(
                    T("The list is full: {n} entries. Remove one.", n=len(words))
                )
            await self._keep(community, (*words, word))

    async def remove(self, community: str, word: str) -> str:
        """Take an entry off the list, named or by its number; return it.

        Raises:
            UserError: there is no such entry.
        """
        word = " ".join(word.split())
        async with self._changing:
            words = await self.all(community)
            if word not in words and word.isdecimal() and 0 < int(word) <= len(words):
                word = words[int(word) - 1]
            if word not in words:
                raise UserError(
                    T("“{word}” is not on the list. /words list shows it.", word=word)
                )
            await self._keep(community, tuple(one for one in words if one != word))
        return word

    async def _keep(self, community: str, words: Sequence[str]) -> None:
        await self._settings.set(community, WORDS, dump_words(words))


def check_word(word: str) -> str:
    """Return an entry as it is kept.

    Raises:
        UserError: it is empty, too long, or cannot be looked for.
    """
    word = " ".join(word.split())
    if not 0 < len(word) <= WORD_LENGTH:
        raise UserError(
            T(
                "Write a word or phrase of at most {limit} characters.",
                limit=WORD_LENGTH,
            )
        )
    try:
        Entries((word,), setting="/words")
    except ConfigError as error:
        raise UserError(error.text) from error
    return word


def dump_words(words: Sequence[str]) -> str:
    """Return words as a line for the store; "" for none."""
    return json.dumps(list(words), ensure_ascii=False) if words else ""


def load_words(line: str | None) -> tuple[str, ...]:
    """Return what `dump_words` wrote."""
    return tuple(json.loads(line)) if line else ()
