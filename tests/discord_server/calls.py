"""What the bot asked of the API, and what came of it."""

from dataclasses import dataclass, field

__all__ = ["Call"]


@dataclass
class Call:
    """A call; the token that came with it is kept nowhere.

    Attributes:
        route: method and path with the names of its parts, such as
            `POST /channels/{channel_id}/messages`.
        parts: the path's parts by name, tokens left out.
        status: what was answered; 0 where the connection was dropped.
        code: Discord's code of a refusal, or 0.
        is_carried_out: whether anything may have changed.
    """

    route: str
    parts: dict[str, str]
    at_s: float
    status: int = 0
    code: int = 0
    is_carried_out: bool = False
    audit_reason: str | None = None
    body: object = field(default=None, repr=False)
