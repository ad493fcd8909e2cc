import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from bot.files.opener import MAX_WAITING, FileOpener
from bot.files.refused import FileRefusedError
from bot.files.worker import FileLimits

if TYPE_CHECKING:
    from tests.bot.files.conftest import MakePdf

LIMITS = FileLimits(max_pages=3, max_characters=100, max_seconds=2)
WAIT_S = 30.0


def open_files(
    *, time_limit_s: float = WAIT_S, command: tuple[str, ...] = ()
) -> FileOpener:
    more = {"command": command} if command else {}
    return FileOpener(LIMITS, time_limit_s=time_limit_s, **more)


def program(path: Path, text: str) -> tuple[str, ...]:
    """Return the command for a process that plays the opener's part badly."""
    path.write_text(f"import os, sys, time\n{text}\n")
    return (sys.executable, str(path))


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


async def test_file_that_takes_too_long_is_refused_and_its_process_killed(
    tmp_path: Path,
) -> None:
    command = program(tmp_path / "slow.py", "time.sleep(60)")
    async with open_files(time_limit_s=0.3, command=command) as opener:
        with pytest.raises(FileRefusedError) as refused:
            await opener.pdf(b"%PDF-")

        assert refused.value.category == "slow"
        assert not children()


@pytest.mark.parametrize(
    "deed",
    [
        "sys.stdin.buffer.read(8); os.abort()",
        "sys.stdout.buffer.write(b'\\xff' * 4)",
        "sys.stdout.buffer.write(b'\\0\\0\\0\\2{}')",
    ],
    ids=["crash", "length", "nonsense"],
)
async def test_process_that_fails_is_replaced(tmp_path: Path, deed: str) -> None:
    async with open_files(command=program(tmp_path / "bad.py", deed)) as opener:
        for _ in range(2):
            with pytest.raises(FileRefusedError) as refused:
                await opener.recording(b"OggS" * 1000)

            assert refused.value.category == "broken"
            assert not children()


async def test_too_many_files_at_once_are_refused_and_the_others_are_not(
    make_pdf: "MakePdf",
) -> None:
    async with open_files() as opener:
        waiting = [
            asyncio.create_task(opener.pdf(make_pdf("one"))) for _ in range(MAX_WAITING)
        ]
        await asyncio.sleep(0)
        with pytest.raises(FileRefusedError) as refused:
            await opener.pdf(make_pdf("one more"))

        assert refused.value.category == "busy"
        assert await asyncio.gather(*waiting) == ["one"] * MAX_WAITING
        assert await opener.pdf(make_pdf("one more")) == "one more"


async def test_process_that_cannot_be_started_is_a_refusal() -> None:
    async with open_files(command=("/no/such/program",)) as opener:
        with pytest.raises(FileRefusedError) as refused:
            await opener.pdf(b"%PDF-")

    assert refused.value.category == "broken"


async def test_no_file_starts_no_process() -> None:
    async with open_files():
        assert not children()


async def test_files_are_opened_without_the_secrets_of_the_bot(
    make_pdf: "MakePdf",
    make_wave: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very secret")
    async with open_files() as opener:
        text, again, sound = await asyncio.gather(
            opener.pdf(make_pdf("one")),
            opener.pdf(make_pdf("two")),
            opener.recording(make_wave(1)),
        )

        assert (text, again) == ("one", "two")
        assert sound.duration_s == pytest.approx(1, abs=0.02)
        assert "DISCORD_TOKEN" in os.environ
        processes = children()
        assert len(processes) == 2
        assert all("DISCORD_TOKEN" not in one.environ() for one in processes)
    assert not children()


async def test_refusal_leaves_the_process_alive(make_pdf: "MakePdf") -> None:
    async with open_files() as opener:
        await opener.pdf(make_pdf("one"))
        (process,) = children()
        with pytest.raises(FileRefusedError) as refused:
            await opener.pdf(make_pdf(""))

        assert refused.value.category == "wordless"
        assert children() == [process]
