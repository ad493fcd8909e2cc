"""Many updates and a network that fails at random: is anything lost or said twice?

python -m tests.adapters.telegram.soak 10000
"""

import asyncio
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass

from bot.errors import PlatformError
from tests.adapters.telegram.rig import Rig, ScaledClock, open_rig
from tests.adapters.telegram.talker import Talker, answer_to
from tests.telegram_server.chats import Chat
from tests.telegram_server.server import Person

__all__ = ["Outcome", "soak"]

AT_ONCE = 20
FACTOR = 25.0
"""A call that is never answered takes 30 s of real time to fail: with a larger factor
that would be longer than an answer is patient."""
NUM_PRIVATE, NUM_GROUPS = 30, 10
PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        num_lost: messages without their answer.
        num_failed: answers that the bot itself gave up, and said so.
        num_twice: answers that are there more than once.
        num_seen_twice: messages that the core was given more than once.
        num_other: messages of the bot that are no answer.
        num_faults: how often something went wrong.
        num_calls: calls that the bot made, but for updates.
    """

    num_updates: int
    num_lost: int
    num_failed: int
    num_twice: int
    num_seen_twice: int
    num_other: int
    num_faults: int
    num_calls: int
    took_s: float


async def soak(num_updates: int, *, seed: int = 7) -> Outcome:
    """Let people write so many messages, and count what is there in the end."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    begun_s = time.perf_counter()
    async with open_rig(ScaledClock(FACTOR)) as rig:
        server = rig.server
        talker = Talker(rig.clock, think_s=0.3, seed=seed)
        people = [server.user(f"P{number}") for number in range(NUM_PRIVATE)]
        groups = [server.supergroup(f"G{n}", *people) for n in range(NUM_GROUPS)]
        for group in groups:
            await server.owner.promote(group, server.bot)
        where: dict[str, Chat] = {}
        num_faults = 0
        async with rig.adapter(inbox=talker) as talker.adapter:
            for number in range(num_updates):
                num_faults += await _disturb(rig, rng)
                text = f"q{number}x"
                person, place = _somewhere(rig, rng, people, groups)
                where[text] = place
                await person.write(
                    place, text if place.is_private else f"Hearth {text}"
                )
                await server.until(
                    lambda: len(where) - len(talker.answered) < AT_ONCE,
                    timeout_s=PATIENCE_S,
                )
            server.faults.clear()
            await server.until(
                lambda: len(talker.answered) == num_updates, timeout_s=PATIENCE_S
            )
        return _outcome(rig, talker, where, num_faults, time.perf_counter() - begun_s)


def _somewhere(
    rig: Rig, rng: random.Random, people: list[Person], groups: list[Chat]
) -> tuple[Person, Chat]:
    person = rng.choice(people)
    if rng.random() < 0.5:
        return person, rig.server.private(person)
    return person, rng.choice(groups)


async def _disturb(rig: Rig, rng: random.Random) -> int:
    """Let something go wrong with one of the next calls, now and then."""
    faults, chance = rig.server.faults, rng.random()
    sending = rng.choice(["sendMessage", "sendMessage", "editMessageText"])
    if chance < 0.04:
        faults.drop(sending)
    elif chance < 0.08:
        faults.drop(sending, after=True)
    elif chance < 0.10:
        faults.answer(sending, rng.choice([500, 502, 504]))
    elif chance < 0.12:
        seconds = rng.randint(1, 4)
        text = f"Too Many Requests: retry after {seconds}"
        faults.refuse(sending, 429, text, retry_after=seconds)
    elif chance < 0.14:
        faults.drop("getUpdates", after=rng.random() < 0.5)
    elif chance < 0.16:
        faults.duplicate_updates()
    elif chance < 0.18:
        faults.reorder_updates()
    elif chance < 0.19:
        faults.drop(rng.choice(["sendMessageDraft", "sendChatAction", "deleteMessage"]))
    elif chance < 0.192:
        await rig.server.restart()
    else:
        return 0
    return 1


def _outcome(
    rig: Rig, talker: Talker, where: dict[str, Chat], num_faults: int, took_s: float
) -> Outcome:
    server = rig.server
    said = Counter(
        (chat.id, message.text)
        for chat in {chat.id: chat for chat in where.values()}.values()
        for message in chat.by(server.bot)
    )
    wanted = {(chat.id, answer_to(text)) for text, chat in where.items()}
    return Outcome(
        num_updates=len(where),
        num_lost=sum(said[one] == 0 for one in wanted),
        num_failed=sum(
            isinstance(ids, PlatformError) for ids in talker.answered.values()
        ),
        num_twice=sum(said[one] > 1 for one in wanted),
        num_seen_twice=sum(times > 1 for times in talker.num_seen.values()),
        num_other=sum(times for one, times in said.items() if one not in wanted),
        num_faults=num_faults,
        num_calls=sum(call.method.lower() != "getupdates" for call in server.calls),
        took_s=took_s,
    )


if __name__ == "__main__":
    print(asyncio.run(soak(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)))  # noqa: T201
