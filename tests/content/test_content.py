import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.config import Config
from bot.errors import BackendGoneError, StoreError
from bot.generation.requests import PromptTurn, TextParams
from bot.safety.filter import Filter, FilterChain, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.store.posts import PostExtras
from bot.store.runs import RunState
from bot.words import T
from content.content import Content
from content.posts import PostStatus
from content.text_maker import FakeTextMaker, TextMaker

MakeConfig = Callable[..., Config]
MakeContent = Callable[..., Content]
Passing = Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]]
DAY = 86400.0
GONE = BackendGoneError(T("The worker ended."))


class FailingMaker(TextMaker):
    """Raises so often, then writes as another does."""

    def __init__(
        self, maker: TextMaker, *, num_failures: int, error: Exception
    ) -> None:
        self._maker = maker
        self._error = error
        self.num_left = num_failures

    @override
    async def write(self, turns: tuple[PromptTurn, ...], *, params: TextParams) -> str:
        if self.num_left:
            self.num_left -= 1
            raise self._error
        return await self._maker.write(turns, params=params)


class StuckMaker(TextMaker):
    """Never answers."""

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()

    @override
    async def write(self, turns: tuple[PromptTurn, ...], *, params: TextParams) -> str:
        self.is_asked.set()
        await asyncio.Event().wait()
        return ""


class Strict(Filter):
    """Decides the same about every text that has a word."""

    name = "strict"
    stages = frozenset({Stage.OUTPUT})

    def __init__(self, word: str, verdict: Verdict) -> None:
        self._word = word
        self._verdict = verdict

    @override
    async def judge(self, subject: Subject) -> Verdict:
        assert subject.author is None
        return self._verdict if self._word in subject.text else ALLOW


def seen(adapter: FakeAdapter, channel: str = "announcements") -> list[str]:
    found = adapter.platform.visible(adapter.channel(channel))
    return [posted.message.text for posted in found]


async def num_done(content: Content) -> int:
    runs = await content.runs.recent("daily", limit=99)
    return sum(run.state is RunState.DONE for run in runs)


@pytest.fixture
def running(make_content: MakeContent, passing: Passing) -> Callable[..., Any]:
    """Start, wait until all that has begun has ended, and stop afterwards."""

    @asynccontextmanager
    async def run(config: Config, **parts: Any) -> AsyncIterator[Content]:
        async with make_content(config, **parts) as content:
            await passing(content.settled())
            yield content

    return run


Running = Callable[..., AbstractAsyncContextManager[Content]]


async def test_first_start_posts_once_and_never_again(
    running: Running, make_config: MakeConfig, adapter: FakeAdapter
) -> None:
    config = make_config(at_first_start=True)
    for _ in range(3):
        async with running(config) as content:
            (run,) = await content.runs.recent("daily", limit=9)
            assert run.state is RunState.DONE
    (text,) = seen(adapter)
    assert text.startswith("# Watering tomatoes in summer\n\n*")


async def test_posts_come_day_by_day_each_with_another_topic(
    running: Running,
    make_config: MakeConfig,
    adapter: FakeAdapter,
    clock: FakeClock,
    fresh_maker: FakeTextMaker,
) -> None:
    config = make_config(every_minutes=1440, cron="")
    async with running(config, maker=fresh_maker) as content:
        for day in range(1, 4):
            await clock.advance(DAY)
            async with asyncio.timeout(20):
                while await num_done(content) < day:
                    assert len(seen(adapter)) <= day
        runs = await content.runs.recent("daily", limit=9)
    assert [run.state for run in runs] == [RunState.DONE] * 3
    titles = [text.splitlines()[0] for text in seen(adapter)]
    assert titles == [
        "# Watering tomatoes in summer",
        "# Tomatoes in pots",
        "# Watering tomatoes in summer",
    ]


async def test_model_that_comes_back_is_waited_for(
    running: Running,
    make_config: MakeConfig,
    adapter: FakeAdapter,
    good_maker: FakeTextMaker,
) -> None:
    maker = FailingMaker(good_maker, num_failures=3, error=GONE)
    async with running(make_config(at_first_start=True), maker=maker):
        assert len(seen(adapter)) == 1


@pytest.mark.parametrize(
    ("maker", "reason"),
    [
        (FakeTextMaker(lambda prompt, params: ""), "wanted for the section: an answer"),
        (
            FailingMaker(
                FakeTextMaker(lambda prompt, params: ""), num_failures=999, error=GONE
            ),
            "The worker ended.",
        ),
        (
            FailingMaker(
                FakeTextMaker(lambda prompt, params: ""),
                num_failures=999,
                error=RuntimeError("a mistake"),
            ),
            "something went wrong, see the log",
        ),
    ],
)
async def test_post_that_cannot_be_written_fails_with_a_reason(
    maker: TextMaker,
    reason: str,
    running: Running,
    make_config: MakeConfig,
    adapter: FakeAdapter,
) -> None:
    async with running(make_config(at_first_start=True), maker=maker) as content:
        (run,) = await content.runs.recent("daily", limit=9)
        (post,) = await content.posts.list()
        last = (await content.posts.transitions(post.id))[-1]
    assert (run.state, str(run.reason)) == (RunState.FAILED, reason)
    assert (post.status, last.reason) == ("failed", run.reason)
    assert seen(adapter) == []


