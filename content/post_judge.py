"""Has the filters look at what people would see of a post."""

from collections.abc import Sequence

from bot.messages import Author, Channel, Link
from bot.safety.filter import FilterChain, Judgement, Subject
from bot.safety.verdict import Stage
from bot.store.judgements import JudgementRepository
from bot.store.posts import StoredPost

__all__ = ["PostJudge", "desk_of"]


class PostJudge:
    """Judges texts as strictly as the strictest of the places that they go to.

    Args:
        author: the bot, as its judgements name it.
    """

    def __init__(
        self, chain: FilterChain, judgements: JudgementRepository, *, author: Author
    ) -> None:
        self._chain = chain
        self._judgements = judgements
        self._author = author

    async def judge(
        self, post: StoredPost, text: str, places: Sequence[Channel]
    ) -> Judgement:
        """Judge a text by the rules of each place, and go on with what they left of it.

        Returns the judgement that blocks it, else the last one.
        """
        for place in places or (None,):
            subject = Subject(text, Stage.OUTPUT, place)
            judgement = await self._chain.judge(subject)
            await self._judgements.add(
                post.id,
                subject,
                judgement,
                author=self._author,
                channel=desk_of(post.id),
            )
            if judgement.is_blocked:
                break
            text = judgement.text
        return judgement

    async def passing(
        self, post: StoredPost, links: Sequence[Link], places: Sequence[Channel]
    ) -> tuple[Link, ...]:
        """Return the links that people may see as they are: they are not our words."""
        kept: list[Link] = []
        for link in links:
            text = f"{link.title} {link.url}"
            judgement = await self.judge(post, text, places)
            if not judgement.is_blocked and judgement.text == text:
                kept.append(link)
        return tuple(kept)


def desk_of(post_id: str) -> Channel:
    """Return the place where a post is judged: no channel has it yet."""
    return Channel("post", post_id, "posts")
