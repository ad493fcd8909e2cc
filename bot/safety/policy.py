"""How strictly a place is judged: categories, levels, and what a community chose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.safety.chosen_limits import NO_LIMITS, ChosenLimits
from bot.safety.word_search import WordSearch

__all__ = ["STANDARD", "Category", "Level", "Policy"]


class Category(StrEnum):
    """What a classifier looks for in texts and pictures."""

    SEXUAL = "sexual"
    """Sexual content among adults."""
    SEXUAL_MINORS = "sexual_minors"
    """Sexual content with minors."""
    HATE = "hate"
    """Against people for what they are: origin, faith, gender, …"""
    HARASSMENT = "harassment"
    """Insults, threats and humiliation of a person."""
    VIOLENCE = "violence"
    """Wishes for, threats of, praise of or gory pictures of violence."""
    SELF_HARM = "self_harm"
    """Suicide and self-injury."""
    INJECTION = "injection"
    """Attempts to give a model other instructions: prompt injection, jailbreaks."""


class Level(StrEnum):
    """How strictly a category is judged, mildest first."""

    OFF = "off"
    """Not judged."""
    RELAXED = "relaxed"
    """Acts only where the classifier is very sure."""
    STANDARD = "standard"
    """Few false alarms."""
    STRICT = "strict"
    """Misses little, with more false alarms."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a channel or its community chose; the bot's own settings where they did not.

    Attributes:
        level: for every category that `levels` does not name.
        thresholds: probabilities, 0 to 1, that replace those of a level.
        is_shadow: judge and record, but act on nothing.
        is_age_restricted: the channel is for adults, as the platform says.
        limits: how much people may send, where that is less than the owner allows.
        own_words: looks for the words that the community blocks; None: it has none.
        own_prompts: what models are told that the community wrote.
    """

    level: Level = Level.STANDARD
    levels: Mapping[Category, Level] = field(default_factory=dict)
    thresholds: Mapping[Category, float] = field(default_factory=dict)
    is_shadow: bool = False
    is_age_restricted: bool = False
    limits: ChosenLimits = NO_LIMITS
    own_words: WordSearch | None = None
    own_prompts: tuple[str, ...] = ()

    def level_of(self, category: Category) -> Level:
        """Return how strictly a category is judged. Minors are protected at any level.

        In a channel for adults, sexual content that the community said nothing about
        is judged at the relaxed level.
        """
        level = self.levels.get(category, self.level)
        if category is Category.SEXUAL_MINORS:
            return Level.STANDARD if level is not Level.STRICT else level
        is_for_adults = self.is_age_restricted and category is Category.SEXUAL
        if is_for_adults and category not in self.levels and level is not Level.OFF:
            return Level.RELAXED
        return level


STANDARD = Policy()
