"""The buttons under a finished answer."""

from collections.abc import Callable

from bot.conversation import Turn
from bot.draft_answer import DraftAnswer
from bot.generation.requests import FinishReason
from bot.messages import Button
from bot.words import T, Text

__all__ = ["answer_buttons"]


def answer_buttons(
    draft: DraftAnswer, question: Turn, say: Callable[[Text], str]
) -> tuple[Button, ...]:
    """Return what people can do with an answer now; it is named by its question."""
    name = question.message_id
    if not draft.text.strip():
        return (Button(say(T("Try again")), f"/again {name}"),)
    is_cut = draft.finished is not None and (
        draft.finished.reason is FinishReason.LENGTH
    )
    more = (Button(say(T("Continue")), f"/continue {name}"),) if is_cut else ()
    return (
        *more,
        Button(say(T("Regenerate")), f"/again {name}"),
        Button("👍", f"/rate {name} up"),
        Button("👎", f"/rate {name} down"),
        Button(say(T("Report")), f"/report {name}"),
    )
