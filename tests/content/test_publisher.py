import asyncio
import itertools
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, ClassVar

import pytest
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from adapters.fake.platform import Fault
from bot.adapter import Adapter
from bot.clock import FakeClock
from bot.errors import ForbiddenError, NetworkError, RateLimitedError
from bot.messages import Channel
from bot.publication import Publication, Published
from bot.store.deliveries import DeliveryRepository, DeliveryState
from bot.store.delivery_decisions import DeliveryDecisions
from bot.store.materials import MaterialRepository
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from bot.words import T, Words
from content.fake_desk import FakeDesk
from content.places import Places
from content.posts import PostStatus
from content.publications import Manner, Publications
from content.publisher import Publisher
from content.telling import Telling

Passing = Callable[[Coroutine[Any, Any, PostStatus]], Coroutine[Any, Any, PostStatus]]
NETWORK = NetworkError(T("No answer."))
CHANNEL = "fake:announcements"


class PlainAdapter(FakeAdapter):
    """Cannot tell that it was sent the same before."""

    can_deduplicate: ClassVar[bool] = False


class DistantAdapter(FakeAdapter):
    """Is often not connected: then no channel is known, and nothing is sent."""

    @override
    def channel(self, channel_id: str) -> Channel:
        if self.platform.faults:
            raise self.platform.faults.popleft().error  # type: ignore[union-attr]
        return super().channel(channel_id)


class BrokenAdapter(FakeAdapter):
    """Has a mistake in its code."""

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        raise RuntimeError("a mistake")


