"""How pictures look while they are drawn, as far as that may be shown."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence

import structlog
from PIL import Image

from bot.clock import Clock
from bot.errors import HearthbotError
from bot.generation.requests import ImageParams
from bot.generation.ticket import Ticket
from bot.messages import Attachment
from bot.waiting import is_set_within

__all__ = ["Glimpse", "Passed", "side_by_side"]

logger = structlog.get_logger(__name__)

WAIT_S = 1.0
"""A judgement that takes longer is too late for now, and counts for the next time."""

GAP_PX = 8

Passed = Callable[[bytes, int], Awaitable[Attachment | None]]
"""Judges a PNG, with the first of its seeds; returns what is shown, None: nothing."""


class Glimpse:
    """A small picture of all that is being drawn, judged beside the drawing.

    One is judged at a time and only what is new. After one that may not be shown there
    are none: what comes of the pictures, their own judgements say.
    """

    def __init__(self, passed: Passed, *, clock: Clock) -> None:
        self._passed = passed
        self._clock = clock
        self._seen: Sequence[bytes] = ()
        self._picture: Attachment | None = None
        self._judging: asyncio.Task[None] | None = None
        self._is_judged = asyncio.Event()
        self._is_over = False

    async def __aenter__(self) -> "Glimpse":
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._judging is not None:
            self._judging.cancel()
            await asyncio.wait({self._judging})

    async def of(self, tickets: Sequence[Ticket]) -> Attachment | None:
        """Return what may be shown of them; None: nothing. Takes a second at most.

        What was shown before stays until there is something newer.
        """
        drawing = [one for one in tickets if one.preview_png and not one.has_ended]
        previews = [one.preview_png for one in drawing]
        is_idle = self._judging is None or self._judging.done()
        if previews and previews != self._seen and is_idle and not self._is_over:
            self._seen = previews
            self._is_judged.clear()
            judging = self._judge(previews, _seed_of(drawing[0]))
            self._judging = asyncio.create_task(judging)
        if self._judging is not None:
            await is_set_within(self._is_judged, WAIT_S, self._clock)
        return self._picture

    async def _judge(self, previews: Sequence[bytes], seed: int) -> None:
        picture = None
        try:
            sheet = await asyncio.to_thread(side_by_side, previews)
            picture = await self._passed(sheet, seed)
        except (HearthbotError, OSError, ValueError) as error:
            logger.warning("preview cannot be shown", reason=str(error))
        finally:
            self._picture, self._is_over = picture, picture is None
            self._is_judged.set()


def _seed_of(ticket: Ticket) -> int:
    params = ticket.request.params
    return (params.seed or 0) if isinstance(params, ImageParams) else 0


def side_by_side(pngs: Sequence[bytes]) -> bytes:
    """Return small pictures as one PNG, in a row. Opens them: call it from a thread.

    Raises:
        OSError, ValueError: one of them cannot be opened.
    """
    pictures = [Image.open(io.BytesIO(png), formats=["PNG"]) for png in pngs]
    width = sum(one.width for one in pictures) + GAP_PX * (len(pictures) - 1)
    sheet = Image.new("RGBA", (width, max(one.height for one in pictures)))
    left = 0
    for one in pictures:
        sheet.paste(one.convert("RGBA"), (left, 0))
        left += one.width + GAP_PX
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()
