"""Many questions over a connection on which things go wrong all the time.

python -m tests.adapters.discord.soak --messages 10000 --seed 1

Ends with 1 where an answer was lost, cut, or is there twice.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from typing_extensions import override

from tests.adapters.discord.served import EchoInbox, served
from tests.discord_server.places import Channel, User
from tests.discord_server.rates import Rate
from tests.discord_server.server import DiscordServer

__all__ = ["Outcome", "soak"]

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
CALLS_PER_FAULT = 12
CALLS_PER_DROP = 700
LONG_SHARE = 0.05


@dataclass
class Outcome:
    """What came of it."""

    num_questions: int = 0
    num_calls: int = 0
    num_faults: int = 0
    num_limited: int = 0
    num_resumes: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every answer is there, whole and once."""
        return not (self.lost or self.twice or self.failed)


def answer_to(question: str) -> str:
    """Return words that are all different, so that a lost one is missed."""
    name, length = question.split()
    return " ".join(f"{name}.{word}" for word in range(int(length)))


class SoakInbox(EchoInbox):
    """Answers with as many words as it is asked for."""

    @override
    def words_for(self, question: str) -> str:
        return answer_to(question)


async def soak(*, num_messages: int, num_people: int, seed: int) -> Outcome:
    """Ask, with faults in between, and look whether all was answered."""
    dice = random.Random(seed)  # noqa: S311 - nothing is kept secret with it
    outcome, inbox = Outcome(num_questions=num_messages), SoakInbox()
    begun_s = time.monotonic()
    async with DiscordServer() as server:
        server.rates.everything = server.rates.everyday = Rate(100_000, 1.0)
        server.rates.by_route[SEND] = server.rates.by_route[EDIT] = Rate(100_000, 1.0)
        people = [server.world.add_user(f"p{number}") for number in range(num_people)]
        questions: dict[str, list[str]] = {person.id: [] for person in people}
        for number in range(num_messages):
            length = dice.randint(300, 700) if dice.random() < LONG_SHARE else 5
            questions[people[number % num_people].id].append(f"q{number} {length}")
        async with served(server, inbox):
            chaos = asyncio.create_task(_go_wrong(server, people, dice, outcome))
            await asyncio.gather(
                *(_ask(server, inbox, one, questions[one.id]) for one in people)
            )
            # The last ones may still be held up by a gateway that comes back.
            async with asyncio.timeout(120):
                while len(inbox.messages) < num_messages:  # noqa: ASYNC110 - a socket
                    await asyncio.sleep(0.05)
            await inbox.idle(timeout_s=300)
            chaos.cancel()
            await asyncio.gather(chaos, return_exceptions=True)
        for person in people:
            _look(server, server.world.dm(person), questions[person.id], outcome)
        outcome.num_calls = len(server.calls)
        outcome.num_limited = server.rates.num_limited
        outcome.num_resumes = server.gateway.num_resumes
    outcome.failed = inbox.failed
    outcome.seconds = time.monotonic() - begun_s
    return outcome


async def _ask(
    server: DiscordServer, inbox: EchoInbox, person: User, questions: list[str]
) -> None:
    place = server.world.dm(person)
    for question in questions:
        await server.say(place, person, question)
        # Whether it is answered is looked at in the end; here only the pace is kept.
        async with asyncio.timeout(300):
            while len(inbox.tasks) > 60:  # noqa: ASYNC110 - a brake
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.05)


async def _go_wrong(
    server: DiscordServer, people: list[User], dice: random.Random, outcome: Outcome
) -> None:
    next_fault = next_drop = 0
    while True:
        await asyncio.sleep(0.01)
        num_calls = len(server.calls)
        if num_calls >= next_fault:
            next_fault = num_calls + dice.randint(1, 2 * CALLS_PER_FAULT)
            outcome.num_faults += 1
            route = dice.choice([SEND, SEND, EDIT])
            match dice.randint(0, 4):
                case 0:
                    server.fail(route, status=dice.choice([500, 502, 503]))
                case 1 | 2:
                    server.cut(route, is_carried_out=True)
                case 3:
                    server.cut(route, is_carried_out=False)
                case _:
                    # One place: 429s for all would come near Discord's own ban.
                    server.flood(server.world.dm(dice.choice(people)), 0.2)
        if num_calls >= next_drop:
            next_drop = num_calls + CALLS_PER_DROP
            await server.gateway.drop()


def _look(
    server: DiscordServer, place: Channel, questions: list[str], outcome: Outcome
) -> None:
    shown = Counter(" ".join(server.said(place)).split())
    for question in questions:
        for word in answer_to(question).split():
            if shown[word] == 0:
                outcome.lost.append(word)
            elif shown[word] > 1:
                outcome.twice.append(word)


def main() -> int:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    outcome = asyncio.run(
        soak(num_messages=chosen.messages, num_people=chosen.people, seed=chosen.seed)
    )
    sys.stdout.write(
        f"{outcome.num_questions} questions, {outcome.num_calls} calls, "
        f"{outcome.num_faults} faults, {outcome.num_limited} times 429, "
        f"{outcome.num_resumes} resumes, {outcome.seconds:.0f} s: "
        f"{len(outcome.lost)} words lost, {len(outcome.twice)} twice, "
        f"{len(outcome.failed)} answers given up\n"
    )
    for question, reason in outcome.failed:
        sys.stdout.write(f"{question}: {reason}\n")
    return 0 if outcome.is_good else 1


if __name__ == "__main__":
    raise SystemExit(main())
