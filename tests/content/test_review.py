"""A post before moderators: what they say, and what comes of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.config import Config
from bot.errors import UserError
from bot.generation.requests import TextParams
from bot.messages import Attachment, Author, Channel, Role
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import ALLOW, Action, Verdict
from bot.store.posts import StoredPost
from bot.store.reviews import ReviewRepository
from bot.store.runs import RunState
from bot.store.store import Store
from content.content import Content
from content.fake_desk import Card, FakeDesk
from content.illustrating import CoverMaker
from content.posts import PostStatus
from content.review import ReviewAction
from content.text_maker import FakeTextMaker, TextMaker

MakeConfig = Callable[..., Config]
MakeContent = Callable[..., Content]
Passing = Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]]
MO = Author("mo", "Mo", Role.MODERATOR)
FLO = Author("flo", "Flo", Role.MODERATOR)
OWNER = Author("owner", "Owner", Role.OWNER)
HERE = Channel("fake", "staff", "fakeville")
ELSEWHERE = Channel("fake", "staff", "town")
HOUR = 3600.0


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - the store answers from its own thread
            await asyncio.sleep(0.005)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A running bot, and the moderators who have its post before them."""

    content: Content
    desk: FakeDesk
    clock: FakeClock
    adapter: FakeAdapter

    @property
    def post_id(self) -> str:
        asked = next(card for card in self.desk.cards if card.buttons)
        return asked.buttons[0][1].split()[1]

    @property
    def num_asked(self) -> int:
        return sum(bool(card.buttons) for card in self.desk.cards)

    @property
    def posted(self) -> list[str]:
        found = self.adapter.platform.visible(self.adapter.channel("announcements"))
        return [posted.message.text for posted in found]

    async def say(
        self,
        action: ReviewAction,
        who: Author = MO,
        *,
        place: Channel = HERE,
        note: str = "",
    ) -> str:
        review = self.content.review
        told = await review.decide(self.post_id, action, who, place=place, note=note)
        return str(told)

    async def ended(self) -> str:
        """Wait until the post has come to its end; return its status."""
        async with asyncio.timeout(20):
            await self.content.settled()
        post = await self.content.posts.get(self.post_id)
        assert post is not None
        return post.status

    async def asked(self, times: int) -> None:
        await until(lambda: self.num_asked >= times)


Open = Callable[..., AbstractAsyncContextManager[Sitting]]


@pytest.fixture
def sitting(
    make_content: MakeContent,
    make_config: MakeConfig,
    desk: FakeDesk,
    clock: FakeClock,
    adapter: FakeAdapter,
    good_maker: FakeTextMaker,
) -> Open:
    @asynccontextmanager
    async def opened(
        *,
        chain: FilterChain | None = None,
        maker: TextMaker = good_maker,
        covers: CoverMaker | None = None,
        is_asked: bool = True,
        **changes: object,
    ) -> AsyncIterator[Sitting]:
        config = make_config(**{"at_first_start": True, "approvals": 1, **changes})
        async with make_content(
            config, chain=chain, maker=maker, covers=covers
        ) as content:
            open_sitting = Sitting(content, desk, clock, adapter)
            if is_asked:
                await open_sitting.asked(1)
            yield open_sitting

    return opened


async def test_post_that_nobody_decides_expires_and_is_not_posted(
    sitting: Open, passing: Passing
) -> None:
    async with sitting(review_minutes=30) as held:
        await passing(held.content.settled())
        assert await held.ended() == PostStatus.EXPIRED
        assert "was not decided in time: not posted" in held.desk.cards[-1].text
        (run,) = await held.content.runs.recent("daily", limit=9)
        assert run.state is RunState.SKIPPED
        assert held.posted == []


async def test_moderators_who_cannot_be_reached_are_tried_again(
    sitting: Open, desk: FakeDesk
) -> None:
    desk.is_reachable = False
    async with sitting(is_asked=False) as held:
        async with asyncio.timeout(20):
            while not await held.content.posts.list(status="pending_review"):
                pass  # the store answers from its own thread
        await held.clock.advance(HOUR / 8)
        assert held.num_asked == 0
        desk.is_reachable = True
        for _ in range(20):
            await held.clock.advance(60)
            await asyncio.sleep(0.01)
        await held.asked(1)


async def test_card_shows_the_post_and_approving_it_publishes_it_once(
    sitting: Open,
) -> None:
    async with sitting() as held:
        card = held.desk.cards[0]
        assert card.quote.startswith("# Watering tomatoes in summer\n\n*")
        assert card.communities == ("community:fake:fakeville",)
        labels = [label for label, _ in card.buttons]
        assert labels == [
            "Approve",
            "Reject",
            "Reject with a note",
            "Edit",
            "Another text",
            "Shorter",
            "Longer",
            "Later",
        ]
        assert "score 1.00" in card.text
        assert "filters found nothing in it" in card.text
        assert held.posted == []
        assert await held.say(ReviewAction.APPROVE) == "Thank you."
        assert await held.ended() == PostStatus.PUBLISHED
        (text,) = held.posted
        assert text == card.quote
        assert "approved by Mo" in held.desk.cards[-1].text
        with pytest.raises(UserError, match="decided already"):
            await held.say(ReviewAction.REJECT, FLO)


