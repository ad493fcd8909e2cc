import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from bot.safety.pictures.opener import DirectOpener, PictureOpener, ProcessOpener
from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.picture import PictureLimits, PictureRefusedError

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio

WAIT_S = 20


def program(path: Path, text: str) -> list[str]:
    """Return the command for a process that plays the opener's part badly."""
    path.write_text(f"import os, sys, time\n{text}\n")
    return [sys.executable, str(path)]


def framed(*, sizes: str) -> bytes:
    """Return an answer as the process gives it."""
    answer = (
        '{"type": "Opened", "format": "PNG", "width": 1, "height": 1, "num_frames": 1, '
        f'"sizes": {sizes}}}'
    ).encode()
    return len(answer).to_bytes(4, "big") + answer


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


async def test_picture_that_takes_too_long_is_refused_and_its_process_killed(
    tmp_path: Path,
) -> None:
    command = program(tmp_path / "slow.py", "time.sleep(60)")
    async with ProcessOpener(time_limit_s=0.3, command=command) as opener:
        with pytest.raises(PictureRefusedError) as refusal:
            await opener.open(b"picture")

        assert refusal.value.category == "slow"
        assert not children()


async def test_picture_that_brings_its_process_down_is_refused(tmp_path: Path) -> None:
    command = program(tmp_path / "crash.py", "sys.stdin.buffer.read(8); os.abort()")
    async with ProcessOpener(command=command) as opener:
        for _ in range(2):  # each gets a process of its own
            with pytest.raises(PictureRefusedError) as refusal:
                await opener.open(b"picture" * 100_000)

            assert refusal.value.category == "broken"


@pytest.mark.parametrize(
    "answer",
    [
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x02[[",
        b"\x00\x00\x00\x02{}",
        framed(sizes="[[90000, 90000]]"),
        framed(sizes="[[-1, -10000]]"),
        framed(sizes="[[1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1]]"),
        b'\x00\x00\x00\x2b{"type":"Refused","category":"x","limit":null}',
    ],
    ids=["length", "json", "fields", "huge", "negative", "many", "category"],
)
async def test_process_that_answers_nonsense_is_not_believed(
    tmp_path: Path, answer: bytes
) -> None:
    text = f"sys.stdout.buffer.write({answer!r}); sys.stdout.flush(); time.sleep(60)"
    command = program(tmp_path / "liar.py", text)
    async with ProcessOpener(command=command) as opener:
        with pytest.raises(PictureRefusedError) as refusal:
            await opener.open(b"picture")

        assert refusal.value.category == "broken"
        assert not children()


async def test_after_a_crash_the_next_picture_is_opened(studio: "Studio") -> None:
    content = studio.pack(studio.scene(), "PNG")
    async with ProcessOpener() as opener:
        await opener.open(content)
        (process,) = children()
        process.kill()
        process.wait(WAIT_S)

        pictures = await asyncio.gather(
            *(opener.open(content) for _ in range(2)), return_exceptions=True
        )

        assert open_picture(content) in pictures


async def test_nobody_waiting_any_more_leaves_nothing_half_read(
    tmp_path: Path, studio: "Studio"
) -> None:
    content = studio.pack(studio.scene(), "PNG")
    async with ProcessOpener() as opener:
        opening = asyncio.create_task(opener.open(content))
        await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening

        assert await opener.open(content) == open_picture(content)


async def test_file_that_is_too_large_starts_no_process() -> None:
    async with ProcessOpener(PictureLimits(max_bytes=10)) as opener:
        with pytest.raises(PictureRefusedError) as refusal:
            await opener.open(bytes(11))

        assert refusal.value.category == "size"
        assert not children()


async def test_process_knows_no_secret_of_the_bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, studio: "Studio"
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very secret")
    async with ProcessOpener() as opener:
        await opener.open(studio.pack(studio.scene(), "PNG"))
        (process,) = children()

        assert "DISCORD_TOKEN" in os.environ
        assert "DISCORD_TOKEN" not in process.environ()
    assert not children()


async def open_all(opener: PictureOpener, studio: "Studio") -> None:
    kinds = ["PNG", "JPEG", "GIF", "WEBP"]
    contents = [studio.pack(studio.scene(seed=n), kind) for n, kind in enumerate(kinds)]

    pictures = await asyncio.gather(*(opener.open(content) for content in contents))

    assert pictures == [open_picture(content) for content in contents]
    with pytest.raises(PictureRefusedError) as refusal:
        await opener.open(contents[0][:-20])
    assert refusal.value.category == "broken"


async def test_process_opens_as_this_process_would(studio: "Studio") -> None:
    async with ProcessOpener() as opener:
        await open_all(opener, studio)
        assert len(children()) == 1


async def test_thread_opens_as_this_thread_would(studio: "Studio") -> None:
    await open_all(DirectOpener(), studio)


async def test_picture_of_many_frames_comes_over_whole(studio: "Studio") -> None:
    content = studio.animate([studio.scene(seed=n) for n in range(9)], "PNG")
    async with ProcessOpener() as opener:
        picture = await opener.open(content)

    assert len(picture.frames) == PictureLimits().num_samples
    assert picture == open_picture(content)
