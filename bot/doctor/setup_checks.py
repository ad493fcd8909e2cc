"""Looking at what the settings name: models, servers and secrets."""

import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from bot.config import Config
from bot.config_file import secret
from bot.doctor.check import Check, State
from bot.errors import HearthbotError
from bot.generation.requests import ModelSpec
from bot.models.catalogue import CATALOGUE
from bot.models.choose import resolve
from bot.models.machine import Machine
from bot.models.presence import Presence, check_model
from bot.words import T

__all__ = ["check_models", "check_secrets"]

CONNECT_S = 2.0


def check_models(
    config: Config, *, machine: Machine, models_folder: Path
) -> Iterator[tuple[Check, ModelSpec | None]]:
    """Look at every model that the settings name: there, and whole.

    Reads the fetched ones from beginning to end, and knocks at servers.
    """
    chat = config.models.chat
    for name in dict.fromkeys((chat.model, *chat.allowed)):
        try:
            spec = resolve(
                chat,
                name,
                machine=machine,
                cache_folder=models_folder,
                engine_config=config.engine,
            )
        except HearthbotError as error:
            yield Check("model", State.FAIL, error.text), None
            continue
        yield _check_spec(spec, models_folder), spec


def _check_spec(spec: ModelSpec, models_folder: Path) -> Check:
    entry = CATALOGUE.get(spec.name)
    is_fetched = Path(spec.location).exists()
    if entry and is_fetched:
        presence = check_model(entry, models_folder, verify=True)
        if presence is not Presence.WHOLE:
            return Check(
                "model",
                State.FAIL,
                T("“{name}” is damaged", name=spec.name),
                T("Fetch it anew: hearthbot models fetch {name}", name=spec.name),
            )
    if spec.backend == "openai":
        return _check_server(spec)
    if spec.backend == "transformers" and not is_fetched:
        return Check(
            "model",
            State.WARN,
            T("“{name}” is not here yet: it comes at its first use", name=spec.name),
            T("Fetch it before: hearthbot models fetch {name}", name=spec.name)
            if entry
            else None,
        )
    return Check(
        "model",
        State.OK,
        T("“{name}” runs through {backend}", name=spec.name, backend=spec.backend),
    )


def _check_server(spec: ModelSpec) -> Check:
    address = urlsplit(spec.location)
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        with socket.create_connection((address.hostname or "", port), CONNECT_S):
            pass
    except OSError as error:
        return Check(
            "model",
            State.FAIL,
            T(
                "The server of “{name}”, {host}, does not answer ({reason})",
                name=spec.name,
                host=f"{address.hostname}:{port}",
                reason=error.strerror or type(error).__name__,
            ),
            T("Start it, or correct base_url in [models.chat]."),
        )
    text = T("The server of “{name}” answers", name=spec.name)
    return Check("model", State.OK, text)


def check_secrets(config: Config, environ: Mapping[str, str]) -> Iterator[Check]:
    """Look whether the variables that the settings name hold something."""
    key = config.models.chat.api_key_env
    if key and secret(environ, key) is None:
        yield Check(
            "secrets",
            State.FAIL,
            T("{name} is not set, but [models.chat] names it", name=key),
            T("Set {name} in the environment, or empty api_key_env.", name=key),
        )
    elif key:
        yield Check("secrets", State.OK, T("{name} is set", name=key))
    password = config.adapters.web.password_env
    if config.adapters.web.enabled and secret(environ, password) is None:
        text = T("No password is set: one is made at the first start and shown once")
        yield Check("secrets", State.OK, text)
    elif config.adapters.web.enabled:
        yield Check("secrets", State.OK, T("{name} is set", name=password))
