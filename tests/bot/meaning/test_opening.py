import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.config_models import ModelsConfig
from bot.doctor.check import State
from bot.doctor.meaning_checks import check_meaning
from bot.meaning.meanings import NO_MEANINGS
from bot.meaning.opening import open_meanings, wanted_meaning
from bot.models.entry import PackageSource
from bot.models.meaning import MEANING_STARTER
from bot.models.presence import model_path

FETCH = "models fetch starter-meaning"


def put_damaged(folder: Path) -> None:
    """Put files of the right sizes, with nothing in them, where the starter belongs."""
    assert isinstance(MEANING_STARTER.source, PackageSource)
    path = model_path(MEANING_STARTER, folder)
    path.mkdir(parents=True)
    for member in MEANING_STARTER.source.members:
        with (path / member.file_name).open("wb") as file:
            file.truncate(member.size_bytes)


async def test_missing_model_is_told_and_done_without(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with open_meanings(ModelsConfig(), tmp_path) as meanings:
            assert meanings is NO_MEANINGS
            assert await meanings.embed(["one"]) is None
    (told,) = logs
    assert FETCH in told["reason"]
    check = check_meaning(ModelsConfig(), tmp_path)
    assert check.state is State.WARN
    assert FETCH in str(check.cure)


async def test_damaged_model_is_found_when_it_is_read(tmp_path: Path) -> None:
    put_damaged(tmp_path)
    with capture_logs() as logs:
        async with (
            open_meanings(ModelsConfig(), tmp_path) as meanings,
            asyncio.timeout(30),
        ):
            assert await meanings.embed(["one"]) is None
    assert FETCH in logs[0]["reason"]
    assert check_meaning(ModelsConfig(), tmp_path).state is State.WARN


@pytest.mark.parametrize(
    "tables", [{"meaning": {"model": ""}}, {"chat": {"model": "x", "backend": "fake"}}]
)
async def test_nothing_is_wanted_where_it_is_off_or_a_fake_writes(
    tables: dict[str, object], tmp_path: Path
) -> None:
    config = ModelsConfig.model_validate(tables)
    assert wanted_meaning(config) is None
    assert check_meaning(config, tmp_path).state is State.OK
    with capture_logs() as logs:
        async with open_meanings(config, tmp_path) as meanings:
            assert meanings is NO_MEANINGS
    assert logs == []


@pytest.mark.model
def test_starter_that_was_fetched_is_whole(meaning_model: Path) -> None:
    assert check_meaning(ModelsConfig(), meaning_model).state is State.OK