async def test_of_two_who_press_at_once_one_decides(sitting: Open) -> None:
    async with sitting() as held:
        told = await asyncio.gather(
            held.say(ReviewAction.REJECT, FLO),
            held.say(ReviewAction.APPROVE, MO),
            return_exceptions=True,
        )
        assert sum(isinstance(one, UserError) for one in told) == 1
        status = await held.ended()
        assert (status == PostStatus.PUBLISHED) == bool(held.posted)


async def test_two_moderators_must_agree_where_the_schedule_says_so(
    sitting: Open,
) -> None:
    async with sitting(approvals=2) as held:
        missing = "Noted. Approvals still missing: 1."
        assert await held.say(ReviewAction.APPROVE) == missing
        assert await held.say(ReviewAction.APPROVE) == missing  # the same person
        assert held.posted == []
        assert await held.say(ReviewAction.APPROVE, FLO) == "Thank you."
        assert await held.ended() == PostStatus.PUBLISHED


async def test_rejected_post_is_not_posted_and_its_note_is_kept(sitting: Open) -> None:
    async with sitting() as held:
        await held.say(ReviewAction.REJECT, note="too dry")
        assert await held.ended() == PostStatus.REJECTED
        (run,) = await held.content.runs.recent("daily", limit=9)
        assert str(run.reason) == "rejected by Mo: too dry"
        assert held.posted == []


@pytest.mark.parametrize("place", [ELSEWHERE, Channel("other", "x", "fakeville")])
async def test_moderators_of_another_community_decide_nothing(
    sitting: Open, place: Channel
) -> None:
    async with sitting() as held:
        with pytest.raises(UserError, match="There is no post"):
            await held.say(ReviewAction.APPROVE, place=place)
        with pytest.raises(UserError, match="There is no post"):
            await held.content.corrections.edit(held.post_id, "New.", MO, place)
        await held.say(ReviewAction.APPROVE, OWNER, place=place)
        assert await held.ended() == PostStatus.PUBLISHED


@pytest.mark.parametrize("action", [ReviewAction.SHORTER, ReviewAction.AGAIN])
async def test_another_text_comes_before_moderators_anew(
    sitting: Open, action: ReviewAction
) -> None:
    async with sitting(approvals=2) as held:
        await held.say(ReviewAction.APPROVE)
        await held.say(action, FLO, note="With more joy.")
        await held.asked(2)
        first, second = (card for card in held.desk.cards if card.buttons)
        assert first.quote != second.quote
        if action is ReviewAction.SHORTER:
            assert len(second.quote) < len(first.quote)
        # Who approved the first text has not approved the second.
        await held.say(ReviewAction.APPROVE, FLO)
        assert held.posted == []
        await held.say(ReviewAction.APPROVE, MO)
        assert await held.ended() == PostStatus.PUBLISHED
        assert held.posted[0].startswith(second.quote)


async def test_text_that_cannot_be_written_anew_stays_as_it_was(
    sitting: Open, good_maker: FakeTextMaker
) -> None:
    is_silent: list[bool] = []

    def answer(prompt: str, params: TextParams) -> str:
        return "" if is_silent else good_maker.answer(prompt, params)

    async with sitting(maker=FakeTextMaker(answer)) as held:
        is_silent.append(True)
        await held.say(ReviewAction.LONGER)
        await held.asked(2)
        first, second = (card for card in held.desk.cards if card.buttons)
        assert second.quote == first.quote
        assert "no better text was found" in second.text


async def test_text_of_a_moderator_is_judged_and_comes_before_them_again(
    sitting: Open,
) -> None:
    def judge(subject: Subject) -> Verdict:
        if "rude" in subject.text:
            return Verdict(Action.BLOCK, "word", 1, "list", "on the list")
        return ALLOW

    async with sitting(chain=FilterChain([FakeFilter(judge)])) as held:
        for text, told in (("Something rude.", "refused"), ("# Title", "Write the")):
            with pytest.raises(UserError, match=told):
                await held.content.corrections.edit(held.post_id, text, MO, HERE)
        await held.content.corrections.edit(
            held.post_id, "# Ours\n\nBy hand.", MO, HERE
        )
        await held.asked(2)
        await held.content.corrections.edit(held.post_id, "By another hand.", FLO, HERE)
        await held.asked(3)
        assert held.desk.cards[-1].quote.startswith("# Ours\n\nBy another hand.")
        await held.say(ReviewAction.APPROVE)
        assert await held.ended() == PostStatus.PUBLISHED
        assert held.posted[0].startswith("# Ours\n\nBy another hand.")


