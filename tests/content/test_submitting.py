"""A picture that was drawn in a chat goes before the moderators, and then out."""

import io
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PIL import Image

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.commands.command import Answer, CommandContext
from bot.commands.registry import Registry
from bot.config import Config, ScheduleConfig
from bot.errors import UserError
from bot.messages import Author, Role, scope_of
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import ALLOW, Action, Verdict
from bot.store.drawn import DrawnRepository, Purpose, StoredDrawing
from bot.store.store import Store
from bot.words import Words
from content.commands.post_picture import post_picture_command
from content.content import Content
from content.posts import PostStatus
from content.review import ReviewAction
from tests.content.test_holding import until_it_is

MO = Author("mo", "Mo", Role.OWNER)
ADA = Author("ada", "Ada")
BLOCK = Verdict(Action.BLOCK, category="violence", score=1.0, filter="fake")
PROMPT = "a lighthouse on a cliff in the evening light"


def verdict(subject: Subject) -> Verdict:
    """Block wolves in words, and pictures of seed 13."""
    seeds = [one.provenance.seed for one in subject.attachments if one.provenance]
    return BLOCK if "wolf" in subject.text or 13 in seeds else ALLOW


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(file, "PNG")
    return file.getvalue()


class Rig:
    def __init__(self, content: Content, store: Store, adapter: FakeAdapter) -> None:
        self.content = content
        self.place = adapter.channel("general")
        self.drawn = DrawnRepository(store)
        chain = FilterChain([FakeFilter(verdict)])
        command = post_picture_command(content, self.drawn, chain)
        self.registry = Registry((command,), Words({}))

    async def sheet(self, prompt: str = PROMPT, seed: int = 5) -> str:
        return await self.drawn.keep(
            scope_of(self.place, ADA),
            ADA,
            purpose=Purpose.PICTURE,
            prompt=prompt,
            model="painter",
            pictures=[StoredDrawing(1, png(), seed)],
        )

    async def run(self, line: str, author: Author = MO) -> Answer:
        context = CommandContext(author, self.place, "en")
        return await self.registry.run(f"/postpicture {line}", context)


async def test_what_may_not_be_a_post_leaves_nothing_behind(
    make_content: Callable[..., Content],
    make_config: Callable[..., Config],
    store: Store,
    adapter: FakeAdapter,
) -> None:
    chain = FilterChain([FakeFilter(verdict)])
    async with make_content(make_config(), chain=chain) as content:
        rig = Rig(content, store, adapter)
        with pytest.raises(UserError, match="Only moderators"):
            await rig.run(await rig.sheet(), ADA)
        for prompt, seed in (("a wolf", 5), (PROMPT, 13)):
            with pytest.raises(UserError, match="cannot be a post"):
                await rig.run(await rig.sheet(prompt, seed))
        with pytest.raises(UserError, match="no schedule “weekly”"):
            await rig.run(f"{await rig.sheet()} 1 weekly")
        assert await content.posts.list(limit=9) == ()
        assert await content.runs.recent("daily", limit=9) == ()


async def test_of_several_schedules_one_is_asked_for(
    make_content: Callable[..., Content],
    make_config: Callable[..., Config],
    store: Store,
    adapter: FakeAdapter,
) -> None:
    (daily,) = make_config().schedule
    weekly = ScheduleConfig.model_validate({**daily.model_dump(), "id": "weekly"})
    async with make_content(Config(schedule=(daily, weekly))) as content:
        rig = Rig(content, store, adapter)
        sheet_id = await rig.sheet()
        answer = await rig.run(sheet_id)
    assert [one.command for one in answer.buttons] == [
        f"/postpicture {sheet_id} 1 daily",
        f"/postpicture {sheet_id} 1 weekly",
    ]


async def test_picture_goes_out_when_moderators_approve(
    make_content: Callable[..., Content],
    make_config: Callable[..., Config],
    store: Store,
    adapter: FakeAdapter,
    clock: FakeClock,
    passing: Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]],
) -> None:
    config = make_config(cron="0 9 1 12 *")
    async with make_content(config) as content:
        rig = Rig(content, store, adapter)
        told = await rig.run(await rig.sheet())
        post_id = await until_it_is(content, clock, PostStatus.PENDING_REVIEW)
        assert post_id in str(told.text)
        await content.review.decide(post_id, ReviewAction.APPROVE, MO, place=rig.place)
        await passing(content.settled())
        post = await content.posts.get(post_id)
    assert post is not None
    assert (post.status, post.kind, post.title) == (
        PostStatus.PUBLISHED,
        "picture",
        PROMPT.capitalize(),
    )
    shown = adapter.platform.visible(adapter.channel("announcements"))
    (file,) = shown[-1].message.attachments
    assert file.provenance is not None
    assert (file.provenance.model, file.provenance.seed) == ("painter", 5)
    assert file.description == f"A picture made by AI: {PROMPT.capitalize()}"
    assert Image.open(io.BytesIO(file.content)).size == (512, 512)