class SlowAdapter(FakeAdapter):
    """Answers when it is allowed to."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(RecordingInbox(), clock=clock)
        self.is_called = asyncio.Event()
        self.may_answer = asyncio.Event()

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        self.is_called.set()
        await self.may_answer.wait()
        return await super().publish(channel, publication, nonce=nonce)


@pytest.fixture
def posts(store: Store) -> PostRepository:
    return PostRepository(store)


@pytest.fixture
def deliveries(store: Store) -> DeliveryRepository:
    return DeliveryRepository(store)


@pytest.fixture
def publishing(
    store: Store,
    posts: PostRepository,
    deliveries: DeliveryRepository,
    desk: FakeDesk,
    clock: FakeClock,
) -> Callable[..., Publisher]:
    def make(**adapters: Adapter) -> Publisher:
        return Publisher(
            posts=posts,
            deliveries=deliveries,
            publications=Publications(
                materials=MaterialRepository(store), words=Words({})
            ),
            adapters=adapters,
            telling=Telling(desk=desk, posts=posts, places=Places(adapters)),
            clock=clock,
        )

    return make


@pytest.fixture
async def post(posts: PostRepository, clock: FakeClock) -> StoredPost:
    now_utc = clock.now_utc()
    made = StoredPost(
        "p1", "article", "T", "approved", "en", "", now_utc, now_utc, "Title", "Body."
    )
    await posts.create(made, actor="test")
    return made


def seen(adapter: FakeAdapter, channel: str = "announcements") -> list[str]:
    found = adapter.platform.visible(adapter.channel(channel))
    return [posted.message.text for posted in found]


async def test_post_that_is_not_there_cannot_be_published(
    publishing: Callable[..., Publisher],
) -> None:
    with pytest.raises(ValueError, match="no post nothing"):
        await publishing().publish("nothing", [CHANNEL])


@pytest.mark.parametrize("adapter_class", [FakeAdapter, PlainAdapter])
async def test_post_reaches_each_channel_once(
    adapter_class: type[FakeAdapter],
    post: StoredPost,
    publishing: Callable[..., Publisher],
    clock: FakeClock,
    passing: Passing,
    posts: PostRepository,
) -> None:
    adapter = adapter_class(RecordingInbox(), clock=clock)
    publisher = publishing(fake=adapter)
    channels = [CHANNEL, "fake:general"]
    status = await passing(publisher.publish(post.id, channels))
    assert status is PostStatus.PUBLISHED
    assert (
        seen(adapter)
        == seen(adapter, "general")
        == ["# Title\n\nBody.\n\n*Written by AI*"]
    )
    steps = [step.to_status for step in await posts.transitions(post.id)]
    assert steps == ["approved", "publishing", "published"]


@pytest.mark.parametrize(
    "error", [RateLimitedError(120), NETWORK, RateLimitedError(0.1)]
)
@pytest.mark.parametrize("happened", [False, True])
async def test_passing_trouble_is_tried_again_with_the_same_nonce(
    error: NetworkError,
    happened: bool,
    post: StoredPost,
    publishing: Callable[..., Publisher],
    adapter: FakeAdapter,
    passing: Passing,
    deliveries: DeliveryRepository,
) -> None:
    adapter.platform.faults.extend([Fault(error, happened)] * 3)
    assert await passing(publishing(fake=adapter).publish(post.id, [CHANNEL])) == (
        PostStatus.PUBLISHED
    )
    assert seen(adapter) == ["# Title\n\nBody.\n\n*Written by AI*"]
    (delivery,) = await deliveries.of_post(post.id)
    assert delivery.attempts == 4
    calls = [call.at_s for call in adapter.platform.calls]
    waits = [later - earlier for earlier, later in itertools.pairwise(calls)]
    least = getattr(error, "retry_after_s", 0)
    assert all(
        wait >= max(least, backoff)
        for wait, backoff in zip(waits, (15, 30, 60), strict=True)
    )


@pytest.mark.parametrize(
    ("error", "state", "status"),
    [
        (RateLimitedError(1), DeliveryState.EXPIRED, PostStatus.EXPIRED),
        (NETWORK, DeliveryState.UNKNOWN, PostStatus.UNKNOWN),
    ],
)
async def test_lasting_trouble_is_given_up_and_said(
    error: NetworkError,
    state: DeliveryState,
    status: PostStatus,
    post: StoredPost,
    publishing: Callable[..., Publisher],
    adapter: FakeAdapter,
    passing: Passing,
    deliveries: DeliveryRepository,
    posts: PostRepository,
) -> None:
    adapter.platform.faults.extend([Fault(error)] * 99)
    assert await passing(publishing(fake=adapter).publish(post.id, [CHANNEL])) is status
    (delivery,) = await deliveries.of_post(post.id)
    assert delivery.state is state
    assert 8 <= delivery.attempts <= 10  # ever more seldom, for the hour of its grace
    last = (await posts.transitions(post.id))[-1]
    assert str(last.reason) == f"{CHANNEL}: {error}"


async def test_lost_answer_of_a_plain_platform_is_never_repeated(
    post: StoredPost,
    publishing: Callable[..., Publisher],
    clock: FakeClock,
    passing: Passing,
) -> None:
    adapter = PlainAdapter(RecordingInbox(), clock=clock)
    adapter.platform.faults.append(Fault(NETWORK, happened=True))
    publisher = publishing(fake=adapter)
    for _ in range(2):
        status = await passing(publisher.publish(post.id, [CHANNEL]))
        assert status is PostStatus.UNKNOWN
        assert len(seen(adapter)) == 1


@pytest.mark.parametrize("adapter_class", [FakeAdapter, DistantAdapter])
async def test_outage_of_hours_delays_only_the_platform_that_is_down(
    adapter_class: type[FakeAdapter],
    post: StoredPost,
    publishing: Callable[..., Publisher],
    adapter: FakeAdapter,
    clock: FakeClock,
    passing: Passing,
    deliveries: DeliveryRepository,
) -> None:
    down = adapter_class(RecordingInbox(), clock=clock)
    began_s = clock.monotonic()
    down.platform.faults.extend([Fault(NETWORK, happened=False)] * 12)
    publisher = publishing(fake=adapter, down=down)
    manner = Manner(patience_minutes=12 * 60)
    channels = ["down:announcements", CHANNEL]
    assert await passing(publisher.publish(post.id, channels, manner)) is (
        PostStatus.PUBLISHED
    )
    assert clock.monotonic() - began_s > 3 * 3600
    assert len(seen(down)) == len(seen(adapter)) == 1
    late, at_once = await deliveries.of_post(post.id)
    assert (late.attempts, at_once.attempts) == (13, 1)
    assert (late.updated_utc - at_once.updated_utc).total_seconds() > 3 * 3600


async def test_platform_that_never_connected_has_nothing_and_nobody_is_asked(
    post: StoredPost,
    publishing: Callable[..., Publisher],
    clock: FakeClock,
    passing: Passing,
    desk: FakeDesk,
) -> None:
    down = DistantAdapter(RecordingInbox(), clock=clock)
    down.platform.faults.extend([Fault(NETWORK)] * 99)
    status = await passing(publishing(down=down).publish(post.id, ["down:general"]))
    assert status is PostStatus.EXPIRED
    (card,) = desk.cards
    assert card.text == "“Title” did not go out in down:general: No answer."
    assert card.buttons == (("Try again", "/posts retry p1"),)


async def test_moderators_are_asked_at_once_whether_an_unknown_post_is_there(
    post: StoredPost,
    publishing: Callable[..., Publisher],
    clock: FakeClock,
    passing: Passing,
    desk: FakeDesk,
) -> None:
    adapter = PlainAdapter(RecordingInbox(), clock=clock)
    adapter.platform.faults.append(Fault(NETWORK, happened=True))
    await passing(publishing(fake=adapter).publish(post.id, [CHANNEL]))
    (card,) = desk.cards
    assert card.text.startswith("Is “Title” in fake:announcements? I cannot tell: No a")
    assert card.communities == ("community:fake:fakeville",)
    assert card.buttons == (
        ("It is there", "/posts there p1 fake:announcements"),
        ("It is not there: send it", "/posts send p1 fake:announcements"),
    )


@pytest.mark.parametrize("channel", ["fake:nowhere", "other:general"])
async def test_channel_that_cannot_be_reached_fails_and_others_get_it(
    channel: str,
    post: StoredPost,
    publishing: Callable[..., Publisher],
    adapter: FakeAdapter,
    passing: Passing,
    posts: PostRepository,
) -> None:
    publisher = publishing(fake=adapter)
    status = await passing(publisher.publish(post.id, [channel, CHANNEL]))
    assert status is PostStatus.PUBLISHED
    assert len(seen(adapter)) == 1
    assert channel in str((await posts.transitions(post.id))[-1].reason)


async def test_refusal_is_final(
    post: StoredPost,
    publishing: Callable[..., Publisher],
    adapter: FakeAdapter,
    passing: Passing,
) -> None:
    adapter.platform.faults.append(Fault(ForbiddenError(T("No right to write."))))
    status = await passing(publishing(fake=adapter).publish(post.id, [CHANNEL]))
    assert status is PostStatus.FAILED
    assert len(adapter.platform.calls) == 1


async def test_mistake_in_one_adapter_does_not_hold_up_another(
    post: StoredPost,
    publishing: Callable[..., Publisher],
    adapter: FakeAdapter,
    clock: FakeClock,
    passing: Passing,
    deliveries: DeliveryRepository,
) -> None:
    broken = BrokenAdapter(RecordingInbox(), clock=clock)
    publisher = publishing(fake=adapter, broken=broken)
    status = await passing(publisher.publish(post.id, ["broken:general", CHANNEL]))
    assert status is PostStatus.UNKNOWN
    states = [delivery.state for delivery in await deliveries.of_post(post.id)]
    assert states == [DeliveryState.UNKNOWN, DeliveryState.SENT]


@pytest.mark.parametrize(
    ("adapter_class", "state", "num_seen"),
    [(FakeAdapter, PostStatus.PUBLISHED, 1), (PlainAdapter, PostStatus.UNKNOWN, 0)],
)
async def test_call_without_an_answer_is_repeated_only_with_a_nonce(
    adapter_class: type[FakeAdapter],
    state: PostStatus,
    num_seen: int,
    post: StoredPost,
    publishing: Callable[..., Publisher],
    clock: FakeClock,
    passing: Passing,
    posts: PostRepository,
    deliveries: DeliveryRepository,
) -> None:
    (delivery,) = await deliveries.plan(post.id, [CHANNEL])
    await deliveries.begin(delivery.id)
    await posts.transition(post.id, "approved", "publishing", actor="test")
    adapter = adapter_class(RecordingInbox(), clock=clock)
    status = await passing(publishing(fake=adapter).publish(post.id, [CHANNEL]))
    assert status is state
    assert len(seen(adapter)) == num_seen


async def test_call_under_way_is_heard_out_when_the_bot_stops(
    post: StoredPost,
    publishing: Callable[..., Publisher],
    clock: FakeClock,
    deliveries: DeliveryRepository,
) -> None:
    adapter = SlowAdapter(clock)
    publisher = publishing(fake=adapter)
    publish = asyncio.create_task(publisher.publish(post.id, [CHANNEL]))
    async with asyncio.timeout(10):
        await adapter.is_called.wait()
        publish.cancel()
        await asyncio.wait([publish])
        adapter.may_answer.set()
        await publisher.drain(10)
    (delivery,) = await deliveries.of_post(post.id)
    assert delivery.state is DeliveryState.SENT


class PostingAdapter(FakeAdapter):
    """Keeps posts as it was handed them."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(RecordingInbox(), clock=clock)
        self.published: list[Publication] = []

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        self.published.append(publication)
        return await super().publish(channel, publication, nonce=nonce)


