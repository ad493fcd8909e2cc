"""The kinds of posts."""

from collections.abc import Mapping

from content.kinds.article import Article
from content.kinds.digest import Digest
from content.kinds.discussion import Discussion
from content.kinds.kind import PostKind
from content.kinds.lesson import Lesson
from content.kinds.picture import Picture
from content.kinds.poem import Poem
from content.kinds.quiz import Quiz
from content.kinds.recap import Recap
from content.kinds.story import Story
from content.kinds.translation import Translation

__all__ = ["KINDS", "PostKind"]

KINDS: Mapping[str, type[PostKind]] = {
    Article.name: Article,
    Digest.name: Digest,
    Discussion.name: Discussion,
    Lesson.name: Lesson,
    Picture.name: Picture,
    Poem.name: Poem,
    Quiz.name: Quiz,
    Recap.name: Recap,
    Story.name: Story,
    Translation.name: Translation,
}
"""Every kind by the name that schedules use."""
