"""Posts and moderators for tests of the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from adapters.web.sign_in import ensure_password
from bot.store.posts import StoredPost
from bot.store.reviews import ReviewRepository
from bot.words import T

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House

__all__ = ["OURS", "PASSWORD", "THEIRS", "add_post", "sign_in"]

PASSWORD = "by the fire"
OURS, THEIRS = "community:web:web", "community:discord:7"


async def sign_in(house: House, guest: Guest) -> None:
    """Give a guest a moderator's seat."""
    environ = {"P": PASSWORD}
    await ensure_password(house.accounts, password_env="P", environ=environ)
    answer = await guest.post("/api/sign-in", {"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    await guest.visit()


async def add_post(
    house: House,
    post_id: str = "p1",
    *,
    community: str = OURS,
    status: str = "pending_review",
    approvals: int = 1,
    **more: Any,
) -> StoredPost:
    """Keep a post that waits for the moderators of a community."""
    content = house.content
    now_utc = content.clock.now_utc()
    post = StoredPost(
        id=post_id,
        kind="article",
        topic="Foxes",
        status="drafting",
        language="en",
        persona="hearth",
        created_utc=now_utc,
        updated_utc=now_utc,
        title=f"Foxes {post_id}",
        body="They hear a mouse **under** the snow.",
    )
    post = replace(post, **more)
    await content.posts.create(post, actor="writer")
    await ReviewRepository(content.store).open(
        post_id,
        communities=(community,),
        approvals=approvals,
        expires_utc=now_utc + timedelta(hours=1),
    )
    await content.posts.transition(
        post_id, "drafting", status, actor="writer", reason=T("score 0.9")
    )
    return post
