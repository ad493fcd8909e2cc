"""Every filter there is, in the order in which they are asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.clock import Clock
from bot.config_safety import SafetyConfig
from bot.safety.classifier import TextClassifier
from bot.safety.filter import Filter
from bot.safety.guard_filter import GuardFilter
from bot.safety.mass_mentions import MassMentions
from bot.safety.prompt_leak import PromptLeak
from bot.safety.too_fast import TooFast
from bot.safety.too_long import TooLong
from bot.safety.word_list import WordList

__all__ = ["FILTERS", "FilterFactory", "FilterParts", "build_filters"]


@dataclass(frozen=True, slots=True)
class FilterParts:
    """What filters are made of.

    Attributes:
        guard: judges what texts mean.
        prompts: what models are told they are, which they are not to recite.
    """

    config: SafetyConfig
    clock: Clock
    guard: TextClassifier
    prompts: tuple[str, ...] = ()


FilterFactory = Callable[[FilterParts], Filter]

# What counts and measures comes before what reads. What redacts for good comes before
# what blocks, since what was blocked is kept for a while.
FILTERS: Mapping[str, FilterFactory] = {
    TooFast.name: lambda parts: TooFast(
        person_per_minute=parts.config.person_per_minute,
        channel_per_minute=parts.config.channel_per_minute,
        clock=parts.clock,
    ),
    TooLong.name: lambda parts: TooLong(max_length=parts.config.max_length),
    WordList.name: lambda parts: WordList(parts.config.blocked_words),
    PromptLeak.name: lambda parts: PromptLeak(parts.prompts),
    GuardFilter.name: lambda parts: GuardFilter(parts.guard),
    MassMentions.name: lambda _: MassMentions(),
}


def build_filters(parts: FilterParts) -> tuple[Filter, ...]:
    """Return all filters, in order, as the settings want them.

    Raises:
        ConfigError: a setting cannot be kept, such as a blocked word without letters.
    """
    return tuple(build(parts) for build in FILTERS.values())
