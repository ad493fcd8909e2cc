"""/schedule: what members see, what moderators may, and what is answered."""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import date, timedelta

import pytest

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.commands.command import CommandContext
from bot.commands.registry import Registry
from bot.config import Config
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.store.runs import RunState
from bot.store.schedules import ScheduleRepository, ScheduleSource, StoredSchedule
from bot.store.store import Store
from bot.words import T, Text, Words
from content.commands import COMMANDS
from content.content import Content
from content.fake_desk import FakeDesk

Ask = Callable[..., Coroutine[None, None, str]]
MakeContent = Callable[[Config], Content]
GENERAL = Channel("fake", "general", "fakeville", "general")
ELSEWHERE = Channel("fake", "square", "town", "square")
CONSOLE = Channel("console", "terminal", "console", is_private=True)


@pytest.fixture
async def content(
    make_content: MakeContent, make_config: Callable[..., Config]
) -> AsyncIterator[Content]:
    async with make_content(make_config()) as opened:
        await opened.settled()
        yield opened


@pytest.fixture
def say(content: Content) -> Ask:
    words = Words({})
    registry = Registry([build(content, words) for build in COMMANDS], words)

    async def run(
        line: str, role: Role = Role.MODERATOR, *, place: Channel = GENERAL
    ) -> str:
        context = CommandContext(Author("1", "Ada", role), place, "en")
        text = (await registry.run(line, context)).text
        return words.say(text, "en") if isinstance(text, Text) else text

    return run


@pytest.mark.parametrize(
    "line",
    [
        "add tips every Monday at nine about=x",
        "edit daily at=x",
        "remove daily",
        "pause daily",
        "resume daily",
        "run daily",
        "leave daily 20260701T090000",
        "move daily next to tomorrow at 10",
        "skip daily next",
    ],
)
async def test_members_may_look_and_not_touch(line: str, say: Ask) -> None:
    with pytest.raises(UserError, match="Only moderators"):
        await say(f"/schedule {line}", Role.MEMBER)
    assert "daily" in await say("/schedule", Role.MEMBER)
    assert "every day at 09:00" in await say("/schedule show daily", Role.MEMBER)


@pytest.mark.parametrize(
    "action", ["show", "edit", "remove", "pause", "run", "leave", "move", "skip"]
)
async def test_schedules_of_another_community_are_not_there(
    action: str, say: Ask, content: Content
) -> None:
    await say("/schedule add tips every Monday at nine about=x")
    for name in ("daily", "tips"):
        with pytest.raises(UserError, match=f"There is no schedule “{name}”"):
            await say(f"/schedule {action} {name} now", place=ELSEWHERE)
    assert await say("/schedule", place=ELSEWHERE) == "There are no schedules."
    assert content.calendar.get("tips") is not None
    assert "tips" in await say("/schedule", Role.OWNER, place=ELSEWHERE)


async def test_channel_of_moderators_elsewhere_sees_and_steers_what_it_oversees(
    say: Ask, desk: FakeDesk
) -> None:
    assert await say("/schedule", place=ELSEWHERE) == "There are no schedules."
    desk.overseers.add(ELSEWHERE.key)
    assert "daily" in await say("/schedule", place=ELSEWHERE)
    assert "rests" in await say("/schedule pause daily", place=ELSEWHERE)
    with pytest.raises(UserError, match="There is no schedule"):
        await say("/schedule show daily", Role.MEMBER, place=ELSEWHERE)


async def test_schedule_of_several_communities_is_for_the_owner(say: Ask) -> None:
    await say(
        "/schedule add all every day at 9 about=x channels=fake:general,other:x",
        Role.OWNER,
    )
    assert "other:x" in await say("/schedule show all")
    for line in ("pause all", "edit all every day at 10", "remove all"):
        with pytest.raises(UserError, match="only the owner"):
            await say(f"/schedule {line}")
    assert "rests" in await say("/schedule pause all", Role.OWNER)


