"""What the settings make of judging pictures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.clock import FakeClock
from bot.messages import Channel
from bot.picturing import open_pictures
from bot.setup import Setup
from bot.store.picture_hashes import PictureHashRepository
from tests.stores import new_store

MakeSetup = Callable[..., Setup]


async def test_pictures_are_left_alone_where_nobody_wants_them_judged(
    make_setup: MakeSetup, tmp_path: Path
) -> None:
    setup = make_setup(safety={"pictures": {"enabled": False}})
    async with (
        new_store(tmp_path / "store", clock=FakeClock()) as store,
        open_pictures(setup, store) as parts,
    ):
        assert parts is None


async def test_text_in_pictures_is_read_only_where_it_is_wanted(
    make_setup: MakeSetup, tmp_path: Path
) -> None:
    pictures: dict[str, Any] = {"read_text": False, "max_distance": 3}
    setup = make_setup(safety={"pictures": pictures})
    async with (
        new_store(tmp_path / "store", clock=FakeClock()) as store,
        open_pictures(setup, store) as parts,
    ):
        assert parts is not None
        assert parts.reader is None
        assert parts.max_distance == 3


async def test_list_of_pictures_is_that_of_the_community(
    make_setup: MakeSetup, tmp_path: Path
) -> None:
    async with (
        new_store(tmp_path / "store", clock=FakeClock()) as store,
        open_pictures(make_setup(), store) as parts,
    ):
        assert parts is not None
        repository = PictureHashRepository(store)
        await repository.add("community:web:home", [0xFF], note="spam", added_by="Mo")

        here = await parts.hashes_of(Channel("web", "general", "home"))
        there = await parts.hashes_of(Channel("web", "plaza", "abroad"))
        nowhere = await parts.hashes_of(None)

        assert here.matches(0xFF, max_distance=0)
        assert not there.matches(0xFF, max_distance=0)
        assert not nowhere.matches(0xFF, max_distance=0)
