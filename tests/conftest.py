"""What every part of the tests may need."""

import os
from pathlib import Path

import pytest

STARTER_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.fixture(scope="session")
def starter_model() -> Path:
    """The starter model's file; fetched, once, where it is not here.

    HEARTHBOT_STARTER_MODEL names it; else it is looked for where the bot keeps it.
    """
    named = os.environ.get("HEARTHBOT_STARTER_MODEL")
    if named:
        return Path(named)
    folder = Path.home() / ".cache" / "hearthbot" / "models"
    path = folder / STARTER_FILE
    if path.exists():
        return path
    from bot.models.catalogue import CATALOGUE
    from bot.models.fetch import fetch_model

    return fetch_model(CATALOGUE["starter"], folder, progress=lambda done, total: None)


@pytest.fixture(scope="session")
def sound_models() -> Path:
    """The folder of the starters that listen and speak; fetched where they lack."""
    named = os.environ.get("HEARTHBOT_SOUND_MODELS")
    folder = Path(named or Path.home() / ".cache" / "hearthbot" / "models")
    from bot.models.fetch import fetch_model
    from bot.models.sounds import SOUND_STARTERS

    for entry in SOUND_STARTERS.values():
        fetch_model(entry, folder, progress=lambda done, total: None)
    return folder


@pytest.fixture(scope="session")
def meaning_model() -> Path:
    """The folder of the starter that compares meanings; fetched where it lacks.

    HEARTHBOT_MEANING_MODEL names it.
    """
    named = os.environ.get("HEARTHBOT_MEANING_MODEL")
    folder = Path(named or Path.home() / ".cache" / "hearthbot" / "models")
    from bot.models.fetch import fetch_model
    from bot.models.meaning import MEANING_STARTER

    fetch_model(MEANING_STARTER, folder, progress=lambda done, total: None)
    return folder
