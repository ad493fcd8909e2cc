import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.picture import (
    PICTURE_REFUSALS,
    PictureLimits,
    PictureRefusedError,
)

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio

KINDS = ["PNG", "JPEG", "GIF", "WEBP"]
every_kind = pytest.mark.parametrize("kind", KINDS)
TEN_GB = 10 * 1024**3


def refused(content: bytes, limits: PictureLimits | None = None) -> str:
    """Return why a file is refused."""
    with pytest.raises(PictureRefusedError) as refusal:
        open_picture(content, limits)
    assert str(refusal.value)
    assert f"picture_{refusal.value.category}" in PICTURE_REFUSALS
    return refusal.value.category


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("run.sh", "echo hello\n" * 50)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + bytes(30),
        b"II*\x00" + bytes(100),
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\x89PNG\r\n",
        b"GIF88a" + bytes(20),
    ],
    ids=lambda content: ascii(content[:8]),
)
def test_what_is_no_known_picture_is_refused(content: bytes) -> None:
    assert refused(content) == "format"


def test_file_of_too_many_bytes_is_refused_with_the_limit(studio: "Studio") -> None:
    content = studio.pack(studio.scene(), "PNG")

    with pytest.raises(PictureRefusedError, match=r"0\.0 MB") as refusal:
        open_picture(content, PictureLimits(max_bytes=1_000))

    assert (refusal.value.category, refusal.value.limit) == ("size", 1_000)


def test_header_that_claims_ten_gigapixels_is_refused_unopened(
    studio: "Studio",
) -> None:
    content = studio.png(100_000, 100_000, zlib.compress(bytes(1_000)))

    tracemalloc.start()
    assert refused(content) == "bomb"
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most_bytes < 1_000_000


def test_png_that_unpacks_to_ten_gigabytes_is_refused_at_its_claimed_size(
    studio: "Studio",
) -> None:
    content = studio.png(64, 64, studio.zeros(TEN_GB))
    assert len(content) < 20_000_000
    start_s = time.process_time()

    tracemalloc.start()
    assert refused(content) == "bomb"
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most_bytes < 50_000_000
    assert time.process_time() - start_s < 2


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_png_whose_notes_unpack_to_far_too_much_stays_small(
    studio: "Studio", kind: bytes
) -> None:
    notes = studio.png_chunk(kind, b"note\x00\x00" + studio.zeros(1 << 30))
    rows = zlib.compress(bytes(4 * 13))

    assert refused(studio.png(4, 4, rows, notes)) == "broken"


def test_jpeg_that_claims_too_many_pixels_is_refused(studio: "Studio") -> None:
    content = studio.pack(studio.scene(), "JPEG")
    at = content.index(b"\xff\xc0") + 5

    claimed = content[:at] + struct.pack(">HH", 65_500, 65_500) + content[at + 4 :]

    assert refused(claimed) == "bomb"


def test_jpeg_of_very_many_scans_is_refused(studio: "Studio") -> None:
    content = studio.pack(studio.scene(), "JPEG", progressive=True)
    scan = content.rindex(b"\xff\xda")

    many = content[:scan] + content[scan:-2] * 200 + content[-2:]

    assert refused(many) == "bomb"


def test_webp_that_claims_too_many_pixels_is_refused(studio: "Studio") -> None:
    content = bytearray(
        studio.animate([studio.scene(seed=1), studio.scene(seed=2)], "WEBP")
    )
    at = content.index(b"VP8X") + 12
    content[at : at + 6] = b"\xff\x3f\x00" * 2

    assert refused(bytes(content)) == "bomb"


def test_gif_frame_larger_than_its_screen_counts(studio: "Studio") -> None:
    content = bytearray(studio.gif(1))
    at = content.index(b"\x2c") + 1
    content[at : at + 8] = struct.pack("<HHHH", 0, 0, 60_000, 60_000)

    assert refused(bytes(content)) == "bomb"


