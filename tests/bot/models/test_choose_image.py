from pathlib import Path

import pytest

from bot.config_models import ImageModelConfig
from bot.errors import ConfigError
from bot.generation.backends import BACKENDS
from bot.generation.requests import Kind, ModelSpec
from bot.models.choose_image import resolve_image, wanted_image


@pytest.mark.parametrize("model", ["no such model", "/nowhere/at/all", "starter-text"])
def test_model_that_there_is_not_is_named_with_its_table(
    model: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"\[models\.image\]") as error:
        resolve_image(ImageModelConfig(model=model), tmp_path)

    assert model in str(error.value)


def test_nothing_draws_where_nothing_is_configured(tmp_path: Path) -> None:
    assert resolve_image(ImageModelConfig(), tmp_path) is None
    assert wanted_image(ImageModelConfig()) is None


def test_fake_needs_nothing(tmp_path: Path) -> None:
    fake = ImageModelConfig(model="starter", backend="fake")

    spec = resolve_image(fake, tmp_path)

    assert spec == ModelSpec("image", "fake-image", "starter", max_parallel=1)
    assert BACKENDS[spec.backend]().kind is Kind.IMAGE
    assert wanted_image(fake) is None


def test_model_of_your_own_is_named_by_where_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "painter" / "unet"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(bytes(1000))

    own = resolve_image(
        ImageModelConfig(model=str(tmp_path / "painter"), device="cpu"), tmp_path
    )
    hub = resolve_image(ImageModelConfig(model="some-body/a-model"), tmp_path)

    assert own is not None
    assert (own.backend, own.memory_bytes) == ("diffusers", 1200)
    assert dict(own.options) == {"device": "cpu"}
    assert hub is not None
    assert (hub.location, hub.memory_bytes) == ("some-body/a-model", 0)