@pytest.mark.parametrize(
    "channels", ["discord:1", "fake:nowhere", "fake:general discord:1"]
)
async def test_only_the_owner_chooses_channels_elsewhere(
    channels: str, say: Ask, content: Content
) -> None:
    line = f"/schedule add tips every day at 9 about=x channels={channels}"
    with pytest.raises(UserError, match="Only the owner"):
        await say(line)
    await say("/schedule add tips every day at 9 about=x")
    with pytest.raises(UserError, match="Only the owner"):
        await say(f"/schedule edit tips channels={channels}")
    await say(f"/schedule edit tips channels={channels}", Role.OWNER)
    found = content.calendar.get("tips")
    assert found is not None
    assert found.channels == tuple(channels.split())
    assert found.community == ""


async def test_added_schedule_is_answered_as_it_was_understood(
    say: Ask, content: Content, store: Store
) -> None:
    answer = await say(
        "/schedule add tips every weekday at 09:00 Europe/Berlin "
        "about=tomatoes; herbs on a sill quiet=22:00-7:00 skip until=2026-12-31 "
        "jitter=15 missed=ask approvals=2 review_minutes=90 grace=30 language=zh "
        "persona=hearth channels=fake:announcements"
    )
    assert answer.splitlines() == [
        "**tips** · article · every weekday at 09:00 Europe/Berlin; next three: "
        + answer.split("three: ")[1].split("\n")[0],
        "- about: tomatoes; herbs on a sill",
        "- posts to: fake:announcements",
        "- persona: hearth",
        "- language: zh",
        "- moderators who must agree: 2, within 90 minutes",
        "- quiet hours: 22:00-07:00, posts are left out",
        "- until 2026-12-31",
        "- up to 15 minutes later",
        "- about missed posts moderators are asked",
    ]
    times = answer.split("three: ")[1].split("\n")[0].split(", ")
    assert [time[:13] for time in times] == [
        "2026-07-01 09",
        "2026-07-02 09",
        "2026-07-03 09",
    ]
    stored = await ScheduleRepository(store).get("tips")
    assert stored == content.calendar.get("tips")
    assert stored == StoredSchedule(
        id="tips",
        kind="article",
        channels=("fake:announcements",),
        topics=("tomatoes", "herbs on a sill"),
        timezone="Europe/Berlin",
        created_utc=content.clock.now_utc(),
        cron="0 9 * * mon-fri",
        grace_minutes=30,
        persona="hearth",
        language="zh",
        approvals=2,
        review_minutes=90,
        source=ScheduleSource.COMMAND,
        quiet_hours="22:00-07:00",
        in_quiet_hours="skip",
        until=date(2026, 12, 31),
        jitter_minutes=15,
        misfire="ask",
        community="community:fake:fakeville",
    )