def test_animation_of_five_thousand_frames_is_refused_quickly(
    studio: "Studio",
) -> None:
    content = studio.gif(5_000)
    start_s = time.process_time()

    with pytest.raises(PictureRefusedError, match="I can take 1000") as refusal:
        open_picture(content)

    assert refusal.value.category == "frames"
    assert time.process_time() - start_s < 1


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_five_thousand_frames_are_too_many_in_any_format(
    studio: "Studio", kind: str
) -> None:
    dots = [Image.new("RGB", (2, 2), (0, 0, 255 * (n % 2))) for n in range(5_000)]

    assert refused(studio.animate(dots, kind)) == "frames"


def test_frames_that_are_too_much_together_are_refused(studio: "Studio") -> None:
    assert refused(studio.gif(900, width=2_000, height=2_000)) == "bomb"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize(
    "behind",
    [
        archive(),
        b"%PDF-1.7\n1 0 obj",
        b"\n<!DOCTYPE html><html><script>alert(1)</script>",
        b"<svg onload='alert(1)'>",
        b"<?php system($_GET['c']); ?>",
        b"Rar!\x1a\x07\x01\x00",
        b"MZ\x90\x00",
        b"\x00\x00\x00\x18ftypmp42",
        b"\x01" * 100_000,
    ],
    ids=lambda behind: ascii(behind[:8]),
)
def test_something_else_behind_a_picture_is_refused(
    studio: "Studio", kind: str, behind: bytes
) -> None:
    content = studio.pack(studio.scene(), kind)

    assert refused(content + behind) == "polyglot"
    assert refused(content + bytes(500) + behind) == "polyglot"


def test_archive_inside_of_a_picture_is_refused(studio: "Studio") -> None:
    rows = zlib.compress(bytes(4 * 13))
    hidden = studio.png_chunk(b"teXt", archive())

    assert refused(studio.png(4, 4, rows, hidden)) == "polyglot"


@pytest.mark.parametrize("words", [b"%PDF-1.4", b"*/<SCRIPT>x()</SCRIPT>"])
def test_page_at_the_beginning_of_a_picture_is_refused(
    studio: "Studio", words: bytes
) -> None:
    content = studio.pack(studio.scene(), "JPEG", comment=words)

    assert refused(content) == "polyglot"


@every_kind
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.99])
def test_picture_that_was_cut_off_is_refused(
    studio: "Studio", kind: str, part: float
) -> None:
    content = studio.pack(studio.scene(), kind)
    cut = content[: int(len(content) * part)]

    assert refused(cut) in {"broken", "format"}


def test_png_of_a_hundred_thousand_chunks_is_refused(studio: "Studio") -> None:
    chunks = studio.png_chunk(b"teXt", b"") * 100_001

    assert refused(studio.png(4, 4, zlib.compress(bytes(52)), chunks)) == "bomb"


def test_gif_of_a_million_parts_is_refused(studio: "Studio") -> None:
    comment = b"\x21\xfe" + b"\x01x" * 1_000_001 + b"\x00"
    content = studio.gif(1)

    assert refused(content[:19] + comment + content[19:]) == "bomb"


def test_webp_of_a_hundred_thousand_chunks_is_refused(studio: "Studio") -> None:
    content = studio.pack(studio.scene(), "WEBP") + b"xxxx\x00\x00\x00\x00" * 100_001
    whole = content[:4] + struct.pack("<I", len(content) - 8) + content[8:]

    assert refused(whole) == "bomb"


def test_jpeg_of_too_many_segments_is_refused(studio: "Studio") -> None:
    content = studio.pack(studio.scene(), "JPEG")
    comments = studio.jpeg_segment(0xFE, b"") * 10_001

    assert refused(content[:2] + comments + content[2:]) == "bomb"


def test_too_many_further_pictures_are_refused(studio: "Studio") -> None:
    scene = studio.scene(64, 48)
    content = studio.pack(scene, "MPO", save_all=True, append_images=[scene] * 9)

    assert refused(content) == "bomb"


def test_picture_behind_one_that_announces_none_is_refused(studio: "Studio") -> None:
    content = studio.pack(studio.scene(), "JPEG")

    assert refused(content * 2) == "polyglot"
