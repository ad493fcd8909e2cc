"""What comes with a call: JSON, or a form with `payload_json` and `files[n]`."""

import json
import re
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from tests.discord_server.refusals import Json, invalid_form, refuse

__all__ = ["LARGEST_REQUEST_BYTES", "Body", "Upload", "read_body"]

LARGEST_REQUEST_BYTES = 25 * 1024 * 1024
_FILE = re.compile(r"files\[(\d+)\]")


@dataclass
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes = field(repr=False)


@dataclass
class Body:
    """The JSON of a call and its files by number; `json` may be a list."""

    json: object = None
    files: dict[int, Upload] = field(default_factory=dict)

    @property
    def fields(self) -> Json:
        """The JSON where an object is wanted."""
        if self.json is None:
            return {}
        if not isinstance(self.json, dict):
            raise refuse(50109)
        return self.json

    @property
    def items(self) -> list[Json]:
        """The JSON where a list of objects is wanted."""
        if not isinstance(self.json, list):
            raise refuse(50109)
        return self.json


async def read_body(request: web.Request) -> Body:
    """Read a call's body.

    Raises:
        Refusal: it is too large, or not what it says it is.
    """
    if (request.content_length or 0) > LARGEST_REQUEST_BYTES:
        await request.read()
        raise refuse(40005)
    if request.content_type == "multipart/form-data":
        return await _read_form(request)
    text = await request.text()
    return Body(_parsed(text)) if text else Body()


async def _read_form(request: web.Request) -> Body:
    body, num_bytes = Body(), 0
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            raise refuse(50109)
        content = bytes(await part.read(decode=False))
        num_bytes += len(content)
        found = _FILE.fullmatch(part.name or "")
        if part.name == "payload_json":
            body.json = _parsed(content.decode())
        elif found:
            body.files[int(found[1])] = Upload(part.filename or "unknown", content)
        else:
            raise invalid_form(str(part.name), "UNKNOWN_FIELD", "Unknown field.")
    if num_bytes > LARGEST_REQUEST_BYTES:
        raise refuse(40005)
    return body


def _parsed(text: str) -> object:
    try:
        parsed: object = json.loads(text)
    except ValueError:
        raise refuse(50109) from None
    return parsed
