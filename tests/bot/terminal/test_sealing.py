"""`hearthbot store`: a key for the texts, told in plain words."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.clock import FakeClock
from bot.conversation import Turn
from bot.errors import MissingError, StoreSealedError
from bot.generation.requests import TurnRole
from bot.messages import Scope
from bot.setup import Setup
from bot.store.store import Store
from bot.store.turns import TurnRepository
from bot.terminal.sealing import rotate_store, seal_store

if TYPE_CHECKING:
    from tests.bot.conftest import Home

VARIABLE = "HEARTHBOT_STORE_KEY"
OLD, NEW = (base64.b64encode(letter * 32).decode() for letter in (b"o", b"n"))
SCOPE = Scope("web", "home", "general", None, None)
WORDS = b"zwetschgenknoedel"


def test_key_is_alone_on_stdout_and_what_to_do_beside_it(home: Home) -> None:
    made = home.run("store", "key")
    assert (made.code, made.is_kind) == (0, True)
    assert len(base64.b64decode(made.out.strip(), validate=True)) == 32
    assert VARIABLE in made.err
    assert made.out.strip() not in made.err


@pytest.fixture
def with_keys(make_setup: Callable[..., Setup]) -> Callable[[str], Setup]:
    return lambda keys: replace(make_setup(), environ={VARIABLE: keys})


@pytest.mark.parametrize("keys", ["", " \n"])
async def test_without_a_key_it_says_how_to_get_one(
    keys: str, with_keys: Callable[[str], Setup]
) -> None:
    for command in (seal_store, rotate_store):
        with pytest.raises(MissingError, match="hearthbot store key"):
            await command(with_keys(keys))
    assert not with_keys(keys).store_path.exists()


async def test_store_is_sealed_and_its_key_changed(
    with_keys: Callable[[str], Setup], capsys: pytest.CaptureFixture[str]
) -> None:
    setup = with_keys(OLD)
    async with Store.open(setup.store_path, backups=1, clock=FakeClock()) as store:
        now_utc = store.clock.now_utc()
        said = Turn(SCOPE, TurnRole.USER, WORDS.decode(), "m1", now_utc)
        await TurnRepository(store).add(said)
    with pytest.raises(MissingError, match="one key only"):
        await rotate_store(setup)
    await seal_store(setup)
    assert WORDS not in setup.store_path.read_bytes()
    assert "1 text sealed." in capsys.readouterr().out
    await seal_store(setup)
    assert "sealed already" in capsys.readouterr().out
    with pytest.raises(StoreSealedError):
        await seal_store(with_keys(NEW))
    await rotate_store(with_keys(f"{NEW},{OLD}"))
    await seal_store(with_keys(NEW))
    assert "sealed already" in capsys.readouterr().out.splitlines()[-1]
