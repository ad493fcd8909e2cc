"""Opening a picture that nobody may be trusted to have made well.

What is too much or not what it says is refused by reading the file's own structure,
before any pixel is unpacked. Time is limited by bot.safety.pictures.opener, which does
this in a process of its own.
"""

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.safety.pictures.exif import UPRIGHT, orientation
from bot.safety.pictures.outline import BrokenError, Outline, TooMuchError
from bot.safety.pictures.picture import Picture, PictureLimits, PictureRefusedError
from bot.safety.pictures.png import check_pixels
from bot.safety.pictures.sampling import Sampler, sample_size
from bot.safety.pictures.sniffing import OUTLINES, format_of, has_foreign

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

__all__ = ["open_picture"]

BACKGROUNDS = ((255, 255, 255), (49, 51, 56))
"""What shows through a picture: a light page, and a dark one."""


def open_picture(content: bytes, limits: PictureLimits | None = None) -> Picture:
    """Return a picture with the frames that differ most, upright and in RGB.

    Needs Pillow. Blocks; one call at a time in a process.

    Raises:
        PictureRefusedError: it is too much, of another kind, damaged or not only a
            picture.
    """
    limits = limits or PictureLimits()
    if len(content) > limits.max_bytes:
        raise PictureRefusedError("size", limit=limits.max_bytes)
    kind = format_of(content)
    if kind is None:
        raise PictureRefusedError("format")
    try:
        outline = OUTLINES[kind](content)
        _check(content, outline, limits)
        if outline.unpacked_bytes:
            check_pixels(content, outline.unpacked_bytes)
        frames = _decode(content, outline, limits)
    except BrokenError as error:
        raise PictureRefusedError("broken") from error
    except (TooMuchError, MemoryError) as error:
        raise PictureRefusedError("bomb") from error
    return Picture(
        outline.format, outline.width, outline.height, outline.num_frames, frames.frames
    )


def _check(content: bytes, outline: Outline, limits: PictureLimits) -> None:
    """Refuse what is too much, or something else as well."""
    num_pixels = outline.width * outline.height
    if not num_pixels:
        raise BrokenError("no pixels")
    if num_pixels > limits.max_pixels:
        raise TooMuchError("too many pixels")
    if outline.num_frames > limits.max_frames:
        raise PictureRefusedError("frames", limit=limits.max_frames)
    if num_pixels * outline.num_frames > limits.max_total_pixels:
        raise TooMuchError("too many pixels in all frames")
    if has_foreign(content, outline.end):
        raise PictureRefusedError("polyglot")


def _decode(content: bytes, outline: Outline, limits: PictureLimits) -> Sampler:
    sampler = Sampler(num_samples=limits.num_samples)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about notes of cameras, mostly
            for image in _images(content, outline, limits):
                for look in _looks(image, limits.sample_pixels):
                    sampler.offer(look)
    except (PictureRefusedError, MemoryError, BrokenError, TooMuchError):
        raise
    except Exception as error:  # decoders throw whatever they like at damaged files
        raise BrokenError("the decoder cannot read it") from error
    return sampler


def _images(
    content: bytes, outline: Outline, limits: PictureLimits
) -> "Iterator[Image]":
    """Unpack one image after another; the same object may come again, changed."""
    max_pixels = limits.sample_pixels
    for number, start in enumerate(outline.starts):
        # Of several pictures in one file, each must be read as if it were alone.
        part = content[start:] if number else content
        with _opened(outline.format, part) as file:
            for index in range(max(1, outline.num_frames // len(outline.starts))):
                if index and not _seek(file, index):
                    return
                if file.width * file.height > limits.max_pixels:
                    raise TooMuchError("larger than the header says")
                if outline.format == "JPEG":
                    file.draft("RGB", sample_size(*file.size, max_pixels=max_pixels))
                file.load()
                yield file


def _seek(file: "ImageFile", index: int) -> bool:
    try:
        file.seek(index)
    except EOFError:
        return False
    return True


def _opened(kind: str, content: bytes) -> "ImageFile":
    """Return the file, read by the one decoder that is meant for it."""
    from PIL.GifImagePlugin import GifImageFile
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile
    from PIL.WebPImagePlugin import WebPImageFile

    decoders: dict[str, type[ImageFile]] = {
        "GIF": GifImageFile,
        "JPEG": JpegImageFile,
        "PNG": PngImageFile,
        "WEBP": WebPImageFile,
    }
    return decoders[kind](io.BytesIO(content))


def _looks(image: "Image", max_pixels: int) -> "Iterator[Image]":
    """Show an image as people see it: upright, and on light and dark pages."""
    from PIL import Image

    notes = image.info.get("exif")
    turn = orientation(notes) if isinstance(notes, bytes) else UPRIGHT
    is_clear = image.has_transparency_data
    plain = _in_eight_bits(image).convert("RGBA" if is_clear else "RGB")
    size = sample_size(*plain.size, max_pixels=max_pixels)
    if size != plain.size:
        plain = plain.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    plain = _upright(plain, turn)
    if not is_clear:
        yield plain
        return
    for colour in BACKGROUNDS:
        page = Image.new("RGB", plain.size, colour)
        page.paste(plain, mask=plain.getchannel("A"))
        yield page


def _in_eight_bits(image: "Image") -> "Image":
    """Return grey of 16 bits as grey of 8, which converting would cut off."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _upright(image: "Image", turn: int) -> "Image":
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[turn]) if turn in turns else image
