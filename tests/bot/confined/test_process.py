import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.confined.process import (
    BrokenDownError,
    ConfinedProcess,
    TooSlowError,
    read_answer,
)

ECHO = """
import sys
from bot.confined.child import answer, contents
for content in contents(sys.stdin.buffer):
    if content == b"stop":
        sys.exit(1)
    if content == b"sleep":
        import time
        time.sleep(60)
    answer(sys.stdout.buffer, content)
"""

Ask = Callable[[bytes], Awaitable[bytes]]


@pytest.fixture
def command(tmp_path: Path) -> tuple[str, ...]:
    path = tmp_path / "echo.py"
    path.write_text(ECHO)
    return (sys.executable, str(path))


async def test_whoever_asks_after_a_death_or_a_delay_gets_an_answer(
    command: tuple[str, ...],
) -> None:
    async with ConfinedProcess(command, time_limit_s=3) as process:
        for bad, error in ((b"stop", BrokenDownError), (b"sleep", TooSlowError)):
            with pytest.raises(error):
                await process.ask(bad, read_answer)
            assert await process.ask(b"hello", read_answer) == b"hello"


async def test_answer_that_is_not_understood_ends_the_process(
    command: tuple[str, ...],
) -> None:
    async def refuse(source: asyncio.StreamReader) -> bytes:
        await read_answer(source)
        raise ValueError("nonsense")

    async with ConfinedProcess(command, time_limit_s=20) as process:
        with pytest.raises(BrokenDownError):
            await process.ask(b"hello", refuse)
        assert await process.ask(b"again", read_answer) == b"again"


async def test_answers_of_several_go_to_whoever_asked(command: tuple[str, ...]) -> None:
    async with ConfinedProcess(command, time_limit_s=20) as process:
        asked = [str(number).encode() * 1000 for number in range(5)]
        answers = await asyncio.gather(*(process.ask(a, read_answer) for a in asked))

        assert answers == asked
