"""All settings of a community together: written to a file, and read from one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.community_checking import Checking, JudgeText
from bot.community_file import (
    ChannelTable,
    CommunityFile,
    LimitsTable,
    PersonaTable,
    SafetyTable,
    placed,
    read_file,
)
from bot.errors import UserError
from bot.limits import LIMITS, CommunityLimits
from bot.messages import Channel
from bot.personas import (
    PERSONAS,
    OwnPersona,
    dump_personas,
    load_personas,
)
from bot.preferences import (
    LANGUAGE,
    MODEL,
    PERSONA,
    TALK,
    Preferences,
    Talk,
    community_key,
)
from bot.safety.own_words import WORDS, dump_words, load_words
from bot.safety.policies import SAFETY, Choice
from bot.settings_store import SettingsStore
from bot.toml_text import dump_toml
from bot.words import T, Text, join_texts

__all__ = ["Change", "CommunitySettings", "Plan", "TogetherStore"]

Place = tuple[str, str]
"""Key and name of a setting."""


class TogetherStore(SettingsStore, Protocol):
    """Settings of which several can be changed at once."""

    async def change(
        self, before: Mapping[Place, str], after: Mapping[Place, str]
    ) -> bool:
        """Set all of `after`, unless one is no longer as in `before`: then none."""


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that would be another; "" is nothing chosen."""

    name: str
    before: str
    after: str

    def said(self) -> Text:
        """Say it without the words and texts of it."""
        if self.name == WORDS:
            old, new = set(load_words(self.before)), set(load_words(self.after))
            return T(
                "words: {added} more, {removed} fewer",
                added=len(new - old),
                removed=len(old - new),
            )
        if self.name == PERSONAS:
            return _said_personas(load_personas(self.before), load_personas(self.after))
        if self.name.endswith(SAFETY):
            return T("{name}: changed", name=self.name)
        return T(
            "{name}: {before} → {after}",
            name=self.name,
            before=self.before or "–",
            after=self.after or "–",
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What reading a file would change, and nothing else."""

    before: Mapping[Place, str]
    after: Mapping[Place, str]
    changes: tuple[Change, ...]


class CommunitySettings:
    """Exports and imports. `on_change` are told that the store has other settings."""

    def __init__(
        self,
        store: TogetherStore,
        *,
        preferences: Preferences,
        limits: CommunityLimits,
        on_change: tuple[Callable[[], None], ...] = (),
    ) -> None:
        self._store = store
        self._preferences = preferences
        self._limits = limits
        self._on_change = on_change

    async def export(self, channel: Channel) -> str:
        """Return the settings of a community, and of this one channel, as TOML."""
        community, here = community_key(channel), channel.key
        personas = load_personas(await self._value(community, PERSONAS))
        file = CommunityFile(
            language=await self._value(community, LANGUAGE) or None,
            model=await self._value(community, MODEL) or None,
            words=load_words(await self._value(community, WORDS)) or None,
            limits=await self._limits_table(community),
            safety=_safety_table(await self._value(community, SAFETY)),
            personas={
                name: PersonaTable(prompt=one.prompt, greeting=one.greeting)
                for name, one in personas.items()
            }
            or None,
            channel=ChannelTable(
                talk=Talk(talk) if (talk := await self._value(here, TALK)) else None,
                language=await self._value(here, LANGUAGE) or None,
                persona=await self._value(here, PERSONA) or None,
                model=await self._value(here, MODEL) or None,
                safety=_safety_table(await self._value(here, SAFETY)),
            ),
        )
        table = file.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        return dump_toml({"format": file.format, **table})

    async def plan(self, channel: Channel, text: str, judge: JudgeText) -> Plan:
        """Return what a file would change.

        Raises:
            UserError: all that is wrong with it, with the lines.
        """
        file = read_file(text)
        wanted, problems = await self._wanted(channel, file, judge)
        if problems:
            said = join_texts(placed(text, *one) for one in problems)
            raise UserError(T("Nothing was changed. {problems}", problems=said))
        before = {place: await self._value(*place) for place in wanted}
        changes = tuple(
            Change(_name(channel, place), before[place], value)
            for place, value in wanted.items()
            if before[place] != value
        )
        return Plan(before, wanted, changes)

    async def apply(self, plan: Plan) -> bool:
        """Change everything at once; return False where it was changed meanwhile."""
        if not await self._store.change(plan.before, plan.after):
            return False
        for tell in self._on_change:
            tell()
        return True

    async def _value(self, key: str, name: str) -> str:
        return await self._store.get(key, name) or ""

    async def _limits_table(self, community: str) -> LimitsTable | None:
        chosen = {
            limit.name: int(value)
            for limit in LIMITS
            if (value := await self._value(community, limit.setting)) not in ("", "0")
        }
        return LimitsTable.model_validate(chosen) if chosen else None

    async def _wanted(
        self, channel: Channel, file: CommunityFile, judge: JudgeText
    ) -> tuple[dict[Place, str], list[tuple[tuple[str, ...], Text]]]:
        """Return what a file sets, and what is wrong with it, by its path."""
        check = Checking(self._preferences, self._limits)
        community, here = community_key(channel), channel.key
        wanted: dict[Place, str] = {}
        check.choice(("language",), file.language, self._preferences.languages)
        check.choice(("model",), file.model, self._preferences.models)
        _put(wanted, (community, LANGUAGE), file.language)
        _put(wanted, (community, MODEL), file.model)
        if file.words is not None:
            wanted[community, WORDS] = dump_words(check.words(file.words))
        if file.limits is not None:
            wanted |= check.limits(community, file.limits)
        if file.safety is not None:
            wanted[community, SAFETY] = check.safety(("safety",), file.safety)
        names = set(self._preferences.personas.configured)
        if file.personas is None:
            names |= set(await self._preferences.personas.own(community))
        else:
            names |= set(file.personas)
            kept = await check.personas(file.personas, judge)
            wanted[community, PERSONAS] = dump_personas(kept)
        if (there := file.channel) is not None:
            check.choice(
                ("channel", "language"), there.language, self._preferences.languages
            )
            check.choice(("channel", "model"), there.model, self._preferences.models)
            check.choice(("channel", "persona"), there.persona, tuple(sorted(names)))
            _put(wanted, (here, TALK), there.talk)
            _put(wanted, (here, LANGUAGE), there.language)
            _put(wanted, (here, PERSONA), there.persona)
            _put(wanted, (here, MODEL), there.model)
            if there.safety is not None:
                path = ("channel", "safety")
                wanted[here, SAFETY] = check.safety(path, there.safety)
        return wanted, check.problems


def _safety_table(line: str) -> SafetyTable | None:
    if not line:
        return None
    choice = Choice.load(line)
    return SafetyTable(
        level=choice.level,
        shadow=choice.is_shadow,
        levels=dict(choice.levels),
        thresholds=dict(choice.thresholds),
    )


def _put(wanted: dict[Place, str], place: Place, value: str | None) -> None:
    if value is not None:
        wanted[place] = str(value)


def _name(channel: Channel, place: Place) -> str:
    key, name = place
    return f"channel.{name}" if key == channel.key else name


def _said_personas(
    before: Mapping[str, OwnPersona], after: Mapping[str, OwnPersona]
) -> Text:
    added = sorted(after.keys() - before.keys())
    removed = sorted(before.keys() - after.keys())
    changed = sorted(
        name for name in after.keys() & before.keys() if after[name] != before[name]
    )
    signs = (("+", added), ("–", removed), ("~", changed))
    named = [f"{sign}{name}" for sign, names in signs for name in names]
    return T("personas: {names}", names=" ".join(named))
