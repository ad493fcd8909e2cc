"""Has all that people would see of a post judged before they see it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.config import BotConfig
from bot.messages import Author, Channel
from bot.publication import Link
from bot.safety.filter import FilterChain, Judgement, Subject
from bot.safety.verdict import Stage
from bot.store.judgements import JudgementRepository
from bot.store.posts import PostExtras, StoredPost
from bot.words import T, Text
from content.posts import PostStatus

__all__ = ["Ending", "Judging", "desk_of"]


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a post stands after writing, and why; its text where it has a new one."""

    status: PostStatus
    reason: Text | None = None
    title: str | None = field(default=None, repr=False)
    body: str | None = field(default=None, repr=False)
    extras: PostExtras | None = None


class Judging:
    """Asks the filters, and keeps what they say."""

    def __init__(
        self, chain: FilterChain, *, judgements: JudgementRepository, bot: BotConfig
    ) -> None:
        self._chain = chain
        self._judgements = judgements
        self._bot = bot

    async def judged(
        self,
        post: StoredPost,
        title: str,
        body: str,
        places: Sequence[Channel],
        extras: PostExtras | None = None,
    ) -> Ending:
        """Return an approved ending with what the filters left, or a rejected one.

        A poll or a source cannot be redacted: one that would be is refused.
        """
        passed: list[str] = []
        for text in (title, body):
            judgement = await self._judge(post, text, places)
            if judgement.is_blocked:
                return Ending(PostStatus.REJECTED, _blocked(judgement))
            passed.append(judgement.text)
        for text in _texts_of(extras, body) if extras else ():
            judgement = await self._judge(post, text, places)
            if judgement.is_blocked or judgement.text != text:
                return Ending(PostStatus.REJECTED, _blocked(judgement))
        if extras is not None and passed[1] != body and extras.summary in body:
            extras = replace(extras, summary="")  # what was cut may stand in it
        title, body = passed
        return Ending(PostStatus.APPROVED, None, title, body, extras)

    async def passing(
        self, post: StoredPost, links: Sequence[Link], places: Sequence[Channel]
    ) -> tuple[Link, ...]:
        """Return the links that people may see as they are: they are not our words."""
        kept: list[Link] = []
        for link in links:
            text = f"{link.title} {link.url}"
            judgement = await self._judge(post, text, places)
            if not judgement.is_blocked and judgement.text == text:
                kept.append(link)
        return tuple(kept)

    async def asked(
        self, subject: Subject, message_id: str, *, author: Author, channel: Channel
    ) -> tuple[Judgement, int]:
        """Judge what somebody asks to be written; return the judgement's number too."""
        judgement = await self._chain.judge(subject)
        number = await self._judgements.add(
            message_id, subject, judgement, author=author, channel=channel
        )
        return judgement, number

    async def _judge(
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
                author=Author("", self._bot.name, is_bot=True),
                channel=desk_of(post.id),
            )
            if judgement.is_blocked:
                break
            text = judgement.text
        return judgement


def desk_of(post_id: str) -> Channel:
    """Return the place where a post is judged: no channel has it yet."""
    return Channel("post", post_id, "posts")


def _blocked(judgement: Judgement) -> Text:
    verdict = judgement.verdict
    return T(
        "the filter “{filter}” blocked it: {reason}",
        filter=verdict.filter,
        reason=verdict.reason or verdict.category,
    )


def _texts_of(extras: PostExtras, body: str) -> tuple[str, ...]:
    """Return what people would see of a post besides title and body."""
    poll = (extras.poll.text,) if extras.poll else ()
    links = tuple(f"{link.title}\n{link.url}" for link in extras.sources)
    summary = () if extras.summary in body else (extras.summary,)
    # The scene is read to who cannot see the picture.
    scene = (extras.scene,) if extras.scene else ()
    return (*summary, *poll, *links, *scene)
