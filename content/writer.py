"""Turns a planned post into one that may go out: drafts, checks, has it judged."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from bot.clock import Clock
from bot.config import BotConfig, PersonaConfig
from bot.errors import GenerationError, MissingError
from bot.generation.requests import Owner
from bot.meaning.meanings import NO_MEANINGS, Meanings
from bot.messages import Channel
from bot.safety.filter import FilterChain
from bot.store.judgements import JudgementRepository
from bot.store.materials import MaterialRepository
from bot.store.posts import PostExtras, PostRepository, StoredPost
from bot.words import T, join_texts
from content.drafting import Brief, Draft, DraftFailedError
from content.judging import Ending, Judging
from content.kinds import KINDS
from content.past import NOTHING, Past, PastPosts
from content.posts import PostStatus, check_transition
from content.text_maker import TextMaker

__all__ = ["Writer"]

logger = structlog.get_logger(__name__)

MAX_DRAFTS = 3
MAX_ENGINE_ATTEMPTS = 12
FIRST_RETRY_S = 20.0
LONGEST_RETRY_S = 300.0  # in all about half an hour: a model may be on its way
SEEDS_PER_DRAFT = 1000
SEEDS_PER_REWRITE = 1_000_000
ACTOR = "writer"


class Writer:
    """Writes posts with one model; `model` is its name."""

    def __init__(
        self,
        maker: TextMaker,
        *,
        model: str,
        posts: PostRepository,
        materials: MaterialRepository,
        past: Past,
        judgements: JudgementRepository,
        chain: FilterChain,
        personas: Mapping[str, PersonaConfig],
        bot: BotConfig,
        clock: Clock,
        meanings: Meanings = NO_MEANINGS,
    ) -> None:
        self._maker = maker
        self._model = model
        self._posts = posts
        self._materials = materials
        self._past = past
        self.judging = Judging(chain, judgements=judgements, bot=bot)
        self._personas = personas
        self._bot = bot
        self._clock = clock
        self._meanings = meanings

    async def draft(
        self,
        kind: str,
        *,
        topic: str,
        language: str,
        persona: str,
        seed: int = 1,
        scale: float = 1.0,
        wish: str = "",
        outside: str = "",
        past: PastPosts = NOTHING,
        owner: Owner | None = None,
    ) -> Draft:
        """Write a draft, and again with what was wrong until it is good enough.

        `scale` is the wanted share of the usual length, `wish` what a moderator said,
        `outside` quoted text to know of, `past` what it goes on from and is made from,
        `owner` who waits. Returns the best of them; its score says if it may be shown.

        Raises:
            DraftFailedError: not one could be finished.
            GenerationError, MissingError: the model could not be asked.
        """
        brief = Brief(
            topic,
            language=language,
            persona=self._prompt(persona),
            scale=scale,
            wish=wish,
            outside=outside,
            material=past.material,
            earlier=past.earlier,
            stories=past.stories,
            lessons=past.lessons,
            meanings=self._meanings,
        )
        drafts: list[Draft] = []
        failure: DraftFailedError | None = None
        for number in range(MAX_DRAFTS):
            brief = replace(brief, seed=seed + number * SEEDS_PER_DRAFT)
            try:
                maker = self._maker.on_behalf_of(owner)
                draft = await KINDS[kind]().draft(brief, maker)
            except DraftFailedError as error:
                failure, reasons = error, error.reasons
                if error.is_final:
                    break
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
        return max(drafts, key=_worth)

    async def write(
        self, post: StoredPost, places: Sequence[Channel], *, needs_review: bool = False
    ) -> Ending:
        """Write a planned post; it ends as approved, before moderators, or not at all.

        It is judged as strictly as the strictest of the places that it goes to. While
        the model cannot be asked it is tried again, each time after twice as long, but
        not for ever.
        """
        await self._move(post, PostStatus.PLANNED, Ending(PostStatus.DRAFTING))
        ending = await self._written(post, places, seed=_seed(post.id))
        if ending.status is PostStatus.APPROVED and needs_review:
            ending = replace(ending, status=PostStatus.PENDING_REVIEW)
        return await self._move(post, PostStatus.DRAFTING, ending)

    async def rewrite(
        self,
        post: StoredPost,
        places: Sequence[Channel],
        *,
        number: int,
        scale: float,
        wish: str,
    ) -> Ending:
        """Write a post anew that moderators sent back; it comes before them again.

        Where that cannot be done, it keeps the text that it had. `number` tells this
        rewriting from others of the same post.
        """
        seed = _seed(post.id) + number * SEEDS_PER_REWRITE
        ending = await self._written(post, places, seed=seed, scale=scale, wish=wish)
        if ending.status is not PostStatus.APPROVED:
            reason = T(
                "no better text was found: {reason}", reason=ending.reason or T("none")
            )
            ending = Ending(ending.status, reason)
        ending = replace(ending, status=PostStatus.PENDING_REVIEW)
        return await self._move(post, PostStatus.DRAFTING, ending)

    async def judged(
        self,
        post: StoredPost,
        title: str,
        body: str,
        places: Sequence[Channel],
        extras: PostExtras | None = None,
    ) -> Ending:
        """Ask the filters about all that people would see of a post.

        Returns an approved ending with what they left of it, or a rejected one. A poll
        or a source cannot be redacted: one that a filter would change is refused.
        """
        return await self.judging.judged(post, title, body, places, extras)

    async def _written(
        self,
        post: StoredPost,
        places: Sequence[Channel],
        *,
        seed: int,
        scale: float = 1.0,
        wish: str = "",
    ) -> Ending:
        try:
            draft = await self._patiently(post, seed=seed, scale=scale, wish=wish)
        except (DraftFailedError, GenerationError, MissingError) as error:
            return Ending(PostStatus.FAILED, error.text)
        if not draft.score.is_good_enough:
            return Ending(PostStatus.FAILED, join_texts(draft.score.reasons))
        ending = await self.judged(post, draft.title, draft.body, places, draft.extras)
        if ending.status is not PostStatus.APPROVED:
            return ending
        await self._past.keep(post, draft)
        material = await self._materials.get(post.id)
        if material.links:
            links = await self.judging.passing(post, material.links, places)
            await self._materials.put(post.id, replace(material, links=links))
        score = T(
            "score {score}, {rewrites} drafts before it, written by {model} from seed "
            "{seed}",
            score=f"{draft.score.value:.2f}",
            rewrites=draft.num_rewrites,
            model=self._model,
            seed=seed + draft.num_rewrites * SEEDS_PER_DRAFT,
        )
        return replace(ending, reason=score)

    async def _patiently(
        self, post: StoredPost, *, seed: int, scale: float, wish: str
    ) -> Draft:
        past = await self._past.of(post)
        outside = (await self._materials.get(post.id)).material
        for number in range(MAX_ENGINE_ATTEMPTS):
            try:
                return await self.draft(
                    post.kind,
                    topic=post.topic,
                    language=post.language,
                    persona=post.persona,
                    seed=seed,
                    scale=scale,
                    wish=wish,
                    outside=outside,
                    past=past,
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

    async def _move(self, post: StoredPost, old: PostStatus, ending: Ending) -> Ending:
        check_transition(old, ending.status)
        await self._posts.transition(
            post.id,
            old,
            ending.status,
            actor=ACTOR,
            reason=ending.reason,
            title=ending.title,
            body=ending.body,
            extras=ending.extras,
        )
        logger.info("post changed", post=post.id, status=ending.status.value)
        return ending

    def _prompt(self, persona: str) -> str:
        found = self._personas.get(persona)
        return found.prompt.replace("{name}", self._bot.name) if found else ""


def _worth(draft: Draft) -> tuple[bool, float]:
    return draft.score.is_good_enough, draft.score.value


def _seed(post_id: str) -> int:
    """Return a seed of its own for each post: a topic comes round again, a text not."""
    digest = hashlib.sha256(post_id.encode()).digest()
    return int.from_bytes(digest[:3], "big")
