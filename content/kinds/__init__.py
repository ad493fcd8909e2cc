"""The kinds of posts."""

from collections.abc import Mapping

from content.kinds.article import Article
from content.kinds.kind import PostKind

__all__ = ["KINDS", "PostKind"]

KINDS: Mapping[str, type[PostKind]] = {
    Article.name: Article,
}
"""Every kind by the name that schedules use."""
