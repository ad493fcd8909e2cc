"""Turns a planned post into one that may go out: drafts, checks, has it judged."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.clock import Clock
from bot.config import BotConfig, PersonaConfig
from bot.errors import GenerationError, MissingError
from bot.messages import Author, Channel, Link
from bot.safety.filter import FilterChain, Judgement, Subject
from bot.safety.verdict import Stage
from bot.store.judgements import JudgementRepository
from bot.store.materials import MaterialRepository
from bot.store.posts import PostRepository, StoredPost
from bot.words import T, Text, join_texts
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds import KINDS
from content.posts import PostStatus, check_transition
from content.text_maker import TextMaker

__all__ = ["Writer", "desk_of"]

logger = structlog.get_logger(__name__)

MAX_DRAFTS = 3
MAX_ENGINE_ATTEMPTS = 12
FIRST_RETRY_S = 20.0
LONGEST_RETRY_S = 300.0  # in all about half an hour: a model may be on its way
SEEDS_PER_DRAFT = 1000
ACTOR = "writer"


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a post stands after writing, and why."""

    status: PostStatus
    reason: Text | None = None


class Writer:
    """Writes posts with one model; `model` is its name."""

    def __init__(
        self,
        maker: TextMaker,
        *,
        model: str,
        posts: PostRepository,
        materials: MaterialRepository,
        judgements: JudgementRepository,
        chain: FilterChain,
        personas: Mapping[str, PersonaConfig],
        bot: BotConfig,
        clock: Clock,
    ) -> None:
        self._maker = maker
        self._model = model
        self._posts = posts
        self._materials = materials
        self._judgements = judgements
        self._chain = chain
        self._personas = personas
        self._bot = bot
        self._clock = clock

    async def draft(
        self,
        kind: str,
        *,
        topic: str,
        language: str,
        persona: str,
        seed: int = 1,
        material: str = "",
    ) -> Draft:
        """Write a draft, and again with what was wrong until it is good enough.

        Returns the best of them; its score says whether it may be shown.

        Raises:
            DraftFailedError: not one could be finished.
            GenerationError: the model could not be asked.
            MissingError: there is no model.
        """
        writing = KINDS[kind]()
        brief = Brief(
            topic,
            language=language,
            persona=self._prompt(persona),
            material=material,
        )
        drafts: list[Draft] = []
        failure: DraftFailedError | None = None
        for number in range(MAX_DRAFTS):
            brief = replace(brief, seed=seed + number * SEEDS_PER_DRAFT)
            try:
                draft = await writing.draft(brief, self._maker)
            except DraftFailedError as error:
                failure, reasons = error, error.reasons
            else:
                drafts.append(replace(draft, num_rewrites=number))
                reasons = draft.score.reasons
                if not reasons:
                    break
            brief = replace(brief, avoid=tuple(dict.fromkeys(reasons)))
            logger.info(
                "draft rejected", kind=kind, number=number, reasons=[*map(str, reasons)]
            )
        if failure is not None and not drafts:
            raise failure
        return max(
            drafts, key=lambda draft: (draft.score.is_good_enough, draft.score.value)
        )

    async def write(self, post: StoredPost, places: Sequence[Channel]) -> Ending:
        """Write a planned post; it ends as approved, rejected or failed.

        It is judged as strictly as the strictest of the places that it goes to.
        While the model cannot be asked it is tried again, each time after twice as
        long, but not for ever.
        """
        await self._move(post, PostStatus.PLANNED, Ending(PostStatus.DRAFTING))
        try:
            draft = await self._patiently(post)
        except (DraftFailedError, GenerationError, MissingError) as error:
            ending = Ending(PostStatus.FAILED, error.text)
            return await self._move(post, PostStatus.DRAFTING, ending)
        if not draft.score.is_good_enough:
            ending = Ending(PostStatus.FAILED, join_texts(draft.score.reasons))
            return await self._move(post, PostStatus.DRAFTING, ending)
        return await self._judge(post, draft, places)

    async def _patiently(self, post: StoredPost) -> Draft:
        material = await self._materials.get(post.id)
        for number in range(MAX_ENGINE_ATTEMPTS):
            try:
                return await self.draft(
                    post.kind,
                    topic=post.topic,
                    language=post.language,
                    persona=post.persona,
                    seed=_seed(post.id),
                    material=material.material,
                )
            except (GenerationError, MissingError) as error:
                if number == MAX_ENGINE_ATTEMPTS - 1:
                    raise
                wait_s = min(FIRST_RETRY_S * 2**number, LONGEST_RETRY_S)
                logger.warning(
                    "draft put off", post=post.id, error=str(error), wait_s=wait_s
                )
                await self._clock.sleep(wait_s)
        raise AssertionError("the last attempt returns or raises")

    async def _judge(
        self, post: StoredPost, draft: Draft, places: Sequence[Channel]
    ) -> Ending:
        """Ask the filters about all that people would see."""
        passed: list[str] = []
        for text in (draft.title, draft.body):
            judgement = await self._judge_for(post, text, places)
            if judgement.is_blocked:
                verdict = judgement.verdict
                reason = T(
                    "the filter “{filter}” blocked it: {reason}",
                    filter=verdict.filter,
                    reason=verdict.reason or verdict.category,
                )
                ending = Ending(PostStatus.REJECTED, reason)
                return await self._move(post, PostStatus.DRAFTING, ending)
            passed.append(judgement.text)
        title, body = passed
        await self._judge_links(post, places)
        score = T(
            "score {score}, {rewrites} drafts before it, written by {model} from seed "
            "{seed}",
            score=f"{draft.score.value:.2f}",
            rewrites=draft.num_rewrites,
            model=self._model,
            seed=_seed(post.id) + draft.num_rewrites * SEEDS_PER_DRAFT,
        )
        ending = Ending(PostStatus.APPROVED, score)
        return await self._move(
            post, PostStatus.DRAFTING, ending, title=title, body=body
        )

    async def _judge_links(self, post: StoredPost, places: Sequence[Channel]) -> None:
        """Drop the sources that people should not see; they are no words of ours."""
        material = await self._materials.get(post.id)
        kept: list[Link] = []
        for link in material.links:
            text = f"{link.title} {link.url}"
            judgement = await self._judge_for(post, text, places)
            if not judgement.is_blocked and judgement.text == text:
                kept.append(link)
        if len(kept) < len(material.links):
            await self._materials.put(post.id, replace(material, links=tuple(kept)))

    async def _judge_for(
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

    async def _move(
        self,
        post: StoredPost,
        old: PostStatus,
        ending: Ending,
        *,
        title: str | None = None,
        body: str | None = None,
    ) -> Ending:
        check_transition(old, ending.status)
        await self._posts.transition(
            post.id,
            old,
            ending.status,
            actor=ACTOR,
            reason=ending.reason,
            title=title,
            body=body,
        )
        logger.info("post changed", post=post.id, status=ending.status.value)
        return ending

    def _prompt(self, persona: str) -> str:
        found = self._personas.get(persona)
        return found.prompt.replace("{name}", self._bot.name) if found else ""


def desk_of(post_id: str) -> Channel:
    """Return the place where a post is judged: no channel has it yet."""
    return Channel("post", post_id, "posts")


def _seed(post_id: str) -> int:
    """Return a seed of its own for each post: a topic comes round again, a text not."""
    digest = hashlib.sha256(post_id.encode()).digest()
    return int.from_bytes(digest[:3], "big")
