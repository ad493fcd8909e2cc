"""What an English grammar checker says about a text.

Harper is quick (a whole post in 20 to 50 ms, 1 to 2 ms a sentence) and seldom wrong
about what it does say. It misses much: "cats loves", "the box make" and "basil need"
pass, for it checks verbs only after pronouns. So it can lower a score, never vouch.
"""

import asyncio
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from bot.words import T
from content.languages import base_of
from content.quality import Part
from content.sentences import sentences

if TYPE_CHECKING:
    from harper import Linter

__all__ = ["grammar_part"]

RELIABLE = frozenset(
    {
        "Agreement",
        "BoundaryError",
        "Eggcorn",
        "Grammar",
        "Malapropism",
        "Nonstandard",
        "Repetition",
        "Typo",
    }
)
"""Not among them: spelling, which takes names and British words for mistakes; choice of
words, which took "window sill" and "somebody new" for some; capitals and style, which
are a matter of taste."""
MOST_FAULTS = 0.2
"""The share of sentences with a fault from which a text is not good enough."""

_ONE_AT_A_TIME = Lock()  # a linter refuses to be used by two threads at once


async def grammar_part(text: str, language: str) -> Part | None:
    """Return how correct a text is; None for languages that are not checked."""
    if base_of(language) != "en" or not text.strip():
        return None
    num_faults = await asyncio.to_thread(_num_faults, text)
    share = num_faults / max(1, len(sentences(text)))
    reason = T("its grammar has mistakes") if share > MOST_FAULTS else None
    return Part("grammar", max(0.0, 1.0 - share), reason)


def _num_faults(text: str) -> int:
    with _ONE_AT_A_TIME:
        return sum(lint.lint_kind in RELIABLE for lint in _linter().lint(text))


@cache
def _linter() -> "Linter":
    from harper import Linter  # 40 ms and 20 MB: only where it is needed

    return Linter()