async def test_what_the_schedule_says_of_a_post_reaches_the_platform(
    post: StoredPost,
    publishing: Callable[..., Publisher],
    clock: FakeClock,
    passing: Passing,
) -> None:
    adapter = PostingAdapter(clock)
    publisher = publishing(fake=adapter)
    manner = Manner(tags=("news",), discuss=True, mention_role="7")
    await passing(publisher.publish(post.id, [CHANNEL], manner))
    (published,) = adapter.published
    assert published.id == post.id
    assert published.tags == ("news",)
    assert published.discussion == post.title
    assert published.mention_role == "7"
    assert published.byline == "Written by AI"


class ListeningAdapter(FakeAdapter):
    """Remembers since when parts of a post may be there."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(RecordingInbox(), clock=clock)
        self.begun: list[datetime | None] = []

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        self.begun.append(publication.begun_utc)
        return await super().publish(channel, publication, nonce=nonce)


async def test_platform_is_told_since_when_parts_may_be_there(
    post: StoredPost,
    publishing: Callable[..., Publisher],
    clock: FakeClock,
    passing: Passing,
) -> None:
    adapter = ListeningAdapter(clock)
    adapter.platform.faults.append(Fault(NETWORK, happened=True))
    begun_utc = clock.now_utc()
    await passing(publishing(fake=adapter).publish(post.id, [CHANNEL]))
    assert adapter.begun == [None, begun_utc]


async def test_platform_is_told_so_too_when_somebody_wants_it_sent_again(
    post: StoredPost,
    posts: PostRepository,
    store: Store,
    publishing: Callable[..., Publisher],
    clock: FakeClock,
    passing: Passing,
) -> None:
    adapter = ListeningAdapter(clock)
    adapter.platform.faults.append(Fault(ForbiddenError(T("Not here."))))
    publisher, begun_utc = publishing(fake=adapter), clock.now_utc()
    assert await passing(publisher.publish(post.id, [CHANNEL])) is PostStatus.FAILED
    await clock.advance(86_400)
    await posts.transition(post.id, "failed", "publishing", actor="Mo")
    (delivery,) = await DeliveryRepository(store).of_post(post.id)
    decisions = DeliveryDecisions(store)
    await decisions.send_again(
        delivery.id, (DeliveryState.FAILED,), nonce=delivery.nonce
    )
    await passing(publisher.publish(post.id, ()))
    assert adapter.begun == [None, begun_utc]
