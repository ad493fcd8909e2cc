"""Posts and moderators for tests of the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from adapters.web.convert import room_channel
from adapters.web.sign_in import ensure_password
from bot.cases import CaseMessage
from bot.conversation import Turn
from bot.generation.requests import TurnRole
from bot.messages import Author, Channel, Role, scope_of
from bot.safety.filter import Judgement, Subject
from bot.safety.verdict import Action, Stage, Verdict
from bot.store.case_intake import CaseIntake
from bot.store.desk_visits import DeskGrant, DeskVisitRepository, link_key
from bot.store.judgements import JudgementRepository
from bot.store.posts import StoredPost
from bot.store.reviews import ReviewRepository
from bot.store.turns import TurnRepository
from bot.words import T

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest

__all__ = [
    "OURS",
    "PASSWORD",
    "THEIRS",
    "add_case",
    "add_post",
    "add_talker",
    "add_verdict",
    "open_linked",
    "sign_in",
]

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


async def add_verdict(
    house: House,
    text: str,
    *,
    score: float = 0.8,
    category: str = "violence",
    place: Channel | None = None,
) -> int:
    """Keep that a filter refused a text in a room; return the verdict's number."""
    author, channel = Author("1", "Ada"), place or room_channel("general")
    verdict = Verdict(Action.BLOCK, category, score, "guard", f"{category} {score}")
    judgement = Judgement(verdict, "", (verdict,), verdict, {category: score}, text)
    return await JudgementRepository(house.content.store).add(
        "m1",
        Subject(text, Stage.INPUT, channel, author),
        judgement,
        author=author,
        channel=channel,
    )


@asynccontextmanager
async def open_linked(
    house: House,
    open_guest: OpenGuest,
    place: Channel,
    *,
    role: Role = Role.MODERATOR,
    name: str = "Lin",
) -> AsyncIterator[Guest]:
    """Open the browser of somebody who came by a link that they asked for in a place.

    The link's token is their name.
    """
    grants = DeskVisitRepository(house.content.store)
    await grants.hand_out(link_key(name), DeskGrant("77", name, role, place))
    async with open_guest(house, name=None) as guest:
        answer = await guest.post("/desk/api/enter", {"token": name})
        assert answer.status_code == 200, answer.text
        await guest.visit()
        yield guest


async def add_case(
    house: House,
    text: str,
    *,
    place: Channel | None = None,
    author: Author | None = None,
    reason: str = "rude",
) -> int:
    """Keep that Ada reported a message of a channel; return the case's number."""
    channel = place or room_channel("general")
    writer = author or Author("11", "Cy")
    message = CaseMessage(
        channel_key=channel.key,
        message_id=f"m-{text[:20]}",
        author_id=writer.id,
        author_name=writer.name,
        text=text,
        link="https://example.org/there",
    )
    ada = Author("1", "Ada")
    intake = CaseIntake(house.content.store)
    reported = await intake.report(message, channel, ada, reason=reason)
    assert reported is not None
    return reported[0].number


async def add_talker(house: House, person: Author, place: Channel) -> None:
    """Keep that somebody said something in a channel."""
    turn = Turn(
        scope=scope_of(place, person),
        role=TurnRole.USER,
        text="what they said is theirs",
        message_id=f"t-{person.id}",
        created_utc=house.content.clock.now_utc(),
        author_id=person.id,
        author_name=person.name,
    )
    await TurnRepository(house.content.store).add(turn)
