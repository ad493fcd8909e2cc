"""/persona, /model and /language: what counts where, and who may change it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest

from bot.avatars import Avatars
from bot.clock import SystemClock
from bot.commands.command import CommandContext
from bot.commands.language import language_command
from bot.commands.model import model_command
from bot.commands.persona import persona_command
from bot.commands.registry import Registry
from bot.config import Config
from bot.errors import UserError
from bot.fake_settings import FakeSettings
from bot.messages import Author, Channel, Role
from bot.pauses import Pauses
from bot.preferences import Preferences
from bot.safety.filter import FilterChain
from bot.store.avatars import AvatarRepository
from bot.store.settings import SettingsRepository
from bot.tasks import Tasks
from bot.words import Words
from tests.stores import new_store

HERE = Channel("fake", "here", "village")
THERE = Channel("fake", "there", "village")
ELSEWHERE = Channel("fake", "here", "town")
ADA = Author("ada", "Ada")
MODERATOR = Author("mo", "Mo", Role.MODERATOR)
CONFIG = Config.model_validate(
    {
        "bot": {"name": "Ember", "persona": "hearth"},
        "models": {"chat": {"model": "starter", "allowed": ["big", "starter"]}},
        "personas": {
            "hearth": {"prompt": "You are {name}.", "summary": "Warm."},
            "sage": {"prompt": "You are wise."},
        },
    }
)


class Run(Protocol):
    """Runs a line and returns what is said."""

    async def __call__(
        self, line: str, author: Author = ..., channel: Channel = ...
    ) -> str: ...


@pytest.fixture
def settings() -> FakeSettings:
    return FakeSettings()


@pytest.fixture
def preferences(settings: FakeSettings) -> Preferences:
    return Preferences(CONFIG, settings, Words.load())


@pytest.fixture
async def avatars(preferences: Preferences, tmp_path: Path) -> AsyncIterator[Avatars]:
    clock = SystemClock()
    async with (
        new_store(tmp_path / "bot.sqlite3", clock=clock) as store,
        Tasks() as tasks,
    ):
        yield Avatars(
            AvatarRepository(store),
            preferences,
            Pauses(SettingsRepository(store), clock),
            drawer=None,
            tasks=tasks,
            clock=clock,
        )


@pytest.fixture
def run(preferences: Preferences, avatars: Avatars) -> Run:
    registry = Registry(
        (
            persona_command(preferences, FilterChain(()), Words({}), avatars),
            model_command(preferences, lambda name: name == "starter", Words({})),
            language_command(preferences),
        ),
        Words({}),
    )

    async def run(
        line: str, author: Author = MODERATOR, channel: Channel = HERE
    ) -> str:
        language = await preferences.language(channel, author)
        answer = await registry.run(line, CommandContext(author, channel, language))
        return str(answer.text)

    return run


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/persona sage", "Only moderators"),
        ("/model big", "Only moderators"),
        ("/model use big", "Only moderators"),
        ("/persona add bard Sing.", "Only moderators"),
        ("/language zh everyone", "Only moderators"),
        ("/language xx", "You can choose: en, zh"),
        ("/language zh somebody", "You can choose: me, everyone"),
    ],
)
async def test_a_member_cannot_change_what_is_everybodys(
    run: Run, settings: FakeSettings, line: str, reason: str
) -> None:
    with pytest.raises(UserError, match=reason):
        await run(line, ADA)
    assert settings.values == {}


async def test_a_model_that_is_not_allowed_is_named_with_those_that_are(
    run: Run, settings: FakeSettings
) -> None:
    for line in ("/model huge", "/model use huge", "/model use"):
        with pytest.raises(UserError, match="You can choose: starter, big, default"):
            await run(line)
    assert settings.values == {}


async def test_a_persona_counts_in_its_channel_alone(
    run: Run, preferences: Preferences
) -> None:
    assert "“hearth”" in await run("/persona", ADA)
    assert "“sage”" in await run("/persona sage")
    assert (await preferences.persona(HERE)).prompt == "You are wise."
    assert (await preferences.persona(THERE)).prompt == "You are Ember."


async def test_a_persona_that_is_gone_from_the_settings_counts_no_more(
    preferences: Preferences, settings: FakeSettings
) -> None:
    await settings.set(HERE.key, "persona", "removed")
    await settings.set(HERE.key, "model", "removed")
    assert (await preferences.persona(HERE)).name == "hearth"
    assert await preferences.model(HERE) == "starter"


async def test_a_model_counts_in_its_channel_alone(
    run: Run, preferences: Preferences
) -> None:
    assert "“starter”" in await run("/model", ADA)
    assert "“big”" in await run("/model big")
    assert await preferences.model(HERE) == "big"
    assert await preferences.model(THERE) == "starter"


async def test_a_model_of_the_community_counts_where_a_channel_has_none(
    run: Run, preferences: Preferences
) -> None:
    await run("/model starter", channel=THERE)
    said = await run("/model use big")
    assert said.splitlines() == [
        "From now on I use the model “big” everywhere.",
        "“big” is not loaded: its first answer takes longer.",
    ]
    assert await preferences.model(HERE) == "big"
    assert await preferences.model(THERE) == "starter"
    assert await preferences.model(ELSEWHERE) == "starter"
    assert "keeps its own choice" in await run("/model use big", channel=THERE)
    await run("/model default", channel=THERE)
    assert await preferences.model(THERE) == "big"
    assert "“starter”" in await run("/model use default")
    assert await preferences.model(HERE) == "starter"


async def test_the_nearest_language_counts(run: Run, preferences: Preferences) -> None:
    from_china = Author("li", "Li", language="zh-CN")
    assert await preferences.language(HERE, from_china) == "zh"
    assert await preferences.language(HERE, None) == "en"
    await run("/language zh everyone")
    assert await preferences.language(THERE, ADA) == "zh"
    assert await preferences.language(ELSEWHERE, ADA) == "en"
    await run("/language en", ADA)
    assert await preferences.language(HERE, ADA) == "en"
    assert await preferences.language(HERE, MODERATOR) == "zh"
    await preferences.set_channel_language(THERE, "en")
    assert await preferences.language(THERE, MODERATOR) == "en"
    assert "“en”" in await run("/language", ADA)
