"""/style: each community its own, in what is drawn for it and on its covers."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FakeClock
from bot.colour_names import COLOUR_NAMES, colour_name
from bot.commands.command import CommandContext
from bot.commands.registry import Registry
from bot.commands.style import style_command
from bot.community_style import CommunityStyles, read_palette
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import ALLOW, Action, Verdict
from bot.store.audit import AuditRepository
from bot.store.settings import SettingsRepository
from bot.words import Words
from tests.stores import new_store

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
HERE = Channel("fake", "here", "village")
MO = Author("mo", "Mo", Role.MODERATOR)


def verdict(subject: Subject) -> Verdict:
    """Block blood; take names out."""
    if "blood" in subject.text:
        return Verdict(Action.BLOCK, category="violence", filter="fake")
    if "Ada" in subject.text:
        text = subject.text.replace("Ada", "someone")
        return Verdict(Action.REDACT, filter="fake", text=text)
    return ALLOW


async def test_style_is_judged_before_it_is_kept(tmp_path: Path) -> None:
    async with new_store(tmp_path / "bot.sqlite3", clock=FakeClock()) as store:
        styles = CommunityStyles(SettingsRepository(store))
        command = style_command(styles, FilterChain([FakeFilter(verdict)]))

        async def say(rest: str, author: Author = MO) -> str:
            context = CommandContext(author, HERE, "en")
            answer = await Registry((command,), Words({})).run(
                f"/style {rest}", context
            )
            return str(answer.text)

        for wrong in ("line blood", "line", f"line {'x' * 121}", "palette red"):
            with pytest.raises(UserError):
                await say(wrong)
        with pytest.raises(UserError, match="Only moderators"):
            await say("line flat", Author("ada", "Ada"))
        assert "as the model likes" in await say("show")

        await say("line like  Ada paints")
        shown = await say("palette #B8471F, f0a95c #102060")
        assert (
            "like someone paints, in rust red and light orange and navy blue" in shown
        )
        assert "#b8471f #f0a95c #102060" in shown
        other = replace(HERE, community_id="city")
        assert await styles.words_for(other) == ""
        kept = [one.entry for one in await AuditRepository(store).latest(9)]
        facts = [one.facts for one in kept if one.subject.endswith("style-line")]
        assert facts == [{}]  # the words themselves are not in it
        await say("clear")
        assert await styles.words_for(HERE) == ""


@pytest.mark.parametrize("text", ["", "red", "#12345", "#12345g", "#111111 " * 4])
def test_what_is_no_palette_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="one to three colours"):
        read_palette(text)


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_has_a_name_and_named_ones_their_own(number: int) -> None:
    assert colour_name(f"#{number:06x}") in COLOUR_NAMES
    for name, (red, green, blue) in COLOUR_NAMES.items():
        assert colour_name(f"#{red:02x}{green:02x}{blue:02x}") == name


async def test_style_changes_what_is_drawn_there_and_not_what_is_said(
    open_bot: OpenBot,
) -> None:
    chat = {"model": "fake", "backend": "fake"}
    image = {"model": "painter", "backend": "fake"}
    async with (
        asyncio.timeout(60),
        open_bot(models={"chat": chat, "image": image}) as bot,
    ):

        async def drawn() -> tuple[bytes, str]:
            message = bot.platform.say("Ada", "/imagine seed=5 a fox")
            (file,) = (await bot.platform.answered(message)).attachments
            return file.content, file.description

        plain, _ = await drawn()
        await bot.ask("/style line soft light", who=MO)
        styled, said = await drawn()
        assert styled != plain
        assert said == "a fox"
        await bot.ask("/style clear", who=MO)
        assert (await drawn())[0] == plain
