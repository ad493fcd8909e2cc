"""Pictures for the tests: drawn on the spot, or put together badly by hand."""

import io
import random
import struct
import zlib
from collections.abc import Sequence

import pytest
from PIL import Image, ImageCms, ImageDraw

from bot.safety.pictures.picture import Frame, Picture

RED = (230, 20, 20)


class Studio:
    """Draws pictures and packs them."""

    def scene(
        self, width: int = 320, height: int = 240, *, seed: int = 1
    ) -> Image.Image:
        """Draw shapes of all sizes, the same for the same seed."""
        chance = random.Random(seed)  # noqa: S311 - nothing secret
        image = Image.new("RGB", (width, height), self._colour(chance))
        pen = ImageDraw.Draw(image)
        for _ in range(14):
            x, y = chance.randrange(width), chance.randrange(height)
            size = chance.randrange(width // 8, width // 2)
            shape = pen.ellipse if chance.random() < 0.5 else pen.rectangle
            shape((x, y, x + size, y + size), fill=self._colour(chance))
        return image

    def pack(self, image: Image.Image, kind: str, **options: object) -> bytes:
        """Return the image as a file."""
        file = io.BytesIO()
        image.save(file, kind, **options)
        return file.getvalue()

    def animate(self, images: Sequence[Image.Image], kind: str) -> bytes:
        """Return the images as one that moves."""
        first, *rest = images
        return self.pack(first, kind, save_all=True, append_images=rest, duration=40)

    def unpack(self, content: bytes) -> Image.Image:
        """Return the first image of a file."""
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            return image.copy()

    def picture(self, *images: Image.Image) -> Picture:
        """Return images as a picture that was opened."""
        frames = tuple(
            Frame(image.width, image.height, image.convert("RGB").tobytes())
            for image in images
        )
        width, height = images[0].size
        return Picture("PNG", width, height, len(frames), frames)

    def png_chunk(self, kind: bytes, content: bytes) -> bytes:
        """Return a chunk with the right checksum."""
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    def png(self, width: int, height: int, packed: bytes, *more: bytes) -> bytes:
        """Return a PNG in RGB that claims a size, with further chunks in it."""
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        return b"".join(
            (
                b"\x89PNG\r\n\x1a\n",
                self.png_chunk(b"IHDR", header),
                *more,
                self.png_chunk(b"IDAT", packed),
                self.png_chunk(b"IEND", b""),
            )
        )

    def zeros(self, num_bytes: int) -> bytes:
        """Return a packed stream that unpacks to so many zeros, made without them."""
        step = 1 << 24
        packer = zlib.compressobj(9)
        head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
        piece = packer.compress(bytes(step)) + packer.flush(zlib.Z_FULL_FLUSH)
        return head + piece * (num_bytes // step)

    def jpeg_segment(self, marker: int, content: bytes) -> bytes:
        """Return a segment of a JPEG."""
        return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content

    def gif(self, num_frames: int, *, width: int = 4, height: int = 4) -> bytes:
        """Return a GIF of dots, each claiming the whole size."""
        screen = (
            struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
        )
        frame = b"".join(
            (
                b"\x21\xf9\x04\x00\x02\x00\x00\x00",
                b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0),
                b"\x02\x02\x4c\x01\x00",
            )
        )
        return b"GIF89a" + screen + frame * num_frames + b";"

    def profile(self, words: bytes) -> bytes:
        """Return the profile of sRGB with words in it, as scanners write them."""
        made = bytearray(
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        )
        made[80:84] = b"Ada!"  # who created it
        (num_tags,) = struct.unpack_from(">I", made, 128)
        for number in range(num_tags):
            place = 132 + 12 * number
            name, _, _ = struct.unpack_from(">4sII", made, place)
            if name == b"cprt":
                body = b"text" + bytes(4) + words + b"\x00"
                struct.pack_into(">II", made, place + 4, len(made), len(body))
                made += body + bytes(-len(body) % 4)
        struct.pack_into(">I", made, 0, len(made))
        return bytes(made)

    def _colour(self, chance: random.Random) -> tuple[int, int, int]:
        return chance.randrange(256), chance.randrange(256), chance.randrange(256)


@pytest.fixture
def studio() -> Studio:
    return Studio()