@pytest.mark.parametrize("word", ["##", "Watering"])
async def test_blocked_post_is_rejected_and_not_sent(
    word: str, running: Running, make_config: MakeConfig, adapter: FakeAdapter
) -> None:
    verdict = Verdict(Action.BLOCK, "word", 1, "strict", "a word")
    chain = FilterChain([Strict(word, verdict)])
    async with running(make_config(at_first_start=True), chain=chain) as content:
        (run,) = await content.runs.recent("daily", limit=9)
        (post,) = await content.posts.list()
    assert run.state is RunState.FAILED
    assert str(run.reason) == "the filter “strict” blocked it: a word"
    assert (post.status, post.title, post.body) == ("rejected", "", "")
    assert seen(adapter) == []


async def test_redacted_post_goes_out_as_redacted(
    running: Running, make_config: MakeConfig, adapter: FakeAdapter
) -> None:
    verdict = Verdict(Action.REDACT, "word", 1, "strict", "", "Changed.")
    chain = FilterChain([Strict("## ", verdict)])
    async with running(make_config(at_first_start=True), chain=chain):
        assert seen(adapter) == [
            "# Watering tomatoes in summer\n\nChanged.\n\n*Written by AI*"
        ]


async def test_quiz_goes_out_with_its_poll_and_is_kept(
    running: Running, make_config: MakeConfig, adapter: FakeAdapter
) -> None:
    config = make_config(at_first_start=True, kind="quiz", topics=["the planets"])
    async with running(config) as content:
        (post,) = await content.posts.list()
    poll = post.extras.poll
    assert poll is not None
    assert poll.correct is not None
    (text,) = seen(adapter)
    assert f"**{poll.question}**\n\n- A: {poll.answers[0]}" in text
    assert f"||{'ABCD'[poll.correct]}: {poll.answers[poll.correct]}." in text


async def test_poll_is_judged_and_never_redacted(
    running: Running, make_config: MakeConfig, adapter: FakeAdapter
) -> None:
    config = make_config(
        at_first_start=True, kind="quiz", topics=["Who? | Ann | Bob | Cleo | Bad"]
    )
    verdict = Verdict(Action.REDACT, "word", 1, "strict", "a word", "Changed.")
    chain = FilterChain([Strict("Bad", verdict)])
    async with running(config, chain=chain) as content:
        (post,) = await content.posts.list()
    assert (post.status, post.extras) == ("rejected", PostExtras())
    assert seen(adapter) == []


async def test_summary_of_a_text_that_was_redacted_is_not_kept(
    running: Running, make_config: MakeConfig, adapter: FakeAdapter
) -> None:
    verdict = Verdict(Action.REDACT, "word", 1, "strict", "", "Changed.")
    chain = FilterChain([Strict("## ", verdict)])
    async with running(make_config(at_first_start=True), chain=chain) as content:
        (post,) = await content.posts.list()
    assert (post.body, post.extras.summary) == ("Changed.", "")


async def test_lesson_asks_the_next_time_what_it_taught(
    running: Running, make_config: MakeConfig, clock: FakeClock
) -> None:
    config = make_config(
        every_minutes=1440, cron="", kind="lesson", topics=["easy words", "more words"]
    )
    async with running(config) as content:
        for day in (1, 2):
            await clock.advance(DAY)
            async with asyncio.timeout(20):
                while await num_done(content) < day:
                    pass
        first, second = await content.posts.list()
    word = first.title.removeprefix("Word of the day: ")
    assert first.extras.poll is None
    poll = second.extras.poll
    assert poll is not None
    assert poll.correct is not None
    assert poll.answers[poll.correct] == word
    assert second.title != first.title


class StrictThere(Filter):
    """Blocks in one channel what it changes in all others."""

    name = "strict there"
    stages = frozenset({Stage.OUTPUT})

    def __init__(self, channel_id: str) -> None:
        self.seen: list[tuple[str, str]] = []
        self._channel_id = channel_id

    @override
    async def judge(self, subject: Subject) -> Verdict:
        assert subject.channel is not None
        self.seen.append((subject.channel.id, subject.text))
        if subject.channel.id == self._channel_id:
            return Verdict(Action.BLOCK, "word", 1, self.name, "not here")
        if "Changed" in subject.text:
            return ALLOW
        return Verdict(Action.REDACT, "word", 1, self.name, "", "Changed.")


async def test_post_is_judged_as_the_strictest_of_its_channels_judges(
    running: Running, make_config: MakeConfig, adapter: FakeAdapter
) -> None:
    channels = ["fake:announcements", "fake:general", "fake:gone", "nowhere:x"]
    config = make_config(at_first_start=True, channels=channels)
    strict = StrictThere("general")
    async with running(config, chain=FilterChain([strict])) as content:
        (post,) = await content.posts.list()
    assert post.status == PostStatus.REJECTED
    assert seen(adapter) == seen(adapter, "general") == []
    # The second channel was asked about what the first had left of it.
    assert [place for place, _ in strict.seen] == ["announcements", "general"]
    assert strict.seen[1][1] == "Changed."


