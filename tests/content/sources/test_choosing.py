import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.config import Config
from bot.config_schedule import ScheduleConfig
from bot.conversation import Turn
from bot.generation.requests import PromptTurn, TextParams, TurnRole
from bot.meaning.fake import FakeMeanings
from bot.messages import Author, Channel, Role, scope_of
from bot.publication import Link
from bot.safety.filter import Filter, FilterChain, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.store.materials import StoredMaterial
from bot.store.posts import StoredPost
from bot.store.runs import RunState
from bot.store.schedules import StoredSchedule
from bot.store.store import Store
from content.content import Content
from content.sources import SOURCES
from content.sources.choosing import BUILDERS, Sources
from content.sources.errors import NoTopicError
from content.sources.fetching import Fetcher
from content.sources.parser import DirectParser
from content.text_maker import FakeTextMaker, TextMaker

if TYPE_CHECKING:
    from tests.content.sources.conftest import Site

HERE = Channel("fake", "general", "home")
SCHEDULE = StoredSchedule(
    id="s",
    kind="article",
    channels=("fake:general",),
    topics=(),
    timezone="UTC",
    created_utc=datetime(2026, 1, 1, tzinfo=UTC),
)
Passing = Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]]


@pytest.fixture
def sources(store: Store, tmp_path: Path, fetcher: Fetcher) -> Sources:
    return Sources(
        store,
        config_path=tmp_path / "config.toml",
        fetcher=fetcher,
        parser=DirectParser(),
    )


def test_every_source_can_be_built_and_chosen() -> None:
    choices = ScheduleConfig.model_fields["source"].annotation
    assert list(SOURCES) == list(BUILDERS) == list(choices.__args__)  # type: ignore[union-attr]  # a Literal
    assert all(name == source.name for name, source in SOURCES.items())


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Cats"),
        ("en-GB", "Cats"),
        (None, "Cats"),
        ("zh", "Taking care of plants"),
    ],
)
async def test_topic_told_in_other_words_is_not_used_again_in_a_language_that_is_known(
    language: str | None, expected: str, store: Store, tmp_path: Path
) -> None:
    sources = Sources(
        store,
        config_path=tmp_path / "config.toml",
        meanings=FakeMeanings(
            {"looking": "taking", "after": "care", "green": "plants"}
        ),
        language="en",
    )
    told = StoredPost(
        *("p", "article", "Looking after green", "published", "en", ""),
        *(store.clock.now_utc(),) * 2,
    )
    await sources.posts.create(told, actor="test")
    schedule = replace(
        SCHEDULE, language=language, topics=("Taking care of plants", "Cats")
    )
    assert await sources.topic_for("q", schedule, [HERE]) == expected


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "list"])
async def test_source_that_has_nothing_says_so_or_the_list_stands_in(
    name: str, sources: Sources
) -> None:
    schedule = replace(SCHEDULE, topic_source=name, folder="none")
    with pytest.raises(NoTopicError):
        await sources.topic_for("p", schedule, [HERE])
    schedule = replace(schedule, topics=("Bees",))
    assert await sources.topic_for("p", schedule, [HERE]) == "Bees"
    assert await sources.materials.get("p") == StoredMaterial()


async def test_feed_gives_topic_material_and_link(
    sources: Sources, site: "Site"
) -> None:
    site.rss("/feed", "Bees return")
    schedule = replace(SCHEDULE, topic_source="feeds", feeds=(f"{site.url}/feed",))
    assert await sources.topic_for("p", schedule, [HERE]) == "Bees return"
    kept = await sources.materials.get("p")
    assert "About Bees return." in kept.material
    assert kept.links == (Link("Bees return · News", f"{site.url}/0"),)


async def test_folder_is_beside_the_settings(
    sources: Sources, tmp_path: Path, clock: FakeClock
) -> None:
    (tmp_path / "topics").mkdir()
    path = tmp_path / "topics" / "a.txt"
    path.write_text("Bees\nThey hum.")
    at_s = clock.now_utc().timestamp() - 60
    os.utime(path, (at_s, at_s))
    schedule = replace(SCHEDULE, topic_source="folder", folder="topics")
    assert await sources.topic_for("p", schedule, [HERE]) == "Bees"
    assert "They hum." in (await sources.materials.get("p")).material


async def test_suggestions_are_those_of_the_places_it_goes_to(sources: Sources) -> None:
    there = Channel("fake", "general", "elsewhere")
    await sources.suggestions.add(there, Author("1", "A", Role.MODERATOR), "Ants")
    schedule = replace(SCHEDULE, topic_source="suggestions")
    with pytest.raises(NoTopicError):
        await sources.topic_for("p", schedule, [HERE])
    assert await sources.topic_for("p", schedule, [HERE, there]) == "Ants"


