"""Reading the settings: config.toml, and over it the environment.

Every setting can be given as HEARTHBOT_TABLE__KEY, which wins over the file:
HEARTHBOT_BOT__LANGUAGE=zh, HEARTHBOT_ADAPTERS__WEB__PORT=9000. Lists are JSON.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_origin

from pydantic import BaseModel, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

from bot.config import Config
from bot.config_problem import explain, unknown_variable
from bot.config_reference import PREFIX, SEPARATOR, config_reference, step
from bot.errors import ConfigError
from bot.words import T

__all__ = ["config_reference", "load_config", "resolve_path", "secret"]

OTHER_VARIABLES = {"HEARTHBOT_CONFIG", "HEARTHBOT_STARTER_MODEL"}
"""Variables of ours that are no settings."""


def load_config(path: Path, environ: Mapping[str, str]) -> Config:
    """Return the settings of the file, with those of the environment over them.

    Raises:
        ConfigError: the file is missing or broken, or a setting is unknown or wrong;
            the text names file, table, key, value and the nearest right key.
    """
    table = _read_toml(path)
    ours = _settings_in(environ, table)
    try:
        return _merged(table, ours)
    except ValidationError as error:
        # From None: the original holds the values, and one may be a secret.
        raise ConfigError(explain(error, file=path.name, environ=ours)) from None


def resolve_path(config_path: Path, value: str) -> Path:
    """Return a path of the settings: relative to the file's folder, `~` expanded."""
    return config_path.expanduser().absolute().parent / Path(value).expanduser()


def secret(environ: Mapping[str, str], name: str) -> str | None:
    """Return the secret in the variable of this name; None: not named, not set, empty.

    Spaces and line ends around it are dropped: they come in by copying.
    """
    return (environ.get(name, "").strip() or None) if name else None


class _Environment(EnvSettingsSource):
    """The environment that was handed in, instead of the process's own."""

    def __init__(
        self, settings_cls: type[BaseSettings], environ: Mapping[str, str]
    ) -> None:
        self._environ = {name.lower(): value for name, value in environ.items()}
        super().__init__(settings_cls)

    @override
    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self._environ


def _merged(table: Mapping[str, object], ours: Mapping[str, str]) -> Config:
    class Settings(BaseSettings, Config):
        """Config, filled from both places; the first one wins."""

        model_config = SettingsConfigDict(
            env_prefix=PREFIX, env_nested_delimiter=SEPARATOR
        )

        @override
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            file = InitSettingsSource(settings_cls, init_kwargs=dict(table))
            return _Environment(settings_cls, ours), file

    settings = Settings()
    return Config.model_validate(
        {name: getattr(settings, name) for name in Config.model_fields}
    )


def _read_toml(path: Path) -> Mapping[str, object]:
    try:
        text = path.expanduser().read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            T(
                "There is no settings file {path}. Start Hearthbot in its own folder, "
                "name the file with --config, or make an empty one: every setting has "
                "a default.",
                path=path,
            )
        ) from error
    except OSError as error:
        raise ConfigError(
            T(
                "The settings file {path} cannot be read ({reason}).",
                path=path,
                reason=error.strerror or type(error).__name__,
            )
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            T("The settings file {path} is not UTF-8. Save it as UTF-8.", path=path)
        ) from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            T(
                "{path} is not valid TOML: {reason}. Correct it there.",
                path=path,
                reason=_placed(str(error), num_lines=len(text.splitlines())),
            )
        ) from None


def _placed(reason: str, *, num_lines: int) -> str:
    """Put line and column in front of what the parser says."""
    match = re.fullmatch(r"(?s)(.*) \(at (.*)\)", reason)
    if match is None:
        return reason
    place = match[2].replace("end of document", f"line {num_lines}, at the end")
    return f"{place}: {match[1]}"


def _settings_in(
    environ: Mapping[str, str], table: Mapping[str, object]
) -> Mapping[str, str]:
    """Return the variables that are settings.

    Raises:
        ConfigError: one begins as ours do and is none, or is not the JSON it must be.
    """
    given = {name: value for name, value in environ.items() if _is_ours(name)}
    secrets = {*_secret_names(Config().model_dump()), *_secret_names(table)}
    secrets |= {value for name, value in given.items() if name.endswith("_ENV")}
    settings = {
        name: value
        for name, value in given.items()
        if name not in secrets | OTHER_VARIABLES
    }
    for name, value in settings.items():
        _check_variable(name, value)
    return settings


def _is_ours(name: str) -> bool:
    return name.upper().startswith(PREFIX)


def _secret_names(table: Mapping[str, object]) -> Iterator[str]:
    """Yield the variables that settings name as holding a secret."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _secret_names(value)
        elif key.endswith("_env") and isinstance(value, str):
            yield value


def _check_variable(name: str, value: str) -> None:
    annotation: object = Config
    for part in name[len(PREFIX) :].lower().split(SEPARATOR):
        annotation = step(annotation, part)
        if annotation is None:
            raise ConfigError(unknown_variable(name))
    if _is_simple(annotation):
        return
    try:
        json.loads(value)
    except ValueError as error:
        raise ConfigError(
            T(
                '{name} must be JSON, such as ["a", "b"] for a list.',
                name=name,
            )
        ) from error


def _is_simple(annotation: object) -> bool:
    """Return whether a variable holds the value as it is."""
    origin = get_origin(annotation)
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return not is_model and origin not in (dict, tuple)
