import io
import struct
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bot.files.refused import FileRefusedError
from bot.files.types import Way
from bot.files.worker import FileLimits, arguments, decode_answer, serve

if TYPE_CHECKING:
    from tests.bot.files.conftest import MakePdf

LIMITS = FileLimits(max_pages=3, max_characters=100, max_seconds=2)
WAIT_S = 60


def said(way: Way, *contents: bytes) -> io.BytesIO:
    """Return what the process says to files that come one after another."""
    source = b"".join(struct.pack(">Q", len(one)) + one for one in contents)
    sink = io.BytesIO()
    serve(io.BytesIO(source + struct.pack(">Q", 9) + b"half"), sink, way, LIMITS)
    return io.BytesIO(sink.getvalue())


def next_answer(source: io.BytesIO) -> bytes | FileRefusedError:
    (length,) = struct.unpack(">I", source.read(4))
    size = decode_answer(source.read(length), max_bytes=10**6)
    return source.read(size) if isinstance(size, int) else size


def run_process(way: Way, content: bytes) -> io.BytesIO:
    """Return what the process itself answers to a file, and let it end."""
    command = [sys.executable, "-m", "bot.files.worker", *arguments(way, LIMITS)]
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        command,
        input=struct.pack(">Q", len(content)) + content,
        capture_output=True,
        check=True,
        timeout=WAIT_S,
    )
    return io.BytesIO(done.stdout)


def test_bomb_is_refused_within_the_memory_of_the_process(pdf_bomb: bytes) -> None:
    assert len(pdf_bomb) < 300_000

    error = next_answer(run_process(Way.PDF, pdf_bomb))

    assert isinstance(error, FileRefusedError)
    assert error.category in {"bomb", "broken", "wordless"}


def test_refusal_keeps_its_limit_and_the_next_file_is_read(make_pdf: "MakePdf") -> None:
    answers = said(Way.PDF, make_pdf(*["x"] * 4), make_pdf("hello"))

    error = next_answer(answers)
    assert isinstance(error, FileRefusedError)
    assert (error.category, error.limit) == ("pages", 3)
    assert next_answer(answers) == b"hello"
    assert not answers.read()


def test_recording_comes_as_samples(make_wave: Callable[..., bytes]) -> None:
    samples = next_answer(said(Way.AUDIO, make_wave(1)))

    assert isinstance(samples, bytes)
    assert len(samples) == pytest.approx(32_000, abs=600)


def test_process_obeys_its_limits(make_wave: Callable[..., bytes]) -> None:
    error = next_answer(run_process(Way.AUDIO, make_wave(3)))

    assert isinstance(error, FileRefusedError)
    assert error.category == "seconds"


@pytest.mark.parametrize(
    "answer",
    [
        b"[",
        b"{}",
        b'{"type": "Opened", "num_bytes": -1}',
        b'{"type": "Opened", "num_bytes": 11}',
        b'{"type": "Refused", "category": "x", "limit": 1}',
    ],
)
def test_answer_that_makes_no_sense_is_an_error(answer: bytes) -> None:
    with pytest.raises(ValueError, match=r"answer|asked"):
        decode_answer(answer, max_bytes=10)
