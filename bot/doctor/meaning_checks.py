"""Looking at what compares meanings."""

from pathlib import Path

from bot.config_models import ModelsConfig
from bot.doctor.check import Check, State
from bot.meaning.opening import wanted_meaning
from bot.models.choose import not_here
from bot.models.presence import Presence, check_model
from bot.words import T

__all__ = ["check_meaning"]

NAME = "meaning"


def check_meaning(config: ModelsConfig, models_folder: Path) -> Check:
    """Look whether the model is there and whole; the bot works without it, too."""
    entry = wanted_meaning(config)
    if entry is None:
        return Check(
            NAME, State.OK, T("Posts are compared by their words, as it is set")
        )
    presence = check_model(entry, models_folder, verify=True)
    if presence is not Presence.WHOLE:
        return Check(
            NAME,
            State.WARN,
            T("Posts are compared by their words, not by what they mean"),
            not_here(entry.name, presence),
        )
    return Check(
        NAME, State.OK, T("“{name}” compares what posts mean", name=entry.name)
    )
