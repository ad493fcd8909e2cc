"""kill -9 at random moments between planned and published."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("keeps_posting.py")
NUM_ROUNDS = int(os.environ.get("KILL_ROUNDS", "30"))


@pytest.fixture
async def rounds(tmp_path: Path) -> list[dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        SCRIPT,
        tmp_path,
        str(NUM_ROUNDS),
        "7",
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    async with asyncio.timeout(110 + NUM_ROUNDS * 4):
        output, _ = await process.communicate()
    assert process.returncode == 0
    found: list[dict[str, Any]] = json.loads(output.splitlines()[-1])
    return found


async def test_killed_bot_posts_nothing_twice_and_loses_nothing_silently(
    rounds: list[dict[str, Any]],
) -> None:
    assert len(rounds) == NUM_ROUNDS
    for found in rounds:
        # One slot, one post, and the row of each says how it ended.
        assert len(found["runs"]) == len(found["posts"]) == 1
        states, taken = found["deliveries"], found["taken"]
        # Where a platform knows a nonce again, it always works out.
        assert states["exact"] == "sent"
        assert taken["exact"] == [found["nonces"]["exact"]]
        # Where not, it is there at most once, and if that is not known, it says so.
        assert len(taken["plain"]) <= 1
        if states["plain"] == "sent":
            assert taken["plain"] == [found["nonces"]["plain"]]
            assert (found["runs"], found["posts"]) == (["done"], ["published"])
        else:
            assert states["plain"] == "unknown"
            assert (found["runs"], found["posts"]) == (["failed"], ["unknown"])
