"""Says what was refused, in the person's language, and how to appeal."""

from bot.config_safety import CareConfig
from bot.messages import Button
from bot.safety.care import care_message
from bot.safety.policy import Category
from bot.safety.refusal import refusal
from bot.safety.verdict import Stage, Verdict
from bot.words import T, Words

__all__ = ["Refuser"]

_APPEALABLE = frozenset(
    {
        *(category.value for category in Category),
        *("word", "link", "invite", "prompt_leak", "picture_listed"),
    }
)
"""What people may see otherwise. Counts and sizes are not a matter of opinion."""


class Refuser:
    """Writes refusals."""

    def __init__(self, care: CareConfig, words: Words) -> None:
        self._care = care
        self._words = words

    def say(
        self, verdict: Verdict, language: str, *, stage: Stage = Stage.INPUT
    ) -> str:
        """Return what a person is told; never a word of what was blocked."""
        if verdict.category == Category.SELF_HARM:
            return care_message(self._care, self._words, language)
        return self._words.say(refusal(verdict, stage=stage), language)

    def buttons(
        self, verdict: Verdict, judgement_id: int, language: str
    ) -> tuple[Button, ...]:
        """Return the button that brings it before the moderators, where that helps."""
        if verdict.category not in _APPEALABLE:
            return ()
        label = self._words.say(T("Ask the moderators"), language)
        return (Button(label, f"/appeal {judgement_id}"),)
