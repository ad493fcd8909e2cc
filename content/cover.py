"""Covers: a title set well on a background made from the community's colours.

For posts that no picture model draws a picture for. The same arguments give the same
picture on the same machine.
"""

import asyncio
import io
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageOps

from bot.lettering.bidi import is_right_to_left
from bot.lettering.fonts import Fonts, cleaned_title
from bot.messages import Attachment
from content.cover_colours import HEARTH_COLOURS, scheme_of
from content.cover_compositions import SIZES, Shape, composition_for
from content.cover_lettering import Lettering
from content.cover_sticker import STICKER_BOXES, beside_sticker, cut_out, stuck_on

__all__ = ["Covers", "Shape", "make_cover"]

QUALITY = 90
NAME = "cover.webp"


def make_cover(
    title: str,
    *,
    kind: str,
    name: str,
    colours: Sequence[str] = HEARTH_COLOURS,
    shape: Shape = Shape.WIDE,
    seed: int = 0,
    label: str | None = None,
    fonts: Fonts | None = None,
    sticker: bytes | None = None,
) -> bytes:
    """Return a cover as WebP.

    Where no font of this machine has the title's script, the name stands in its place.

    Args:
        kind: the kind of post, which decides what may be painted.
        name: of the community, or of the bot.
        colours: one or two such as "#c2410c"; none: the hearth's own.
        seed: another one, another picture.
        label: what is written for the kind, in the post's language; None: its name.
        fonts: kept between covers, they save time. For one thread at a time.
        sticker: a PNG with something on a see-through ground, to set beside the title.

    Raises:
        UserError: a colour cannot be read.
    """
    rng = Random(f"{kind}/{seed}")  # noqa: S311 - a picture, not a secret
    cut = None if sticker is None else cut_out(sticker)
    composition = composition_for(kind, rng) if cut is None else beside_sticker(rng)
    scheme = scheme_of(colours, rng.choice(composition.grounds))
    picture = composition.paint(SIZES[shape], scheme, rng)
    frame = composition.frames[shape]
    title = cleaned_title(title)
    room = STICKER_BOXES[shape]
    if is_right_to_left(title):
        picture, frame = ImageOps.mirror(picture), frame.mirrored(picture.width)
        room = room.mirrored(picture.width)
    if cut is not None:
        picture = stuck_on(picture, cut, room, rng)
    lettering = Lettering(fonts or Fonts(), scheme, frame)
    picture = lettering.on(
        picture,
        title=title,
        label=cleaned_title(kind if label is None else label),
        name=cleaned_title(name),
    )
    return _encoded(picture)


def _encoded(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=QUALITY, method=2)
    return file.getvalue()


class Covers:
    """Makes covers beside the event loop, one at a time."""

    def __init__(self, *, colours: Sequence[str] = HEARTH_COLOURS) -> None:
        self._colours = tuple(colours)
        self._fonts = Fonts()
        self._turn = asyncio.Lock()

    async def cover(
        self,
        title: str,
        *,
        kind: str,
        name: str,
        shape: Shape = Shape.WIDE,
        seed: int = 0,
        label: str | None = None,
        colours: Sequence[str] | None = None,
        sticker: bytes | None = None,
    ) -> Attachment:
        """Return a cover, named neutrally.

        Args:
            colours: the community's; None: those of all covers.
            sticker: as in `make_cover`.

        Raises:
            UserError: a colour cannot be read.
        """
        async with self._turn:
            content = await asyncio.to_thread(
                make_cover,
                title,
                kind=kind,
                name=name,
                colours=self._colours if colours is None else colours,
                shape=shape,
                seed=seed,
                label=label,
                fonts=self._fonts,
                sticker=sticker,
            )
        return Attachment(NAME, "image/webp", content)
