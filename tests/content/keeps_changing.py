"""Changes and takes back a post, over and over killed: something for a test to read.

python keeps_changing.py FOLDER ROUNDS SEED; prints what each round came to, as JSON.
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
from typing import Any, ClassVar

from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from bot.clock import SystemClock
from bot.config import Config, ScheduleConfig
from bot.generation.requests import PromptTurn, TextParams
from bot.messages import Author, Channel, Role
from bot.publication import Publication, Published
from bot.safety.filter import FilterChain
from bot.store.store import Store
from bot.words import Words
from content.content import Content
from content.fake_desk import FakeDesk
from content.posts import PostStatus
from content.sources.choosing import Sources
from content.text_maker import TextMaker

TOPIC = "Watering tomatoes in summer"
SENTENCES = (Path(__file__).parent / "tomatoes.txt").read_text("utf-8").splitlines()
OWNER = Author("own", "Own", Role.OWNER)
HERE = Channel("exact", "general", "fakeville")
LONGEST_LIFE_S = 0.25
PLATFORMS = ("exact", "other", "plain")


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
    """Keeps its messages in a file; slow before and after. A change adds a message."""

    def __init__(self, path: Path) -> None:
        super().__init__(RecordingInbox())
        self._path = path

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        await self._put(nonce)
        return Published((nonce,))

    @override
    async def revise(
        self,
        channel: Channel,
        published: Published,
        publication: Publication,
        *,
        nonce: str,
    ) -> Published:
        await self._put(nonce)
        return Published((*published.message_ids, nonce))

    @override
    async def retract(self, channel: Channel, published: Published) -> None:
        await asyncio.sleep(0.01)
        found = self._read()
        found["now"] = [one for one in found["now"] if one not in published.all_ids]
        self._write(found)
        await asyncio.sleep(0.01)

    async def _put(self, nonce: str) -> None:
        await asyncio.sleep(0.01)
        found = self._read()
        if not (self.can_deduplicate and nonce in found["sent"]):
            found["sent"].append(nonce)
            found["now"].append(nonce)
            self._write(found)
        await asyncio.sleep(0.01)

    def _read(self) -> dict[str, list[str]]:
        if not self._path.exists():
            return {"sent": [], "now": []}
        found: dict[str, list[str]] = json.loads(self._path.read_text())
        return found

    def _write(self, found: dict[str, list[str]]) -> None:
        draft = self._path.with_suffix(".part")
        draft.write_text(json.dumps(found))
        draft.replace(self._path)


class PlainFileAdapter(FileAdapter):
    """Takes everything, also what it has."""

    can_deduplicate: ClassVar[bool] = False


def content(folder: Path, store: Store, desk: FakeDesk) -> Content:
    schedule = ScheduleConfig(
        id="daily",
        channels=tuple(f"{name}:general" for name in PLATFORMS),
        topics=(TOPIC,),
        at_utc=datetime(2099, 1, 1, tzinfo=UTC),
        at_first_start=True,
    )
    kinds = {"plain": PlainFileAdapter}
    return Content(
        config=Config(schedule=(schedule,)),
        store=store,
        maker=SlowMaker(),
        chain=FilterChain([]),
        adapters={
            name: kinds.get(name, FileAdapter)(folder / name) for name in PLATFORMS
        },
        words=Words({}),
        desk=desk,
        clock=store.clock,
        sources=Sources(store, config_path=folder / "config.toml"),
    )


async def live(folder: Path) -> dict[str, Any]:
    """Go on from wherever it stands until the post is taken back; say what is there."""
    desk = FakeDesk()
    path = folder / "bot.sqlite3"
    async with (
        Store.open(path, backups=1, clock=SystemClock()) as store,
        content(folder, store, desk) as posting,
    ):
        await posting.settled()
        (post,) = await posting.posts.list()
        steps = await posting.posts.transitions(post.id)
        if not any("edited" in str(step.reason) for step in steps):
            await posting.corrections.edit(post.id, "# New\n\nText.", OWNER, HERE)
            await posting.settled()
        (post,) = await posting.posts.list()
        if post.status == PostStatus.PUBLISHED:
            await posting.corrections.take_back(post.id, OWNER, HERE)
            await posting.settled()
        (post,) = await posting.posts.list()
        rows = await posting.outgoing.rows.of_post(post.id)
    return {
        "status": post.status,
        "open": sum(row.is_open for row in rows),
        "platforms": {
            name: json.loads((folder / name).read_text()) for name in PLATFORMS
        },
        "unknown": [row.nonce for row in rows if row.state == "unknown"],
    }


async def publish(folder: Path) -> None:
    """Bring a post to every platform."""
    path = folder / "bot.sqlite3"
    async with (
        Store.open(path, backups=1, clock=SystemClock()) as store,
        content(folder, store, FakeDesk()) as posting,
    ):
        await posting.settled()


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
        asyncio.run(publish(place))
        for _ in range(chance.randint(1, 3)):
            pid = start(place)
            time.sleep(chance.uniform(0, LONGEST_LIFE_S))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        rounds.append(asyncio.run(live(place)))
    sys.stdout.write("\n" + json.dumps(rounds))


if __name__ == "__main__":
    main(sys.argv[1:])
