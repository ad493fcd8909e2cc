"""One round: a bot that is killed a few times, and then lives to the end."""

import asyncio
import contextlib
import os
import random
import signal
import sqlite3
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.content.kill.judging import Finding, judge
from tests.content.kill.orders import Fuse, Order, Shape
from tests.content.kill.platforms import DISCORD, TELEGRAM, Platforms, Trap
from tests.content.kill.zygote import LOG, Zygote

__all__ = ["Round", "Summary"]

MOST_KILLS = 3
LONGEST_LIFE_S = 60.0
POINTS = {
    "time": 4,
    "trap": 5,
    "draft": 1,
    "row before": 4,
    "row after": 4,
    "call before": 1,
    "call after": 1,
}
"""How a bot dies, and how often one way or the other."""

LAST_ROW, LAST_ROW_LATER, LAST_DRAFT, LAST_CALL = 24, 10, 8, 3
LAST_SEND = 5


@dataclass(slots=True)
class Summary:
    """What all rounds came to.

    Attributes:
        kills: how often the bot was killed, by where its post stood then.
        points: and by how it came about.
    """

    num_rounds: int = 0
    num_kills: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, number: int, finding: Finding) -> None:
        """Take in what a round came to."""
        self.num_rounds += 1
        self.counts += finding.counts
        self.faults += [f"round {number}: {fault}" for fault in finding.faults]


class Round:
    """Plays one round; its number and the seed say all that is left to chance."""

    def __init__(
        self, zygote: Zygote, folder: Path, *, seed: str, life_s: float
    ) -> None:
        self._zygote = zygote
        self._folder = folder
        self._dice = random.Random(seed)  # noqa: S311 - chance, not secrecy
        self._life_s = life_s

    async def play(self, summary: Summary) -> Finding:
        """Kill, restart, judge."""
        shape, places = self._shape(), self._places()
        async with Platforms() as platforms:
            discord = platforms.discord
            order = Order(
                folder=str(self._folder),
                discord=(discord.api_url, discord.gateway_url, discord.token),
                telegram=(platforms.telegram.url, platforms.telegram.token),
                channels=tuple(map(platforms.key, places)),
                shape=shape,
            )
            for number in range(self._dice.randint(1, MOST_KILLS)):
                (point,) = self._dice.choices([*POINTS], [*POINTS.values()])
                last_row = LAST_ROW_LATER if number else LAST_ROW
                if not await self._killed(platforms, order, point, last_row):
                    break
                summary.num_kills += 1
                summary.points[point] += 1
                summary.kills[standing(order.path)] += 1
                if self._dice.random() < 0.3:
                    platforms.forget()
            await platforms.talk()
            code = await self._seen_through(order)
            finding = await judge(self._folder, platforms, places, shape)
        if code != 0:
            log = (self._folder / LOG).read_text()[-2000:]
            finding.faults.append(f"the bot ended with {code}: {log}")
        for fault in tuple(finding.faults):
            finding.faults[finding.faults.index(fault)] = f"{fault} [{shape}]"
        return finding

    async def _killed(
        self, platforms: Platforms, order: Order, point: str, last_row: int
    ) -> bool:
        """Let a bot live and be killed; False: it came to its end before."""
        number = self._dice.randint
        trap, delay_s = Trap(), LONGEST_LIFE_S
        match point:
            case "time":
                delay_s = self._dice.uniform(0, self._life_s)
            case "trap":
                platform = self._dice.choice(("discord", "telegram"))
                is_carried_out = self._dice.random() < 0.6
                trap = Trap(platform, number(1, LAST_SEND), is_carried_out)
            case "draft":
                order = replace(order, fuse=Fuse(point, number(1, LAST_DRAFT)))
            case "call before" | "call after":
                order = replace(order, fuse=Fuse(point, number(1, LAST_CALL)))
            case _:
                order = replace(order, fuse=Fuse(point, number(1, last_row)))
        platforms.trap = trap
        await platforms.talk()
        trap.pid = await self._zygote.start(order)
        ending = asyncio.create_task(self._zygote.ended())
        await asyncio.wait([ending], timeout=delay_s)
        if not ending.done():
            os.kill(trap.pid, signal.SIGKILL)
        trap.pid = 0
        return await ending == -signal.SIGKILL

    async def _seen_through(self, order: Order) -> int:
        """Let a bot live to its end; return its exit code."""
        pid = await self._zygote.start(order)
        try:
            async with asyncio.timeout(LONGEST_LIFE_S):
                return await self._zygote.ended()
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            return await self._zygote.ended()

    def _shape(self) -> Shape:
        dice = self._dice
        kind = dice.choice(("article", "quiz", "quiz"))
        is_reviewed = dice.random() < 0.7
        return Shape(
            kind=kind,
            has_picture=dice.random() < 0.6,
            is_reviewed=is_reviewed,
            is_edited=is_reviewed and kind == "quiz" and dice.random() < 0.7,
            is_sent_back=is_reviewed and dice.random() < 0.3,
            has_discussion=dice.random() < 0.4,
        )

    def _places(self) -> tuple[str, ...]:
        dice = self._dice
        return (
            *dice.sample(DISCORD, dice.randint(1, 2)),
            *dice.sample(TELEGRAM, dice.randint(1, 2)),
        )


def standing(path: Path) -> str:
    """Return where the post of a killed bot stands, by the rows alone."""
    if not path.exists():
        return "no store"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        try:
            post = db.execute("SELECT status FROM post").fetchone()
            states = db.execute("SELECT state FROM delivery ORDER BY state").fetchall()
            run = db.execute("SELECT state FROM schedule_run").fetchone()
        except sqlite3.OperationalError:
            return "no tables"
    if post is None:
        return "no run" if run is None else "no post"
    if post[0] != "publishing":
        return str(post[0])
    named = sorted({state for (state,) in states})
    return f"publishing: {', '.join(named)}"
