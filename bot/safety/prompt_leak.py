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

MAX_KNOWN = 200
"""Of so many communities it is known what their prompts come to."""

Run = tuple[str, ...]


class PromptLeak(Filter):
    """Blocks what goes out where it recites a prompt of the owner or the community.

    Whoever rewrites a persona may repeat what the community wrote. Prompts shorter than
    RUN_LENGTH words have nothing to hide and are not looked for.
    """

    name: ClassVar[str] = "prompt_leak"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.OUTPUT})
    acts_in_shadow: ClassVar[bool] = True

    def __init__(self, prompts: Iterable[str]) -> None:
        self._runs = _runs_of(prompts)
        self._own: dict[tuple[str, ...], frozenset[Run]] = {}

    @override
    async def judge(self, subject: Subject) -> Verdict:
        own = () if subject.is_instruction else subject.policy.own_prompts
        secret = (self._runs, self._runs_of_own(own))
        if not any(secret):
            return ALLOW
        said = frozenset(_runs(subject.in_context))
        if all(runs.isdisjoint(said) for runs in secret):
            return ALLOW
        return Verdict(
            Action.BLOCK,
            category="prompt_leak",
            score=1.0,
            filter=self.name,
            reason=f"{RUN_LENGTH} words in a row of a persona's prompt",
        )

    def _runs_of_own(self, prompts: tuple[str, ...]) -> frozenset[Run]:
        if prompts not in self._own:
            if len(self._own) >= MAX_KNOWN:
                self._own.clear()
            self._own[prompts] = _runs_of(prompts)
        return self._own[prompts]


def _runs_of(prompts: Iterable[str]) -> frozenset[Run]:
    return frozenset(run for prompt in prompts for run in _runs(prompt))


def _runs(text: str) -> Iterable[Run]:
    """Return every run of so many words, folded."""
    words = fold_words(text).split()
    return zip(*(words[start:] for start in range(RUN_LENGTH)), strict=False)
