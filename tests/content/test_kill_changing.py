"""kill -9 at random moments while a post is changed and taken back everywhere."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("keeps_changing.py")
NUM_ROUNDS = int(os.environ.get("KILL_ROUNDS", "3"))


@pytest.fixture
async def rounds(tmp_path: Path) -> list[dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        SCRIPT,
        tmp_path,
        str(NUM_ROUNDS),
        "11",
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    async with asyncio.timeout(60 + NUM_ROUNDS * 10):
        output, _ = await process.communicate()
    assert process.returncode == 0
    found: list[dict[str, Any]] = json.loads(output.splitlines()[-1])
    return found


async def test_killed_bot_sees_changes_through_and_sends_nothing_twice(
    rounds: list[dict[str, Any]],
) -> None:
    assert len(rounds) == NUM_ROUNDS
    for found in rounds:
        assert (found["status"], found["open"]) == ("retracted", 0)
        for platform in found["platforms"].values():
            assert len(platform["sent"]) == len(set(platform["sent"]))
        # Where a platform knows a nonce again, all of it is found and taken away.
        assert found["platforms"]["exact"]["now"] == []
        assert found["platforms"]["other"]["now"] == []
        # Where not, what may be left was asked about.
        assert len(found["platforms"]["plain"]["now"]) <= len(found["unknown"])
