"""The table of all backends. To add one: a file, a function and a line here, and a row
in the contract suite.
"""

from collections.abc import Callable, Mapping

from bot.generation.backend import Backend

__all__ = ["BACKENDS", "BackendClass"]

BackendClass = Callable[[], type[Backend]]
"""Imports a backend when called: what it needs is heavy, or not installed."""


def _diffusers() -> type[Backend]:
    from bot.generation.diffusers_image import DiffusersBackend

    return DiffusersBackend


def _fake() -> type[Backend]:
    from bot.generation.fake import FakeBackend

    return FakeBackend


def _fake_image() -> type[Backend]:
    from bot.generation.fake_image import FakeImageBackend

    return FakeImageBackend


def _fake_speech() -> type[Backend]:
    from bot.generation.fake_sound import FakeSpeechBackend

    return FakeSpeechBackend


def _fake_transcript() -> type[Backend]:
    from bot.generation.fake_sound import FakeTranscriptBackend

    return FakeTranscriptBackend


def _llama_cpp() -> type[Backend]:
    from bot.generation.llama_cpp import LlamaCppBackend

    return LlamaCppBackend


def _openai() -> type[Backend]:
    from bot.generation.openai_http import OpenAIBackend

    return OpenAIBackend


def _piper() -> type[Backend]:
    from bot.generation.piper import PiperBackend

    return PiperBackend


def _transformers() -> type[Backend]:
    from bot.generation.transformers_text import TransformersBackend

    return TransformersBackend


def _whisper() -> type[Backend]:
    from bot.generation.whisper import WhisperBackend

    return WhisperBackend


BACKENDS: Mapping[str, BackendClass] = {
    "diffusers": _diffusers,
    "fake": _fake,
    "fake-image": _fake_image,
    "fake-speech": _fake_speech,
    "fake-transcript": _fake_transcript,
    "llama.cpp": _llama_cpp,
    "openai": _openai,
    "piper": _piper,
    "transformers": _transformers,
    "whisper": _whisper,
}
