"""Where drafts get their text from: a model behind the engine, or a fake."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable

from typing_extensions import override

from bot.generation.engine import Engine
from bot.generation.requests import (
    GenerationRequest,
    Owner,
    Priority,
    PromptTurn,
    TextParams,
    TextPayload,
)

__all__ = ["EngineTextMaker", "FakeTextMaker", "TextMaker"]

OWNER = Owner(community="content", person="content")


class TextMaker(ABC):
    """Writes a text for a prompt."""

    @abstractmethod
    async def write(self, turns: tuple[PromptTurn, ...], *, params: TextParams) -> str:
        """Return the whole text.

        Raises:
            GenerationError: there is none; trying again later may help.
            MissingError: there is no model to ask.
        """

    def on_behalf_of(self, owner: Owner | None) -> "TextMaker":
        """Return what writes for somebody who waits for it, itself for nobody."""
        return self


class EngineTextMaker(TextMaker):
    """Writes with one of the engine's models, behind everyone who waits for a chat."""

    def __init__(
        self,
        engine: Engine,
        *,
        model: str,
        deadline_s: float,
        owner: Owner = OWNER,
        priority: Priority = Priority.POST,
    ) -> None:
        self._engine = engine
        self._model = model
        self._deadline_s = deadline_s
        self._owner = owner
        self._priority = priority

    @override
    async def write(self, turns: tuple[PromptTurn, ...], *, params: TextParams) -> str:
        request = GenerationRequest(
            id=f"post-{uuid.uuid4().hex}",
            model=self._model,
            payload=TextPayload(turns),
            params=params,
            owner=self._owner,
            priority=self._priority,
            deadline_s=self._deadline_s,
        )
        ticket = self._engine.submit(request)
        try:
            return await ticket.text()
        finally:
            ticket.cancel()  # where this was cancelled, the model need not go on

    @override
    def on_behalf_of(self, owner: Owner | None) -> "EngineTextMaker":
        if owner is None:
            return self
        return EngineTextMaker(
            self._engine,
            model=self._model,
            deadline_s=self._deadline_s,
            owner=owner,
            priority=Priority.COMMAND,
        )


class FakeTextMaker(TextMaker):
    """Writes what a function says. Remembers what it was asked."""

    def __init__(self, answer: Callable[[str, TextParams], str]) -> None:
        self.answer = answer
        self.prompts: list[str] = []

    @override
    async def write(self, turns: tuple[PromptTurn, ...], *, params: TextParams) -> str:
        prompt = turns[-1].content
        self.prompts.append(prompt)
        return self.answer(prompt, params)
