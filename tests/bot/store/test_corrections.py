from dataclasses import replace

from bot.clock import FakeClock
from bot.safety.policy import Category
from bot.safety.verdict import Stage
from bot.store.corrections import Correction, CorrectionRepository
from bot.store.store import Store


async def test_later_correction_of_the_same_category_replaces_the_earlier(
    store: Store, clock: FakeClock
) -> None:
    corrections = CorrectionRepository(store)
    assert await corrections.all() == ()
    first = Correction(
        judgement_id=7,
        category=Category.VIOLENCE,
        is_harmful=True,
        stage=Stage.INPUT,
        text="I could murder a pizza",
        by_id="web:9",
        created_utc=clock.now_utc(),
    )
    second = replace(first, is_harmful=False)
    other = replace(first, category=Category.HATE)

    for correction in (first, other, second):
        await corrections.add(correction)

    assert await corrections.all() == (other, second)
    assert "pizza" not in repr(second)