@pytest.mark.parametrize(
    ("line", "name", "when"),
    [
        ("tips every Monday at nine about tomatoes", "tips", "every Monday at 09:00"),
        ("every Monday at nine about tomatoes", "article-1", "every Monday at 09:00"),
        ("weekdays 9:30 about: tomatoes", "article-1", "every weekday at 09:30"),
        ("tips 0 9 * * 1-5 about=tomatoes", "tips", "every weekday at 09:00"),
        ("tips 每天早上九点 关于番茄", "tips", "every day at 09:00"),
        ("每天早上九点 主题：番茄", "article-1", "every day at 09:00"),
        ("tips when=tomorrow at 8 about=x", "tips", "once on 2 July 2026 at 08:00"),
        ("tips about=x when=every 2 hours", "tips", "every 2 hours"),
        ("tips daily 9:00 zone=Berlin about=x", "tips", "every day at 09:00"),
    ],
)
async def test_schedule_is_added_in_plain_words(
    line: str, name: str, when: str, say: Ask, content: Content
) -> None:
    assert f"**{name}** · article · {when}" in await say(f"/schedule add {line}")
    found = content.calendar.get(name)
    assert found is not None
    assert found.channels == ("fake:general",)
    assert found.timezone == ("Europe/Berlin" if "Berlin" in line else "UTC")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "Say when posts come"),
        ("tips", "Say when posts come"),
        ("tips every day at 9", "Say when posts come and what they are about"),
        ("tips about=x", "Say when posts come"),
        ("tips every blue moon about=x", "I do not understand “every blue moon”"),
        ("every second Friday at 16:00 about=x", "Every second week"),
        ("tips every day at 9 about= ; ", "at least one topic"),
        ("tips every day at 9 about=x about=y", "“about” is there twice"),
        ("tips every day at 9 about=x kind=opera", "There is no kind “opera”"),
        ("tips every day at 9 about=x persona=nobody", "There is no “nobody”"),
        ("tips every day at 9 about=x language=!", "“!” is no language"),
        ("tips every day at 9 about=x quiet=night", "Quiet hours are written"),
        ("tips every day at 9 about=x quiet=25:00-07:00", "Quiet hours are written"),
        ("tips every day at 9 about=x until=2020-01-01", "is over already"),
        ("tips every day at 9 about=x until=soon", "“soon” is no day"),
        ("tips every day at 9 about=x jitter=lots", "whole number from 0 to 720"),
        ("tips every day at 9 about=x approvals=6", "whole number from 0 to 5"),
        ("tips every day at 9 about=x missed=maybe", "skip"),
        ("tips every day at 9 about=x zone=Nowhere", "no time zone Nowhere"),
        ("tips every day at 9 about=x channels=general", "platform:channel"),
        ("tips every day at 9 source=folder", "A folder is set in"),
        ("tips every day at 9 source=feeds", "addresses of feeds"),
        ("tips every day at 9 feeds=nowhere", "addresses of feeds"),
        ("tips every day at 9 feeds=https://me:pw@x.org/a", "addresses of feeds"),
        (
            "tips every day at 9 source=activity "
            "channels=fake:general,fake:announcements",
            "name just one",
        ),
        ("TIPS! every day at 9 about=x", "cannot be a name"),
        ("daily every day at 10 about=x", "every day"),
    ],
)
async def test_schedule_that_is_not_understood_is_not_added(
    line: str, said: str, say: Ask, content: Content
) -> None:
    if line.startswith("daily"):
        await say("/schedule add other every day at 9 about=x")
        line, said = line.replace("daily", "other"), "already"
    num_before = len(content.calendar.entries)
    with pytest.raises(UserError, match=said):
        await say(f"/schedule add {line}")
    assert len(content.calendar.entries) == num_before


async def test_topics_may_come_from_elsewhere(say: Ask, content: Content) -> None:
    feed = "https://example.org/feed.xml"
    answer = await say(f"/schedule add tips every day at 9 feeds={feed}")
    assert f"- topics from: feeds {feed}" in answer
    answer = await say("/schedule edit tips source=suggestions about=herbs")
    assert "- about: herbs\n- topics from: suggestions" in answer
    found = content.calendar.get("tips")
    assert found is not None
    assert (found.topic_source, found.feeds) == ("suggestions", ())


async def test_private_talk_is_no_place_for_posts(say: Ask) -> None:
    line = "/schedule add tips every day at 9 about=x"
    with pytest.raises(UserError, match="Say where it posts"):
        await say(line, Role.OWNER, place=CONSOLE)
    answer = await say(f"{line} channels=fake:general", Role.OWNER, place=CONSOLE)
    assert "posts to: fake:general" in answer


