"""All methods by name; clients may write names in any case."""

from tests.telegram_server.methods import (
    asking,
    copies,
    edits,
    files,
    members,
    places,
    polls,
    profile,
    queries,
    stickers,
    texts,
    topics,
)
from tests.telegram_server.query import Method

__all__ = ["METHODS"]

GROUPS = (
    asking,
    copies,
    edits,
    files,
    members,
    places,
    polls,
    profile,
    queries,
    stickers,
    texts,
    topics,
)

METHODS: dict[str, Method] = {
    name.lower(): method for group in GROUPS for name, method in group.METHODS.items()
}
