"""Settings of a community leave one instance as a file and enter another."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.clock import FakeClock
from bot.commands.command import Answer, CommandContext
from bot.commands.registry import Registry
from bot.commands.settings import WAITS_S, settings_command
from bot.community_settings import CommunitySettings
from bot.config import Config
from bot.errors import UserError
from bot.known_settings import KnownSettings
from bot.limits import LIMITS, CommunityLimits
from bot.messages import Attachment, Author, Channel, Role
from bot.personas import OwnPersona
from bot.preferences import Preferences, Talk
from bot.safety.filter import FilterChain
from bot.safety.own_words import OwnWords
from bot.safety.policies import Choice, Policies
from bot.safety.policy import STANDARD, Category, Level
from bot.safety.word_list import WordList
from bot.store.audit import AuditRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.words import Words
from tests.stores import new_store

OLD_HOME = Channel("discord", "77", "guild-of-ada")
NEW_HOME = Channel("telegram", "-100", "club")
MO = Author("mo", "Mo", Role.MODERATOR)
JO = Author("jo", "Jo", Role.MODERATOR)
CONFIG = Config.model_validate(
    {"models": {"chat": {"model": "starter", "allowed": ["big"]}}}
)


class Instance:
    """One bot's settings, in a store of its own."""

    def __init__(self, store: Store, channel: Channel) -> None:
        self.store, self.channel, words = store, channel, Words.load()
        repository = SettingsRepository(store)
        known = KnownSettings(repository)
        self.preferences = Preferences(CONFIG, repository, words)
        self.policies = Policies(STANDARD, known)
        self.limits = CommunityLimits(CONFIG.safety, CONFIG.quota, known)
        self.words = OwnWords(known)
        settings = CommunitySettings(
            repository,
            preferences=self.preferences,
            limits=self.limits,
            on_change=(known.forget, self.policies.forget),
        )
        chain = FilterChain((WordList(("grog",)),))
        command = settings_command(
            settings, chain=chain, words=words, clock=store.clock
        )
        self.registry = Registry((command,), words)

    @property
    def community(self) -> str:
        return f"community:{self.channel.platform}:{self.channel.community_id}"

    async def answer(
        self, line: str, who: Author = MO, file: bytes | None = None
    ) -> Answer:
        files = () if file is None else (Attachment("a.toml", "text/plain", file),)
        context = CommandContext(who, self.channel, "en", attachments=files)
        answer = await self.registry.run(line, context)
        assert answer.is_private
        return answer

    async def take_in(self, file: str) -> Answer:
        shown = await self.answer("/settings import", file=file.encode())
        return await self.answer(shown.buttons[0].command)

    async def rows(self) -> list[tuple[Any, ...]]:
        def read(db: Any) -> list[tuple[Any, ...]]:
            rows = db.execute("SELECT key, name, value FROM setting ORDER BY 1, 2")
            return [tuple(row) for row in rows]

        return await self.store.read(read)


async def opened(path: Path, channel: Channel) -> AsyncIterator[Instance]:
    async with new_store(path, clock=FakeClock()) as store:
        yield Instance(store, channel)


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[Instance]:
    async for one in opened(tmp_path / "old.sqlite3", OLD_HOME):
        yield one


@pytest.fixture
async def new(tmp_path: Path) -> AsyncIterator[Instance]:
    async for one in opened(tmp_path / "new.sqlite3", NEW_HOME):
        yield one


async def settle_in(home: Instance) -> None:
    channel, preferences = home.channel, home.preferences
    await preferences.set_community_language(channel, "zh")
    await preferences.set_community_model(channel, "big")
    await preferences.set_person_language(channel, Author("ada", "Ada"), "en")
    pirate = OwnPersona("You are a “pirate”.\nYou sing. 🏴", "Ahoy\\!")
    await preferences.personas.add(home.community, "pirate", pirate)
    await preferences.set_persona(channel, "pirate")
    await preferences.set_talk(channel, Talk.NEVER)
    await home.words.add(home.community, "fig*")
    await home.limits.choose(home.community, LIMITS[0], 4)
    choice = Choice(
        levels={Category.HATE: Level.STRICT},
        thresholds={Category.VIOLENCE: 0.25},
        is_shadow=True,
    )
    await home.policies.choose(channel, choice, is_for_community=True)


