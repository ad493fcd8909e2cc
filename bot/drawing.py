"""Draws pictures: the words judged, drawn by the engine, the picture judged."""

import asyncio
import secrets
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.config_models import ImageModelConfig
from bot.drawn import Drawn, Judged, Outcome, Undrawn, Wanted
from bot.errors import CannotStartError, HearthbotError, MissingError
from bot.generation.engine import Engine
from bot.generation.requests import (
    Drawing,
    GenerationRequest,
    ImageParams,
    ImagePayload,
    Kind,
    Owner,
    Priority,
)
from bot.generation.ticket import Ticket
from bot.known_things import KnownThings
from bot.messages import Attachment, Channel
from bot.provenance import Provenance, marked
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import Stage
from bot.words import T

__all__ = [
    "NUM_SEEDS",
    "SEED_BITS",
    "STARTERS",
    "Drawer",
    "Drawn",
    "Follow",
    "Outcome",
    "StyleOf",
    "Undrawn",
    "Wanted",
]

MEDIA_TYPE = "image/png"
PREVIEW_NAME = "preview.png"
SEED_BITS = 31
NUM_SEEDS = 2**SEED_BITS
STARTERS = ("starter", "starter-image")
"""Names of the small model that comes with the bot."""

SIDE_PX = 512  # most models can do that, and few were made for less

Follow = Callable[[Ticket], None]
"""Is given the ticket as soon as there is one: it has place and progress."""
StyleOf = Callable[[Channel], Awaitable[str]]
"""Returns what is put behind the words of pictures for a channel, already judged."""


async def _no_style(_: Channel) -> str:
    return ""


