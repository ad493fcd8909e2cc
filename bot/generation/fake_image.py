"""A model that draws no scene: deterministic, instant, able to fail on demand.

Prompt and seed choose two colours and a disc, so that different requests look
different. Options of a ModelSpec:

    steps          how many steps a picture takes where the request does not say (4)
    width, height  of a picture where the request does not say (64)
    delay_s        seconds before each step (0)
    fail_on        a request with this in its prompt fails, and no other
    missing        true: loading finds no model
    has_alpha      true: the disc stands alone, on a see-through ground
    from_words     true: it cannot begin from a picture
"""

import hashlib
import io
import secrets
import time
from collections.abc import Iterator

from PIL import Image, ImageDraw
from typing_extensions import override

from bot.errors import BackendError, CannotStartError, MissingError
from bot.generation.one_by_one import OneByOneBackend
from bot.generation.requests import (
    Drawing,
    ImageParams,
    ImagePayload,
    Kind,
    ModelSpec,
    Progress,
    Result,
)
from bot.words import T

__all__ = ["FakeImageBackend"]

NUM_STEPS = 4
SIDE_PX = 64
PREVIEW_PX = 16
MAX_SIDE_PX = 2048


class FakeImageBackend(OneByOneBackend[ImagePayload, ImageParams]):
    """Draws a disc on a ground, in colours that come from the prompt and the seed."""

    kind = Kind.IMAGE

    def __init__(self, spec: ModelSpec) -> None:
        options = dict(spec.options)
        if options.get("missing"):
            raise MissingError(T("The model {name} is not here.", name=spec.name))
        self._num_steps = int(options.get("steps", NUM_STEPS))
        self._size = (
            int(options.get("width", SIDE_PX)),
            int(options.get("height", SIDE_PX)),
        )
        self._delay_s = float(options.get("delay_s", 0))
        self._fail_on = str(options.get("fail_on", ""))
        self._mode = "RGBA" if options.get("has_alpha") else "RGB"
        self._is_from_words = bool(options.get("from_words"))
        super().__init__("fake painter")

    @override
    def make(
        self, payload: ImagePayload, params: ImageParams
    ) -> Iterator[Result | Progress | None]:
        if self._fail_on and self._fail_on in payload.prompt:
            raise BackendError(T("The model could not draw this."))
        if payload.start is not None:
            if self._is_from_words:
                raise CannotStartError(T("This model cannot begin from a picture."))
            _check(payload.start)
        seed = secrets.randbits(31) if params.seed is None else params.seed
        key = _key(payload, params, seed)
        num_steps = params.steps or self._num_steps
        preview = _png(_picture(key, (PREVIEW_PX, PREVIEW_PX), self._mode))
        for step in range(1, num_steps + 1):
            time.sleep(self._delay_s)
            yield Progress(step, num_steps, preview)
        width, height = (
            min(asked or own, MAX_SIDE_PX)
            for asked, own in zip(
                (params.width, params.height), self._size, strict=True
            )
        )
        png = _png(_picture(key, (width, height), self._mode))
        yield Drawing(png, width, height)


def _check(png: bytes) -> None:
    try:
        Image.open(io.BytesIO(png), formats=["PNG"]).verify()
    except (OSError, SyntaxError, ValueError) as error:
        raise BackendError(T("The picture to begin from cannot be opened.")) from error


def _key(payload: ImagePayload, params: ImageParams, seed: int) -> bytes:
    start = b"" if payload.start is None else payload.start
    texts = f"{seed}\n{payload.prompt}\n{payload.negative}"
    if start:
        texts += f"\n{params.strength}"
    asked = texts.encode(errors="replace") + start
    return hashlib.blake2b(asked, digest_size=12).digest()


def _picture(key: bytes, size: tuple[int, int], mode: str) -> Image.Image:
    width, height = size
    ground, disc = tuple(key[:3]), tuple(key[3:6])
    if mode == "RGBA":
        ground, disc = (*ground, 0), (*disc, 255)
    picture = Image.new(mode, size, ground)
    radius = min(width, height) * (0.2 + key[6] / 255 * 0.2)
    x = width * (0.4 + key[7] / 255 * 0.2)
    y = height * (0.4 + key[8] / 255 * 0.2)
    box = (x - radius, y - radius, x + radius, y + radius)
    ImageDraw.Draw(picture).ellipse(box, fill=disc)
    return picture


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