async def test_what_one_instance_exports_another_imports(
    old: Instance, new: Instance
) -> None:
    await settle_in(old)
    await new.words.all(new.community)  # known, and to be forgotten
    await new.policies.policy(NEW_HOME)
    exported = (await old.answer("/settings export")).attachments[0].content
    for private in (b"ada", b"77", b"guild", b"discord"):
        assert private not in exported
    shown = await new.answer("/settings import", file=exported)
    assert "- personas: +pirate" in str(shown.text)
    assert "- words: 1 more, 0 fewer" in str(shown.text)
    assert "- channel.talk: – → never" in str(shown.text)
    assert "fig" not in str(shown.text)
    assert await new.rows() == []
    await new.answer(shown.buttons[0].command)

    assert (await new.answer("/settings export")).attachments[0].content == exported
    persona = await new.preferences.persona(NEW_HOME)
    assert persona.prompt == "You are a “pirate”.\nYou sing. 🏴"
    assert persona.greeting == "Ahoy\\!"
    assert await new.words.all(new.community) == ("fig*",)
    assert await new.limits.chosen(new.community, LIMITS[0]) == 4
    policy = await new.policies.policy(NEW_HOME)
    assert policy.is_shadow
    assert policy.thresholds == {Category.VIOLENCE: 0.25}
    again = await new.answer("/settings import", file=exported)
    assert str(again.text) == "Everything is as in that file already."
    kept = (await AuditRepository(new.store).export()).decode()
    assert kept.count("setting.changed") == 8
    assert "pirate”" not in kept


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("\nlanguage = zh", "no valid TOML.*line 2"),
        ('langage = "zh"', "line 1, langage.*Did you mean “language”"),
        ('\nlanguage = "xx"', "line 2, language: allowed are en, zh"),
        ('model = "huge"', "line 1, model: allowed are starter, big"),
        ("format = 2", "line 1, format: allowed are 1"),
        ('words = ["fig", "***"]', "line 1, words.*no letters"),
        ("words = 3", "line 1, words: it must be a list"),
        ("[limits]\nperson = 999", "line 2, limits.person.*Choose 1 to 12"),
        ("[limits]\npeople = 9", "line 2, limits.people.*“person”"),
        ('[safety]\nlevel = "hard"', "line 2, safety.level: allowed are 'off'"),
        ('[safety.levels]\nhats = "off"', "line 2, safety.levels.hats.*“hate”"),
        ("[safety.thresholds]\nhate = 2", "line 2, safety.thresholds.hate.*0 to 1"),
        ('[personas.x]\ngreeting = "Hi"', "line 1, personas.x.prompt.*must be given"),
        ('[personas.hearth]\nprompt = "A"', "line 1, personas.hearth.*my owner"),
        ('[personas.x]\nprompt = "More grog!"', "line 1, personas.x: I cannot keep"),
        (
            '[channel]\npersona = "nobody"',
            "line 2, channel.persona: allowed are hearth",
        ),
        ('[channel]\ntalk = "loud"', "line 2, channel.talk: allowed are 'always'"),
        ('a = 1\nb = 2\nlanguage = "zh"', "line 1, a: .*; line 2, b: "),
    ],
)
async def test_a_wrong_file_changes_nothing_and_its_lines_are_named(
    new: Instance, file: str, problem: str
) -> None:
    with pytest.raises(UserError, match=problem):
        await new.answer("/settings import", file=file.encode())
    assert await new.rows() == []


@pytest.mark.parametrize(
    ("file", "problem"),
    [(None, "Attach"), (b"\xff\xfe", "UTF-8"), (b"#" * 100_001, "too large")],
)
async def test_what_is_no_file_of_settings_is_refused(
    new: Instance, file: bytes | None, problem: str
) -> None:
    with pytest.raises(UserError, match=problem):
        await new.answer("/settings import", file=file)


async def test_only_who_was_shown_it_confirms_it_once_and_in_time(
    new: Instance,
) -> None:
    shown = await new.answer('/settings import language = "zh"')
    press = shown.buttons[0].command
    with pytest.raises(UserError, match="waits no more"):
        await new.answer(press, JO)
    await new.answer(press)
    with pytest.raises(UserError, match="waits no more"):
        await new.answer(press)
    late = await new.answer('/settings import language = "en"')
    clock = new.store.clock
    assert isinstance(clock, FakeClock)
    await clock.advance(WAITS_S + 1)
    with pytest.raises(UserError, match="waits no more"):
        await new.answer(late.buttons[0].command)
    assert await new.rows() == [(new.community, "language", "zh")]


async def test_what_changed_since_it_was_shown_is_not_overwritten(
    new: Instance,
) -> None:
    file = 'language = "zh"\nmodel = "big"'
    shown = await new.answer("/settings import", file=file.encode())
    await new.preferences.set_community_language(NEW_HOME, "en")
    with pytest.raises(UserError, match="changed settings meanwhile"):
        await new.answer(shown.buttons[0].command)
    assert await new.rows() == [(new.community, "language", "en")]


async def test_what_a_file_does_not_name_stays_as_it_is(new: Instance) -> None:
    await settle_in(new)
    before = await new.rows()
    await new.take_in('[personas.bard]\nprompt = "Sing."')
    after = await new.rows()
    names = [name for _, name, _ in set(after) - set(before)]
    assert names == ["personas"]
    assert (await new.preferences.persona(NEW_HOME)).name == "hearth"


async def test_what_is_shown_can_be_given_back_as_it_is(
    old: Instance, new: Instance
) -> None:
    await settle_in(old)
    shown = str((await old.answer("/settings")).text)
    asked = await new.answer(f"/settings import {shown}")
    await new.answer(asked.buttons[0].command)
    assert str((await new.answer("/settings show")).text) == shown


async def test_every_limit_that_can_be_set_can_be_taken_along(
    old: Instance, new: Instance
) -> None:
    for limit in LIMITS:
        await old.limits.choose(old.community, limit, 3)
    exported = (await old.answer("/settings export")).attachments[0].content
    await new.take_in(exported.decode())
    assert [await new.limits.chosen(new.community, one) for one in LIMITS] == (
        [3] * len(LIMITS)
    )