async def test_interrupted_draft_is_taken_up_again(
    make_content: MakeContent,
    running: Running,
    make_config: MakeConfig,
    adapter: FakeAdapter,
) -> None:
    config, stuck = make_config(at_first_start=True), StuckMaker()
    async with make_content(config, maker=stuck), asyncio.timeout(10):
        await stuck.is_asked.wait()
    async with running(config) as content:
        (post,) = await content.posts.list()
        steps = [step.to_status for step in await content.posts.transitions(post.id)]
    assert steps == [
        "planned",
        "drafting",
        "planned",
        "drafting",
        "approved",
        "publishing",
        "published",
    ]
    assert len(seen(adapter)) == 1


async def test_interrupted_draft_that_is_too_late_expires(
    make_content: MakeContent,
    running: Running,
    make_config: MakeConfig,
    adapter: FakeAdapter,
    clock: FakeClock,
) -> None:
    config, stuck = make_config(), StuckMaker()
    async with make_content(config, maker=stuck) as content, asyncio.timeout(10):
        await clock.advance(1)
        await content.run_now("daily")
        await stuck.is_asked.wait()
    await clock.advance(DAY)
    async with running(config) as content:
        (post,) = await content.posts.list()
        run = (await content.runs.recent("daily", limit=9))[0]
    assert (post.status, run.state) == ("expired", RunState.SKIPPED)
    assert "too late" in str(run.reason)
    assert seen(adapter) == []


@pytest.mark.parametrize("with_post", [True, False])
async def test_run_of_a_removed_schedule_fails_with_a_reason(
    with_post: bool,
    make_content: MakeContent,
    running: Running,
    make_config: MakeConfig,
    adapter: FakeAdapter,
) -> None:
    stuck = StuckMaker()
    async with make_content(make_config(), maker=stuck) as content:
        if with_post:
            await content.run_now("daily")
            async with asyncio.timeout(10):
                await stuck.is_asked.wait()
    if not with_post:
        await content.calendar.plan_now("daily")
    async with running(make_config(id="other")) as content:
        (run,) = await content.runs.recent("daily", limit=9)
        posts = await content.posts.list()
    assert (run.state, run.reason) == (
        RunState.FAILED,
        T("its schedule was removed"),
    )
    assert [post.status for post in posts] == (["failed"] if with_post else [])


async def test_run_whose_post_had_ended_ends_as_the_post_did(
    running: Running, make_config: MakeConfig, adapter: FakeAdapter
) -> None:
    """The bot was killed between the last word of the post and that of the run."""
    config = make_config()
    async with running(config) as content:
        await content.run_now("daily")
        await content.settled()
        (done,) = await content.runs.recent("daily", limit=9)
        await content.runs.change(
            "daily", done.due_utc, RunState.DONE, RunState.STARTED
        )
    async with running(config) as content:
        (run,) = await content.runs.recent("daily", limit=9)
    assert run.state is RunState.DONE
    assert len(seen(adapter)) == 1


async def test_run_now_of_an_unknown_schedule_says_so(
    running: Running, make_config: MakeConfig
) -> None:
    async with running(make_config()) as content:
        assert not await content.run_now("nothing")


async def test_calendar_that_fails_is_tried_again(
    make_content: MakeContent,
    make_config: MakeConfig,
    clock: FakeClock,
    passing: Passing,
    adapter: FakeAdapter,
) -> None:
    content = make_content(make_config(at_first_start=True))

    class Failing:
        """Raises once, as on a full disk."""

        def __init__(self) -> None:
            self.num_left = 1

        def __getattr__(self, name: str) -> Any:
            if name == "plan_due" and self.num_left:
                self.num_left = 0
                raise StoreError(T("The disk is full."))
            return getattr(calendar, name)

    calendar = content.calendar
    content.calendar = Failing()  # type: ignore[assignment]
    async with content:
        await passing(content.settled())
        assert len(seen(adapter)) == 1


async def test_draft_is_written_again_with_what_was_wrong(
    make_content: MakeContent, make_config: MakeConfig, good_maker: FakeTextMaker
) -> None:
    systems: list[str] = []

    class Twice(TextMaker):
        @override
        async def write(
            self, turns: tuple[PromptTurn, ...], *, params: TextParams
        ) -> str:
            systems.append(turns[0].content)
            if params.seed is not None and params.seed < 1000:
                return ""
            return await good_maker.write(turns, params=params)

    writer = make_content(make_config(), maker=Twice()).writer
    draft = await writer.draft(
        "article", topic="Watering tomatoes", language="en", persona="hearth"
    )
    assert draft.num_rewrites == 1
    assert systems[0].startswith("You are a helpful AI assistant named Hearth.")
    assert "Avoid this" not in systems[0]
    assert systems[-1].endswith("Avoid this: an answer.")
