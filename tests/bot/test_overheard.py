"""What people say to each other waits for its turn, and not for ever."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from bot.messages import Author, Channel, Message
from bot.overheard import Overheard
from bot.tasks import Tasks

THEN_UTC = datetime(2026, 1, 1, tzinfo=UTC)
GENERAL = Channel("fake", "general", "village")
WATCHED = Channel("fake", "watched", "village")


class Lookout:
    """Needs what is said in one channel, and counts what was let go."""

    def __init__(self) -> None:
        self.dropped_ids: list[str] = []

    def is_needed(self, channel: Channel) -> bool:
        return channel == WATCHED

    async def dropped(self, message: Message) -> None:
        self.dropped_ids.append(message.id)


def said(name: str, channel: Channel = GENERAL) -> Message:
    return Message(name, channel, Author("ada", "Ada"), name, THEN_UTC)


async def test_messages_are_taken_in_one_by_one_also_after_one_that_fails() -> None:
    taken: list[str] = []
    at_once = most_at_once = 0

    async def handle(message: Message) -> None:
        nonlocal at_once, most_at_once
        at_once += 1
        most_at_once = max(most_at_once, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        taken.append(message.id)
        if message.id == "2":
            raise RuntimeError("broken")

    lookout: Any = Lookout()
    async with asyncio.timeout(10), Tasks() as tasks:
        overheard = Overheard(handle, lookout, tasks)
        for number in range(5):
            overheard.put(said(str(number)))
        await tasks.idle()
        overheard.put(said("later"))
        await tasks.idle()
    assert taken == ["0", "1", "2", "3", "4", "later"]
    assert most_at_once == 1


async def test_oldest_is_let_go_and_counted_but_not_what_moderators_want() -> None:
    taken: list[str] = []
    opened = asyncio.Event()

    async def handle(message: Message) -> None:
        await opened.wait()
        taken.append(message.id)

    lookout: Any = Lookout()
    async with asyncio.timeout(10), Tasks() as tasks:
        overheard = Overheard(handle, lookout, tasks, most_waiting=3)
        overheard.put(said("w0", WATCHED))
        for number in range(5):
            overheard.put(said(f"g{number}"))
            overheard.put(said(f"w{number + 1}", WATCHED))
        opened.set()
        await tasks.idle()
    assert lookout.dropped_ids == ["g0", "g1", "g2", "g3", "g4"]
    assert taken == [f"w{number}" for number in range(6)]


async def test_queue_is_let_go_when_the_bot_ends() -> None:
    taken: list[str] = []

    async def handle(message: Message) -> None:
        taken.append(message.id)
        await asyncio.Event().wait()

    lookout: Any = Lookout()
    async with asyncio.timeout(10):
        async with Tasks() as tasks:
            overheard = Overheard(handle, lookout, tasks)
            overheard.put(said("first"))
            overheard.put(said("second"))
            await asyncio.sleep(0)
    assert taken == ["first"]