async def test_edit_changes_what_is_named_and_nothing_else(
    say: Ask, content: Content
) -> None:
    await say("/schedule add tips every Monday at nine Berlin time about=a; b jitter=5")
    old = content.calendar.get("tips")
    await say("/schedule edit tips quiet=22:00-07:00")
    await say("/schedule edit tips every Tuesday at 10")
    found = content.calendar.get("tips")
    assert old is not None
    assert found is not None
    assert found.cron == "0 10 * * tue"
    assert found.timezone == "Europe/Berlin"
    assert (found.topics, found.jitter_minutes) == (("a", "b"), 5)
    assert found.quiet_hours == "22:00-07:00"
    await say("/schedule edit tips quiet=off jitter=0 until=31 December 2026")
    await say("/schedule edit tips until=never channels=here language=default")
    found = content.calendar.get("tips")
    assert found is not None
    assert (found.quiet_hours, found.jitter_minutes, found.until) == ("", 0, None)
    with pytest.raises(UserError, match="There are: when, about, source"):
        await say("/schedule edit tips")


@pytest.mark.parametrize("line", ["edit daily every day at 10", "remove daily"])
async def test_schedule_of_the_file_is_changed_there(line: str, say: Ask) -> None:
    with pytest.raises(UserError, match=r"stands in config\.toml"):
        await say(f"/schedule {line}", Role.OWNER)
    assert "stands in config.toml" in await say("/schedule show daily")


async def test_schedule_is_removed(say: Ask, content: Content, store: Store) -> None:
    await say("/schedule add tips every Monday at nine about=x")
    assert "is removed" in await say("/schedule remove tips")
    assert await ScheduleRepository(store).get("tips") is None
    with pytest.raises(UserError, match="There is no schedule"):
        await say("/schedule show tips")


async def test_schedule_survives_a_change_of_the_settings(
    say: Ask,
    content: Content,
    make_content: MakeContent,
    make_config: Callable[..., Config],
) -> None:
    await say("/schedule add tips every Monday at nine about=x")
    kept = content.calendar.get("tips")
    changed = make_content(make_config(id="other"))
    await changed.calendar.sync(make_config(id="other").schedule)
    assert changed.calendar.get("tips") == kept


async def test_missed_post_is_decided_by_its_buttons(
    say: Ask, content: Content, clock: FakeClock
) -> None:
    due_utc = clock.now_utc() - timedelta(days=2)
    for hours in (0, 1):
        await content.runs.plan(
            "daily", due_utc + timedelta(hours=hours), state=RunState.ASKED
        )
    slot = f"{due_utc:%Y%m%dT%H%M%S}"
    assert "moderators decide" in await say("/schedule")
    assert "left out" in await say(f"/schedule leave daily {slot}")
    with pytest.raises(UserError, match="left out by Ada"):
        await say(f"/schedule run daily {slot}")
    slot = f"{due_utc + timedelta(hours=1):%Y%m%dT%H%M%S}"
    assert "being written" in await say(f"/schedule run daily {slot}")
    await content.settled()
    run = await content.runs.get("daily", due_utc + timedelta(hours=1))
    assert run is not None
    assert run.state is RunState.DONE
    assert ": done (asked for by a moderator)" in await say("/schedule show daily")


async def test_removal_says_what_does_not_go_out(
    say: Ask, content: Content, make_content: MakeContent, adapter: FakeAdapter
) -> None:
    await say("/schedule add tips every Monday at nine about=x approvals=1")
    await content.run_now("tips")
    while not (await content.posts.list()):
        await content.clock.sleep(0)
    answer = await say("/schedule remove tips")
    assert "A post that was being made does not go out." in answer
    await content.settled()
    assert adapter.platform.visible(adapter.channel("general")) == []


async def test_stopped_bot_keeps_the_wish_until_it_runs(
    make_content: MakeContent, make_config: Callable[..., Config]
) -> None:
    stopped = make_content(make_config())
    await stopped.calendar.sync(make_config().schedule)
    context = CommandContext(Author("1", "Ada", Role.OWNER), CONSOLE, "en")
    words = Words({})
    command = COMMANDS[0](stopped, words)
    answer = await command.run(context, {"action": "run", "id": "daily"})
    assert str(answer.text) == (
        "“daily” is written when the bot runs, if it does within 60 minutes."
    )
    (run,) = await stopped.runs.unfinished()
    assert run.schedule_id == "daily"


