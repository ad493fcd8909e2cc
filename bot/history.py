"""Puts together what a model is shown: persona, recent turns, reply chain, question."""

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.conversation import Conversation, Turn
from bot.generation.requests import PromptTurn
from bot.messages import Scope

__all__ = ["CountTokens", "History", "TurnStore"]

CountTokens = Callable[[str, Sequence[str]], Awaitable[list[int]]]
"""Counts the tokens of texts for a model (first its name): `Engine.count_tokens`."""

NUM_RECENT_TURNS = 24
NUM_CHAIN_TURNS = 48


class TurnStore(Protocol):
    """Where turns are kept."""

    async def recent(self, scope: Scope, *, limit: int) -> tuple[Turn, ...]:
        """Return the latest turns of a scope, oldest first."""

    async def chain(
        self, scope: Scope, message_id: str, *, limit: int
    ) -> tuple[Turn, ...]:
        """Return a turn and what it replied to, and so on, oldest first."""


class History:
    """Finds the turns that lead up to a question and fits them into a prompt."""

    def __init__(
        self,
        turns: TurnStore,
        count_tokens: CountTokens,
        *,
        max_remembered_counts: int = 10_000,
    ) -> None:
        self._turns = turns
        self._count_tokens = count_tokens
        self._max_counts = max_remembered_counts
        self._counts: OrderedDict[bytes, int] = OrderedDict()  # by _key

    async def conversation(
        self, question: Turn, persona: str, *, is_aside: bool = False
    ) -> Conversation:
        """Return what was said before a question, and the question itself, last.

        What is trimmed first comes first: recent turns of the channel, then the reply
        chain. Only turns of the question's own scope are ever looked at, and none where
        it is asked aside.
        """
        if is_aside:
            return Conversation(persona, (question,))
        scope = question.scope
        chain: tuple[Turn, ...] = ()
        if question.reply_to_id is not None:
            chain = await self._turns.chain(
                scope, question.reply_to_id, limit=NUM_CHAIN_TURNS
            )
        recent = await self._turns.recent(scope, limit=NUM_RECENT_TURNS)
        known = {question.message_id, *(turn.message_id for turn in chain)}
        before = [turn for turn in recent if turn.message_id not in known]
        return Conversation(persona, (*before, *chain, question))

    async def prompt(
        self, conversation: Conversation, *, model: str, budget_tokens: int
    ) -> tuple[PromptTurn, ...]:
        """Return the prompt that fits so many tokens of a model."""
        counts = await self.count(model, conversation.texts())
        return conversation.prompt(
            budget_tokens=budget_tokens, count_tokens=counts.__getitem__
        )

    async def count(self, model: str, texts: Sequence[str]) -> dict[str, int]:
        """Return how many tokens of a model each text has; it is counted once."""
        keys = {text: _key(model, text) for text in texts}
        new = [text for text, key in keys.items() if key not in self._counts]
        if new:
            counted = await self._count_tokens(model, new)
            for text, count in zip(new, counted, strict=True):
                self._counts[keys[text]] = count
        for key in keys.values():
            self._counts.move_to_end(key)
        counts = {text: self._counts[key] for text, key in keys.items()}
        while len(self._counts) > self._max_counts:
            self._counts.popitem(last=False)
        return counts


def _key(model: str, text: str) -> bytes:
    # The digest stands for the text: what people wrote does not linger in memory.
    encoded = f"{model}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(encoded, digest_size=16).digest()
