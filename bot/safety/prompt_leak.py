"""Keeps the bot from reciting what it was told it is."""

from collections.abc import Iterable
from typing import ClassVar

from typing_extensions import override

from bot.safety.filter import Filter, Subject
from bot.safety.folding import fold_words
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

__all__ = ["PromptLeak"]

RUN_LENGTH = 9
"""So many words of a prompt in a row are a recital; fewer are just similar words."""


class PromptLeak(Filter):
    """Blocks what goes out where it recites a prompt of the owner's.

    Prompts shorter than RUN_LENGTH words have nothing to hide and are not looked for.
    """

    name: ClassVar[str] = "prompt_leak"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.OUTPUT})
    acts_in_shadow: ClassVar[bool] = True

    def __init__(self, prompts: Iterable[str]) -> None:
        self._runs = frozenset(run for prompt in prompts for run in _runs(prompt))

    @override
    async def judge(self, subject: Subject) -> Verdict:
        if not self._runs or self._runs.isdisjoint(_runs(subject.in_context)):
            return ALLOW
        return Verdict(
            Action.BLOCK,
            category="prompt_leak",
            score=1.0,
            filter=self.name,
            reason=f"{RUN_LENGTH} words in a row of a persona's prompt",
        )


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    """Return every run of so many words, folded."""
    words = fold_words(text).split()
    return zip(*(words[start:] for start in range(RUN_LENGTH)), strict=False)