async def test_post_put_off_is_shown_again_in_an_hour(sitting: Open) -> None:
    async with sitting() as held:
        assert await held.say(ReviewAction.LATER) == "I ask again in an hour."
        await held.clock.advance(HOUR / 2)
        assert held.num_asked == 1
        for _ in range(35):
            await held.clock.advance(60)
            await asyncio.sleep(0.005)
        await held.asked(2)


async def test_post_under_review_outlives_a_restart_and_is_not_asked_twice(
    sitting: Open, store: Store, clock: FakeClock
) -> None:
    reviews = ReviewRepository(store)
    async with sitting() as held, asyncio.timeout(20):
        post_id = held.post_id
        while (review := await reviews.get(post_id)) and review.ask_utc is not None:
            pass  # it is noted right after they were asked
    await clock.advance(2 * HOUR)  # longer than the grace of the schedule
    async with sitting(is_asked=False) as held:
        await asyncio.sleep(0.1)
        assert held.num_asked == 1
        await held.say(ReviewAction.APPROVE)
        assert await held.ended() == PostStatus.PUBLISHED
        assert len(held.posted) == 1
    presses = await reviews.presses(post_id, round=1)
    assert [(press.person_name, press.action) for press in presses] == [
        ("Mo", "approve")
    ]


async def test_moderators_are_told_of_a_post_that_could_not_be_written(
    sitting: Open,
) -> None:
    maker = FakeTextMaker(lambda prompt, params: "")
    async with sitting(maker=maker, is_asked=False, approvals=0) as held:
        async with asyncio.timeout(20):
            await held.content.settled()
        (card,) = held.desk.cards
        assert card.text.startswith("The post “Watering tomatoes in summer” of “daily”")
        (post,) = await held.content.posts.list()
        assert card.buttons == (("Try again", f"/posts retry {post.id}"),)


class Covers:
    """Draws a cover that names its title and number; waits while it is told to."""

    def __init__(self) -> None:
        self.is_asked, self.may_draw = asyncio.Event(), asyncio.Event()
        self.may_draw.set()

    async def draw(
        self, post: StoredPost, *, number: int = 0, sticker: bytes | None = None
    ) -> Attachment:
        self.is_asked.set()
        await self.may_draw.wait()
        content = f"{post.title} {number}".encode()
        return Attachment("cover.webp", "image/webp", content)


def shown(card: Card) -> str:
    (picture,) = card.attachments
    return picture.content.decode()


async def test_another_picture_comes_with_a_new_card_and_is_what_goes_out(
    sitting: Open,
) -> None:
    async with sitting(covers=Covers()) as held:
        first = held.desk.cards[0]
        assert shown(first) == "Watering tomatoes in summer 0"
        assert "Another picture" in [label for label, _ in first.buttons]
        description = first.attachments[0].description
        assert description == "Cover with the title “Watering tomatoes in summer”"

        told = await held.say(ReviewAction.REDRAW)
        await held.say(ReviewAction.REDRAW, FLO)
        await until(lambda: shown(held.desk.cards[-1]).endswith("2"))
        await held.say(ReviewAction.APPROVE)

        assert "look at the new card" in told
        assert await held.ended() == PostStatus.PUBLISHED
        (posted,) = held.adapter.platform.visible(held.adapter.channel("announcements"))
        assert posted.message.attachments == held.desk.cards[-2].attachments
        assert held.desk.cards[-2].quote == first.quote


async def test_picture_that_comes_after_the_decision_is_not_taken(
    sitting: Open,
) -> None:
    covers = Covers()
    async with sitting(covers=covers) as held:
        covers.may_draw.clear()
        covers.is_asked.clear()
        redrawing = asyncio.create_task(held.say(ReviewAction.REDRAW))
        async with asyncio.timeout(20):
            await covers.is_asked.wait()
        await held.say(ReviewAction.APPROVE, FLO)
        covers.may_draw.set()

        with pytest.raises(UserError, match="decided already"):
            await redrawing
        assert await held.ended() == PostStatus.PUBLISHED
        (posted,) = held.adapter.platform.visible(held.adapter.channel("announcements"))
        assert posted.message.attachments == held.desk.cards[0].attachments


async def test_approvals_are_for_the_picture_that_was_seen(
    sitting: Open, store: Store
) -> None:
    async with sitting(covers=Covers(), approvals=2) as held:
        await held.say(ReviewAction.APPROVE, MO)
        await held.say(ReviewAction.REDRAW, FLO)
        missing = await held.say(ReviewAction.APPROVE, FLO)

        assert missing == "Noted. Approvals still missing: 1."
        assert await held.say(ReviewAction.APPROVE, MO) == "Thank you."
        presses = await ReviewRepository(store).presses(held.post_id, round=1)
        assert [press.action for press in presses] == [
            "approve",
            "redraw",
            "approve",
            "approve",
        ]


async def test_edited_title_is_in_the_picture_that_goes_out(sitting: Open) -> None:
    async with sitting(covers=Covers()) as held:
        await held.content.corrections.edit(
            held.post_id, "# Ours\n\nBy hand.", MO, HERE
        )
        await held.asked(2)
        assert shown(held.desk.cards[-1]) == "Ours 0"
