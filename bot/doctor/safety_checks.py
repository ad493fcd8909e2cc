"""Looking at what judges: the guard and the picture classifier."""

from pathlib import Path

from bot.config import Config
from bot.doctor.check import Check, State
from bot.errors import HearthbotError
from bot.guarding import find_guard
from bot.models.machine import Machine
from bot.words import T

__all__ = ["check_bigger_guard", "check_guard", "check_pictures"]


def check_guard(folder: Path | None = None) -> Check:
    """Load the guard that comes with the bot, or that of a folder, and put it away."""
    from bot.safety.hearthguard import MODEL_FOLDER, HearthGuard

    try:
        guard = HearthGuard.open(folder or MODEL_FOLDER)
    except HearthbotError as error:
        return Check("guard", State.FAIL, error.text)
    guard.close()
    return Check("guard", State.OK, T("{name} judges texts", name=guard.name))


def check_bigger_guard(
    config: Config, *, machine: Machine, models_folder: Path
) -> Check | None:
    """Look at the guard that the settings name; None where they name none."""
    try:
        spec = find_guard(config, machine, models_folder)
    except HearthbotError as error:
        return Check("guard", State.FAIL, error.text)
    if spec is None:
        return None
    return Check(
        "guard",
        State.OK,
        T(
            "“{name}” judges as well, through {backend}",
            name=config.models.guard.model,
            backend=spec.backend,
        ),
    )


def check_pictures(config: Config) -> Check | None:
    """Look at what judges pictures; None where the settings do not want it."""
    from bot.safety.pictures.nsfw import NsfwClassifier
    from bot.safety.pictures.pp_ocr import ocr_folder

    if not config.safety.pictures.enabled:
        return None
    classifier = NsfwClassifier()
    try:
        classifier.load()
    except HearthbotError as error:
        return Check("pictures", State.FAIL, error.text)
    finally:
        classifier.close()
    if config.safety.pictures.read_text:
        try:
            ocr_folder()
        except HearthbotError as error:
            return Check("pictures", State.WARN, error.text)
    return Check("pictures", State.OK, T("Pictures are judged"))
