"""Reading what a page sends, trusting none of it."""

import json
from typing import Any

from starlette.requests import Request

from bot.errors import UserError
from bot.words import T

__all__ = ["read_json", "whole_number"]

MAX_JSON_BYTES = 16 * 1024


async def read_json(
    request: Request, *, most_bytes: int = MAX_JSON_BYTES
) -> dict[str, Any]:
    """Return the JSON object of a small request.

    Raises:
        UserError: it is none, or not small.
    """
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > most_bytes:
        raise _not_understood()
    try:
        content = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise _not_understood() from error
    if not isinstance(content, dict):
        raise _not_understood()
    return content


def whole_number(value: object) -> int:
    """Return a number that a page sent.

    Raises:
        UserError: it is none, or one that no list has.
    """
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise _not_understood()
    return int(text)


def _not_understood() -> UserError:
    return UserError(T("The page sent something odd. Please load it again."))
