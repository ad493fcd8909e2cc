from pathlib import Path

import pytest

from bot.config import Config
from bot.doctor.check import State
from bot.doctor.safety_checks import check_bigger_guard, check_guard, check_pictures
from bot.models.machine import inspect_machine


def guarded(**guard: object) -> Config:
    return Config.model_validate({"models": {"guard": guard}})


def test_guard_without_its_weights_fails_and_says_so(tmp_path: Path) -> None:
    check = check_guard(tmp_path)

    assert (check.name, check.state) == ("guard", State.FAIL)
    assert str(tmp_path) in str(check.text)


def test_guard_that_ships_is_whole() -> None:
    assert check_guard().state is State.OK


@pytest.mark.parametrize(
    ("guard", "state"),
    [
        ({"model": "/nowhere/llama-guard-3.gguf"}, State.FAIL),
        ({"model": "some/stranger"}, State.FAIL),
        ({"model": "big", "backend": "fake", "style": "qwen3guard"}, State.OK),
    ],
)
def test_bigger_guard_is_looked_for(
    tmp_path: Path, guard: dict[str, object], state: State
) -> None:
    check = check_bigger_guard(
        guarded(**guard), machine=inspect_machine(), models_folder=tmp_path
    )

    assert check is not None
    assert check.state is state


def test_starter_needs_no_bigger_guard(tmp_path: Path) -> None:
    check = check_bigger_guard(
        guarded(), machine=inspect_machine(), models_folder=tmp_path
    )

    assert check is None


def test_pictures_are_looked_at_where_they_are_wanted() -> None:
    wanted = check_pictures(Config())
    unwanted = check_pictures(
        Config.model_validate({"safety": {"pictures": {"enabled": False}}})
    )

    assert wanted is not None
    assert wanted.state in (State.OK, State.WARN)
    assert unwanted is None
