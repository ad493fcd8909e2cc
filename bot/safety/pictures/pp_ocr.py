"""Baidu's PP-OCR, run with onnxruntime, numpy and Pillow alone.

The models come inside the package rapidocr; nothing else of it is used, so none of what
it requires is needed, and nothing is ever downloaded while the bot runs.
"""

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from typing_extensions import override

from bot.errors import MissingError
from bot.safety.onnx import open_network
from bot.safety.pictures.picture import Frame
from bot.safety.pictures.text_in_picture import LineEngine, Place
from bot.safety.pictures.text_regions import find_lines
from bot.words import T

if TYPE_CHECKING:
    import numpy as np
    from onnxruntime import InferenceSession
    from PIL.Image import Image

__all__ = ["PpOcr", "ocr_folder"]

logger = structlog.get_logger(__name__)

PACKAGE = "rapidocr"
FINDER = "PP-OCRv6_det_small.onnx"
READER = "PP-OCRv6_rec_small.onnx"
SHA256 = {
    FINDER: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    READER: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}

FINDER_PX = 960  # the longer side of a frame where lines are looked for
STEP_PX = 32  # and both sides are a multiple of this
LINE_PX = 48  # how high a line is read
MIN_LINE_PX, MAX_LINE_PX = 320, 3_200  # and how wide
UPRIGHT_TIMES = 1.5
"""A place so many times higher than wide is text that was turned."""


class PpOcr(LineEngine):
    """Reads Chinese and Latin letters, on one core.

    Args:
        folder: where the models are; None: where the package has them.

    Raises:
        MissingError: the models are not here, or damaged.
    """

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or ocr_folder()
        self._finder = _load(folder / FINDER)
        self._reader = _load(folder / READER)
        known = self._reader.get_modelmeta().custom_metadata_map["character"]
        self._letters = ["", *known.splitlines(), " "]  # the first stands for "none"
        logger.info("picture reader loaded", model="PP-OCRv6")

    @override
    def find(self, frame: Frame) -> list[Place]:
        from PIL.Image import Resampling

        factor = min(1.0, FINDER_PX / max(frame.width, frame.height))
        width, height = (
            max(STEP_PX, round(side * factor / STEP_PX) * STEP_PX)
            for side in (frame.width, frame.height)
        )
        image = _image(frame).resize((width, height), Resampling.BILINEAR)
        (likely,) = self._finder.run(None, {"x": _prepare(image)})  # (1, 1, H, W)
        by_x, by_y = frame.width / width, frame.height / height
        return [
            Place(tuple((x * by_x, y * by_y) for x, y in place.corners))
            for place in find_lines(likely[0, 0])
        ]

    @override
    def read(self, frame: Frame, place: Place) -> tuple[str, float]:
        line = _straightened(_image(frame), place)
        (found,) = self._reader.run(None, {"x": _prepare(line)})  # (1, steps, letters)
        return self._decode(found[0])

    def _decode(self, found: "np.ndarray") -> tuple[str, float]:
        """Return the letters, each once for as long as it is seen.

        Args:
            found: (steps, letters) float32, probabilities.
        """
        best, scores = found.argmax(axis=1), found.max(axis=1)  # (steps,)
        kept = best != 0
        kept[1:] &= best[1:] != best[:-1]
        if not kept.any():
            return "", 0.0
        text = "".join(self._letters[letter] for letter in best[kept])
        return text, min(1.0, float(scores[kept].mean()))


def ocr_folder(package: str = PACKAGE) -> Path:
    """Return where the package keeps its models.

    Raises:
        MissingError: the package is not installed.
    """
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise MissingError(
            T(
                "Reading text in pictures needs models that are not installed. Install "
                "them with `pip install --no-deps rapidocr==3.10.0`, or set "
                "safety.pictures.read_text to false."
            )
        )
    return Path(found.origin).with_name("models")


def _load(path: Path) -> "InferenceSession":
    try:
        weights = path.read_bytes()
    except OSError:
        weights = b""
    if hashlib.sha256(weights).hexdigest() != SHA256[path.name]:
        raise MissingError(
            T(
                "The model {file} is missing or damaged, so it is not used. Bring it "
                "back with `pip install --force-reinstall --no-deps rapidocr==3.10.0`.",
                file=str(path),
            )
        )
    return open_network(weights, keeps_arena=False)


def _image(frame: Frame) -> "Image":
    from PIL import Image as images

    return images.frombytes("RGB", (frame.width, frame.height), frame.pixels)


def _prepare(image: "Image") -> "np.ndarray":
    """Return an image as both models take it.

    Returns:
        (1, 3, height, width) float32 in [-1, 1]: blue, green, red.
    """
    import numpy as np

    pixels = np.asarray(image, dtype=np.float32)[:, :, ::-1]
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[np.newaxis]) / 127.5 - 1


def _straightened(image: "Image", place: Place) -> "Image":
    """Return a line alone and level, as high as lines are read, with grey behind it."""
    from PIL import Image as images

    upper_left, upper_right, lower_right, lower_left = place.corners
    width, height = _length(upper_left, upper_right), _length(upper_left, lower_left)
    if height > UPRIGHT_TIMES * width:  # turned by a quarter: it begins further down
        corners = (upper_right, upper_left, lower_left, lower_right)
        width, height = height, width
    else:
        corners = (upper_left, lower_left, lower_right, upper_right)
    read_px = min(MAX_LINE_PX, max(1, round(LINE_PX * width / max(height, 1.0))))
    line = image.transform(
        (read_px, LINE_PX),
        images.Transform.QUAD,
        [value for corner in corners for value in corner],
        images.Resampling.BILINEAR,
    )
    page = images.new("RGB", (max(MIN_LINE_PX, read_px), LINE_PX), (127, 127, 127))
    page.paste(line, (0, 0))
    return page


def _length(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)
