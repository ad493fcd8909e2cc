"""The desk's calendar over HTTP: what is shown to whom, and what they may do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from adapters.web.convert import room_channel
from bot.clock import FakeClock
from bot.preferences import community_key
from bot.store.posts import StoredPost
from bot.store.runs import RunState
from bot.store.schedules import ScheduleSource, StoredSchedule
from bot.words import T

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

PASSWORD = "by the fire"
NOW = datetime(2026, 3, 25, 6, tzinfo=UTC)  # a Wednesday; Sunday has 23 hours in Berlin
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PATH = "/desk/api/calendar"
WEEK = f"{PATH}?from=2026-03-23&days=7"
NINE = NOW + 3 * HOUR

Put = Callable[..., Any]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def house(open_house: OpenHouse, clock: FakeClock) -> AsyncIterator[House]:
    async with open_house(has_desk=True, clock=clock) as house:
        yield house


@pytest.fixture
async def moderator(
    house: House, open_moderator: OpenGuest, clock: FakeClock
) -> AsyncIterator[Guest]:
    async with open_moderator(house, clock=clock) as guest:
        yield guest


def made(**changes: Any) -> StoredSchedule:
    values: dict[str, Any] = {
        "id": "tips",
        "kind": "article",
        "channels": ("web:general",),
        "topics": ("x",),
        "timezone": "UTC",
        "created_utc": NOW - DAY,
        "cron": "0 9 * * *",
        "source": ScheduleSource.COMMAND,
        "community": community_key(room_channel("general")),
        **changes,
    }
    return StoredSchedule(**values)


FOREIGN = made(id="abroad", channels=("discord:1",), community="community:discord:9")


def slot(day: datetime = NINE, schedule: str = "tips") -> dict[str, str]:
    return {"schedule": schedule, "slot": day.isoformat()}


async def lines(guest: Guest, path: str = WEEK) -> list[str]:
    answer = await guest.client.get(path)
    assert answer.status_code == 200, answer.text
    return [f"{one['at']} {one['state']}" for one in answer.json()["items"]]


async def test_nobody_moves_anything_without_a_seat(
    house: House, open_guest: OpenGuest
) -> None:
    await house.content.put(made())
    async with open_guest(house, name="Ann") as member:
        for name in ("move", "skip", "restore", "now"):
            answer = await member.post(f"{PATH}/{name}", slot())
            assert answer.status_code == 403
        assert (await member.client.get(WEEK)).status_code == 403
    assert await house.content.calendar.moves.of("tips") == ()


async def test_forged_form_and_foreign_origin_are_refused(
    house: House, moderator: Guest
) -> None:
    await house.content.put(made())
    moderator.headers = {"Origin": "https://evil.example"}
    assert (await moderator.post(f"{PATH}/skip", slot())).status_code == 403
    moderator.headers, moderator.token = {}, "0" * 64
    assert (await moderator.post(f"{PATH}/skip", slot())).status_code == 403
    assert await house.content.calendar.moves.of("tips") == ()


async def test_seat_that_ends_while_the_calendar_is_open_moves_nothing(
    house: House, moderator: Guest
) -> None:
    await house.content.put(made())
    assert len(await lines(moderator)) == 5
    before = moderator.client.cookies
    await moderator.post("/api/sign-out")
    moderator.client.cookies = before
    assert (await moderator.post(f"{PATH}/skip", slot())).status_code == 403


async def test_other_communities_are_not_shown_and_not_moved(
    house: House, moderator: Guest
) -> None:
    await house.content.put(FOREIGN)
    theirs = StoredPost("p", "article", "secret", "planned", "en", "hearth", NOW, NOW)
    await house.content.posts.create(theirs, actor="schedule")
    of_theirs = replace(theirs, id="q", schedule_id="abroad")
    await house.content.posts.create(of_theirs, actor="schedule")
    assert await lines(moderator) == []
    answer = await moderator.post(f"{PATH}/skip", slot(schedule="abroad"))
    assert answer.status_code == 422
    assert "There is no schedule" in answer.json()["error"]
    for post_id in ("p", "q"):
        found = await moderator.client.get(f"{PATH}/post/{post_id}")
        assert found.status_code == 422
        assert "secret" not in found.text


async def test_a_delivery_decides_whose_post_it_is(
    house: House, moderator: Guest
) -> None:
    """The schedule is ours by now, but the post went somewhere else."""
    await house.content.put(made())
    post = StoredPost(
        "p", "article", "secret", "published", "en", "hearth", NOW, NOW,
        schedule_id="tips",
    )  # fmt: skip
    await house.content.posts.create(post, actor="schedule")
    await house.content.deliveries.plan("p", ["discord:1"])
    assert "published" not in " ".join(await lines(moderator))


async def test_week_has_what_was_what_is_and_what_comes(
    house: House, moderator: Guest, clock: FakeClock
) -> None:
    content = house.content
    await content.put(made())
    yesterday = NINE - DAY
    await content.runs.plan("tips", yesterday)
    post = StoredPost(
        "p", "article", "tomatoes", "planned", "en", "hearth", yesterday, yesterday,
        title="Tomatoes", schedule_id="tips",
    )  # fmt: skip
    await content.posts.create(post, actor="schedule")
    await content.runs.change(
        "tips", yesterday, RunState.PLANNED, RunState.STARTED, post_id="p"
    )
    await content.runs.plan(
        "tips", yesterday - DAY, state=RunState.SKIPPED, reason=T("paused")
    )
    assert await lines(moderator) == [
        "2026-03-23T09:00 skipped",
        "2026-03-24T09:00 writing",
        "2026-03-25T09:00 coming",
        "2026-03-26T09:00 coming",
        "2026-03-27T09:00 coming",
        "2026-03-28T09:00 coming",
        "2026-03-29T09:00 coming",
    ]
    found = await moderator.client.get(f"{PATH}/post/p")
    assert [step["status"] for step in found.json()["history"]] == ["planned"]


async def test_zone_moves_days_and_hours(house: House, moderator: Guest) -> None:
    await house.content.put(made(cron="30 23 * * *"))
    berlin = await lines(moderator, f"{PATH}?from=2026-03-28&days=3&zone=Europe/Berlin")
    # On the 29th the clocks go forward: from then on it is 01:30 there.
    assert berlin == [f"2026-03-{day}T{at} coming" for day, at in (
        ("28", "00:30"), ("29", "00:30"), ("30", "01:30")
    )]  # fmt: skip
    answer = await moderator.client.get(f"{WEEK}&zone=Narnia/Cair")
    assert answer.status_code == 422
    assert "Narnia" in answer.json()["error"]


async def test_odd_questions_are_refused(moderator: Guest) -> None:
    for query in (
        "",
        "from=2026-03-23",
        "from=soon&days=7",
        "from=2026-03-23&days=99",
        "from=9999-12-31&days=7",
        "from=2026-03-23&days=0",
    ):
        answer = await moderator.client.get(f"{PATH}?{query}")
        assert answer.status_code == 422


async def test_paused_schedules_and_exact_jitter_are_not_told(
    house: House, moderator: Guest
) -> None:
    await house.content.put(made(id="rests", is_enabled=False))
    await house.content.put(made(jitter_minutes=30))
    answer = (await moderator.client.get(WEEK)).json()
    assert {one["schedule"] for one in answer["items"]} == {"tips"}
    assert {one["at"][-5:] for one in answer["items"]} == {"09:00"}
    assert {one["jitter"] for one in answer["items"]} == {30}


async def test_slot_is_dragged_to_another_time(house: House, moderator: Guest) -> None:
    await house.content.put(made())
    moved = await moderator.post(
        f"{PATH}/move", {**slot(), "to": "2026-03-26T14:15", "zone": "UTC"}
    )
    assert moved.json() == {"at": "2026-03-26T14:15"}
    answer = (await moderator.client.get(WEEK)).json()
    (item,) = [one for one in answer["items"] if one["moved_from"]]
    assert (item["at"], item["moved_from"], item["by"]) == (
        "2026-03-26T14:15",
        "2026-03-25T09:00",
        "Mo",
    )
    back = await moderator.post(f"{PATH}/restore", slot())
    assert back.status_code == 200
    assert "2026-03-25T09:00 coming" in await lines(moderator)


async def test_time_that_does_not_exist_becomes_the_first_after_it(
    house: House, moderator: Guest
) -> None:
    await house.content.put(made())
    moved = await moderator.post(
        f"{PATH}/move", {**slot(), "to": "2026-03-29T02:30", "zone": "Europe/Berlin"}
    )
    assert moved.json() == {"at": "2026-03-29T03:00"}


async def test_move_to_nowhere_is_refused_kindly(
    house: House, moderator: Guest
) -> None:
    await house.content.put(made())
    for to in ("2026-03-25T05:00", "yesterday", "", None):
        answer = await moderator.post(
            f"{PATH}/move", {**slot(), "to": to, "zone": "UTC"}
        )
        assert answer.status_code == 422
        assert "time" in answer.json()["error"]


async def test_slot_is_left_out_and_comes_back(house: House, moderator: Guest) -> None:
    await house.content.put(made())
    await moderator.post(f"{PATH}/skip", slot())
    assert "2026-03-25T09:00 left_out" in await lines(moderator)
    await moderator.post(f"{PATH}/restore", slot())
    assert "2026-03-25T09:00 coming" in await lines(moderator)


async def test_slot_comes_now_and_not_again(house: House, moderator: Guest) -> None:
    await house.content.put(made())
    assert (await moderator.post(f"{PATH}/now", slot())).status_code == 200
    found = await lines(moderator)
    assert "2026-03-25T06:00 writing" in found
    assert not any(line.startswith("2026-03-25T09:00") for line in found)
    assert (await moderator.post(f"{PATH}/now", slot())).status_code == 422


async def test_crowded_days_are_counted(house: House, moderator: Guest) -> None:
    await house.content.put(made(id="often", cron="", every_minutes=5))
    for number in range(70):
        await house.content.put(made(id=f"s{number}"))
    answer = (await moderator.client.get(f"{PATH}?from=2026-03-27&days=1")).json()
    assert len(answer["items"]) == 60
    assert answer["items"][0]["count"] == 288
    assert answer["more"] == {"2026-03-27": 11}


async def test_changes_are_noticed(house: House, moderator: Guest) -> None:
    await house.content.put(made())
    path = "/desk/api/changes"
    before = (await moderator.client.get(path)).json()
    assert (await moderator.client.get(path)).json() == before
    await moderator.post(f"{PATH}/skip", slot())
    after = (await moderator.client.get(path)).json()
    assert after["schedules"] != before["schedules"]
    await house.content.runs.plan("tips", NOW)
    assert (await moderator.client.get(path)).json()["runs"] != after["runs"]


async def test_post_that_waits_is_dragged(house: House, moderator: Guest) -> None:
    await house.content.put(made())
    post = StoredPost(
        "p", "article", "x", "pending_review", "en", "hearth", NOW, NOW,
        schedule_id="tips",
    )  # fmt: skip
    await house.content.posts.create(post, actor="schedule")
    for other, schedule_id in (("q", None), ("r", "abroad")):
        theirs = replace(post, id=other, schedule_id=schedule_id)
        await house.content.posts.create(theirs, actor="schedule")
    moved = {"post": "p", "to": "2026-03-27T14:00", "zone": "UTC"}
    assert (await moderator.post(f"{PATH}/move", moved)).status_code == 200
    assert "2026-03-27T14:00 review" in await lines(moderator)
    for other in ("q", "r", "nowhere"):
        answer = await moderator.post(f"{PATH}/move", {**moved, "post": other})
        assert answer.status_code == 422
        assert await house.content.holding.until(other) is None
