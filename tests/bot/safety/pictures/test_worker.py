import io
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.picture import PictureLimits, PictureRefusedError
from bot.safety.pictures.worker import decode_answer, limits_text, serve

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio

MODULE = "bot.safety.pictures.worker"
WAIT_S = 60


def answers(*contents: bytes, tail: bytes = b"") -> io.BytesIO:
    """Return what the process says to files that come one after another."""
    source = b"".join(struct.pack(">Q", len(content)) + content for content in contents)
    sink = io.BytesIO()
    serve(io.BytesIO(source + tail), sink, PictureLimits())
    return io.BytesIO(sink.getvalue())


def next_answer(said: io.BytesIO) -> bytes:
    (length,) = struct.unpack(">I", said.read(4))
    return said.read(length)


def run_process(content: bytes, limits: PictureLimits) -> bytes:
    """Return what the process itself answers to a file, and let it end."""
    command = [sys.executable, "-m", MODULE, limits_text(limits)]
    source = struct.pack(">Q", len(content)) + content
    done = subprocess.run(  # noqa: S603
        command, input=source, capture_output=True, check=True, timeout=WAIT_S
    )
    assert not done.stderr
    return done.stdout


def test_picture_that_needs_too_much_memory_is_refused(studio: "Studio") -> None:
    content = studio.gif(1, width=20_000, height=20_000)
    no_limits = PictureLimits(max_pixels=10**9, max_total_pixels=10**9)

    said = io.BytesIO(run_process(content, no_limits))

    with pytest.raises(PictureRefusedError) as refusal:
        decode_answer(next_answer(said))
    assert refusal.value.category == "bomb"


def test_process_obeys_its_limits_and_ends_when_no_more_comes(
    studio: "Studio",
) -> None:
    content = studio.pack(studio.scene(), "PNG")

    said = io.BytesIO(run_process(content, PictureLimits(sample_pixels=1_200)))

    picture, sizes = decode_answer(next_answer(said))
    assert (picture.width, sizes) == (320, ((40, 30),))
    assert len(said.read()) == 40 * 30 * 3


def test_nothing_comes_and_nothing_is_said() -> None:
    assert not answers().getvalue()


def test_file_that_stops_half_way_is_the_last(studio: "Studio") -> None:
    said = answers(b"no picture", tail=struct.pack(">Q", 50) + b"half")

    with pytest.raises(PictureRefusedError) as refusal:
        decode_answer(next_answer(said))

    assert refusal.value.category == "format"
    assert not said.read()


def test_refusal_keeps_its_limit() -> None:
    said = answers(bytes(20_000_001))

    with pytest.raises(PictureRefusedError) as refusal:
        decode_answer(next_answer(said))

    assert (refusal.value.category, refusal.value.limit) == ("size", 20_000_000)


def test_each_file_has_its_answer_and_pixels(studio: "Studio") -> None:
    contents = [studio.pack(studio.scene(seed=seed), "PNG") for seed in (1, 2)]

    said = answers(*contents)

    for content in contents:
        expected = open_picture(content)
        picture, sizes = decode_answer(next_answer(said))
        assert (picture.format, picture.width, picture.height) == ("PNG", 320, 240)
        assert sizes == ((320, 240),)
        assert said.read(320 * 240 * 3) == expected.frames[0].pixels
    assert not said.read()


@pytest.mark.parametrize(
    "answer", [b"[", b"{}", b"[]", b'{"type": "Refused", "category": "x", "limit": 1}']
)
def test_answer_that_makes_no_sense_is_an_error(answer: bytes) -> None:
    with pytest.raises(ValueError, match="answer"):
        decode_answer(answer)
