from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.config_models import ImageModelConfig
from bot.doctor.check import State
from bot.doctor.picture_checks import check_drawing
from bot.models.machine import Machine

BuildPipeline = Callable[[str], Path]
GIB = 1024**3
HERE = Machine("Linux x86_64", (3, 11, 0), 2, 8 * GIB, 6 * GIB)


def test_what_is_switched_off_is_well_and_says_how_to_have_it(tmp_path: Path) -> None:
    check = check_drawing(ImageModelConfig(model=""), HERE, tmp_path)
    assert (check.name, check.state) == ("drawing", State.OK)
    assert "hearthbot[pictures]" in str(check.text)


def test_model_that_there_is_not_fails(tmp_path: Path) -> None:
    check = check_drawing(ImageModelConfig(model="no such model"), HERE, tmp_path)
    assert check.state is State.FAIL
    assert "no such model" in str(check.text)


def test_folder_that_holds_no_pipeline_fails(tmp_path: Path) -> None:
    check = check_drawing(ImageModelConfig(model=str(tmp_path)), HERE, tmp_path)
    assert check.state is State.FAIL
    assert "model_index.json" in str(check.text)


def test_model_of_the_hub_is_said_to_come_later(tmp_path: Path) -> None:
    for model in ("some-body/a-model", "sd-turbo"):
        config = ImageModelConfig(model=model)
        assert check_drawing(config, HERE, tmp_path).state is State.WARN


def test_cuda_where_there_is_none_fails(tmp_path: Path) -> None:
    config = ImageModelConfig(model="some-body/a-model", device="cuda")
    check = check_drawing(config, HERE, tmp_path)
    assert check.state is State.FAIL
    assert "device" in str(check.cure)


def test_fake_draws_and_a_model_larger_than_the_machine_does_not(
    build_pipeline: BuildPipeline, tmp_path: Path
) -> None:
    fake = ImageModelConfig(model="anything", backend="fake")
    assert check_drawing(fake, HERE, tmp_path).state is State.OK

    config = ImageModelConfig(model=str(build_pipeline("sd")))
    assert check_drawing(config, HERE, tmp_path).state is State.OK
    check = check_drawing(config, replace(HERE, memory_bytes=1000), tmp_path)
    assert check.state is State.FAIL
    assert "needs about" in str(check.text)
