from pathlib import Path

import pytest

from bot.config_models import ModelsConfig
from bot.doctor.check import Check, State
from bot.doctor.sound_checks import check_sounds
from bot.generation.requests import Kind
from bot.models.entry import PackageSource
from bot.models.presence import model_path
from bot.models.sounds import SOUND_STARTERS


def checks(config: ModelsConfig, folder: Path) -> dict[str, Check]:
    return {check.name: check for check in check_sounds(config, folder)}


def both(model: str, backend: str = "auto") -> ModelsConfig:
    table = {"model": model, "backend": backend}
    return ModelsConfig.model_validate({"transcript": table, "speech": table})


def test_models_that_are_not_here_fail_each_for_itself(tmp_path: Path) -> None:
    found = checks(both("starter"), tmp_path)

    assert {check.state for check in found.values()} == {State.FAIL}
    assert "models fetch starter-transcript" in str(found["listening"].text)
    assert "models fetch starter-speech" in str(found["speaking"].text)


def test_damaged_model_is_found_by_reading_it(tmp_path: Path) -> None:
    entry = SOUND_STARTERS[Kind.SPEECH]
    assert isinstance(entry.source, PackageSource)
    path = model_path(entry, tmp_path)
    path.mkdir()
    for member in entry.source.members:
        with (path / member.file_name).open("wb") as file:
            file.truncate(member.size_bytes)
    config = ModelsConfig.model_validate({"speech": {"model": "starter"}})

    check = checks(config, tmp_path)["speaking"]

    assert check.state is State.FAIL
    assert "models fetch starter-speech" in str(check.cure)


def test_what_is_switched_off_is_well_and_says_how_to_have_it(tmp_path: Path) -> None:
    found = checks(ModelsConfig(), tmp_path)

    assert {check.state for check in found.values()} == {State.OK}
    assert "hearthbot[listening]" in str(found["listening"].text)
    assert "hearthbot[speaking]" in str(found["speaking"].text)


def test_what_works_says_through_what(tmp_path: Path) -> None:
    found = checks(both("x", "fake"), tmp_path)

    assert found["listening"].state is found["speaking"].state is State.OK
    assert "fake-transcript" in str(found["listening"].text)
    assert "fake-speech" in str(found["speaking"].text)


@pytest.mark.model
def test_starters_that_were_fetched_are_whole(sound_models: Path) -> None:
    found = checks(both("starter"), sound_models)

    assert {check.state for check in found.values()} == {State.OK}
