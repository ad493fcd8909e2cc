from datetime import UTC, datetime

import pytest

from bot.publication import Published
from bot.store.deliveries import Delivery, DeliveryRepository, DeliveryState
from bot.store.delivery_changes import (
    ChangeKind,
    ChangeState,
    DeliveryChangeRepository,
)
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from bot.words import T

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 1, 1, 1, tzinfo=UTC)
POST = StoredPost("p1", "article", "Moon", "approved", "en", "hearth", NOW, NOW)
S = ChangeState


@pytest.fixture
def changes(store: Store) -> DeliveryChangeRepository:
    return DeliveryChangeRepository(store)


@pytest.fixture
def deliveries(store: Store) -> DeliveryRepository:
    return DeliveryRepository(store)


@pytest.fixture
async def sent(store: Store, deliveries: DeliveryRepository) -> Delivery:
    """Return one that was sent, beside one that was not."""
    await PostRepository(store).create(POST, actor="bot")
    first, _ = await deliveries.plan("p1", ["web:a", "web:b"])
    await deliveries.begin(first.id)
    await deliveries.sent(first.id, Published(("m1", "m2")))
    return first


async def test_only_what_a_platform_may_have_is_changed(
    changes: DeliveryChangeRepository, sent: Delivery
) -> None:
    (change,) = await changes.plan("p1", ChangeKind.REVISE, actor="Ada")
    assert (change.delivery_id, change.state) == (sent.id, S.PLANNED)
    assert (change.actor, change.attempts) == ("Ada", 0)
    assert await changes.unfinished() == (change,)
    assert await changes.get(404) is None


async def test_newer_change_comes_in_place_of_one_that_has_not_begun(
    changes: DeliveryChangeRepository, sent: Delivery
) -> None:
    (old,) = await changes.plan("p1", ChangeKind.REVISE, actor="Ada")
    await changes.begin(old.id)
    await changes.failed(old.id, T("down"), LATER)
    (new,) = await changes.plan("p1", ChangeKind.RETRACT, actor="Bo")
    assert await changes.unfinished() == (new,)
    assert not await changes.begin(old.id)
    assert new.nonce != old.nonce


async def test_change_that_failed_for_good_stays_in_the_history(
    changes: DeliveryChangeRepository, sent: Delivery
) -> None:
    (old,) = await changes.plan("p1", ChangeKind.RETRACT, actor="Ada")
    await changes.begin(old.id)
    await changes.failed(old.id, T("no right"), None)
    await changes.plan("p1", ChangeKind.RETRACT, actor="Ada")
    first, second = await changes.of_post("p1")
    assert (first.state, first.error) == (S.FAILED, T("no right"))
    assert not first.is_open
    assert second.is_open


async def test_delivery_is_another_at_once_with_the_end_of_its_change(
    changes: DeliveryChangeRepository, deliveries: DeliveryRepository, sent: Delivery
) -> None:
    (change,) = await changes.plan("p1", ChangeKind.REVISE, actor="Ada")
    await changes.revised(change, Published(("m9",)))  # it has not begun
    assert await deliveries.of_message("web:a", "m9") is None
    await changes.begin(change.id)
    await changes.revised(change, Published(("m1", "m9")))
    found = await deliveries.of_message("web:a", "m9")
    assert found is not None
    assert found.published == Published(("m1", "m9"))
    assert await deliveries.of_message("web:a", "m2") is None
    done = await changes.get(change.id)
    assert done is not None
    assert (done.state, done.attempts) == (S.DONE, 1)


async def test_retracted_delivery_says_so(
    changes: DeliveryChangeRepository, deliveries: DeliveryRepository, sent: Delivery
) -> None:
    (change,) = await changes.plan("p1", ChangeKind.RETRACT, actor="Ada")
    await changes.begin(change.id)
    await changes.retracted(change)
    found = await deliveries.get(sent.id)
    assert found is not None
    assert found.state is DeliveryState.RETRACTED
    assert await changes.plan("p1", ChangeKind.RETRACT, actor="Ada") == ()


async def test_change_whose_answer_was_never_seen_is_unknown_for_good(
    changes: DeliveryChangeRepository, sent: Delivery
) -> None:
    (change,) = await changes.plan("p1", ChangeKind.REVISE, actor="Ada")
    await changes.begin(change.id)
    await changes.unknown(change.id, T("no answer"))
    assert await changes.unfinished() == ()
    await changes.drop(change.id)
    found = await changes.get(change.id)
    assert found is not None
    assert found.state is S.UNKNOWN
