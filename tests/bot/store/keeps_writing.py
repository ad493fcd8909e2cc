"""Writes without end and prints what was written: something for a test to kill.

python keeps_writing.py STORE ROUND; a line is printed only after its write returned.
"""

import asyncio
import itertools
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import SystemClock
from bot.conversation import Turn
from bot.generation.requests import TurnRole
from bot.messages import Scope
from bot.publication import Published
from bot.store.deliveries import DeliveryRepository
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from bot.store.turns import TurnRepository

SCOPE = Scope("web", "home", "general", None, None)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
POST = StoredPost("", "article", "Moon", "approved", "en", "hearth", NOW, NOW)


def report(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


async def write_turns(store: Store, name: str) -> None:
    turns = TurnRepository(store)
    for number in itertools.count():
        message_id = f"{name}-{number}"
        text = f"text of {message_id} " * (number % 400)  # up to some pages long
        await turns.add(Turn(SCOPE, TurnRole.USER, text, message_id, NOW))
        report("turn", message_id)


async def write_posts(store: Store, name: str) -> None:
    posts, deliveries = PostRepository(store), DeliveryRepository(store)
    for number in itertools.count():
        post_id = f"{name}-{number}"
        await posts.create(replace(POST, id=post_id), actor="bot")
        report("post", post_id, "approved")
        await posts.transition(post_id, "approved", "publishing", actor="bot")
        report("post", post_id, "publishing")
        (delivery,) = await deliveries.plan(post_id, ["web:announcements"])
        await deliveries.begin(delivery.id)
        report("delivery", str(delivery.id), "sending")
        await deliveries.sent(delivery.id, Published((f"message-{delivery.id}",)))
        report("delivery", str(delivery.id), "sent")


async def main(path: Path, name: str) -> None:
    report("opening")
    async with (
        Store.open(path, backups=1, clock=SystemClock()) as store,
        asyncio.TaskGroup() as tasks,
    ):
        for writer in range(3):
            tasks.create_task(write_turns(store, f"{name}-{writer}"))
        tasks.create_task(write_posts(store, name))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
