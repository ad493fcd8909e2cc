"""Opens what the settings want for comparing meanings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.config_models import ModelsConfig
from bot.errors import MissingError
from bot.meaning.meanings import NO_MEANINGS, Meanings
from bot.meaning.minilm import MiniLm
from bot.models.choose import not_here
from bot.models.entry import MeaningEntry
from bot.models.meaning import MEANING_STARTER
from bot.models.presence import Presence, check_model, model_path

if TYPE_CHECKING:
    from bot.meaning.network import MeaningNetwork

__all__ = ["open_meanings", "wanted_meaning"]

logger = structlog.get_logger(__name__)

STARTER = "starter"


def wanted_meaning(config: ModelsConfig) -> MeaningEntry | None:
    """Return the model that the settings want; None: words are compared.

    Where a fake writes, its words mean nothing that could be compared.
    """
    is_wanted = config.meaning.model == STARTER and config.chat.backend != "fake"
    return MEANING_STARTER if is_wanted else None


@asynccontextmanager
async def open_meanings(
    config: ModelsConfig, models_folder: Path
) -> AsyncIterator[Meanings]:
    """Open what compares meanings; what only compares words where that is not here.

    Nothing is fetched here, and the weights are read when they are first needed.
    """
    entry = wanted_meaning(config)
    if entry is None:
        yield NO_MEANINGS
        return
    presence = check_model(entry, models_folder, verify=False)
    if presence is not Presence.WHOLE:
        reason = str(not_here(entry.name, presence))
        logger.info("meanings not compared, words are", reason=reason)
        yield NO_MEANINGS
        return
    meanings = MiniLm(lambda: _network(entry, models_folder))
    try:
        yield meanings
    finally:
        meanings.close()


def _network(entry: MeaningEntry, models_folder: Path) -> "MeaningNetwork":
    """Read the weights.

    Raises:
        MissingError: they are damaged, or a package is not installed.
    """
    from bot.meaning.network import MeaningNetwork  # numpy and onnxruntime

    if check_model(entry, models_folder, verify=True) is not Presence.WHOLE:
        raise MissingError(not_here(entry.name, Presence.DAMAGED))
    folder = model_path(entry, models_folder)
    return MeaningNetwork(folder / entry.weights)
