import io
import struct
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.messages import Attachment
from bot.safety.pictures.icc import clean_profile
from bot.safety.pictures.metadata import strip_metadata
from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.picture import PictureRefusedError

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio

SECRET = b"Ada-was-here"
KINDS = ["PNG", "JPEG", "GIF", "WEBP"]
MAKE, GPS, LATITUDE = 0x010F, 0x8825, 2
FAR_NORTH = (89.0, 12.0, 1.0)
damage = st.lists(  # how far into a file, and what stands there then
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4
)


def camera_notes(turn: int = 1) -> Image.Exif:
    """Return EXIF with a camera's name, a place and which side is up."""
    notes = Image.Exif()
    notes[MAKE] = SECRET.decode()
    notes[0x0112] = turn
    notes[GPS] = {1: "N", LATITUDE: FAR_NORTH}
    return notes


def full_of_notes(studio: "Studio", kind: str) -> bytes:
    """Return a picture with every kind of note that its format has."""
    scene = studio.scene(64, 48)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    if kind == "PNG":
        words = PngInfo()
        words.add_text("Author", SECRET.decode())
        words.add_text("Comment", SECRET.decode(), zip=False)
        words.add_itxt("XML:com.adobe.xmp", xmp.decode())
        content = studio.pack(
            scene,
            kind,
            pnginfo=words,
            exif=camera_notes(),
            icc_profile=studio.profile(SECRET),
        )
        claim = studio.png_chunk(b"caBX", b"c2pa" + SECRET)
        time = studio.png_chunk(b"tIME", b"\x07\xe8\x01\x01\x00\x00\x00")
        return content[:33] + claim + time + content[33:]
    if kind == "JPEG":
        content = studio.pack(
            scene,
            kind,
            comment=SECRET,
            exif=camera_notes(),
            icc_profile=studio.profile(SECRET),
        )
        more = b"".join(
            (
                studio.jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + xmp),
                studio.jpeg_segment(0xEB, b"JP\x00\x01jumb c2pa " + SECRET),
                studio.jpeg_segment(0xED, b"Photoshop 3.0\x008BIM" + SECRET),
                studio.jpeg_segment(0xE2, b"FPXR\x00" + SECRET),
                studio.jpeg_segment(0xE0, b"JFXX\x00" + SECRET),
            )
        )
        return content[:20] + more + content[20:]
    if kind == "GIF":
        content = studio.pack(scene, kind, comment=SECRET)
        block = b"\x0bXMP DataXMP" + bytes((len(xmp),)) + xmp + b"\x00"
        return content[:-1] + b"\x21\xff" + block + b";"
    return studio.pack(
        scene,
        kind,
        exif=camera_notes(),
        xmp=xmp,
        icc_profile=studio.profile(SECRET),
        lossless=True,
    )


def stripped(content: bytes, name: str = "IMG_2031 Ada's home.jpg") -> Attachment:
    return strip_metadata(Attachment(name, "image/jpeg", content))


@pytest.mark.parametrize("content", [b"", b"# Notes\nhello", b"OggS" + bytes(40)])
def test_what_is_no_picture_stays_as_it_is(content: bytes) -> None:
    attachment = Attachment("notes.md", "text/markdown", content)

    assert strip_metadata(attachment) is attachment


@pytest.mark.parametrize(
    ("name", "media_type", "content"),
    [
        ("drawing.svg", "image/svg+xml", b"<svg/>"),
        ("scan.tif", "", b"II*\x00"),
        ("notes.txt", "text/plain", b"MM\x00*" + bytes(20)),
        ("picture.png", "", b"no picture"),
    ],
)
def test_picture_that_cannot_be_cleaned_is_refused(
    name: str, media_type: str, content: bytes
) -> None:
    with pytest.raises(PictureRefusedError) as refusal:
        strip_metadata(Attachment(name, media_type, content))

    assert refusal.value.category == "format"


