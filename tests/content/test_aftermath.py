"""Posts that are out: changed, taken back, repeated, on all platforms at once."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from adapters.fake.platform import CallKind, Fault
from bot.adapter import Adapter
from bot.clock import FakeClock
from bot.commands.command import Answer, CommandContext
from bot.commands.registry import Registry
from bot.config import Config
from bot.errors import ForbiddenError, NetworkError, UserError
from bot.messages import Author, Channel, Role
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import ALLOW, Action, Verdict
from bot.store.deliveries import DeliveryState
from bot.store.delivery_changes import ChangeKind, ChangeState
from bot.store.store import Store
from bot.words import T, Words
from content.commands import COMMANDS
from content.content import Content
from content.fake_desk import FakeDesk
from content.posts import PostStatus
from content.sources.choosing import Sources
from content.text_maker import FakeTextMaker

MO = Author("mo", "Mo", Role.MODERATOR)
OWNER = Author("own", "Own", Role.OWNER)
NETWORK = NetworkError(T("No answer."))
CHANNELS = ["web:news", "chat:news", "plain:news"]
NEW = "# Better\n\nWater them in the morning."
OLD_TITLE = "Watering tomatoes in summer"


def no_mornings(subject: Subject) -> Verdict:
    if "morning" in subject.text:
        return Verdict(Action.BLOCK, "word", 1, "list", "on the list")
    return ALLOW


class PlainAdapter(FakeAdapter):
    """Cannot tell that it was sent the same before."""

    can_deduplicate: ClassVar[bool] = False


@dataclass
class Stage:
    """The bot with three platforms, and moderators who say things."""

    content: Content
    adapters: dict[str, FakeAdapter]
    desk: FakeDesk
    clock: FakeClock
    words: Words = field(default_factory=lambda: Words({}))

    async def say(self, line: str, by: Author = OWNER) -> Answer:
        registry = Registry(
            [one(self.content, self.words) for one in COMMANDS], self.words
        )
        return await registry.run(line, CommandContext(by, self.here, "en"))

    @property
    def here(self) -> Channel:
        return self.adapters["web"].channel("general")

    async def post_id(self) -> str:
        return (await self.content.posts.list())[-1].id

    async def status(self) -> str:
        return (await self.content.posts.list())[-1].status

    def seen(self) -> dict[str, list[str]]:
        return {
            name: [
                posted.message.text
                for posted in adapter.platform.visible(adapter.channel("news"))
            ]
            for name, adapter in self.adapters.items()
        }

    async def states(self) -> list[DeliveryState]:
        found = await self.content.deliveries.of_post(await self.post_id())
        return [delivery.state for delivery in found]


Open = Callable[..., Any]
Passing = Callable[[Coroutine[Any, Any, Any]], Coroutine[Any, Any, Any]]


@pytest.fixture
def adapters(clock: FakeClock) -> dict[str, FakeAdapter]:
    kinds = {"web": FakeAdapter, "chat": FakeAdapter, "plain": PlainAdapter}
    return {
        name: kind(RecordingInbox(), clock=clock, channels=("news", "general"))
        for name, kind in kinds.items()
    }


@pytest.fixture
def opened(
    store: Store,
    clock: FakeClock,
    good_maker: FakeTextMaker,
    desk: FakeDesk,
    adapters: dict[str, FakeAdapter],
    make_config: Callable[..., Config],
    tmp_path: Path,
    passing: Passing,
) -> Open:
    @asynccontextmanager
    async def open_it(
        *, chain: FilterChain | None = None, run: bool = True, **config: object
    ) -> AsyncIterator[Stage]:
        built = Content(
            config=make_config(channels=CHANNELS, **config),
            store=store,
            maker=good_maker,
            chain=chain or FilterChain([]),
            adapters=dict[str, Adapter](adapters),
            words=Words({}),
            desk=desk,
            clock=clock,
            sources=Sources(store, config_path=tmp_path / "config.toml"),
        )
        async with built as content:
            stage = Stage(content, adapters, desk, clock)
            if run:
                await content.run_now("daily")
            await passing(content.settled())
            yield stage

    return open_it


async def test_new_text_is_judged_and_shown_on_every_platform(
    opened: Open, passing: Passing
) -> None:
    async with opened() as stage:
        told = await stage.say(f"/posts edit {await stage.post_id()} {NEW}")
        assert "in 3 channels" in str(told.text)
        await passing(stage.content.settled())
        for (text,) in stage.seen().values():
            assert text.startswith("# Better\n\nWater them in the morning.")
        assert await stage.status() == PostStatus.PUBLISHED
        steps = await stage.content.posts.transitions(await stage.post_id())
        assert str(steps[-1].reason) == "edited by Own"


async def test_edit_changes_what_is_out_too(opened: Open, passing: Passing) -> None:
    async with opened() as stage:
        await stage.say(f"/edit {await stage.post_id()} {NEW}")
        await passing(stage.content.settled())
        assert all("morning" in text for (text,) in stage.seen().values())


async def test_text_that_a_filter_refuses_changes_nothing(opened: Open) -> None:
    async with opened(chain=FilterChain([FakeFilter(no_mornings)])) as stage:
        before = stage.seen()
        with pytest.raises(UserError, match="refused"):
            await stage.say(f"/posts edit {await stage.post_id()} {NEW}")
        assert stage.seen() == before
        assert await stage.content.outgoing.rows.unfinished() == ()


async def test_taking_back_wants_to_be_confirmed_and_then_reaches_every_platform(
    opened: Open, passing: Passing
) -> None:
    async with opened() as stage:
        post_id = await stage.post_id()
        asked = await stage.say(f"/posts retract {post_id}")
        assert all(stage.seen().values())
        (button,) = asked.buttons
        assert (await stage.say(button.command)).settles
        await passing(stage.content.settled())
        assert stage.seen() == {"web": [], "chat": [], "plain": []}
        assert await stage.status() == PostStatus.RETRACTED
        assert await stage.states() == [DeliveryState.RETRACTED] * 3
        with pytest.raises(UserError, match="not out"):
            await stage.say(button.command)


async def test_platform_that_is_down_delays_only_its_own_change(
    opened: Open, passing: Passing
) -> None:
    async with opened() as stage:
        down = stage.adapters["chat"].platform
        down.faults.extend([Fault(NETWORK)] * 8)
        began_s = stage.clock.monotonic()
        await stage.say(f"/posts edit {await stage.post_id()} {NEW}")
        await passing(stage.content.settled())
        assert stage.clock.monotonic() - began_s > 1800
        assert all("morning" in text for (text,) in stage.seen().values())
        edits = {
            name: [
                c.at_s - began_s
                for c in adapter.platform.calls
                if c.kind is CallKind.EDIT
            ]
            for name, adapter in stage.adapters.items()
        }
        assert len(edits["chat"]) == 9
        assert max(*edits["web"], *edits["plain"]) < 600


async def test_channel_that_refuses_is_told_with_its_reason_and_can_be_tried_again(
    opened: Open, passing: Passing
) -> None:
    async with opened() as stage:
        refusal = ForbiddenError(T("Let me delete messages."))
        stage.adapters["chat"].platform.faults.append(Fault(refusal))
        post_id = await stage.post_id()
        await stage.say(f"/posts retract {post_id} yes")
        await passing(stage.content.settled())
        (card,) = stage.desk.cards
        assert card.text == (
            f"“{OLD_TITLE}” is still there in chat:news: Let me delete messages."
        )
        assert await stage.status() == PostStatus.PUBLISHED
        ((_, again),) = card.buttons
        await stage.clock.advance(1)
        await stage.say(again)
        await passing(stage.content.settled())
        assert stage.seen() == {"web": [], "chat": [], "plain": []}
        assert await stage.status() == PostStatus.RETRACTED


async def test_newer_wish_comes_in_place_of_one_that_waits(
    opened: Open, passing: Passing
) -> None:
    async with opened() as stage:
        down = stage.adapters["chat"].platform
        down.faults.extend([Fault(NETWORK)] * 3)
        post_id = await stage.post_id()
        await stage.say(f"/posts edit {post_id} {NEW}")
        await stage.say(f"/posts retract {post_id} yes")
        await passing(stage.content.settled())
        assert stage.seen() == {"web": [], "chat": [], "plain": []}
        kinds = {
            (change.kind, change.state)
            for change in await stage.content.outgoing.rows.of_post(post_id)
        }
        assert (ChangeKind.RETRACT, ChangeState.DONE) in kinds
        assert all(
            not c.is_open for c in await stage.content.outgoing.rows.of_post(post_id)
        )


async def test_post_that_is_still_going_out_is_taken_back_where_it_is(
    opened: Open, passing: Passing
) -> None:
    async with opened(run=False) as stage:
        stage.adapters["chat"].platform.faults.extend([Fault(NETWORK)] * 99)
        await stage.content.run_now("daily")

        async def until_out() -> None:
            while not stage.seen()["plain"]:
                await stage.clock.sleep(1)

        await passing(until_out())
        assert await stage.status() == PostStatus.PUBLISHING
        await stage.say(f"/posts retract {await stage.post_id()} yes")
        await passing(stage.content.settled())
        assert await stage.status() == PostStatus.RETRACTED
        assert stage.seen() == {"web": [], "chat": [], "plain": []}
        assert DeliveryState.WITHDRAWN in await stage.states()


async def test_unknown_delivery_is_sent_again_only_when_somebody_looked(
    opened: Open, passing: Passing
) -> None:
    async with opened(run=False) as stage:
        stage.adapters["plain"].platform.faults.append(Fault(NETWORK))
        await stage.content.run_now("daily")
        await passing(stage.content.settled())
        assert await stage.status() == PostStatus.UNKNOWN
        asked = await stage.say(f"/posts retry {await stage.post_id()}")
        there, send = asked.buttons
        assert stage.seen()["plain"] == []
        assert (await stage.say(send.command)).settles
        await passing(stage.content.settled())
        assert await stage.status() == PostStatus.PUBLISHED
        assert len(stage.seen()["plain"]) == 1
        with pytest.raises(UserError, match="decided"):
            await stage.say(there.command)


async def test_unknown_delivery_that_somebody_found_counts_as_published(
    opened: Open, passing: Passing
) -> None:
    async with opened(run=False) as stage:
        stage.adapters["plain"].platform.faults.append(Fault(NETWORK, happened=True))
        await stage.content.run_now("daily")
        await passing(stage.content.settled())
        ((_, there), _) = stage.desk.cards[-1].buttons
        await stage.say(there)
        assert await stage.status() == PostStatus.PUBLISHED
        assert len(stage.seen()["plain"]) == 1
        await stage.say(f"/posts retract {await stage.post_id()} yes")
        await passing(stage.content.settled())
        assert "by hand" in stage.desk.cards[-1].text


async def test_failed_channel_is_tried_again(opened: Open, passing: Passing) -> None:
    async with opened(run=False) as stage:
        refusal = ForbiddenError(T("Let me write."))
        stage.adapters["web"].platform.faults.append(Fault(refusal))
        await stage.content.run_now("daily")
        await passing(stage.content.settled())
        assert await stage.status() == PostStatus.PUBLISHED
        ((_, again),) = stage.desk.cards[-1].buttons
        await stage.say(again)
        await passing(stage.content.settled())
        assert [len(texts) for texts in stage.seen().values()] == [1, 1, 1]
        with pytest.raises(UserError, match="Nothing of this post has failed"):
            await stage.say(again)


async def test_post_that_could_not_be_written_is_written_anew(
    opened: Open, passing: Passing, good_maker: FakeTextMaker
) -> None:
    answer, good_maker.answer = good_maker.answer, lambda prompt, params: ""
    async with opened() as stage:
        assert await stage.status() == PostStatus.FAILED
        good_maker.answer = answer
        post_id = await stage.post_id()
        await stage.say(f"/posts retry {post_id}")
        await passing(stage.content.settled())
        assert await stage.status() == PostStatus.PUBLISHED
        assert await stage.post_id() == post_id
        assert all(len(texts) == 1 for texts in stage.seen().values())


async def test_post_under_review_is_withdrawn(opened: Open, passing: Passing) -> None:
    async with opened(run=False, approvals=1) as stage:
        await stage.content.run_now("daily")

        async def until_asked() -> None:
            while not stage.desk.cards:
                await stage.clock.sleep(1)

        await passing(until_asked())
        told = await stage.say(f"/posts retract {await stage.post_id()} yes")
        assert "does not go out" in str(told.text)
        await passing(stage.content.settled())
        assert await stage.status() == PostStatus.REJECTED
        assert stage.seen() == {"web": [], "chat": [], "plain": []}


async def test_moderator_of_one_community_cannot_take_back_what_others_have(
    opened: Open, adapters: dict[str, FakeAdapter]
) -> None:
    adapters["chat"].add_channel(Channel("chat", "news", "elsewhere", "news"))
    async with opened() as stage:
        post_id = await stage.post_id()
        assert post_id in str((await stage.say("/posts", MO)).text)
        with pytest.raises(UserError, match="other communities"):
            await stage.say(f"/posts retract {post_id} yes", MO)


async def test_post_of_another_community_is_not_there(
    opened: Open, adapters: dict[str, FakeAdapter]
) -> None:
    for name, adapter in adapters.items():
        adapter.add_channel(Channel(name, "news", "elsewhere", "news"))
    async with opened() as stage:
        post_id = await stage.post_id()
        assert str((await stage.say("/posts", MO)).text) == "There are no posts yet."
        for line in ("show", "edit", "retract", "retry"):
            with pytest.raises(UserError, match="There is no post"):
                await stage.say(f"/posts {line} {post_id} yes", MO)


async def test_show_says_all_about_a_post(opened: Open, passing: Passing) -> None:
    async with opened(run=False) as stage:
        refusal = ForbiddenError(T("Let me write."))
        stage.adapters["web"].platform.faults.append(Fault(refusal))
        await stage.content.run_now("daily")
        await passing(stage.content.settled())
        post_id = await stage.post_id()
        text = str((await stage.say(f"/posts show {post_id}")).text)
        assert text.startswith(f"**{OLD_TITLE}** · article · published\n`{post_id}`\n")
        assert "approved · writer: score" in text
        assert "- **web:news** · not there · Let me write." in text
        assert "- **chat:news** · there · message 1" in text


async def test_kill_in_the_middle_of_a_change_is_seen_through_at_the_next_start(
    opened: Open, passing: Passing, store: Store
) -> None:
    async with opened() as stage:
        post_id = await stage.post_id()
        rows = stage.content.outgoing.rows
    # The bot ends right after it wrote down what is to be done, and began two calls.
    post = (await stage.content.posts.list())[-1]
    await stage.content.posts.transition(
        post_id, post.status, PostStatus.RETRACTING, actor="Own"
    )
    first, second, _ = await rows.plan(post_id, ChangeKind.RETRACT, actor="Own")
    await rows.begin(first.id)
    await rows.begin(second.id)
    async with opened(run=False) as stage:
        assert stage.seen() == {"web": [], "chat": [], "plain": []}
        assert await stage.status() == PostStatus.RETRACTED
        assert stage.desk.cards == []


async def test_interrupted_change_of_a_platform_without_nonces_is_asked_about(
    opened: Open, passing: Passing
) -> None:
    async with opened() as stage:
        post_id = await stage.post_id()
        rows = stage.content.outgoing.rows
    for change in await rows.plan(post_id, ChangeKind.REVISE, actor="Own"):
        await rows.begin(change.id)
    async with opened(run=False) as stage:
        assert await rows.unfinished() == ()
        (card,) = stage.desk.cards
        assert "plain:news" in card.text
        assert "nothing twice" in card.text
        ((_, again),) = card.buttons
        await stage.say(again)
        await passing(stage.content.settled())
        last = (await rows.of_post(post_id))[-1]
        assert last.state is ChangeState.DONE
