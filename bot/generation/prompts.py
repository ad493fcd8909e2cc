"""The shape that chat templates and servers want a prompt in."""

from bot.errors import BackendError
from bot.generation.control_words import disarm
from bot.generation.requests import TextPayload
from bot.words import T

__all__ = ["chat_messages", "room_for", "too_long", "without_system"]


def chat_messages(payload: TextPayload) -> list[dict[str, str]]:
    """Return the turns as `{"role": …, "content": …}`, with a system turn first.

    Some templates put in a system turn of their own where there is none; an empty one
    keeps them from it. Control words inside a turn are disarmed.

    Raises:
        BackendError: there is nothing to answer.
    """
    if not payload.turns:
        raise _nothing_asked()
    messages = [
        {"role": str(turn.role), "content": disarm(turn.content)}
        for turn in payload.turns
    ]
    if messages[0]["role"] != "system":
        messages.insert(0, {"role": "system", "content": ""})
    return messages


def room_for(num_prompt_tokens: int, context_tokens: int) -> int:
    """Return how many tokens an answer may have after a prompt.

    Raises:
        BackendError: none, or the prompt is empty.
    """
    if num_prompt_tokens < 1:
        raise _nothing_asked()
    if num_prompt_tokens >= context_tokens:
        raise too_long(num_prompt_tokens, context_tokens)
    return context_tokens - num_prompt_tokens


def too_long(num_tokens: int, max_tokens: int) -> BackendError:
    """Return the refusal of a prompt that does not fit into the context."""
    return BackendError(
        T(
            "That is too long for me: {tokens} tokens, and I can read {limit}. "
            "Please make it shorter.",
            tokens=num_tokens,
            limit=max_tokens,
        )
    )


def _nothing_asked() -> BackendError:
    return BackendError(T("There was nothing to answer. Please write something."))


def without_system(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the messages for a template that knows no system turn.

    What it said stands before what the person says first.
    """
    system, *others = messages
    if not others or not system["content"]:
        return others
    opening = f"{system['content']}\n\n{others[0]['content']}"
    return [{**others[0], "content": opening}, *others[1:]]
