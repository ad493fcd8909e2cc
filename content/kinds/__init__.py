"""The kinds of posts."""

from collections.abc import Mapping

from content.kinds.article import Article
from content.kinds.discussion import Discussion
from content.kinds.kind import PostKind
from content.kinds.poem import Poem
from content.kinds.quiz import Quiz

__all__ = ["KINDS", "PostKind"]

KINDS: Mapping[str, type[PostKind]] = {
    Article.name: Article,
    Discussion.name: Discussion,
    Poem.name: Poem,
    Quiz.name: Quiz,
}
"""Every kind by the name that schedules use."""
