"""Requests on their way to a worker, and what was made on its way back."""

from dataclasses import replace

from bot.generation.requests import (
    GenerationRequest,
    PromptTurn,
    Result,
    SpeechParams,
    SpeechPayload,
    TextParams,
    TextPayload,
    Transcript,
    TranscriptParams,
    TranscriptPayload,
)
from bot.generation.wire import Begin, Listen, Made, Speak, Start
from bot.generation.wire_text import encodable

__all__ = ["begin", "made"]


def begin(request: GenerationRequest) -> Start:
    """Return the command that carries a request."""
    match request.payload, request.params:
        case TextPayload(turns), TextParams() as params:
            clean = tuple(PromptTurn(one.role, encodable(one.content)) for one in turns)
            return Begin(request.id, request.model, TextPayload(clean), params)
        case TranscriptPayload() as recording, TranscriptParams() as params:
            return Listen(request.id, request.model, recording, params)
        case SpeechPayload(text), SpeechParams() as params:
            said = SpeechPayload(encodable(text))
            return Speak(request.id, request.model, said, params)
        case _:
            raise ValueError("that is no kind of request")


def made(id: str, result: Result) -> Made:
    """Return the event that carries what was made."""
    if isinstance(result, Transcript):
        clean = replace(result, text=encodable(result.text))
        return Made(id, transcript=clean)
    return Made(id, sound=result)
