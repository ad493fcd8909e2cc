"""What came with a call: every field as text, as clients send it, and the files."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.refusals import bad_request

__all__ = ["Params", "Upload"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in the body of a call."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Params:
    """The fields and files of one call.

    A number that is none is refused, where Telegram would take it for 0.
    """

    fields: dict[str, str]
    files: dict[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def text(self, name: str, default: str = "") -> str:
        """Return a field as it is."""
        return self.fields.get(name, default)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a field as a number."""
        raw = self.fields.get(name, "")
        if raw == "":
            return default
        try:
            return int(raw)
        except ValueError:
            raise bad_request(f'parameter "{name}" must be an integer') from None

    def boolean(self, name: str) -> bool:
        """Return whether a field says yes."""
        return self.fields.get(name, "").lower() in ("true", "yes", "1")

    def json(self, name: str) -> Any:
        """Return what a field holds as JSON; None: it is not there."""
        raw = self.fields.get(name, "")
        if raw == "":
            return None
        try:
            return json.loads(raw)
        except ValueError:
            what = name.replace("_", " ")
            raise bad_request(f"can't parse {what} JSON object") from None

    def mapping(self, name: str) -> dict[str, Any]:
        """Return a JSON object; {}: it is not there."""
        value = self.json(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value
