"""Which models there are, and which of them are in memory."""

from collections.abc import Mapping

from bot.generation.refusals import unknown_model
from bot.generation.requests import ModelSpec
from bot.generation.status import LoadedModel
from bot.generation.wire import Loaded

__all__ = ["Roster"]


class Roster:
    """The models as the engine sees them from outside the worker."""

    def __init__(self, specs: Mapping[str, ModelSpec]) -> None:
        self._specs = dict(specs)
        self._loaded: dict[str, LoadedModel] = {}

    @property
    def specs(self) -> tuple[ModelSpec, ...]:
        """All that may be asked for."""
        return tuple(self._specs.values())

    @property
    def loaded(self) -> tuple[LoadedModel, ...]:
        """Those in memory."""
        return tuple(self._loaded.values())

    def check(self, name: str) -> None:
        """Raise MissingError where there is no such model."""
        if name not in self._specs:
            raise unknown_model(name)

    def is_loaded(self, name: str) -> bool:
        """Whether a model is in memory."""
        return name in self._loaded

    def max_parallel(self, name: str) -> int:
        """Return how many requests of a model run at once, at its present size."""
        return (self._loaded.get(name) or self._specs[name]).max_parallel

    def add(self, event: Loaded) -> None:
        """Note that a model was loaded."""
        self._loaded[event.model] = LoadedModel(
            event.model, event.memory_bytes, event.max_parallel, event.context_tokens
        )

    def remove(self, name: str) -> None:
        """Note that a model was put out, or could not be loaded."""
        self._loaded.pop(name, None)

    def clear(self) -> None:
        """Note that the worker is gone, and all models with it."""
        self._loaded.clear()
