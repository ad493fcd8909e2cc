"""Kills the bot at every point between planning and published, again and again.

    python -m tests.content.kill_soak --rounds 500 --seed 1

Each round is a store and both platforms of its own. A bot works on them and is killed
with SIGKILL one to three times: after a random time, while it writes, before or after
any row, in the middle of a call before or after the platform has it, between the parts
of a post, in review. Then one lives to the end, and what people see is compared with
what the rows say. The last line is JSON; it ends with 1 where something was posted
twice, or lost without a row that says so.
"""

import argparse
import asyncio
import json
import logging
import shutil
import sys
import tempfile
import time
from dataclasses import fields
from pathlib import Path

from tests.content.kill.rounds import Round, Summary
from tests.content.kill.zygote import Zygote

__all__ = ["main", "soak"]

LIFE_S = 1.2


async def soak(
    zygotes: list[Zygote], *, rounds: range, seed: int, folder: Path
) -> Summary:
    """Play these rounds, as many at once as there are zygotes."""
    summary = Summary()
    numbers = iter(rounds)

    async def play(zygote: Zygote) -> None:
        async with zygote:
            for number in numbers:
                place = folder / str(number)
                place.mkdir()
                one = Round(zygote, place, seed=f"{seed}/{number}", life_s=LIFE_S)
                finding = await one.play(summary)
                summary.add(number, finding)
                if finding.faults:
                    sys.stderr.write("\n".join(finding.faults) + "\n")
                else:
                    shutil.rmtree(place)
                if summary.num_rounds % 50 == 0:
                    _tell(summary)

    async with asyncio.TaskGroup() as group:
        for zygote in zygotes:
            group.create_task(play(zygote))
    return summary


def main() -> int:
    """Play and report; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="number of the first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="where rounds with faults stay")
    options = parser.parse_args()
    zygotes = [Zygote.fork() for _ in range(min(options.at_once, options.rounds))]
    rounds = range(options.first, options.first + options.rounds)
    folder = options.keep or Path(tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    # A call that ends with the bot in the middle of it is what this is about.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    begun_s = time.monotonic()
    summary = asyncio.run(
        soak(zygotes, rounds=rounds, seed=options.seed, folder=folder)
    )
    if options.keep is None:
        shutil.rmtree(folder)
    seconds = round(time.monotonic() - begun_s, 1)
    names = [one.name for one in fields(summary)]
    report = {name: getattr(summary, name) for name in names} | {"seconds": seconds}
    _tell(summary)
    sys.stdout.write(json.dumps(report) + "\n")
    return 1 if summary.faults else 0


def _tell(summary: Summary) -> None:
    """Say for people what the last line says for programs."""
    rows = {
        "rounds": summary.num_rounds,
        "kills": summary.num_kills,
        **{f"killed at {name}": n for name, n in sorted(summary.points.items())},
        **{f"killed when {name}": n for name, n in sorted(summary.kills.items())},
        **dict(sorted(summary.counts.items())),
        "faults": len(summary.faults),
    }
    for name, number in rows.items():
        sys.stderr.write(f"{name:48}{number:6}\n")


if __name__ == "__main__":
    sys.exit(main())