@pytest.mark.parametrize("kind", KINDS)
def test_picture_that_is_damaged_is_refused(studio: "Studio", kind: str) -> None:
    content = studio.pack(studio.scene(), kind)

    with pytest.raises(PictureRefusedError) as refusal:
        stripped(content[: len(content) // 2])

    assert refusal.value.category == "broken"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_of_the_notes_and_all_of_the_pixels(
    studio: "Studio", kind: str
) -> None:
    content = full_of_notes(studio, kind)
    assert SECRET in content

    clean = stripped(content)

    assert SECRET not in clean.content
    before, after = studio.unpack(content), studio.unpack(clean.content)
    assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()
    assert not after.getexif()
    assert not {"exif", "xmp", "XML:com.adobe.xmp", "comment", "Author"} & {*after.info}
    colours = after.info.get("icc_profile")
    assert (colours is not None) == (kind != "GIF")
    assert colours is None or SECRET not in colours
    assert open_picture(clean.content) == open_picture(content)


@pytest.mark.parametrize("kind", KINDS)
def test_name_says_nothing_and_kind_is_right(studio: "Studio", kind: str) -> None:
    content = studio.pack(studio.scene(), kind)
    attachment = Attachment("IMG_2031 Ada's home.bin", "text/plain", content)

    first = strip_metadata(attachment)
    second = strip_metadata(attachment, number=2)

    ending = {"JPEG": "jpg"}.get(kind, kind.lower())
    assert first.name == f"picture.{ending}"
    assert second.name == f"picture-2.{ending}"
    assert first.media_type == f"image/{kind.lower()}"


@pytest.mark.parametrize("kind", KINDS)
def test_clean_picture_stays_as_it_is(studio: "Studio", kind: str) -> None:
    once = stripped(full_of_notes(studio, kind))

    assert stripped(once.content) == once


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_behind_a_picture_goes(studio: "Studio", kind: str) -> None:
    content = studio.pack(studio.scene(), kind)

    assert stripped(content + SECRET).content == stripped(content).content


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("turn", [2, 3, 6, 8])
def test_picture_is_not_turned(studio: "Studio", kind: str, turn: int) -> None:
    content = studio.pack(studio.scene(64, 48), kind, exif=camera_notes(turn))

    clean = stripped(content)

    notes = studio.unpack(clean.content).getexif()
    assert dict(notes) == {0x0112: turn}
    assert SECRET not in clean.content
    assert open_picture(clean.content) == open_picture(content)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_animation_keeps_moving(studio: "Studio", kind: str) -> None:
    images = [studio.scene(40, 30, seed=seed) for seed in range(4)]
    content = studio.pack(
        images[0], kind, save_all=True, append_images=images[1:], duration=70, loop=3
    )

    clean = stripped(content)

    with Image.open(io.BytesIO(clean.content)) as moving:
        assert getattr(moving, "n_frames", 1) == 4
        assert moving.info.get("loop") == 3
        moving.seek(1)
        moving.load()
        assert moving.info["duration"] == 70
    assert open_picture(clean.content) == open_picture(content)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_shines_through_still_does(studio: "Studio", kind: str) -> None:
    image = studio.scene(40, 30).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    content = studio.pack(image, kind, lossless=True, exif=camera_notes())

    clean = studio.unpack(stripped(content).content)

    assert clean.mode == "RGBA"
    assert clean.tobytes() == studio.unpack(content).tobytes()


def test_thumbnail_of_an_earlier_picture_goes(studio: "Studio") -> None:
    content = studio.pack(studio.scene(64, 48), "JPEG")
    thumbnail = b"\x04\x04" + SECRET * 4
    old = studio.jpeg_segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01" + thumbnail)

    clean = stripped(content[:2] + old + content[20:])

    assert clean == stripped(content)


def test_colours_for_printing_are_kept(studio: "Studio") -> None:
    image = studio.scene(64, 48).convert("CMYK")
    content = studio.pack(image, "JPEG", exif=camera_notes())

    clean = studio.unpack(stripped(content).content)

    assert clean.mode == "CMYK"
    assert clean.tobytes() == studio.unpack(content).tobytes()


def test_long_profile_is_put_together_and_divided_again(studio: "Studio") -> None:
    large = bytearray(studio.profile(SECRET))
    (num_tags,) = struct.unpack_from(">I", large, 128)
    for number in range(num_tags):
        place = 132 + 12 * number
        if large[place : place + 4] == b"cprt":  # take its place for a large table
            struct.pack_into(">4sII", large, place, b"A2B0", len(large), 150_000)
    large += bytes(range(250)) * 600
    content = studio.pack(studio.scene(64, 48), "JPEG", icc_profile=bytes(large))

    clean = studio.unpack(stripped(content).content)

    assert clean.info["icc_profile"] == clean_profile(bytes(large))
    assert len(clean.info["icc_profile"]) > 150_000


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_damaged_profile_goes_whole(studio: "Studio", kind: str) -> None:
    content = studio.pack(
        studio.scene(64, 48), kind, icc_profile=studio.profile(SECRET)[:200]
    )

    assert "icc_profile" not in studio.unpack(stripped(content).content).info


def test_profile_that_cannot_be_unpacked_goes(studio: "Studio") -> None:
    rows = zlib.compress(bytes(4 * 13))
    for packed in (b"\x01\x02\x03", studio.zeros(1 << 30)):
        chunk = studio.png_chunk(b"iCCP", b"icc\x00\x00" + packed)

        assert b"iCCP" not in stripped(studio.png(4, 4, rows, chunk)).content


@pytest.mark.parametrize("kind", KINDS)
@given(changes=damage)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_damaged_picture_is_cleaned_or_refused(
    studio: "Studio", kind: str, changes: list[tuple[float, int]]
) -> None:
    content = bytearray(full_of_notes(studio, kind))
    for place, value in changes:
        content[int(place * len(content))] = value
    attachment = Attachment("a.txt", "text/plain", bytes(content))

    with suppress(PictureRefusedError):  # and no other error
        clean = strip_metadata(attachment)
        assert len(clean.content) <= len(content) + 500


def test_gif_of_old_times_stays_one(studio: "Studio") -> None:
    content = studio.pack(studio.scene(40, 30), "GIF")
    old = b"GIF87a" + content[6:]

    assert stripped(old).content.startswith(b"GIF87a")
    assert open_picture(stripped(old).content) == open_picture(old)
