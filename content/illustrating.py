"""Makes the picture of a post: drawn by a model, else a designed cover.

It is kept in the store, so that what was reviewed is what is published.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from bot.clock import Clock
from bot.drawing import Drawn, Undrawn, Wanted
from bot.errors import (
    BackendGoneError,
    GenerationError,
    MissingError,
    OverloadedError,
)
from bot.generation.requests import ImageParams, Owner, Priority
from bot.messages import Attachment, Author, Channel
from bot.provenance import Provenance
from bot.store.judgements import JudgementRepository
from bot.store.post_pictures import PostPictureRepository, StoredPicture
from bot.store.posts import StoredPost
from bot.words import T, Text, Words
from content.judging import desk_of
from content.kinds import KINDS
from content.languages import base_of
from content.post_cover import seed_of

__all__ = ["CoverMaker", "Illustrating", "PictureMaker", "picture_prompt"]

logger = structlog.get_logger(__name__)

STYLE = "clear shapes, warm colours, no text"
MAX_PROMPT = 300
MAX_TRIES = 2
"""How many pictures are drawn where the filters do not let the first one pass."""
TRY_STEP = 1_000
PAUSES_S = (15.0, 45.0)
"""Before the model is asked again that could not be asked at all. A bot that is being
stopped is stopped meanwhile, and draws when it runs again."""
OWNER = Owner("posts", "posts")
SUFFIXES = {"image/png": "png", "image/webp": "webp"}

PlacesOf = Callable[[StoredPost], tuple[Channel, ...]]
"""Returns where a post will be seen, by whose rules its picture is judged."""


class CoverMaker(Protocol):
    """Who draws covers: `content.post_cover.PostCovers`."""

    async def draw(
        self, post: StoredPost, *, number: int = 0, sticker: bytes | None = None
    ) -> Attachment | None:
        """Return a post's cover; None: it gets none."""


class PictureMaker(Protocol):
    """Who draws pictures: `bot.drawing.Drawer`."""

    async def draw(
        self, wanted: Wanted, *, owner: Owner, priority: Priority
    ) -> Drawn | Undrawn:
        """Return a picture, or why there is none; raises as the model fails."""


