from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.commands.command import CommandContext
from bot.commands.desk import desk_command
from bot.commands.registry import Registry
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.store.desk_visits import DeskGrant, DeskVisitRepository, link_key
from bot.words import Text, Words
from tests.stores import new_store

MO = Author("77", "Mo", Role.MODERATOR)
DEN = Channel("discord", "9", "7", name="den")


@pytest.fixture
async def visits(tmp_path: Path) -> AsyncIterator[DeskVisitRepository]:
    path = tmp_path / "store.sqlite3"
    async with new_store(path, clock=FakeClock()) as store:
        yield DeskVisitRepository(store)


async def run(
    visits: DeskVisitRepository,
    line: str = "/desk",
    *,
    author: Author = MO,
    channel: Channel = DEN,
    url: str = "http://hearth.example/",
) -> str:
    registry = Registry([desk_command(visits, lambda: url)], Words.load())
    answer = await registry.run(line, CommandContext(author, channel, "en"))
    assert answer.is_private
    assert isinstance(answer.text, Text)
    return Words.load().say(answer.text, "en")


async def test_members_get_no_link(visits: DeskVisitRepository) -> None:
    with pytest.raises(UserError, match="Only moderators"):
        await run(visits, author=Author("1", "Ann"))


async def test_without_a_page_there_is_no_desk(visits: DeskVisitRepository) -> None:
    with pytest.raises(UserError, match="not open"):
        await run(visits, url="")


async def test_link_opens_the_desk_with_the_rights_of_the_place(
    visits: DeskVisitRepository,
) -> None:
    said = await run(visits)
    address, _, token = said.split()[-1].partition("#")
    assert address == "http://hearth.example/desk/enter"
    grant = await visits.begin(link_key(token), "s1")
    assert grant == DeskGrant("77", "Mo", Role.MODERATOR, DEN)


async def test_on_the_page_nothing_secret_is_written(
    visits: DeskVisitRepository,
) -> None:
    said = await run(visits, channel=Channel("web", "moderators", "web"))
    assert said.endswith("http://hearth.example/desk")


async def test_signing_out_ends_links_and_visits(visits: DeskVisitRepository) -> None:
    token = (await run(visits)).rpartition("#")[2]
    assert "1 link or visit" in await run(visits, "/desk end")
    assert await visits.begin(link_key(token), "s1") is None
