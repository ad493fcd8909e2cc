import re
from pathlib import Path
from typing import Any

import pytest

from bot.config_models import ModelsConfig
from bot.errors import ConfigError, MissingError
from bot.extras import require_package
from bot.generation.backends import BACKENDS
from bot.generation.requests import Kind, ModelSpec
from bot.models.catalogue import CATALOGUE
from bot.models.choose_sound import resolve_sounds, wanted_sounds
from bot.models.entry import PackageSource
from bot.models.presence import model_path
from bot.models.sounds import ALL_MODELS, SOUND_STARTERS


def config(**tables: Any) -> ModelsConfig:
    return ModelsConfig.model_validate(tables)


STARTERS = config(transcript={"model": "starter"}, speech={"model": "starter"})


def put_starter(kind: Kind, folder: Path) -> None:
    """Put files of the right sizes where the starter should be."""
    entry = SOUND_STARTERS[kind]
    assert isinstance(entry.source, PackageSource)
    path = model_path(entry, folder)
    path.mkdir(parents=True)
    for member in entry.source.members:
        with (path / member.file_name).open("wb") as file:
            file.truncate(member.size_bytes)


@pytest.mark.parametrize("kind", SOUND_STARTERS)
def test_starter_that_is_not_fetched_says_how(kind: Kind, tmp_path: Path) -> None:
    name = SOUND_STARTERS[kind].name

    with pytest.raises(MissingError, match=f"hearthbot models fetch {name}"):
        resolve_sounds(config(**{kind.value: {"model": "starter"}}), tmp_path)


@pytest.mark.parametrize(
    ("table", "model"),
    [
        ("transcript", "starte"),
        ("transcript", "starter-speech"),
        ("transcript", "/nowhere/at/all"),
        ("speech", "rhasspy/piper-voices"),
        ("speech", "qwen3-8b"),
    ],
)
def test_model_that_there_is_not_is_named_with_its_table(
    table: str, model: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"[models.{table}]")) as error:
        resolve_sounds(config(**{table: {"model": model}}), tmp_path)

    assert model in str(error.value)


def test_missing_package_says_which_extra_brings_it() -> None:
    with pytest.raises(MissingError, match=r"pip install 'hearthbot\[speaking\]'"):
        require_package("no_such_package_at_all", extra="speaking")


def test_nothing_is_wanted_where_nothing_is_configured(tmp_path: Path) -> None:
    assert resolve_sounds(config(), tmp_path) == {}
    assert list(wanted_sounds(config())) == []


def test_starters_are_wanted_but_fakes_are_not() -> None:
    fakes = config(
        transcript={"model": "starter", "backend": "fake"},
        speech={"model": "x", "backend": "fake"},
    )

    assert list(wanted_sounds(STARTERS)) == list(SOUND_STARTERS.values())
    assert list(wanted_sounds(fakes)) == []


def test_starters_are_loaded_from_where_they_were_fetched(tmp_path: Path) -> None:
    for kind in SOUND_STARTERS:
        put_starter(kind, tmp_path)

    specs = resolve_sounds(STARTERS, tmp_path)

    for kind, entry in SOUND_STARTERS.items():
        spec = specs[kind]
        assert (spec.name, spec.backend) == (kind.value, entry.backend)
        assert spec.location == str(tmp_path / entry.name)
        assert spec.memory_bytes == entry.memory_bytes
        assert BACKENDS[spec.backend]().kind is kind


def test_models_of_your_own_are_named_by_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "voice.onnx").write_bytes(bytes(1000))
    own = config(
        transcript={"model": "Systran/faster-whisper-small"},
        speech={"model": str(tmp_path / "voice.onnx")},
    )

    specs = resolve_sounds(own, tmp_path)

    assert specs[Kind.TRANSCRIPT].location == "Systran/faster-whisper-small"
    assert specs[Kind.TRANSCRIPT].memory_bytes == 0
    assert specs[Kind.SPEECH].memory_bytes == 1500


def test_fakes_need_nothing(tmp_path: Path) -> None:
    fakes = config(speech={"model": "x", "backend": "fake"})

    assert resolve_sounds(fakes, tmp_path) == {
        Kind.SPEECH: ModelSpec("speech", "fake-speech", "x", max_parallel=1)
    }


@pytest.mark.parametrize("kind", SOUND_STARTERS)
def test_starter_is_complete(kind: Kind) -> None:
    entry = SOUND_STARTERS[kind]
    assert entry.kind is kind
    assert isinstance(entry.source, PackageSource)
    names = [member.file_name for member in entry.source.members]
    assert len(set(names)) == len(names) > 1
    assert all(re.fullmatch(r"[0-9a-f]{64}", m.sha256) for m in entry.source.members)
    assert ALL_MODELS[entry.name] is entry
    assert entry.name not in CATALOGUE