class Drawer:
    """Makes pictures. Nothing is drawn or shown that was not judged.

    Args:
        style_of: what the community of a place wants all its pictures to look like.
        known: what the model can draw, and nothing else; None: it takes any words.
    """

    def __init__(
        self,
        *,
        engine: Engine,
        chain: FilterChain,
        config: ImageModelConfig,
        style_of: StyleOf = _no_style,
        known: KnownThings | None = None,
    ) -> None:
        self._engine = engine
        self._chain = chain
        self._config = config
        self._style_of = style_of
        self._known = known

    @property
    def model(self) -> str:
        """What draws, as the settings name it."""
        return self._config.model

    @property
    def max_count(self) -> int:
        """The most pictures that one request may ask for."""
        return self._config.max_count

    @property
    def side_px(self) -> int:
        """The longer side of a picture; 0: the model can do no size but its own."""
        config = self._config
        own = 0 if config.model in STARTERS else SIDE_PX
        return max(config.width, config.height) or own

    @property
    def is_awake(self) -> bool:
        """Whether the model is loaded."""
        return self._engine.is_loaded(Kind.IMAGE.value)

    async def draw(
        self,
        wanted: Wanted,
        *,
        owner: Owner,
        priority: Priority = Priority.COMMAND,
        follow: Follow = lambda _: None,
    ) -> Drawn | Undrawn:
        """Return a picture, or why there is none.

        Raises:
            GenerationError, MissingError: the model could not do it.
        """
        words = await self._passed(wanted, wanted.prompt, ())
        if isinstance(words, Undrawn):
            return words
        return await self._draw(wanted, words, owner, priority, follow)

    async def draw_many(
        self,
        wanted: Wanted,
        count: int,
        *,
        owner: Owner,
        priority: Priority = Priority.COMMAND,
        follow: Follow = lambda _: None,
    ) -> Undrawn | tuple[Outcome, ...]:
        """Return so many pictures, or why there are none; what failed is among them.

        The words are judged once. Seeds count up from the one that is wanted, and so
        do the names of files: picture-1.png, picture-2.png.
        """
        words = await self._passed(wanted, wanted.prompt, ())
        if isinstance(words, Undrawn):
            return words
        first = wanted.params.seed
        if first is None:
            first = secrets.randbits(SEED_BITS)
        stem, _, ending = wanted.name.rpartition(".")
        each = [
            replace(
                wanted,
                params=replace(wanted.params, seed=(first + number) % NUM_SEEDS),
                name=f"{stem}-{number + 1}.{ending}",
            )
            for number in range(count)
        ]
        ended = await asyncio.gather(
            *(self._draw(one, words, owner, priority, follow) for one in each),
            return_exceptions=True,
        )
        outcomes: list[Outcome] = []
        for one in ended:
            if not isinstance(one, Drawn | Undrawn | HearthbotError):
                raise one
            outcomes.append(one)
        return tuple(outcomes)

    async def preview(
        self, wanted: Wanted, png: bytes, *, seed: int, description: str
    ) -> Attachment | None:
        """Return how a picture looks so far as a file; None: it may not be shown."""
        provenance = Provenance(self.model, seed)
        attachment = Attachment(
            PREVIEW_NAME,
            MEDIA_TYPE,
            marked(png, provenance),
            description=description,
            provenance=provenance,
        )
        seen = await self._passed(wanted, "", (attachment,), is_passing=True)
        return None if isinstance(seen, Undrawn) else attachment

    async def _draw(
        self,
        wanted: Wanted,
        words: Judged,
        owner: Owner,
        priority: Priority,
        follow: Follow,
    ) -> Drawn | Undrawn:
        """Draw one picture to words that were judged, and judge it."""
        seed, prompt = wanted.params.seed, words.judgement.text
        params = self._params(
            wanted.params, secrets.randbits(SEED_BITS) if seed is None else seed
        )
        negative = ", ".join(filter(None, (self._config.negative, wanted.negative)))
        payload = ImagePayload(
            await self._words_for(wanted, prompt), negative, wanted.start
        )
        try:
            made = await self._drawing(payload, params, owner, priority, follow)
        except CannotStartError:  # at once, before anything was drawn
            payload = replace(payload, start=None)
            made = await self._drawing(payload, params, owner, priority, follow)
        drawing, steps = made
        provenance = Provenance(self.model, params.seed or 0)
        attachment = Attachment(
            wanted.name,
            MEDIA_TYPE,
            marked(drawing.png, provenance),
            description=wanted.description,
            provenance=provenance,
        )
        seen = await self._passed(wanted, "", (attachment,))
        if isinstance(seen, Undrawn):
            return seen
        return Drawn(attachment, drawing, provenance, words, seen, prompt, steps)

    async def _words_for(self, wanted: Wanted, prompt: str) -> str:
        """Return what the model is told.

        Raises:
            MissingError: a post is about nothing that the model knows.
        """
        if self._known is not None:
            named = self._known.named_in(wanted.about or prompt)
            if named is None and wanted.author is None:
                raise MissingError(T("The model knows no picture that would suit."))
            return named or prompt
        style = await self._style_of(wanted.places[0]) if wanted.places else ""
        return f"{prompt}, {style}" if style else prompt

    async def _passed(
        self,
        wanted: Wanted,
        text: str,
        attachments: tuple[Attachment, ...],
        *,
        is_passing: bool = False,
    ) -> Judged:
        """Judge by the rules of every place, each seeing what the last one left.

        What is blocked is Undrawn.
        """
        places: Sequence[Channel | None] = wanted.places or (None,)
        for place in places:
            subject = Subject(
                text,
                Stage.OUTPUT,
                place,
                wanted.author,
                attachments=attachments,
                is_passing=is_passing,
            )
            judgement = await self._chain.judge(subject)
            if judgement.is_blocked:
                return Undrawn(subject, judgement)
            text = judgement.text
        return Judged(subject, judgement)

    def _params(self, asked: ImageParams, seed: int) -> ImageParams:
        """Return the params with what the settings say in place of what is open."""
        config = self._config
        guidance = asked.guidance
        if guidance is None and config.guidance >= 0:
            guidance = config.guidance
        return replace(
            asked,
            width=asked.width or config.width,
            height=asked.height or config.height,
            steps=asked.steps or config.steps,
            guidance=guidance,
            seed=seed,
        )

    async def _drawing(
        self,
        payload: ImagePayload,
        params: ImageParams,
        owner: Owner,
        priority: Priority,
        follow: Follow,
    ) -> tuple[Drawing, int]:
        """Return the picture, and in how many steps the model made it."""
        ticket = self._engine.submit(
            GenerationRequest(
                id=uuid.uuid4().hex[:12],
                model=Kind.IMAGE.value,
                payload=payload,
                params=params,
                owner=owner,
                priority=priority,
                deadline_s=self._config.deadline_s,
            )
        )
        try:
            follow(ticket)
            drawing = await ticket.drawing()
            return drawing, ticket.reached.num_steps if ticket.reached else params.steps
        finally:
            ticket.cancel()
