from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.clock import FakeClock
from bot.messages import Channel
from bot.publication import Published
from bot.reactions import Comment, Reaction, Vote
from bot.store.deliveries import DeliveryRepository
from bot.store.feedback import FeedbackRepository
from bot.store.people import PersonRepository
from bot.store.post_counts import PostCounts, PostCountsRepository
from bot.store.posts import PostRepository, StoredPost
from bot.store.retention import Retention
from bot.store.store import Store

Event = Reaction | Vote | Comment
ROOM = Channel("web", "announcements", "web")
LIKE = Reaction(ROOM, "m1", "ada", "👍")
VOTE = Vote("web", ROOM, "m1", "", "ada", (1,))
COMMENT = Comment(ROOM, "comment 1", "ada", ("m1",))


async def send(store: Store, post_id: str = "p1", message_id: str = "m1") -> None:
    """Publish a post in the room."""
    now_utc = store.clock.now_utc()
    posts, deliveries = PostRepository(store), DeliveryRepository(store)
    post = StoredPost(post_id, "quiz", "Moon", "approved", "en", "", now_utc, now_utc)
    await posts.create(post, actor="test")
    await posts.transition(post_id, "approved", "publishing", actor="test")
    (delivery,) = await deliveries.plan(post_id, [ROOM.key])
    await deliveries.begin(delivery.id)
    published = Published((message_id,), poll_message_id="m9", poll_id="poll 9")
    await deliveries.sent(delivery.id, published)


@pytest.fixture
async def feedback(store: Store) -> FeedbackRepository:
    await send(store)
    return FeedbackRepository(store)


async def counts(store: Store) -> PostCounts:
    since_utc = store.clock.now_utc() - timedelta(days=9999)
    (found,) = await PostCountsRepository(store).since(since_utc)
    return found


async def rows(store: Store) -> list[str]:
    """Return all that is kept of people, as text."""

    def read(db: Database) -> list[str]:
        queries = (
            "SELECT * FROM post_reaction",
            "SELECT * FROM post_vote",
            "SELECT * FROM post_reply",
        )
        return [str(tuple(row)) for query in queries for row in db.execute(query)]

    return await store.read(read)


async def test_what_is_below_no_post_is_not_kept(
    feedback: FeedbackRepository, store: Store
) -> None:
    elsewhere = replace(ROOM, id="general")
    strangers: list[Event] = [
        replace(LIKE, message_id="m2"),
        replace(LIKE, channel=elsewhere),
        replace(VOTE, message_id="m2"),
        Vote("web", None, "", "poll 7", "ada", (1,)),
        replace(COMMENT, below_ids=("m2", "m3")),
    ]
    assert await feedback.keep(strangers) == frozenset()
    assert await rows(store) == []


async def test_what_is_told_twice_counts_once(
    feedback: FeedbackRepository, store: Store
) -> None:
    everything: list[Event] = [LIKE, VOTE, COMMENT]
    assert await feedback.keep([*everything, *everything]) == {"p1"}
    await feedback.keep(everything)
    found = await counts(store)
    assert (found.reactions, found.votes, found.replies) == (1, 1, 1)


async def test_what_is_taken_back_does_not_count(
    feedback: FeedbackRepository, store: Store
) -> None:
    heart = replace(LIKE, emoji="❤️")
    await feedback.keep([LIKE, heart, VOTE, replace(LIKE, is_added=False)])
    assert (await counts(store)).reactions == 1
    await feedback.keep([replace(VOTE, answers=())])
    assert (await counts(store)).votes == 0


async def test_moderators_can_take_everybodys_emoji_away(
    feedback: FeedbackRepository, store: Store
) -> None:
    heart = replace(LIKE, emoji="❤️")
    bob = replace(LIKE, person_id="bob")
    clear = Reaction(ROOM, "m1", None, "👍", is_added=False)
    await feedback.keep([LIKE, heart, bob, clear])
    assert (await counts(store)).reactions == 1
    await feedback.keep([bob, replace(clear, emoji="")])
    assert (await counts(store)).reactions == 0


async def test_vote_that_moved_on_is_not_lost_when_the_old_one_goes_late(
    feedback: FeedbackRepository,
) -> None:
    gone = replace(VOTE, answers=(), instead_of=(1,))
    await feedback.keep([VOTE, replace(VOTE, answers=(2,)), gone])
    assert await feedback.votes("p1") == {2: 1}
    await feedback.keep([replace(gone, instead_of=(2,))])
    assert await feedback.votes("p1") == {}