async def test_once_that_the_clock_jumps_over_says_when_it_comes(say: Ask) -> None:
    answer = await say(
        "/schedule add tips on 28 March 2027 at 02:30 Europe/Berlin about=x"
    )
    assert "once on 28 March 2027 at 03:00 Europe/Berlin" in answer


async def test_show_says_how_posts_wait_and_went(say: Ask, content: Content) -> None:
    await say("/schedule add tips at 9 on Mondays about=x quiet=22:00-07:00")
    why = T("in its quiet hours")
    due_utc = content.clock.now_utc()
    await content.runs.plan("tips", due_utc, state=RunState.SKIPPED, reason=why)
    await say("/schedule pause tips")
    assert (await say("/schedule show tips")).splitlines() == [
        "**tips** · article · every Monday at 09:00 UTC; paused",
        "- about: x",
        "- posts to: fake:general",
        "- quiet hours: 22:00-07:00, posts wait for their end",
        "- 2026-07-01 06:00: skipped (in its quiet hours)",
    ]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "today at 9 to today at 18:30",
            "of 2026-07-01 09:00 comes on 2026-07-01 18:30",
        ),
        ("next -> tomorrow at 7", "of 2026-07-01 09:00 comes on 2026-07-02 07:00"),
        (
            "on Friday to on Friday at quarter to eight in the evening",
            "of 2026-07-03 09:00 comes on 2026-07-03 19:45",
        ),
        (
            "2026-07-04 09:00 to 2026-07-05 10:00 Europe/Berlin",
            "of 2026-07-04 09:00 comes on 2026-07-05 08:00",
        ),
        (
            "明天上午九点 改到 后天下午三点",
            "of 2026-07-02 09:00 comes on 2026-07-03 15:00",
        ),
        ("tomorrow at 14:00 to on 4 July at 12:00", "of 2026-07-02 09:00 comes on"),
    ],
)
async def test_move_takes_one_post_to_another_time(
    line: str, answer: str, say: Ask
) -> None:
    assert answer in await say(f"/schedule move daily {line}")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("move daily tomorrow at 9", "Write which post and when instead"),
        ("move daily next to every Monday at nine", "more than one time"),
        ("move daily next to whenever", "do not understand “whenever”"),
        ("move daily tomorrow at 9 to yesterday", "do not understand “yesterday”"),
        ("move daily next to 2026-07-01 05:00", "over already"),
        ("move daily next to tomorrow at 9", "comes then already"),
        ("skip daily 2026-06-01 09:00", "over already"),
    ],
)
async def test_move_that_cannot_be_says_why(line: str, why: str, say: Ask) -> None:
    with pytest.raises(UserError, match=why):
        await say(f"/schedule {line}")


async def test_time_with_no_post_says_what_there_is(
    say: Ask, make_config: Callable[..., Config], content: Content
) -> None:
    await say("/schedule add tips every Tuesday at 8 and 18:00 about=x")
    with pytest.raises(UserError, match="On that day: 08:00, 18:00"):
        await say("/schedule skip tips 2026-07-07 12:00")
    with pytest.raises(UserError, match="On that day: –"):
        await say("/schedule skip tips 2026-07-08 12:00")


async def test_skip_leaves_the_next_one_out(say: Ask, content: Content) -> None:
    answer = await say("/schedule skip daily")
    assert "of 2026-07-01 09:00 (UTC) is left out" in answer
    assert "next three: 2026-07-02 09:00" in await say("/schedule show daily")
    # A time that was left out is brought back by moving it to itself.
    await say("/schedule move daily 2026-07-01 09:00 to 2026-07-01 09:00")
    assert "next three: 2026-07-01 09:00" in await say("/schedule show daily")


async def test_once_that_was_skipped_does_not_come_any_more(say: Ask) -> None:
    await say("/schedule add party tomorrow at 20:00 about=x")
    await say("/schedule skip party tomorrow at 20:00")
    with pytest.raises(UserError, match="does not come any more"):
        await say("/schedule skip party")
