"""kill -9 at every point between planned and published, on both platforms."""

import asyncio
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NUM_ROUNDS = int(os.environ.get("KILL_ROUNDS", "20"))
SEED = 7


async def test_killed_bot_posts_nothing_twice_and_loses_nothing_silently() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.content.kill_soak",
        *("--rounds", str(NUM_ROUNDS), "--seed", str(SEED)),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    async with asyncio.timeout(110 + NUM_ROUNDS * 10):
        output, _ = await process.communicate()
    report = json.loads(output.splitlines()[-1])
    assert report["faults"] == []
    assert process.returncode == 0
    assert report["num_rounds"] == NUM_ROUNDS
    # It was killed in the middle of things, not only before or after them.
    assert report["num_kills"] >= NUM_ROUNDS
    assert any(name.startswith("publishing") for name in report["kills"])
    assert report["counts"]["discord: sent"] >= NUM_ROUNDS
