"""What the server answers instead of a result, in Telegram's own words."""

from typing import Any

from typing_extensions import override

__all__ = [
    "Refusal",
    "bad_request",
    "conflict",
    "forbidden",
    "not_found",
    "too_large",
    "too_many_requests",
    "unauthorized",
]


class Refusal(Exception):
    """A call is refused.

    Attributes:
        code: the HTTP status, which the answer repeats.
        description: the text that clients compare.
        parameters: `retry_after` or `migrate_to_chat_id`.
    """

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    @override
    def __str__(self) -> str:
        return f"{self.code} {self.description}"


def bad_request(text: str, **parameters: Any) -> Refusal:
    """Return a 400."""
    return Refusal(400, f"Bad Request: {text}", parameters)


def forbidden(text: str) -> Refusal:
    """Return a 403: the bot may not do this here, however it asks."""
    return Refusal(403, f"Forbidden: {text}")


def conflict(text: str) -> Refusal:
    """Return a 409: somebody else gets the updates."""
    return Refusal(409, f"Conflict: {text}")


def not_found(text: str = "Not Found") -> Refusal:
    """Return a 404: no such method, or the token is not even formed like one."""
    return Refusal(404, text)


def unauthorized() -> Refusal:
    """Return a 401: nobody has this token."""
    return Refusal(401, "Unauthorized")


def too_large() -> Refusal:
    """Return a 413: more was uploaded than the server reads."""
    return Refusal(413, "Request Entity Too Large")


def too_many_requests(retry_after_s: int) -> Refusal:
    """Return a 429 that says how long to wait."""
    return Refusal(
        429,
        f"Too Many Requests: retry after {retry_after_s}",
        {"retry_after": retry_after_s},
    )
