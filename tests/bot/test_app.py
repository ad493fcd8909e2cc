"""The whole that the composition root builds: in order, and down again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from bot.adapter import Adapter
from bot.app import ADAPTERS, App, open_app
from bot.app_models import find_models
from bot.errors import MissingError, NetworkError
from bot.generation.requests import ModelSpec
from bot.models.machine import inspect_machine
from bot.safety.fake import FakeClassifier
from bot.setup import Setup
from bot.words import T

if TYPE_CHECKING:
    from tests.bot.conftest import OpenBot

MakeSetup = Callable[..., Setup]
HARMLESS = FakeClassifier({})
FAKE = {"fake": ModelSpec("fake", "fake", "")}


class _Unreachable(FakeAdapter):
    """A platform that cannot be reached."""

    @override
    async def __aenter__(self) -> FakeAdapter:
        raise NetworkError(T("Nobody answers."))


def _unreachable(app: App) -> Adapter:
    return _Unreachable(app.responder)


async def test_platform_that_cannot_be_reached_takes_all_down_again(
    make_setup: MakeSetup,
) -> None:
    setup = make_setup()
    platforms = {"fake": ADAPTERS["fake"], "gone": _unreachable}
    before = asyncio.all_tasks()
    with pytest.raises(NetworkError, match="Nobody answers"):
        async with open_app(
            setup, ["fake", "gone"], models=FAKE, guard=HARMLESS, adapters=platforms
        ):
            raise AssertionError("never open")
    assert asyncio.all_tasks() == before
    async with open_app(
        setup, ["fake"], models=FAKE, guard=HARMLESS
    ) as app:  # the store is free
        assert list(app.adapters) == ["fake"]


def test_models_that_are_not_here_are_told(make_setup: MakeSetup) -> None:
    chat = {"model": "mine.gguf", "backend": "auto"}
    with pytest.raises(MissingError, match="no model at mine"):
        find_models(make_setup(models={"chat": chat}), inspect_machine())


def test_models_are_the_default_and_those_allowed_each_once(
    make_setup: MakeSetup,
) -> None:
    chat = {"model": "one", "allowed": ["two", "one"], "backend": "fake"}
    found = find_models(make_setup(models={"chat": chat}), inspect_machine())
    assert list(found) == ["one", "two"]
    assert {spec.backend for spec in found.values()} == {"fake"}


async def test_app_is_ready_once_the_model_is_loaded(open_bot: OpenBot) -> None:
    async with open_bot({"load_delay_s": 0.1}) as bot:
        health = bot.app.health
        assert health.ready()[0] is False
        await bot.app.engine.load("fake")
        is_ready, known = health.ready()
        assert is_ready
        assert known["checks"] == {"filters": True, "model": True, "platforms": True}
        assert health.alive()[0]


async def test_moderators_password_is_made_once(make_setup: MakeSetup) -> None:
    setup = make_setup()
    for is_new in (True, False):
        async with open_app(setup, (), models=FAKE, guard=HARMLESS) as app:
            assert (await app.make_password() is not None) is is_new


async def test_drained_app_answers_what_was_begun_and_refuses_the_rest(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"tokens": 20, "delay_s": 0.02}) as bot:
        begun = bot.platform.say("Ada", "Hello")
        async with asyncio.timeout(20):
            while not bot.app.engine.status().running:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.01)
        await bot.app.drain()
        assert len((await bot.platform.answered(begun)).text.split()) == 20
        refused = await bot.ask("One more?")
        assert refused
        assert "Traceback" not in refused


@pytest.mark.parametrize("name", ADAPTERS)
async def test_every_platform_is_built_under_its_own_name(
    make_setup: MakeSetup, name: str
) -> None:
    tokens = {"DISCORD_TOKEN": "1.2.3", "TELEGRAM_TOKEN": "123456789:" + "A" * 35}
    setup = replace(make_setup(adapters={"web": {"port": 0}}), environ=tokens)
    async with open_app(setup, (), models=FAKE, guard=HARMLESS) as app:
        assert ADAPTERS[name](app).name == name
