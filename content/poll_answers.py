"""What people answered in a lesson's poll, for the lessons after it."""

from collections.abc import Collection

from bot.publication import Poll
from bot.store.feedback import FeedbackRepository
from bot.store.lessons import LessonRepository
from bot.store.posts import PostRepository
from bot.store.store import Store

__all__ = ["PollAnswers"]


class PollAnswers:
    """Tells lessons whether most people knew the word that was asked.

    A lesson is for all who read it: its words have one box together, whoever votes.
    """

    def __init__(self, store: Store) -> None:
        self._posts = PostRepository(store)
        self._lessons = LessonRepository(store)
        self._feedback = FeedbackRepository(store)

    async def count(self, post_ids: Collection[str]) -> None:
        """Count the votes of posts anew, and note what that says about their words."""
        for post_id in post_ids:
            post = await self._posts.get(post_id)
            poll = post.extras.poll if post is not None else None
            if poll is not None and poll.correct is not None:
                votes = await self._feedback.votes(post_id)
                word = poll.answers[poll.correct]
                was_known = _was_known(poll, votes)
                await self._lessons.answered(post_id, word, was_known=was_known)


def _was_known(poll: Poll, votes: dict[int, int]) -> bool:
    """Return whether at least half were right; where nobody voted, that counts too."""
    return 2 * votes.get(poll.correct or 0, 0) >= sum(votes.values())
