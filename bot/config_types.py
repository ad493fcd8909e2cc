"""What the settings are made of: a table, and the forms that a value may have."""

import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.words import T, Text

__all__ = [
    "CHANNEL_PATTERN",
    "NAME_PATTERN",
    "QUIET_PATTERN",
    "ChannelKey",
    "Name",
    "QuietHours",
    "Table",
    "VariableName",
    "WebAddress",
    "WrongValueError",
    "ZoneName",
    "is_web_address",
]

NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,31}$"
CHANNEL_PATTERN = r"^[a-z]+:[^\s/]+(/[^\s/]+)?$"
QUIET_PATTERN = r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$"
SECRET_LENGTH = 16  # the shortest piece with digits in it that is taken for a secret


class WrongValueError(ValueError):
    """A value that is not allowed; `text` says what would be.

    `key` is the setting, where it is not the one that is being checked.
    """

    def __init__(self, text: Text, *, key: str = "") -> None:
        super().__init__(str(text))
        self.text = text
        self.key = key


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongValueError(T("use a name such as Europe/Berlin or UTC")) from error
    return name


def _variable_name(name: str) -> str:
    """Refuse what is rather a secret than the name of a variable that holds one."""
    has_form = re.fullmatch(r"([A-Z_][A-Z0-9_]*)?", name) is not None
    pieces = name.split("_")
    is_like_secret = any(
        len(piece) >= SECRET_LENGTH and not piece.isalpha() for piece in pieces
    )
    if not has_form or is_like_secret:
        raise WrongValueError(
            T(
                "write the name of an environment variable, such as DISCORD_TOKEN, and "
                "put the secret into that variable"
            )
        )
    return name


def is_web_address(address: str) -> bool:
    """Return whether this is an address of the web, without a password in it."""
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
    has_space = any(character.isspace() for character in address)
    return is_web and "@" not in parts.netloc and not has_space


def _web_address(address: str) -> str:
    # What is wrong is shown, so that one with a password is left to its table.
    if "@" not in address and not is_web_address(address):
        raise WrongValueError(T("write an address such as https://example.org/feed"))
    return address


ZoneName = Annotated[str, AfterValidator(_known_zone)]
VariableName = Annotated[str, AfterValidator(_variable_name)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
QuietHours = Annotated[str, Field(pattern=QUIET_PATTERN)]
ChannelKey = Annotated[str, Field(pattern=CHANNEL_PATTERN)]


class Table(BaseModel):
    """A table of config.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
