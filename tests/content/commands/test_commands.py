from collections.abc import AsyncIterator, Callable, Coroutine

import pytest

from adapters.fake.adapter import FakeAdapter
from bot.commands.command import CommandContext
from bot.commands.registry import Registry
from bot.config import Config
from bot.errors import UserError
from bot.messages import Author, Role
from bot.store.runs import RunState
from bot.words import T, Text, Words
from content.commands import COMMANDS
from content.commands.posts import STATUSES
from content.commands.schedule import STATES
from content.content import Content
from content.posts import PostStatus

Ask = Callable[..., Coroutine[None, None, str]]


@pytest.fixture
def words() -> Words:
    return Words.load()


@pytest.fixture
async def content(
    make_content: Callable[[Config], Content], make_config: Callable[..., Config]
) -> AsyncIterator[Content]:
    async with make_content(make_config(timezone="Europe/Berlin")) as opened:
        await opened.settled()
        yield opened


@pytest.fixture
def say(content: Content, words: Words, adapter: FakeAdapter) -> Ask:
    registry = Registry([build(content, words) for build in COMMANDS], words)

    async def run(
        line: str, role: Role = Role.MODERATOR, *, language: str = "en"
    ) -> str:
        context = CommandContext(
            Author("1", "Ada", role), adapter.channel("general"), language
        )
        text = (await registry.run(line, context)).text
        return words.say(text, language) if isinstance(text, Text) else text

    return run


@pytest.mark.parametrize("line", ["/schedule run daily", "/schedule pause daily"])
async def test_members_cannot_steer_schedules(line: str, say: Ask) -> None:
    with pytest.raises(UserError, match="Only moderators"):
        await say(line, Role.MEMBER)


@pytest.mark.parametrize("action", ["run", "pause", "resume"])
@pytest.mark.parametrize("name", ["", " nothing"])
async def test_unknown_schedule_is_said(action: str, name: str, say: Ask) -> None:
    with pytest.raises(UserError, match="There is no schedule"):
        await say(f"/schedule {action}{name}")


async def test_unknown_action_is_said(say: Ask) -> None:
    with pytest.raises(UserError, match="list, show, add, edit, run, pause, resume"):
        await say("/schedule dance daily")


async def test_schedule_shows_the_next_times_in_its_zone(say: Ask) -> None:
    assert await say("/schedule", Role.MEMBER) == (
        "- `daily` · article · next: 2026-07-01 09:00, 2026-07-02 09:00, "
        "2026-07-03 09:00 (Europe/Berlin) · has not run yet"
    )


async def test_schedule_is_run_paused_and_resumed(
    say: Ask, content: Content, adapter: FakeAdapter
) -> None:
    assert "being written" in await say("/schedule run daily")
    await content.settled()
    assert len(adapter.platform.visible(adapter.channel("announcements"))) == 1
    assert "rests" in await say("/schedule pause daily")
    assert await say("/schedule list") == (
        "- `daily` · article · paused · last: 2026-07-01 08:00, done"
    )
    assert "goes on" in await say("/schedule resume daily")
    assert "next: " in await say("/schedule")


async def test_no_schedules_are_said(
    make_content: Callable[[Config], Content], words: Words, adapter: FakeAdapter
) -> None:
    content = make_content(Config())
    context = CommandContext(Author("1", "Ada"), adapter.channel("general"), "en")
    answer = await COMMANDS[0](content, words).run(context, {})
    assert str(answer.text) == "There are no schedules."


async def test_posts_are_for_moderators(say: Ask) -> None:
    with pytest.raises(UserError, match="Only moderators"):
        await say("/posts", Role.MEMBER)


async def test_posts_show_what_became_of_them(say: Ask, content: Content) -> None:
    assert await say("/posts") == "There are no posts yet."
    await content.run_now("daily")
    await content.settled()
    post = (await content.posts.list())[0]
    failed = type(post)(
        "p2",
        "article",
        "Other",
        "planned",
        "en",
        "",
        post.created_utc,
        post.created_utc,
        schedule_id="daily",
    )
    await content.posts.create(failed, actor="test")
    why = T("the platform {platform} is not running", platform="discord")
    await content.posts.transition("p2", "planned", "failed", actor="t", reason=why)
    assert (await say("/posts list 5")).splitlines() == [
        "- 2026-07-01 06:00 · Other · failed: the platform discord is not running · "
        "`p2`",
        f"- 2026-07-01 06:00 · Watering tomatoes in summer · published · `{post.id}`",
    ]
    assert await say("/posts") == await say("/posts list 5")
    assert len((await say("/posts list 0")).splitlines()) == 1
    # The reason was stored before it was known who would read it.
    (line,) = (await say("/posts list 1", language="zh")).splitlines()
    assert line == "- 2026-07-01 06:00 · Other · 失败: 平台 discord 没有运行 · `p2`"


async def test_schedule_says_why_a_run_failed(say: Ask, content: Content) -> None:
    why = T("its schedule was removed")
    due_utc = content.clock.now_utc()
    await content.runs.plan("daily", due_utc, state=RunState.FAILED, reason=why)
    assert (await say("/schedule")).endswith("failed (its schedule was removed)")
    assert (await say("/schedule", language="zh")).endswith(
        "失败（它的定时计划已被删除）"
    )


def test_every_status_has_words() -> None:
    assert set(STATUSES) == set(PostStatus)
    assert all(str(text) for text in (*STATUSES.values(), *STATES.values()))
