from datetime import UTC, datetime

import pytest

from bot.publication import Published
from bot.store.deliveries import DeliveryRepository, DeliveryState
from bot.store.delivery_decisions import DeliveryDecisions
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from bot.words import T

NOW = datetime(2026, 1, 1, tzinfo=UTC)
POST = StoredPost("p1", "article", "Moon", "approved", "en", "hearth", NOW, NOW)
S = DeliveryState


@pytest.fixture
async def deliveries(store: Store) -> DeliveryRepository:
    await PostRepository(store).create(POST, actor="bot")
    return DeliveryRepository(store)


@pytest.fixture
def decisions(store: Store) -> DeliveryDecisions:
    return DeliveryDecisions(store)


async def test_only_what_has_not_been_sent_is_withdrawn(
    deliveries: DeliveryRepository, decisions: DeliveryDecisions
) -> None:
    channels = ["web:a", "web:b", "web:c"]
    sending, sent, planned = await deliveries.plan("p1", channels)
    await deliveries.begin(sending.id)
    await deliveries.begin(sent.id)
    await deliveries.sent(sent.id, Published(("m1",)))
    assert await decisions.withdraw("p1") == 1
    states = [delivery.state for delivery in await deliveries.of_post("p1")]
    assert states == [S.SENDING, S.SENT, S.WITHDRAWN]
    assert not await deliveries.begin(planned.id)


async def test_delivery_that_is_sent_again_counts_as_tried_once(
    deliveries: DeliveryRepository, decisions: DeliveryDecisions
) -> None:
    (one,) = await deliveries.plan("p1", ["web:a"])
    for _ in range(3):
        await deliveries.begin(one.id, was=(S.PLANNED, S.SENDING))
    await deliveries.unknown(one.id, T("no answer"))
    assert not await decisions.send_again(one.id, (S.FAILED,))
    assert await decisions.send_again(one.id, (S.UNKNOWN,))
    again = await deliveries.get(one.id)
    assert again is not None
    assert (again.state, again.attempts, again.error) == (S.PLANNED, 1, None)
    assert again.nonce != one.nonce
    await deliveries.begin(one.id)
    await deliveries.failed(one.id, T("no right"), None)
    assert await decisions.send_again(one.id, (S.FAILED,), nonce=again.nonce)
    kept = await deliveries.get(one.id)
    assert kept is not None
    assert kept.nonce == again.nonce


async def test_only_what_nobody_could_tell_is_believed_to_be_there(
    deliveries: DeliveryRepository, decisions: DeliveryDecisions
) -> None:
    (one,) = await deliveries.plan("p1", ["web:a"])
    assert not await decisions.is_there(one.id)
    await deliveries.begin(one.id)
    await deliveries.unknown(one.id, T("no answer"))
    assert await decisions.is_there(one.id)
    found = await deliveries.get(one.id)
    assert found is not None
    assert (found.state, found.published) == (S.SENT, Published())
