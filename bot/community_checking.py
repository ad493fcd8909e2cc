"""Checks what stands in a file of settings against this instance of the bot."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.community_file import LimitsTable, PersonaTable, SafetyTable
from bot.errors import UserError
from bot.limits import CommunityLimits, find_limit
from bot.personas import MAX_PERSONAS, OwnPersona
from bot.preferences import Preferences
from bot.safety.own_words import MAX_WORDS, check_word
from bot.safety.policies import Choice
from bot.words import T, Text

__all__ = ["Checking", "JudgeText"]

JudgeText = Callable[[str], Awaitable[str]]
"""Returns a text as it may be kept. Raises UserError where it may not."""


class Checking:
    """Checks what a file says beyond its form.

    Attributes:
        problems: what is wrong, each with its path in the file.
    """

    def __init__(self, preferences: Preferences, limits: CommunityLimits) -> None:
        self.problems: list[tuple[tuple[str, ...], Text]] = []
        self._preferences = preferences
        self._limits = limits

    def choice(
        self, path: tuple[str, ...], value: str | None, allowed: tuple[str, ...]
    ) -> None:
        """Check that a value, if there is one, is one of those that are allowed."""
        if value is not None and value not in allowed:
            said = T("allowed are {choices}", choices=", ".join(allowed))
            self.problems.append((path, said))

    def words(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words as they are kept, each once."""
        kept: list[str] = []
        for word in words:
            try:
                kept.append(check_word(word))
            except UserError as error:
                self.problems.append((("words",), error.text))
        if len(kept) > MAX_WORDS:
            said = T("at most {limit} are possible", limit=MAX_WORDS)
            self.problems.append((("words",), said))
        return tuple(dict.fromkeys(kept))

    def limits(self, community: str, table: LimitsTable) -> dict[tuple[str, str], str]:
        """Return the limits by the places of their settings."""
        wanted: dict[tuple[str, str], str] = {}
        for name, number in table.model_dump(exclude_none=True).items():
            limit = find_limit(name)
            try:
                self._limits.check(limit, number)
            except UserError as error:
                self.problems.append((("limits", name), error.text))
            wanted[community, limit.setting] = str(number)
        return wanted

    def safety(self, path: tuple[str, ...], table: SafetyTable) -> str:
        """Return how strictly it is judged, as the store keeps it."""
        for category, number in table.thresholds.items():
            if not 0 <= number <= 1:
                at = (*path, "thresholds", category.value)
                self.problems.append((at, T("it must be from 0 to 1")))
        return Choice(
            level=table.level,
            levels=table.levels,
            thresholds=table.thresholds,
            is_shadow=table.shadow,
        ).dump()

    async def personas(
        self, tables: Mapping[str, PersonaTable], judge: JudgeText
    ) -> dict[str, OwnPersona]:
        """Return the personas as they are kept, judged."""
        kept: dict[str, OwnPersona] = {}
        if len(tables) > MAX_PERSONAS:
            said = T("at most {limit} are possible", limit=MAX_PERSONAS)
            self.problems.append((("personas",), said))
            return kept
        for name, table in tables.items():
            persona = OwnPersona(table.prompt, table.greeting)
            try:
                self._preferences.personas.check_name(name)
                persona.check()
                persona = replace(persona, prompt=await judge(persona.prompt))
                if persona.greeting:
                    persona = replace(persona, greeting=await judge(persona.greeting))
            except UserError as error:
                self.problems.append((("personas", name), error.text))
            kept[name] = persona
        return kept
