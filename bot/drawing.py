"""Draws pictures: the words judged, drawn by the engine, the picture judged."""

import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.config_models import ImageModelConfig
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
from bot.messages import Attachment, Author, Channel
from bot.provenance import Provenance, marked
from bot.safety.filter import FilterChain, Judgement, Subject
from bot.safety.verdict import Stage

__all__ = ["SEED_BITS", "Drawer", "Drawn", "Follow", "Undrawn", "Wanted"]

MEDIA_TYPE = "image/png"
SEED_BITS = 31
STARTERS = ("starter", "starter-image")
SIDE_PX = 512  # most models can do that, and few were made for less
AS_SET = ImageParams()

Follow = Callable[[Ticket], None]
"""Is given the ticket as soon as there is one: it has place and progress."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture that somebody wants.

    Attributes:
        negative: what it is not to show, besides what the settings say.
        start: a PNG to begin from; None: from nothing.
        params: how it is drawn; what they leave open, the settings say.
        places: where it will be seen, by whose rules it is judged; none: by the bot's.
        author: for whom it is drawn; None: for a post.
        name: of the file.
        description: what it shows, for those who cannot see it.
    """

    prompt: str = field(repr=False)
    negative: str = field(default="", repr=False)
    start: bytes | None = field(default=None, repr=False)
    params: ImageParams = AS_SET
    places: tuple[Channel, ...] = ()
    author: Author | None = None
    name: str = "picture.png"
    description: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that may be shown, with what the filters said of it.

    Attributes:
        prompt: what was drawn: the words as the filters left them.
    """

    attachment: Attachment
    drawing: Drawing
    provenance: Provenance
    judgement: Judgement
    prompt: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Undrawn:
    """What was blocked: the words, before they were drawn, or the picture after it.

    Attributes:
        subject: what was judged; a blocked picture is in its attachments.
    """

    subject: Subject = field(repr=False)
    judgement: Judgement


class Drawer:
    """Makes pictures. Nothing is drawn or shown that was not judged."""

    def __init__(
        self, *, engine: Engine, chain: FilterChain, config: ImageModelConfig
    ) -> None:
        self._engine = engine
        self._chain = chain
        self._config = config

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
        prompt = await self._passed(wanted, wanted.prompt, ())
        if isinstance(prompt, Undrawn):
            return prompt
        seed = wanted.params.seed
        params = self._params(
            wanted.params, secrets.randbits(SEED_BITS) if seed is None else seed
        )
        negative = ", ".join(
            part for part in (self._config.negative, wanted.negative) if part
        )
        payload = ImagePayload(prompt.text, negative, wanted.start)
        drawing = await self._drawing(payload, params, owner, priority, follow)
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
        return Drawn(attachment, drawing, provenance, seen, prompt.text)

    async def _passed(
        self, wanted: Wanted, text: str, attachments: tuple[Attachment, ...]
    ) -> Judgement | Undrawn:
        """Judge by the rules of every place, each seeing what the last one left."""
        places: Sequence[Channel | None] = wanted.places or (None,)
        for place in places:
            subject = Subject(
                text, Stage.OUTPUT, place, wanted.author, attachments=attachments
            )
            judgement = await self._chain.judge(subject)
            if judgement.is_blocked:
                return Undrawn(subject, judgement)
            text = judgement.text
        return judgement

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
    ) -> Drawing:
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
            return await ticket.drawing()
        finally:
            ticket.cancel()
