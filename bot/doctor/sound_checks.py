"""Looking at what listens and speaks."""

from collections.abc import Iterator
from pathlib import Path

from bot.config_models import ModelsConfig
from bot.doctor.check import Check, State
from bot.errors import HearthbotError
from bot.generation.requests import Kind
from bot.models.choose_sound import resolve_sounds, wanted_sounds
from bot.models.presence import Presence, check_model
from bot.words import T

__all__ = ["check_sounds"]


def check_sounds(config: ModelsConfig, models_folder: Path) -> Iterator[Check]:
    """Look at the models for sound: there, whole, and with what runs them.

    Reads the fetched ones from beginning to end.
    """
    yield _check(
        "listening",
        config.model_copy(update={"speech": ModelsConfig().speech}),
        Kind.TRANSCRIPT,
        models_folder,
    )
    yield _check(
        "speaking",
        config.model_copy(update={"transcript": ModelsConfig().transcript}),
        Kind.SPEECH,
        models_folder,
    )


def _check(name: str, config: ModelsConfig, kind: Kind, models_folder: Path) -> Check:
    try:
        spec = resolve_sounds(config, models_folder).get(kind)
    except HearthbotError as error:
        return Check(name, State.FAIL, error.text)
    if spec is None:
        return Check(name, State.OK, _OFF[kind])
    for entry in wanted_sounds(config):
        if check_model(entry, models_folder, verify=True) is not Presence.WHOLE:
            return Check(
                name,
                State.FAIL,
                T("“{name}” is damaged", name=entry.name),
                T("Fetch it anew: hearthbot models fetch {name}", name=entry.name),
            )
    text = T("listens through {backend}", backend=spec.backend)
    if kind is Kind.SPEECH:
        text = T("speaks through {backend}", backend=spec.backend)
    return Check(name, State.OK, text)


_OFF = {
    Kind.TRANSCRIPT: T(
        "Voice messages are not listened to. If you want that: python -m pip install "
        "'hearthbot[listening]', and model = “starter” in [models.transcript]"
    ),
    Kind.SPEECH: T(
        "The bot does not speak. If you want that: python -m pip install "
        "'hearthbot[speaking]', and model = “starter” in [models.speech]"
    ),
}
