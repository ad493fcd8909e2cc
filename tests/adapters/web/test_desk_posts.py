"""The desk's list of posts, and its statistics."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from bot.words import T
from tests.adapters.web.desk_rig import add_post, sign_in

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

POSTS = "/desk/api/posts"


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    async with open_house(has_desk=True) as opened:
        yield opened


@pytest.fixture
async def mo(house: House, open_guest: OpenGuest) -> AsyncIterator[Guest]:
    async with open_guest(house, name="Mo") as guest:
        await sign_in(house, guest)
        yield guest


async def read(guest: Guest, path: str) -> dict[str, Any]:
    answer = await guest.client.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_unknown_post_and_broken_page_number_are_refused(mo: Guest) -> None:
    assert (await mo.client.get(f"{POSTS}/p0")).status_code == 422
    assert (await mo.client.get(f"{POSTS}?before=-1")).status_code == 422
    assert (await mo.client.get("/desk/api/statistics?weeks=x")).status_code == 422


async def test_posts_are_filtered(house: House, mo: Guest) -> None:
    await add_post(house, "p1", status="approved")
    await add_post(house, "p2", kind="quiz")
    await add_post(house, "p3", schedule_id="daily")
    for query, ids in (
        ("", ["p3", "p2", "p1"]),
        ("status=approved", ["p1"]),
        ("kind=quiz", ["p2"]),
        ("schedule=daily", ["p3"]),
        ("text=FOXES P2", ["p2"]),
        ("text=nothing", []),
    ):
        found = await read(mo, f"{POSTS}?{query}")
        assert [post["id"] for post in found["posts"]] == ids
        assert found["next"] == 0
    assert {"name": "approved", "label": "approved"} in found["statuses"]
    assert "quiz" in found["kinds"]


async def test_list_goes_on_from_page_to_page(house: House, mo: Guest) -> None:
    for number in range(32):
        await add_post(house, f"p{number}")
    first = await read(mo, POSTS)
    assert len(first["posts"]) == 30
    rest = await read(mo, f"{POSTS}?before={first['next']}")
    assert [post["id"] for post in rest["posts"]] == ["p1", "p0"]
    assert rest["next"] == 0


async def test_post_has_its_history_and_its_deliveries(house: House, mo: Guest) -> None:
    await add_post(house, status="approved")
    deliveries = house.content.deliveries
    sent, failed = await deliveries.plan("p1", ["web:general", "web:announcements"])
    await deliveries.begin(sent.id)
    await deliveries.sent(sent.id, "m1")
    await deliveries.failed(failed.id, T("<b>no</b> right"), None)
    post = await read(mo, f"{POSTS}/p1")
    assert [step["status"] for step in post["steps"]] == ["drafting", "approved"]
    assert [step["reason"] for step in post["steps"]] == ["", "score 0.9"]
    assert [
        (one["channel"], one["state"], one["error"]) for one in post["deliveries"]
    ] == [
        ("web:general", "sent", ""),
        ("web:announcements", "failed", "<b>no</b> right"),
    ]
    assert post["html"].startswith("<p>They hear")


async def test_statistics_count_what_became_of_posts(house: House, mo: Guest) -> None:
    await add_post(house, "p1")
    await add_post(house, "p2")
    await add_post(house, "p3")
    for post_id, action in (("p1", "approve"), ("p2", "reject")):
        asked = {"action": action, "round": 1}
        assert (await mo.post(f"/desk/api/review/{post_id}", asked)).status_code == 200
    found = await read(mo, "/desk/api/statistics?weeks=4")
    assert len(found["weeks"]) == 4
    this_week = found["weeks"][-1]
    assert (this_week["rejected"], this_week["other"]) == (1, 2)
    assert found["decisions"] == {"approved": 1, "rejected": 1, "expired": 0}
    assert sum(found["by_time"]) == 2
    assert found["topics"] == []
