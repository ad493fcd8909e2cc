from dataclasses import replace

import pytest

from bot.messages import Author, Channel
from bot.safety.filter import Judgement, Subject
from bot.safety.verdict import Action, Stage, Verdict
from bot.store.appeals import AppealRepository, AppealState
from bot.store.judgements import JudgementRepository, StoredJudgement
from bot.store.store import Store

ROOM = Channel("web", "general", "home")
ADA = Author("1", "Ada")
BLOCK = Verdict(Action.BLOCK, "violence", 0.93, "guard", "violence 0.93")


@pytest.fixture
def appeals(store: Store) -> AppealRepository:
    return AppealRepository(store)


@pytest.fixture
async def judged(store: Store) -> StoredJudgement:
    judgements = JudgementRepository(store)
    number = await judgements.add(
        "m1",
        Subject("I could murder a pizza", Stage.INPUT, ROOM, ADA),
        Judgement(BLOCK, "", (BLOCK,), BLOCK, {}, "I could murder a pizza"),
        author=ADA,
        channel=ROOM,
    )
    kept = await judgements.get(number)
    assert kept is not None
    return kept


async def test_unknown_appeal_is_none(appeals: AppealRepository) -> None:
    assert await appeals.get(1) is None
    assert await appeals.decide(1, AppealState.GRANTED, decided_by="Mo") is None


async def test_refusal_is_appealed_once(
    appeals: AppealRepository, judged: StoredJudgement
) -> None:
    appeal = await appeals.open(judged, ADA)

    assert appeal is not None
    assert (appeal.state, appeal.person_id) == (AppealState.OPEN, "1")
    assert appeal.channel_key == "web:general"
    assert await appeals.open(judged, ADA) is None


async def test_appeal_is_decided_once(
    appeals: AppealRepository, judged: StoredJudgement
) -> None:
    appeal = await appeals.open(judged, ADA)
    assert appeal is not None

    decided = await appeals.decide(appeal.id, AppealState.UPHELD, decided_by="Mo")
    again = await appeals.decide(appeal.id, AppealState.GRANTED, decided_by="Jo")

    assert decided == replace(appeal, state=AppealState.UPHELD, decided_by="Mo")
    assert again is None
    assert await appeals.get(appeal.id) == decided


async def test_only_the_same_words_of_the_same_person_are_granted(
    appeals: AppealRepository, judged: StoredJudgement
) -> None:
    appeal = await appeals.open(judged, ADA)
    assert appeal is not None
    assert not await appeals.is_granted("1", judged.text)

    await appeals.decide(appeal.id, AppealState.GRANTED, decided_by="Mo")

    assert await appeals.is_granted("1", judged.text)
    assert not await appeals.is_granted("2", judged.text)
    assert not await appeals.is_granted("1", "something else")
    assert not await appeals.is_granted("1", "")
