"""Deciding about posts at the desk: who may, who was faster, and what is shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from bot.publication import Link, Poll
from bot.store.posts import PostExtras
from bot.store.reviews import ReviewRepository
from content.grammar import grammar_part
from tests.adapters.web.desk_rig import THEIRS, add_post, sign_in

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

QUEUE = "/desk/api/review"
APPROVE = {"action": "approve", "version": "1.0"}
TEXT = {"title": "Ours", "body": "By hand.", "version": "1.0"}
READS = (
    QUEUE,
    f"{QUEUE}/p1/picture",
    "/desk/api/posts",
    "/desk/api/posts/p1",
    "/desk/api/posts/p1/picture",
    "/desk/api/statistics",
)
ATTACK = "<img src=x onerror=hit()> <script>hit()</script> [x](javascript:hit())"


@pytest.fixture(autouse=True, scope="module")
def grammar_is_loaded() -> None:
    """Load the grammar checker: on a busy machine that takes seconds."""
    asyncio.run(grammar_part("It is warm.", "en"))


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    async with open_house(has_desk=True) as opened:
        yield opened


@pytest.fixture
async def mo(house: House, open_guest: OpenGuest) -> AsyncIterator[Guest]:
    async with open_guest(house, name="Mo") as guest:
        await sign_in(house, guest)
        yield guest


async def status_of(house: House, post_id: str = "p1") -> str:
    post = await house.content.posts.get(post_id)
    assert post is not None
    return post.status


async def queue(guest: Guest, shown: str = "") -> dict[str, Any]:
    answer = await guest.client.get(f"{QUEUE}?shown={shown}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_nobody_else_sees_or_decides_anything(
    house: House, open_guest: OpenGuest
) -> None:
    await add_post(house)
    async with open_guest(house, name="Ann") as ann:
        for path in READS:
            answer = await ann.client.get(path)
            assert answer.status_code == 403
            assert "Foxes" not in answer.text
        assert (await ann.post(f"{QUEUE}/p1", APPROVE)).status_code == 403
        assert (await ann.post(f"{QUEUE}/p1/text", TEXT)).status_code == 403
    assert await status_of(house) == "pending_review"


async def test_role_that_was_lost_decides_nothing(house: House, mo: Guest) -> None:
    await add_post(house)
    assert len((await queue(mo))["posts"]) == 1
    await mo.post("/api/sign-out")
    await mo.visit()
    assert (await mo.post(f"{QUEUE}/p1", APPROVE)).status_code == 403
    assert (await mo.client.get(QUEUE)).status_code == 403
    assert await status_of(house) == "pending_review"


async def test_what_another_page_sends_is_refused(house: House, mo: Guest) -> None:
    await add_post(house)
    for headers in (
        {"X-Hearthbot-Form": "forged"},
        {"X-Hearthbot-Form": ""},
        {"Origin": "https://evil.example"},
    ):
        mo.headers = headers
        assert (await mo.post(f"{QUEUE}/p1", APPROVE)).status_code == 403
        assert (await mo.post(f"{QUEUE}/p1/text", TEXT)).status_code == 403
    assert await status_of(house) == "pending_review"


async def test_post_of_another_community_is_not_there(house: House, mo: Guest) -> None:
    await add_post(house, "theirs", community=THEIRS)
    assert await queue(mo, "theirs") == {"posts": [], "post": None, "gone": None}
    unknown = await mo.post(f"{QUEUE}/nobodys", APPROVE)
    for path, asked in (("theirs", APPROVE), ("theirs/text", TEXT)):
        answer = await mo.post(f"{QUEUE}/{path}", asked)
        assert answer.status_code == 422
        wanted = unknown.json()["error"].replace("nobodys", "theirs")
        assert answer.json()["error"] == wanted
    for path in (f"{QUEUE}/theirs/picture", "/desk/api/posts/theirs"):
        assert (await mo.client.get(path)).status_code == 422
    assert (await mo.client.get("/desk/api/posts")).json()["posts"] == []
    weeks = (await mo.client.get("/desk/api/statistics")).json()["weeks"]
    assert sum(week["other"] for week in weeks) == 0
    assert await status_of(house, "theirs") == "pending_review"


async def test_post_is_shown_with_all_that_it_has(house: House, mo: Guest) -> None:
    poll = Poll("Which?", ("Cats", "Foxes"), correct=1)
    links = (Link("A book", "https://example.org/a"), Link("Bad", "javascript:hit()"))
    await add_post(house, extras=PostExtras(poll=poll, sources=links), approvals=2)
    found = await queue(mo)
    post = found["post"]
    assert found["posts"][0]["title"] == "Foxes p1"
    assert "<strong>under</strong>" in post["html"]
    assert post["poll"]["answers"] == ["Cats", "Foxes"]
    assert [one["url"] for one in post["sources"]] == ["https://example.org/a", ""]
    assert (post["approvals"], post["approved"], post["version"]) == (2, 0, "1.0")
    assert post["reason"] == "score 0.9"
    assert {part["name"] for part in post["parts"]} >= {"Length", "Grammar"}


async def test_approving_and_rejecting_is_kept_as_the_commands_do(
    house: House, mo: Guest
) -> None:
    await add_post(house)
    await add_post(house, "p2")
    told = await mo.post(f"{QUEUE}/p1", APPROVE)
    assert told.json() == {"told": "Thank you.", "settled": True}
    note = f"too dry\n {ATTACK}"
    rejected = {"action": "reject", "note": note, "version": "1.0"}
    assert (await mo.post(f"{QUEUE}/p2", rejected)).status_code == 200
    assert await status_of(house) == "approved"
    assert await status_of(house, "p2") == "rejected"
    (press,) = await ReviewRepository(house.content.store).presses("p2", round=1)
    assert (press.person_name, press.action) == ("Mo", "reject")
    assert press.note == f"too dry {ATTACK}"
    last = (await house.content.posts.transitions("p2"))[-1]
    assert (last.actor, str(last.reason)) == ("Mo", f"rejected by Mo: {press.note}")
    await add_post(house, "p3")
    again = {"action": "again", "version": "1.0", "note": "more joy"}
    assert (await mo.post(f"{QUEUE}/p3", again)).json()["settled"]
    gone = (await queue(mo, "p3"))["gone"]
    assert gone["is_rewritten"]
    assert gone["reason"] == "Mo wants another text"


async def test_of_two_moderators_at_once_one_is_told_who_was_faster(
    house: House, mo: Guest, open_guest: OpenGuest
) -> None:
    await add_post(house)
    async with open_guest(house, name="Flo") as flo:
        await sign_in(house, flo)
        reject = {"action": "reject", "version": "1.0"}
        answers = await asyncio.gather(
            mo.post(f"{QUEUE}/p1", APPROVE), flo.post(f"{QUEUE}/p1", reject)
        )
        assert sorted(one.status_code for one in answers) == [200, 422]
        status = await status_of(house)
        winner, loser = ("Mo", flo) if status == "approved" else ("Flo", mo)
        (refused,) = [one for one in answers if one.status_code == 422]
        assert refused.json()["error"].startswith("That was decided already: ")
        assert winner in refused.json()["error"]
        # And whoever still looks at it is told too.
        found = await queue(loser, "p1")
        assert found["posts"] == []
        assert winner in found["gone"]["reason"]


async def test_two_must_agree_where_the_schedule_says_so(
    house: House, mo: Guest
) -> None:
    await add_post(house, approvals=2)
    answer = await mo.post(f"{QUEUE}/p1", APPROVE)
    assert answer.json()["settled"] is False
    (post,) = (await queue(mo))["posts"]
    assert (post["approved"], post["approvals"]) == (1, 2)
    press = (await queue(mo))["post"]["presses"][0]
    assert (press["name"], press["said"], press["mine"]) == ("Mo", "approves", True)


async def test_text_that_was_changed_meanwhile_is_not_approved_unseen(
    house: House, mo: Guest
) -> None:
    await add_post(house)
    assert (await mo.post(f"{QUEUE}/p1/text", TEXT)).status_code == 200
    post = (await queue(mo))["post"]
    assert (post["title"], post["body"], post["version"]) == ("Ours", "By hand.", "2.0")
    assert post["reason"] == "edited by Mo"
    for path, asked in (("p1", APPROVE), ("p1/text", TEXT)):
        answer = await mo.post(f"{QUEUE}/{path}", asked)
        assert answer.status_code == 422
        assert "another text or picture by now" in answer.json()["error"]
    assert await status_of(house) == "pending_review"
    assert (
        await mo.post(f"{QUEUE}/p1", {**APPROVE, "version": "2.0"})
    ).status_code == 200


NONSENSE: tuple[tuple[str, dict[str, object], str], ...] = (
    ("p1", {"action": "publish", "version": "1.0"}, "odd"),
    ("p1", {"action": ["approve"], "version": "1.0"}, "odd"),
    ("p1", {"action": "approve"}, "look at it again"),
    ("p1", {"action": "approve", "version": ["1.0"]}, "look at it again"),
    ("p1/text", {**TEXT, "title": " # "}, "needs a title"),
    ("p1/text", {**TEXT, "body": ""}, "needs a title"),
    ("p1/text", {**TEXT, "title": "x" * 201}, "too long"),
    ("p1/text", {**TEXT, "body": "x" * 20_001}, "too long"),
)


async def test_what_makes_no_sense_changes_nothing(house: House, mo: Guest) -> None:
    await add_post(house)
    for path, asked, told in NONSENSE:
        answer = await mo.post(f"{QUEUE}/{path}", asked)
        assert answer.status_code == 422, asked
        assert told in answer.json()["error"]
    assert await status_of(house) == "pending_review"


async def test_what_attacks_is_only_text(house: House, mo: Guest) -> None:
    await add_post(house, title=ATTACK, body=ATTACK, approvals=2)
    await mo.post(f"{QUEUE}/p1", {**APPROVE, "note": ATTACK})
    post = (await queue(mo))["post"]
    for html in (post["html"], *(p["html"] for p in previewed(post))):
        assert "<img" not in html
        assert "<script" not in html
        assert 'href="javascript' not in html
    answer = await mo.client.get(f"{QUEUE}?shown=p1")
    assert answer.headers["content-type"] == "application/json"


def previewed(post: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for one in post["previews"] for part in one["parts"]]
