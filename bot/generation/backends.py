"""The table of all backends. To add one: a file, a function and a line here, and a row
in the contract suite.
"""

from collections.abc import Callable, Mapping

from bot.generation.backend import Backend

__all__ = ["BACKENDS", "BackendClass"]

BackendClass = Callable[[], type[Backend]]
"""Imports a backend when called: what it needs is heavy, or not installed."""


def _fake() -> type[Backend]:
    from bot.generation.fake import FakeBackend

    return FakeBackend


def _llama_cpp() -> type[Backend]:
    from bot.generation.llama_cpp import LlamaCppBackend

    return LlamaCppBackend


def _openai() -> type[Backend]:
    from bot.generation.openai_http import OpenAIBackend

    return OpenAIBackend


def _transformers() -> type[Backend]:
    from bot.generation.transformers_text import TransformersBackend

    return TransformersBackend


BACKENDS: Mapping[str, BackendClass] = {
    "fake": _fake,
    "llama.cpp": _llama_cpp,
    "openai": _openai,
    "transformers": _transformers,
}
