"""Only one process runs the schedules of a store."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.store.store import Store

ROOT = Path(__file__).parents[2]
WAIT_S = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    (path / "config.toml").write_text(
        '[models.chat]\nbackend = "fake"\nmodel = "fake"\n'
        '[store]\npath = "bot.sqlite3"\n'
        '[[schedule]]\nid = "daily"\nchannels = ["web:general"]\ntopics = ["x"]\n'
        'cron = "0 9 * * *"\n',
        "utf-8",
    )
    return path


async def do(folder: Path, line: str) -> tuple[int | None, str]:
    """Run a line at the terminal; return how it ended and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "do",
        line,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LANGUAGE": "en"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(WAIT_S):
        output, _ = await process.communicate()
    return process.returncode, " ".join(output.decode().split())


async def test_second_process_refuses_to_schedule(
    folder: Path, clock: FakeClock
) -> None:
    async with Store.open(folder / "bot.sqlite3", backups=1, clock=clock):
        code, said = await do(folder, "/schedule run daily")
    assert code != 0
    assert f"Another Hearthbot (process {os.getpid()})" in said
    assert "Traceback" not in said


async def test_terminal_makes_schedules_while_the_bot_is_stopped(
    folder: Path,
) -> None:
    line = "/schedule add tips every Monday at nine about=tomatoes"
    code, said = await do(folder, line)
    assert code != 0
    assert "Say where it posts" in said
    code, said = await do(folder, f"{line} channels=web:general")
    assert code == 0
    assert "every Monday at 09:00 UTC; next three:" in said
    code, said = await do(folder, "/schedule list")
    assert code == 0
    assert "`tips`" in said
    assert "`daily`" in said
    code, said = await do(folder, "/schedule run tips")
    assert code == 0
    assert said == "“tips” is written when the bot runs, if it does within 60 minutes."
