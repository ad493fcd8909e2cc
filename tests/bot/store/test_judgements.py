import asyncio
from datetime import timedelta

import pytest

from bot.clock import FakeClock
from bot.messages import Author, Channel
from bot.safety.filter import Judgement, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.store.judgements import JudgementRepository
from bot.store.retention import Retention
from bot.store.store import Store

ROOM = Channel("web", "general", "home")
GARDEN = Channel("web", "garden", "home")
ELSEWHERE = Channel("web", "plaza", "abroad")
PRIVATE = Channel("web", "ada", "home", is_private=True)
ADA = Author("1", "Ada")
BLOCK = Verdict(Action.BLOCK, "violence", 0.93, "guard", "violence 0.93")
REDACT = Verdict(Action.REDACT, "secret", 1.0, "secrets", "a key", "key: [removed]")
BLOCKED = Judgement(
    BLOCK, "", (REDACT, BLOCK), BLOCK, {"violence": 0.93}, "key: [removed]"
)
ALLOWED = Judgement(ALLOW, "hi", scores={"violence": 0.01}, seen="hi")
DOUBTFUL = Judgement(ALLOW, "hm", scores={"violence": 0.35}, seen="hm")


@pytest.fixture
def judgements(store: Store) -> JudgementRepository:
    return JudgementRepository(store)


async def add(
    judgements: JudgementRepository,
    judgement: Judgement,
    *,
    channel: Channel = ROOM,
    author: Author = ADA,
    message_id: str = "m1",
) -> int:
    subject = Subject("key: 12345", Stage.INPUT, channel, author)
    return await judgements.add(
        message_id, subject, judgement, author=author, channel=channel
    )


async def test_nothing_is_known_of_what_was_never_judged(
    judgements: JudgementRepository,
) -> None:
    assert await judgements.get(1) is None
    assert await judgements.of_message("m1", ROOM) == ()
    assert await judgements.noticed(ROOM, limit=9) == ()


async def test_judgement_is_kept_without_what_was_redacted(
    judgements: JudgementRepository, clock: FakeClock
) -> None:
    number = await add(judgements, BLOCKED)

    kept = await judgements.get(number)

    assert kept is not None
    assert kept.text == "key: [removed]"
    assert (kept.found, kept.has_acted) == (BLOCK, True)
    assert [verdict.filter for verdict in kept.verdicts] == ["secrets", "guard"]
    assert [verdict.text for verdict in kept.verdicts] == [None, None]
    assert kept.scores == {"violence": 0.93}
    assert (kept.author_id, kept.author_name) == ("1", "Ada")
    assert kept.created_utc == clock.now_utc()
    assert "removed" not in repr(kept)


async def test_text_of_plain_talk_is_not_kept(judgements: JudgementRepository) -> None:
    plain = await judgements.get(await add(judgements, ALLOWED))
    doubtful = await judgements.get(await add(judgements, DOUBTFUL))

    assert plain is not None
    assert plain.text == ""
    assert doubtful is not None
    assert doubtful.text == "hm"


async def test_watched_verdict_is_known_to_have_done_nothing(
    judgements: JudgementRepository,
) -> None:
    watched = Judgement(ALLOW, "bad", (BLOCK,), BLOCK, {}, "bad")

    kept = await judgements.get(await add(judgements, watched))

    assert kept is not None
    assert kept.found.action is Action.BLOCK
    assert not kept.has_acted


async def test_messages_of_another_channel_are_another_matter(
    judgements: JudgementRepository,
) -> None:
    await add(judgements, BLOCKED, channel=GARDEN)

    assert await judgements.of_message("m1", ROOM) == ()
    assert len(await judgements.of_message("m1", GARDEN)) == 1


async def test_community_sees_its_own_and_no_private_talk(
    judgements: JudgementRepository, clock: FakeClock
) -> None:
    await add(judgements, BLOCKED, channel=ROOM, message_id="room")
    await add(judgements, BLOCKED, channel=GARDEN, message_id="garden")
    await add(judgements, BLOCKED, channel=ELSEWHERE, message_id="elsewhere")
    await add(judgements, BLOCKED, channel=PRIVATE, message_id="private")
    await add(judgements, ALLOWED, channel=ROOM, message_id="harmless")
    long_ago_utc = clock.now_utc() - timedelta(days=1)

    noticed = await judgements.noticed(ROOM, limit=9)
    recent = await judgements.recent(ROOM, since_utc=long_ago_utc)
    own = await judgements.noticed(PRIVATE, limit=1)

    assert [one.message_id for one in noticed] == ["garden", "room"]
    assert [one.message_id for one in recent] == ["room", "garden", "harmless"]
    assert [one.message_id for one in own] == ["private"]


async def test_text_is_forgotten_first_and_then_the_record(
    store: Store, judgements: JudgementRepository, clock: FakeClock
) -> None:
    number = await add(judgements, BLOCKED)
    retention = Retention(store, keep_texts_days=7, keep_records_days=90, clock=clock)

    await clock.advance(6 * 86400)
    assert await retention.forget() == 0

    await clock.advance(2 * 86400)
    assert await retention.forget() == 1
    kept = await judgements.get(number)
    assert kept is not None
    assert kept.text == ""
    assert kept.scores == {"violence": 0.93}

    await clock.advance(90 * 86400)
    assert await retention.forget() == 1
    assert await judgements.get(number) is None


async def test_retention_goes_on_by_itself(
    store: Store, judgements: JudgementRepository, clock: FakeClock
) -> None:
    number = await add(judgements, BLOCKED)
    async with (
        asyncio.timeout(20),
        Retention(store, keep_texts_days=1, keep_records_days=90, clock=clock),
    ):
        while (kept := await judgements.get(number)) and kept.text:
            await clock.advance(6 * 3600)
