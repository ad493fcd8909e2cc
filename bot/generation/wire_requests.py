"""Requests on their way to a worker, and what was made on its way back."""

from dataclasses import replace

from bot.generation.requests import (
    Drawing,
    GenerationRequest,
    ImageParams,
    ImagePayload,
    Progress,
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
from bot.generation.wire import Begin, Draw, Listen, Made, Speak, Start, Stepped
from bot.generation.wire_text import encodable

__all__ = ["begin", "made"]

MAX_PREVIEW_BYTES = 256 * 1024
"""A larger preview stays behind: it would come often, and be shown for a moment."""


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
        case ImagePayload(prompt, negative) as scene, ImageParams() as params:
            scene = replace(
                scene, prompt=encodable(prompt), negative=encodable(negative)
            )
            return Draw(request.id, request.model, scene, params)
        case _:
            raise ValueError("that is no kind of request")


def made(id: str, result: Result | Progress) -> Made | Stepped:
    """Return the event that carries what was made, or how far it is."""
    match result:
        case Transcript(text):
            return Made(id, transcript=replace(result, text=encodable(text)))
        case Drawing():
            return Made(id, drawing=result)
        case Progress(preview_png=preview):
            if len(preview) > MAX_PREVIEW_BYTES:
                result = replace(result, preview_png=b"")
            return Stepped(id, result)
        case _:
            return Made(id, sound=result)
