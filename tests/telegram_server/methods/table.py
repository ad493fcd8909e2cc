"""All methods by name; clients may write names in any case."""

from tests.telegram_server.methods import asking, edits, profile, queries, texts
from tests.telegram_server.query import Method

__all__ = ["METHODS"]

GROUPS = (asking, edits, profile, queries, texts)

METHODS: dict[str, Method] = {
    name.lower(): method for group in GROUPS for name, method in group.METHODS.items()
}
