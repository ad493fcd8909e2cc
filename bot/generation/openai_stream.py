"""Reading what an OpenAI-compatible server streams."""

from dataclasses import dataclass

import msgspec

from bot.errors import BackendError
from bot.generation.requests import FinishReason
from bot.words import T

__all__ = ["ChatStream", "broken", "busy", "refusal", "silent", "unreachable"]

PREFIX = "data:"
DONE = "[DONE]"
TOO_LONG = ("context_length", "exceed_context", "context size", "maximum context")


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta = msgspec.field(default_factory=_Delta)
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: object = None


_CHUNK = msgspec.json.Decoder(_Chunk)


@dataclass(slots=True)
class ChatStream:
    """Takes the lines of one answer and knows when it is complete.

    Attributes:
        reason: why it ended; None: it has not.
        prompt_tokens: 0 where the server does not say.
        completion_tokens: what the server says, else how many pieces came.
    """

    reason: FinishReason | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    has_text: bool = False
    is_done: bool = False

    def feed(self, line: str) -> str:
        """Return the text that a line brings.

        Raises:
            BackendError: the server reports an error, or sends something else.
        """
        if not line.startswith(PREFIX):
            return ""  # empty lines and comments keep the connection open
        body = line.removeprefix(PREFIX).strip()
        if body == DONE:
            self.is_done = True
            return ""
        try:
            chunk = _CHUNK.decode(body)
        except msgspec.DecodeError as error:
            raise broken() from error
        if chunk.error is not None:
            raise refusal(str(chunk.error))
        if chunk.usage is not None:
            self.prompt_tokens = chunk.usage.prompt_tokens
            self.completion_tokens = chunk.usage.completion_tokens
        return self._take(chunk.choices[0]) if chunk.choices else ""

    def end(self) -> None:
        """Say that no more lines come.

        Raises:
            BackendError: the answer is not complete.
        """
        if self.reason is None:
            raise broken()

    def _take(self, choice: _Choice) -> str:
        if choice.finish_reason:
            is_length = choice.finish_reason == "length"
            self.reason = FinishReason.LENGTH if is_length else FinishReason.STOP
        text = choice.delta.content or ""
        if text:
            self.has_text = True
            self.completion_tokens += 1
        return text


def broken() -> BackendError:
    """Return what is said when an answer breaks off or cannot be read."""
    return BackendError(
        T("The model's server broke off in the middle. Please ask once more.")
    )


def refusal(answer: str) -> BackendError:
    """Return the error for what a server says about a request it refuses."""
    if any(mark in answer.lower() for mark in TOO_LONG):
        return BackendError(
            T("That is too long for the model. Please make it shorter.")
        )
    return BackendError(T("The model's server could not answer this."))


def silent() -> BackendError:
    """Return what is said when the server says nothing."""
    return BackendError(
        T("The model's server does not answer in time. Please try again later.")
    )


def busy() -> BackendError:
    """Return what is said when the server has a problem that may pass."""
    return BackendError(
        T("The model's server has a problem or is busy. Please try again later.")
    )


def unreachable(url: str) -> BackendError:
    """Return what is said when there is no connection."""
    return BackendError(
        T("The model's server cannot be reached at {url}. Is it running?", url=url)
    )
