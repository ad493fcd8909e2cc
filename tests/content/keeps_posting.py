"""Posts on a schedule in processes that are killed at random; not a test itself.

Each round is a store of its own: processes run on it and are killed with SIGKILL at a
random moment, then one runs to the end. What every platform took is in a file, which
survives the kill as a platform would. Prints one JSON list, a round an entry.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from bot.clock import SystemClock
from bot.config import Config, ScheduleConfig
from bot.generation.requests import PromptTurn, TextParams
from bot.messages import Channel
from bot.publication import Publication, Published
from bot.safety.filter import FilterChain
from bot.store.store import Store
from bot.words import Words
from content.content import Content
from content.fake_desk import FakeDesk
from content.sources.choosing import Sources
from content.text_maker import TextMaker

TOPIC = "Watering tomatoes in summer"
SENTENCES = (Path(__file__).parent / "tomatoes.txt").read_text("utf-8").splitlines()
LONGEST_LIFE_S = 0.25


class SlowMaker(TextMaker):
    """Takes its time with each part."""

    def __init__(self) -> None:
        self._number = 0

    @override
    async def write(self, turns: tuple[PromptTurn, ...], *, params: TextParams) -> str:
        await asyncio.sleep(0.002)
        self._number += 3
        last = len(SENTENCES)
        return " ".join(SENTENCES[(self._number + i) % last] for i in range(3))


class FileAdapter(FakeAdapter):
    """Writes what it takes to a file, as `nonce` lines; slow before and after."""

    def __init__(self, path: Path) -> None:
        super().__init__(RecordingInbox())
        self._path = path

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        await asyncio.sleep(0.01)
        taken = self._path.read_text().split() if self._path.exists() else []
        if not (self.can_deduplicate and nonce in taken):
            with self._path.open("a") as file:
                file.write(f"{nonce}\n")
        await asyncio.sleep(0.01)
        return Published((nonce,))


class PlainFileAdapter(FileAdapter):
    """Takes everything, also what it has."""

    can_deduplicate: ClassVar[bool] = False


def config() -> Config:
    schedule = ScheduleConfig(
        id="daily",
        channels=("exact:general", "plain:general"),
        topics=(TOPIC,),
        at_utc=datetime(2099, 1, 1, tzinfo=UTC),
        at_first_start=True,
    )
    return Config(schedule=(schedule,))


async def live(folder: Path) -> None:
    """Run until everything is settled."""
    clock = SystemClock()
    async with Store.open(folder / "bot.sqlite3", backups=1, clock=clock) as store:
        content = Content(
            config=config(),
            store=store,
            maker=SlowMaker(),
            chain=FilterChain([]),
            adapters={
                "exact": FileAdapter(folder / "exact"),
                "plain": PlainFileAdapter(folder / "plain"),
            },
            words=Words({}),
            desk=FakeDesk(),
            clock=clock,
            sources=Sources(store, config_path=folder / "config.toml"),
        )
        async with content:
            await content.settled()


async def report(folder: Path) -> dict[str, object]:
    """Return what is in the store and what the platforms have."""
    clock = SystemClock()
    async with Store.open(folder / "bot.sqlite3", backups=1, clock=clock) as store:
        content = Content(
            config=Config(),
            store=store,
            maker=SlowMaker(),
            chain=FilterChain([]),
            adapters={},
            words=Words({}),
            desk=FakeDesk(),
            clock=clock,
            sources=Sources(store, config_path=folder / "config.toml"),
        )
        posts = await content.posts.list()
        deliveries = [
            delivery
            for post in posts
            for delivery in await content.deliveries.of_post(post.id)
        ]
        runs = await content.runs.recent("daily", limit=99)
    return {
        "runs": [run.state for run in runs],
        "posts": [post.status for post in posts],
        "deliveries": {d.channel_key.split(":")[0]: d.state for d in deliveries},
        "taken": {
            name: (folder / name).read_text().split()
            if (folder / name).exists()
            else []
            for name in ("exact", "plain")
        },
        "nonces": {d.channel_key.split(":")[0]: d.nonce for d in deliveries},
    }


def start(folder: Path) -> int:
    """Run in a process of its own; return its id."""
    pid = os.fork()
    if pid == 0:
        try:
            asyncio.run(live(folder))
        finally:
            os._exit(0)
    return pid


def main(arguments: Sequence[str]) -> None:
    """Play so many rounds with this seed."""
    folder, num_rounds, seed = Path(arguments[0]), int(arguments[1]), arguments[2]
    chance = random.Random(seed)  # noqa: S311 - chance, not secrecy
    rounds = []
    for number in range(num_rounds):
        place = folder / str(number)
        place.mkdir()
        for _ in range(chance.randint(1, 3)):
            pid = start(place)
            time.sleep(chance.uniform(0, LONGEST_LIFE_S))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.waitpid(start(place), 0)
        rounds.append(asyncio.run(report(place)))
    sys.stdout.write(json.dumps(rounds))


if __name__ == "__main__":
    main(sys.argv[1:])
