"""Between turns and token ids, with a transformers tokenizer."""

import threading
from collections.abc import Sequence
from typing import Any

from jinja2 import TemplateError

from bot.generation.prompts import without_system
from bot.generation.reasoning import SPECIAL_MARKS

__all__ = ["ChatTokenizer"]


class ChatTokenizer:
    """A tokenizer with its chat template. Safe to use from any thread."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._lock = threading.Lock()  # fast tokenizers cannot be borrowed twice
        self._unseen = _unseen_tokens(tokenizer)

    @property
    def eos_token_id(self) -> int | None:
        """The token that ends a text; None: it has none."""
        token: int | None = self._tokenizer.eos_token_id
        return token

    def render(self, messages: list[dict[str, str]]) -> str:
        """Return the prompt: by the model's template, or plainly where it has none."""
        if not self._tokenizer.chat_template:
            lines = [f"{m['role']}: {m['content']}" for m in messages if m["content"]]
            return "\n".join([*lines, "assistant:"])
        try:
            return self._apply_template(messages)
        except TemplateError:
            return self._apply_template(without_system(messages))

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text; marks of the template become their tokens."""
        with self._lock:
            return list(self._tokenizer.encode(text, add_special_tokens=False))

    def decode(self, token_ids: Sequence[int]) -> str:
        """Return the text of token ids, without marks that are no text."""
        seen = [token for token in token_ids if token not in self._unseen]
        with self._lock:
            text: str = self._tokenizer.decode(
                seen, skip_special_tokens=False, clean_up_tokenization_spaces=False
            )
        return text

    def _apply_template(self, messages: list[dict[str, str]]) -> str:
        with self._lock:
            prompt: str = self._tokenizer.apply_chat_template(
                messages, add_generation_prompt=True, tokenize=False
            )
        return prompt


def _unseen_tokens(tokenizer: Any) -> frozenset[int]:
    """Return the special tokens that are no text, but for the marks of reasoning."""
    return frozenset(
        token
        for token in tokenizer.all_special_ids
        if str(tokenizer.convert_ids_to_tokens(token)).lower() not in SPECIAL_MARKS
    )
