"""What Discord answers when it refuses: a status, a code of its own, and words."""

from typing import Any, TypeAlias

__all__ = ["Json", "Refusal", "invalid_form", "refuse"]

Json: TypeAlias = dict[str, Any]

# Discord's codes: the status that goes with each, and its words.
_REFUSALS = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30003: (400, "Maximum number of pins reached for the channel (50)"),
    30032: (400, "Maximum number of application commands reached (100)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached."),
    40005: (413, "Request entity too large"),
    40033: (400, "This message has already been crossposted"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50068: (400, "Invalid message type"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50159: (400, "Voice messages do not support additional content"),
    50160: (400, "Voice messages must have a single audio attachment"),
    50161: (400, "Voice messages must have supporting metadata"),
    50162: (400, "Voice messages cannot be edited"),
    160002: (403, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    240000: (400, "Message content contains explicit content"),
}


class Refusal(Exception):
    """An answer with an error in it."""

    def __init__(
        self, status: int, code: int, message: str, *, errors: Json | None = None
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


def refuse(code: int) -> Refusal:
    """Return the refusal with one of Discord's codes."""
    status, message = _REFUSALS[code]
    return Refusal(status, code, message)


def invalid_form(path: str, code: str, message: str) -> Refusal:
    """Return 50035, naming the field, such as `embeds.0.title`."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(path.split(".")):
        errors = {part: errors}
    status, words = _REFUSALS[50035]
    return Refusal(status, 50035, words, errors=errors)
