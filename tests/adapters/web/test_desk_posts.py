"""The desk's list of posts, and its statistics."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from bot.publication import Published
from bot.words import T
from tests.adapters.web.desk_rig import THEIRS, add_post, sign_in

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


async def test_posts_are_filtered(house: House, mo: Guest) -> None:
    for odd in (f"{POSTS}/p0", f"{POSTS}?before=-1", "/desk/api/statistics?weeks=x"):
        assert (await mo.client.get(odd)).status_code == 422
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


async def test_post_has_its_history_and_its_deliveries(house: House, mo: Guest) -> None:
    await add_post(house, status="approved")
    deliveries = house.content.deliveries
    sent, failed = await deliveries.plan("p1", ["web:general", "web:announcements"])
    await deliveries.begin(sent.id)
    await deliveries.sent(sent.id, Published(("m1",)))
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


ACTIONS: tuple[tuple[str, dict[str, object]], ...] = (
    ("retry", {}),
    ("retract", {}),
    ("text", {"title": "Ours", "body": "By hand.", "version": ""}),
    ("settle", {"channel": "web:general", "is_there": True}),
)


async def test_nobody_else_mends_a_post(
    house: House, mo: Guest, open_guest: OpenGuest
) -> None:
    await add_post(house, status="approved")
    await add_post(house, "theirs", status="approved", community=THEIRS)
    async with open_guest(house, name="Ann") as ann:
        for action, asked in ACTIONS:
            assert (await ann.post(f"{POSTS}/p1/{action}", asked)).status_code == 403
            answer = await mo.post(f"{POSTS}/theirs/{action}", asked)
            assert answer.json()["error"] == "There is no post theirs."
        mo.headers = {"X-Hearthbot-Form": "forged"}
        for action, asked in ACTIONS:
            assert (await mo.post(f"{POSTS}/p1/{action}", asked)).status_code == 403
    for post_id in ("p1", "theirs"):
        post = await house.content.posts.get(post_id)
        assert post is not None
        assert (post.status, post.title) == ("approved", f"Foxes {post_id}")


async def test_post_is_changed_where_it_is_but_not_over_what_others_wrote(
    house: House, mo: Guest
) -> None:
    await publish(house)
    before = await read(mo, f"{POSTS}/p1")
    assert before["may"] == {
        "edit": True,
        "retract": True,
        "withdraw": False,
        "retry": False,
    }
    asked = {"title": "Ours", "body": "By hand.", "version": before["updated"]}
    answer = await mo.post(f"{POSTS}/p1/text", asked)
    assert answer.status_code == 200, answer.text
    after = await read(mo, f"{POSTS}/p1")
    assert (after["title"], after["steps"][-1]["reason"]) == ("Ours", "edited by Mo")
    assert after["deliveries"][0]["change"] == "the new text is under way"
    again = await mo.post(f"{POSTS}/p1/text", {**asked, "body": "Another hand."})
    assert again.status_code == 422
    assert "has changed meanwhile" in again.json()["error"]
    assert (await read(mo, f"{POSTS}/p1"))["body"] == "By hand."


async def test_post_is_taken_away_or_kept_back(house: House, mo: Guest) -> None:
    await publish(house)
    await add_post(house, "p2", schedule_id="daily")
    await house.content.deliveries.plan("p2", ["web:general"])
    for post_id in ("p1", "p2"):
        answer = await mo.post(f"{POSTS}/{post_id}/retract")
        assert answer.status_code == 200, answer.text
    out, kept = [await read(mo, f"{POSTS}/{post_id}") for post_id in ("p1", "p2")]
    assert (out["status"], kept["status"]) == ("retracting", "rejected")
    assert kept["steps"][-1]["reason"] == "withdrawn by Mo"
    assert (await mo.post(f"{POSTS}/p2/retract")).status_code == 422


async def test_what_failed_is_tried_again_and_what_is_unknown_is_asked(
    house: House, mo: Guest
) -> None:
    await publish(house, error="no right")
    assert (await read(mo, f"{POSTS}/p1"))["may"]["retry"]
    answer = await mo.post(f"{POSTS}/p1/retry")
    assert answer.json() == {"told": "It is tried again."}
    post = await read(mo, f"{POSTS}/p1")
    assert (post["status"], post["deliveries"][0]["state"]) == ("publishing", "planned")
    (delivery,) = await house.content.deliveries.of_post("p1")
    await house.content.deliveries.begin(delivery.id)
    await house.content.deliveries.unknown(delivery.id)
    told = (await mo.post(f"{POSTS}/p1/retry")).json()["told"]
    assert told == "Please look into web:general: is the post there?"
    settled = {"channel": "web:general", "is_there": True}
    assert (await mo.post(f"{POSTS}/p1/settle", settled)).status_code == 200
    assert (await mo.post(f"{POSTS}/p1/settle", settled)).status_code == 422
    assert (await read(mo, f"{POSTS}/p1"))["deliveries"][0]["state"] == "sent"


async def publish(house: House, *, error: str = "") -> None:
    """Let a post go out, or not."""
    posts, deliveries = house.content.posts, house.content.deliveries
    await add_post(house, status="approved")
    (delivery,) = await deliveries.plan("p1", ["web:general"])
    await deliveries.begin(delivery.id)
    if error:
        await deliveries.failed(delivery.id, T(error), None)
    else:
        await deliveries.sent(delivery.id, Published(("m1",)))
    ending = "failed" if error else "published"
    for old, new in (("approved", "publishing"), ("publishing", ending)):
        await posts.transition("p1", old, new, actor="publisher")


async def test_statistics_count_what_became_of_posts(house: House, mo: Guest) -> None:
    await add_post(house, "p1")
    await add_post(house, "p2")
    await add_post(house, "p3")
    for post_id, action in (("p1", "approve"), ("p2", "reject")):
        asked = {"action": action, "version": "1.0"}
        assert (await mo.post(f"/desk/api/review/{post_id}", asked)).status_code == 200
    found = await read(mo, "/desk/api/statistics?weeks=4")
    assert len(found["weeks"]) == 4
    this_week = found["weeks"][-1]
    assert (this_week["rejected"], this_week["other"]) == (1, 2)
    assert found["decisions"] == {"approved": 1, "rejected": 1, "expired": 0}
    assert sum(found["by_time"]) == 2
    assert found["topics"] == []