class Illustrating:
    """Makes and keeps the pictures of posts.

    Args:
        covers: None: posts that no model draws for have no picture.
        drawer: None: no model draws.
    """

    def __init__(
        self,
        pictures: PostPictureRepository,
        *,
        covers: CoverMaker | None,
        drawer: PictureMaker | None,
        judgements: JudgementRepository,
        places_of: PlacesOf,
        bot_name: str,
        words: Words,
        clock: Clock,
    ) -> None:
        self._pictures = pictures
        self._covers = covers
        self._drawer = drawer
        self._judgements = judgements
        self._places_of = places_of
        self._bot_name = bot_name
        self._words = words
        self._clock = clock
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def picture_of(self, post: StoredPost) -> Attachment | None:
        """Return a post's picture, made now where there is none that fits its text."""
        async with self._turn(post):
            kept = await self._pictures.get(post.id)
            if kept is None or not self._fits(kept, post):
                number = kept.number if kept else 0
                made = await self._made(post, number)
                if made is not None:
                    await self._pictures.put(made)
                    kept = made
        return None if kept is None else _attachment(kept)

    async def redraw(self, post: StoredPost) -> bool:
        """Make a post's next picture; False where its status is another by then.

        Where no other one can be made, it keeps the one that it has.
        """
        async with self._turn(post):
            kept = await self._pictures.get(post.id)
            made = await self._made(post, kept.number + 1 if kept else 0)
            if made is None:
                return True
            return await self._pictures.put(made, status=post.status)

    async def take(self, post: StoredPost, drawn: Attachment) -> None:
        """Keep a picture that was drawn elsewhere, and judged, as that of a post."""
        if drawn.provenance is None:
            raise ValueError("only what we drew ourselves becomes a post's picture")
        await self._pictures.put(
            StoredPicture(
                post_id=post.id,
                number=0,
                content=drawn.content,
                media_type=drawn.media_type,
                alt=self._words.say(_alt(post, is_cover=False), post.language),
                made_utc=self._clock.now_utc(),
                prompt=picture_prompt(post),
                model=drawn.provenance.model,
                seed=drawn.provenance.seed,
            )
        )

    def _turn(self, post: StoredPost) -> asyncio.Lock:
        return self._turns.setdefault(post.id, asyncio.Lock())

    def _fits(self, picture: StoredPicture, post: StoredPost) -> bool:
        """Whether a picture was made for the text that the post has now."""
        is_same_scene = not picture.prompt or picture.prompt == picture_prompt(post)
        return is_same_scene and picture.title in ("", post.title)

    async def _made(self, post: StoredPost, number: int) -> StoredPicture | None:
        drawn = await self._drawn(post, number)
        is_sticker = drawn is not None and await asyncio.to_thread(_is_sticker, drawn)
        sticker = drawn.drawing.png if drawn is not None and is_sticker else None
        if drawn is not None and sticker is None:
            return self._kept(post, number, drawn.attachment, drawn)
        if self._covers is None:
            return None
        cover = await self._covers.draw(post, number=number, sticker=sticker)
        return None if cover is None else self._kept(post, number, cover, drawn)

    async def _drawn(self, post: StoredPost, number: int) -> Drawn | None:
        """Return what a model drew for a post; None: nothing that may be shown."""
        if self._drawer is None or not KINDS[post.kind].picture_hint:
            return None
        for attempt in range(MAX_TRIES):
            seed = seed_of(post.id, number + attempt * TRY_STEP)
            wanted = Wanted(
                picture_prompt(post),
                about=_about(post),
                params=ImageParams(seed=seed),
                places=self._places_of(post),
            )
            try:
                outcome = await self._patiently(self._drawer, wanted)
            except (GenerationError, MissingError) as error:
                logger.warning("picture not drawn", post=post.id, reason=str(error))
                return None
            if isinstance(outcome, Drawn):
                return outcome
            await self._note(post, outcome)
            if not outcome.subject.attachments:  # the words: no seed makes them better
                return None
        return None

    async def _patiently(self, drawer: PictureMaker, wanted: Wanted) -> Drawn | Undrawn:
        """Draw, and again after a while where the model is on its way or too busy."""
        for pause_s in (*PAUSES_S, None):
            try:
                return await drawer.draw(wanted, owner=OWNER, priority=Priority.POST)
            except (OverloadedError, BackendGoneError) as error:
                if pause_s is None:
                    raise
                logger.info("picture put off", reason=str(error), wait_s=pause_s)
                await self._clock.sleep(pause_s)
        raise AssertionError("the last attempt returns or raises")

    async def _note(self, post: StoredPost, refused: Undrawn) -> None:
        logger.info(
            "picture refused", post=post.id, filter=refused.judgement.verdict.filter
        )
        await self._judgements.add(
            post.id,
            refused.subject,
            refused.judgement,
            author=Author("", self._bot_name, is_bot=True),
            channel=desk_of(post.id),
        )

    def _kept(
        self, post: StoredPost, number: int, file: Attachment, drawn: Drawn | None
    ) -> StoredPicture:
        is_cover = drawn is None or file is not drawn.attachment
        return StoredPicture(
            post_id=post.id,
            number=number,
            content=file.content,
            media_type=file.media_type,
            alt=self._words.say(_alt(post, is_cover=is_cover), post.language),
            made_utc=self._clock.now_utc(),
            title=post.title if is_cover else "",
            prompt="" if drawn is None else picture_prompt(post),
            model="" if drawn is None else drawn.provenance.model,
            seed=seed_of(post.id, number) if drawn is None else drawn.provenance.seed,
            is_cover=is_cover,
        )


def picture_prompt(post: StoredPost) -> str:
    """Return what a model is asked to draw for a post."""
    scene = post.extras.scene
    if not scene:
        hint, subject = KINDS[post.kind].picture_hint, _subject(post)
        if "{topic}" in hint:
            scene = hint.replace("{topic}", subject or "something friendly")
        else:
            scene = f"{subject}, {hint}" if subject else hint
    return f"{scene[:MAX_PROMPT]}, {STYLE}"


def _subject(post: StoredPost) -> str:
    """Return what a post is about, where that tells something to a model that draws."""
    kind = KINDS[post.kind]
    is_subject = kind.is_about_topic and not kind.needs_material
    return post.topic if is_subject and post.topic.isascii() else ""


def _about(post: StoredPost) -> str:
    return post.extras.scene or _subject(post) or KINDS[post.kind].picture_hint


def _alt(post: StoredPost, *, is_cover: bool) -> Text:
    if is_cover:
        return T("Cover with the title “{title}”", title=post.title)
    scene = post.extras.scene if base_of(post.language) == "en" else ""
    return T("A picture made by AI: {scene}", scene=scene or post.title)


def _is_sticker(drawn: Drawn) -> bool:
    from content.cover_sticker import cut_out  # what covers need is loaded when used

    return cut_out(drawn.drawing.png) is not None


def _attachment(picture: StoredPicture) -> Attachment:
    name = "cover" if picture.is_cover else "picture"
    provenance = Provenance(picture.model, picture.seed) if picture.model else None
    return Attachment(
        f"{name}.{SUFFIXES[picture.media_type]}",
        picture.media_type,
        picture.content,
        description=picture.alt,
        provenance=provenance,
    )