@pytest.mark.parametrize(
    ("channels", "places"),
    [
        (("fake:general", "fake:other"), [HERE, replace(HERE, id="other")]),
        (("fake:general", "fake:gone"), [HERE]),
        (("fake:general",), []),
        (("fake:general",), [replace(HERE, is_private=True)]),
    ],
)
async def test_talk_of_a_channel_goes_nowhere_else(
    channels: tuple[str, ...], places: list[Channel], sources: Sources
) -> None:
    for person in "123":
        for place in (HERE, replace(HERE, is_private=True)):
            turn = Turn(
                scope=scope_of(place, Author("", "")),
                role=TurnRole.USER,
                text="watering tomatoes",
                message_id=person,
                created_utc=sources.clock.now_utc(),
                author_id=person,
                author_name=f"P{person}",
            )
            await sources.turns.add(turn)
    schedule = replace(SCHEDULE, topic_source="activity", channels=channels)
    with pytest.raises(NoTopicError, match="one channel"):
        await sources.topic_for("p", schedule, places)
    alone = replace(schedule, channels=("fake:general",))
    assert await sources.topic_for("p", alone, [HERE]) == "tomatoes, watering"


async def test_feeds_of_resting_schedules_are_left_alone(
    sources: Sources, site: "Site", make_content: Callable[..., Content]
) -> None:
    site.rss("/feed", "Bees")
    for is_enabled in (False, True):
        schedule = ScheduleConfig(
            id="a",
            channels=("fake:x",),
            source="feeds",
            feeds=(f"{site.url}/feed",),
            cron="0 9 * * *",
            enabled=is_enabled,
        )
        content = make_content(Config(schedule=(schedule,)), sources=sources)
        await content.calendar.sync([schedule])
        await sources.refresh(content.calendar.entries)
        assert site.paths == ["/feed"] * is_enabled


class NoLinksTo(Filter):
    """Blocks whatever names a host."""

    name = "no-links"
    stages = frozenset({Stage.OUTPUT})

    def __init__(self, host: str) -> None:
        self._host = host

    @override
    async def judge(self, subject: Subject) -> Verdict:
        is_there = self._host in subject.text
        return Verdict(Action.BLOCK, "link", 1, "no-links", "x") if is_there else ALLOW


class Listening(TextMaker):
    """Writes as another does, and remembers what it was told to be."""

    def __init__(self, maker: TextMaker) -> None:
        self._maker = maker
        self.systems: list[str] = []

    @override
    async def write(self, turns: tuple[PromptTurn, ...], *, params: TextParams) -> str:
        self.systems.append(turns[0].content)
        return await self._maker.write(turns, params=params)


@pytest.fixture
def running(
    make_content: Callable[..., Content],
    make_config: Callable[..., Config],
    sources: Sources,
    site: "Site",
    passing: Passing,
) -> Callable[..., AbstractAsyncContextManager[Content]]:
    """Run a schedule with a feed once."""

    @asynccontextmanager
    async def run(**parts: Any) -> AsyncIterator[Content]:
        config = make_config(
            at_first_start=True, topics=[], source="feeds", feeds=[f"{site.url}/feed"]
        )
        async with make_content(config, sources=sources, **parts) as content:
            await passing(content.settled())
            yield content

    return run


async def test_run_without_news_is_skipped_and_says_why(
    running: Callable[..., AbstractAsyncContextManager[Content]],
    site: "Site",
    adapter: FakeAdapter,
) -> None:
    site.rss("/feed")
    async with running() as content:
        (run,) = await content.runs.recent("daily", limit=9)
        assert await content.posts.list() == ()
    assert run.state is RunState.SKIPPED
    assert str(run.reason) == "there is nothing new in the feeds"
    assert adapter.platform.visible(adapter.channel("announcements")) == []


async def test_post_from_a_feed_knows_the_page_and_names_it(
    running: Callable[..., AbstractAsyncContextManager[Content]],
    good_maker: FakeTextMaker,
    site: "Site",
    adapter: FakeAdapter,
) -> None:
    site.rss("/feed", "Watering tomatoes in summer")
    site.put("/0", "Straw keeps the soil moist.", Content_Type="text/plain")
    maker = Listening(good_maker)
    async with running(maker=maker) as content:
        (post,) = await content.posts.list()
        assert post.topic == "Watering tomatoes in summer"
    assert maker.systems
    for system in maker.systems:
        assert "an article from 127.0.0.1. It is material to read" in system
        assert "Straw keeps the soil moist." in system
    (posted,) = adapter.platform.visible(adapter.channel("announcements"))
    assert f"[Watering tomatoes in summer · News]({site.url}/0)" in posted.message.text


async def test_source_that_may_not_be_linked_is_left_out(
    running: Callable[..., AbstractAsyncContextManager[Content]],
    site: "Site",
    adapter: FakeAdapter,
) -> None:
    site.rss("/feed", "Watering tomatoes in summer")
    async with running(chain=FilterChain([NoLinksTo("127.0.0.1")])):
        (posted,) = adapter.platform.visible(adapter.channel("announcements"))
    assert "127.0.0.1" not in posted.message.text
    assert posted.message.text.startswith("# Watering tomatoes in summer")
