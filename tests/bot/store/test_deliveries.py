import asyncio
from datetime import UTC, datetime

import pytest

from bot.errors import StoreError
from bot.publication import Published
from bot.store.deliveries import Delivery, DeliveryRepository, DeliveryState
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from bot.words import T

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 1, 1, 1, tzinfo=UTC)
POST = StoredPost("p1", "article", "Moon", "approved", "en", "hearth", NOW, NOW)
S = DeliveryState
ONE = Published(("m1",))


@pytest.fixture
async def deliveries(store: Store) -> DeliveryRepository:
    await PostRepository(store).create(POST, actor="bot")
    return DeliveryRepository(store)


@pytest.fixture
async def planned(deliveries: DeliveryRepository) -> Delivery:
    (delivery,) = await deliveries.plan("p1", ["web:announcements"])
    return delivery


async def state(deliveries: DeliveryRepository, delivery: Delivery) -> DeliveryState:
    found = await deliveries.get(delivery.id)
    assert found is not None
    return found.state


async def test_delivery_of_no_post_is_refused(deliveries: DeliveryRepository) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        await deliveries.plan("p404", ["web:announcements"])


async def test_unknown_delivery_does_not_change(deliveries: DeliveryRepository) -> None:
    assert await deliveries.get(404) is None
    assert not await deliveries.begin(404)
    assert not await deliveries.sent(404, ONE)


async def test_planning_again_adds_only_what_is_missing(
    deliveries: DeliveryRepository,
) -> None:
    (first,) = await deliveries.plan("p1", ["web:announcements"])
    assert first.state is S.PLANNED
    assert first.attempts == 0
    assert await deliveries.begin(first.id)
    both = await deliveries.plan("p1", ["discord:1", "web:announcements"])
    assert [d.channel_key for d in both] == ["web:announcements", "discord:1"]
    assert (both[0].nonce, both[0].state) == (first.nonce, S.SENDING)
    assert both[1].nonce != first.nonce
    assert all(len(d.nonce) <= 25 for d in both)
    assert await deliveries.of_post("p1") == both


async def test_delivery_begins_once_however_many_try(
    deliveries: DeliveryRepository, planned: Delivery
) -> None:
    tries = [deliveries.begin(planned.id) for _ in range(20)]
    assert sorted(await asyncio.gather(*tries)) == [False] * 19 + [True]


async def test_what_was_sent_never_changes(
    deliveries: DeliveryRepository, planned: Delivery
) -> None:
    assert await deliveries.begin(planned.id)
    assert await deliveries.sent(planned.id, ONE)
    assert not await deliveries.begin(planned.id)
    assert not await deliveries.begin(planned.id, was=[S.SENDING, S.UNKNOWN])
    assert not await deliveries.sent(planned.id, Published(("m2",)))
    assert not await deliveries.failed(planned.id, T("late"), LATER)
    assert not await deliveries.unknown(planned.id)
    found = await deliveries.get(planned.id)
    assert found is not None
    assert (found.state, found.published, found.attempts) == (S.SENT, ONE, 1)
    assert await deliveries.unfinished() == ()


async def test_delivery_that_was_not_begun_cannot_be_sent(
    deliveries: DeliveryRepository, planned: Delivery
) -> None:
    assert not await deliveries.sent(planned.id, ONE)
    assert not await deliveries.unknown(planned.id)
    assert await state(deliveries, planned) is S.PLANNED


async def test_failed_delivery_is_tried_again_with_its_nonce(
    deliveries: DeliveryRepository, planned: Delivery
) -> None:
    await deliveries.begin(planned.id)
    assert await deliveries.failed(planned.id, T("rate limited"), LATER)
    (waiting,) = await deliveries.unfinished()
    assert (waiting.state, waiting.error, waiting.next_attempt_utc) == (
        S.FAILED,
        T("rate limited"),
        LATER,
    )
    assert await deliveries.begin(planned.id)
    assert await deliveries.sent(planned.id, ONE)
    found = await deliveries.get(planned.id)
    assert found is not None
    assert (found.attempts, found.nonce) == (2, planned.nonce)
    assert (found.error, found.next_attempt_utc) == (None, None)


async def test_delivery_that_failed_for_good_is_finished(
    deliveries: DeliveryRepository, planned: Delivery
) -> None:
    assert await deliveries.failed(planned.id, T("the channel is gone"), None)
    assert await deliveries.unfinished() == ()
    assert await deliveries.begin(planned.id)  # a moderator may still insist


async def test_delivery_whose_answer_was_never_seen_waits_for_a_decision(
    deliveries: DeliveryRepository, planned: Delivery
) -> None:
    await deliveries.begin(planned.id)
    assert not await deliveries.begin(planned.id)
    assert await deliveries.unknown(planned.id, T("no answer"))
    (waiting,) = await deliveries.unfinished()
    assert (waiting.state, waiting.error) == (S.UNKNOWN, T("no answer"))
    assert not await deliveries.begin(planned.id)
    assert await deliveries.begin(planned.id, was=[S.UNKNOWN])
    assert await state(deliveries, planned) is S.SENDING


async def test_unfinished_deliveries_are_all_that_may_need_something(
    deliveries: DeliveryRepository,
) -> None:
    channels = ["web:a", "web:b", "web:c", "web:d"]
    plan, begun, sent, failed = await deliveries.plan("p1", channels)
    for delivery in (begun, sent, failed):
        await deliveries.begin(delivery.id)
    await deliveries.sent(sent.id, ONE)
    await deliveries.failed(failed.id, T("refused"), None)
    assert [d.id for d in await deliveries.unfinished()] == [plan.id, begun.id]


async def test_delivery_is_found_by_each_of_its_messages_and_by_its_poll(
    deliveries: DeliveryRepository,
) -> None:
    (delivery,) = await deliveries.plan("p1", ["discord:7"])
    assert await deliveries.of_message("discord:7", "m1") is None
    assert await deliveries.of_poll("discord", "") is None
    await deliveries.begin(delivery.id)
    whole = Published(
        ("m1", "m2"),
        poll_message_id="m3",
        poll_id="poll-9",
        thread_id="m1",
        picture_message_id="m0",
    )
    await deliveries.sent(delivery.id, whole)
    for message_id in ("m0", "m1", "m2", "m3"):
        # In the channel or in the thread below: the ids count through both.
        for key in ("discord:7", "discord:7/m1"):
            found = await deliveries.of_message(key, message_id)
            assert found is not None
            assert (found.id, found.published) == (delivery.id, whole)
    polled = await deliveries.of_poll("discord", "poll-9")
    assert polled is not None
    assert polled.id == delivery.id
    assert await deliveries.of_poll("telegram", "poll-9") is None
    assert await deliveries.of_message("discord:8", "m1") is None
    assert await deliveries.of_message("discord:7", "m4") is None