async def test_poll_is_found_by_its_message_or_its_own_id(
    feedback: FeedbackRepository,
) -> None:
    by_id = Vote("web", poll_id="poll 9", person_id="bob", answers=(0,))
    elsewhere = replace(by_id, platform="telegram", person_id="eve")
    await feedback.keep([replace(VOTE, message_id="m9"), by_id, elsewhere])
    assert await feedback.votes("p1") == {0: 1, 1: 1}


async def test_totals_replace_each_other(
    feedback: FeedbackRepository, store: Store
) -> None:
    likes = Reaction(ROOM, "m1", totals=(("👍", 5), ("❤️", 2)))
    votes = Vote("web", ROOM, "m1", totals=(1, 3))
    await feedback.keep([likes, likes, votes])
    await feedback.keep([replace(likes, totals=(("👍", 4),)), votes])
    found = await counts(store)
    assert (found.reactions, found.votes, found.score) == (4, 4, 8)
    assert await feedback.votes("p1") == {0: 1, 1: 3}


async def test_comment_in_the_thread_of_a_post_counts_in_its_channel(
    feedback: FeedbackRepository, store: Store
) -> None:
    thread = replace(ROOM, thread_id="m1")
    await feedback.keep([Comment(thread, "c1", "ada", ("m1",))])
    assert (await counts(store)).replies == 1


async def test_score_counts_people_and_not_what_each_of_them_did(
    feedback: FeedbackRepository, store: Store
) -> None:
    loud = [replace(LIKE, emoji=emoji) for emoji in "🎉🔥👏"]
    talk = [replace(COMMENT, message_id=f"c{n}") for n in range(9)]
    await feedback.keep([*loud, *talk, replace(LIKE, person_id="bob")])
    found = await counts(store)
    assert (found.reactions, found.replies) == (4, 9)
    assert found.score == 2 + 2 * 1


async def test_nobody_can_be_read_from_what_is_kept(
    feedback: FeedbackRepository, store: Store
) -> None:
    await feedback.keep([LIKE, VOTE, COMMENT])
    kept = await rows(store)
    assert len(kept) == 3
    assert not any(name in row for row in kept for name in ("ada", "comment"))


async def test_what_a_person_did_is_forgotten_and_what_others_did_is_not(
    feedback: FeedbackRepository, store: Store
) -> None:
    await feedback.keep([LIKE, VOTE, COMMENT, replace(LIKE, person_id="bob")])
    people = PersonRepository(store)
    assert (await people.forget("discord", "ada")).num_rows == 0
    assert (await people.forget("web", "ada")).num_rows == 3
    found = await counts(store)
    assert (found.reactions, found.votes, found.replies) == (1, 0, 0)


async def test_counts_outlast_who_it_was(
    feedback: FeedbackRepository, store: Store, clock: FakeClock
) -> None:
    await feedback.keep([LIKE, VOTE, COMMENT, replace(LIKE, person_id="bob")])
    before = await counts(store)
    retention = Retention(store, keep_texts_days=1, keep_records_days=30, clock=clock)
    await clock.advance(29 * 86400)
    assert await retention.forget() == 0
    await clock.advance(2 * 86400)
    assert await retention.forget() == 4
    assert await rows(store) == []
    assert await counts(store) == before
    assert await feedback.votes("p1") == {1: 1}
    await feedback.keep([replace(LIKE, person_id="eve")])
    await clock.advance(31 * 86400)
    assert await retention.forget() == 1
    assert (await counts(store)).reactions == 3


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("👍❤🔥"), st.booleans()),
        max_size=30,
    )
)
async def test_reactions_are_a_set_of_who_and_what(
    feedback: FeedbackRepository,
    store: Store,
    steps: list[tuple[str, str, bool]],
) -> None:
    expected: set[tuple[str, str]] = set()
    for person, emoji, is_added in steps:
        (expected.add if is_added else expected.discard)((person, emoji))
    clear = Reaction(ROOM, "m1", None, "", is_added=False)
    events = [Reaction(ROOM, "m1", p, emoji, is_added=i) for p, emoji, i in steps]
    await feedback.keep([clear, *events])
    found = await counts(store)
    assert (found.reactions, found.reacting) == (
        len(expected),
        len({person for person, _ in expected}),
    )
