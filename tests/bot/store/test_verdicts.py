from dataclasses import replace

import pytest

from bot.clock import FakeClock
from bot.messages import Scope
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.store.store import Store
from bot.store.verdicts import StoredVerdict, VerdictRepository

HERE = Scope("web", "home", "general", None, None)
THERE = replace(HERE, channel_id="other")
FLAG = Verdict(Action.FLAG, "word", 0.5, "words", "a word of the list")
REDACT = Verdict(Action.REDACT, "mention", 1.0, "mentions", "mass mention", "private")
BLOCK = Verdict(Action.BLOCK, "length", 1.0, "too_long", "9000 of 8000 characters")


@pytest.fixture
def verdicts(store: Store) -> VerdictRepository:
    return VerdictRepository(store)


async def test_allowed_texts_leave_no_verdict(verdicts: VerdictRepository) -> None:
    await verdicts.add(HERE, "1", Stage.INPUT, [ALLOW, ALLOW])
    assert await verdicts.recent(limit=9) == ()


async def test_verdicts_are_kept_without_the_text(
    verdicts: VerdictRepository, clock: FakeClock
) -> None:
    await verdicts.add(HERE, "1", Stage.INPUT, [FLAG, ALLOW, REDACT], author_id="ann")

    def stored(verdict: Verdict) -> StoredVerdict:
        now_utc = clock.now_utc()
        return StoredVerdict(HERE.key, "1", "ann", Stage.INPUT, verdict, now_utc)

    assert await verdicts.recent(limit=9) == (
        stored(FLAG),
        stored(replace(REDACT, text=None)),
    )


async def test_recent_verdicts_are_limited_and_of_the_scope(
    verdicts: VerdictRepository,
) -> None:
    await verdicts.add(HERE, "1", Stage.INPUT, [BLOCK])
    await verdicts.add(THERE, "2", Stage.OUTPUT, [BLOCK])
    await verdicts.add(HERE, "3", Stage.OUTPUT, [BLOCK])

    async def ids(limit: int, scope: Scope | None = None) -> list[str]:
        found = await verdicts.recent(limit=limit, scope=scope)
        return [verdict.message_id for verdict in found]

    assert await ids(9) == ["1", "2", "3"]
    assert await ids(2) == ["2", "3"]
    assert await ids(9, HERE) == ["1", "3"]
    assert await ids(1, HERE) == ["3"]
    assert await ids(0) == []
