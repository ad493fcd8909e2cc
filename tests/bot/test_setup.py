from collections.abc import Callable
from pathlib import Path

from bot.setup import Setup, aside


def test_places_are_relative_to_the_settings(
    make_setup: Callable[..., Setup], tmp_path: Path
) -> None:
    setup = make_setup(bot={"cache_folder": "cache"}, store={"path": "a/b.sqlite3"})
    assert setup.store_path == tmp_path / "a" / "b.sqlite3"
    assert setup.models_folder == tmp_path / "cache" / "models"
    setup = make_setup(bot={"cache_folder": "~/cache"}, store={"path": "/b.sqlite3"})
    assert setup.store_path == Path("/b.sqlite3")
    assert setup.models_folder == Path.home() / "cache" / "models"


def test_aside_leaves_the_store_alone_and_nothing_behind(
    make_setup: Callable[..., Setup],
) -> None:
    setup = make_setup()
    with aside(setup) as passing:
        folder = passing.store_path.parent
        assert folder.is_dir()
        assert folder != setup.store_path.parent
        assert passing.models_folder == setup.models_folder
        passing.store_path.touch()
    assert not folder.exists()


def test_setup_does_not_show_what_is_in_the_environment(
    make_setup: Callable[..., Setup],
) -> None:
    assert "environ" not in repr(make_setup())
