"""Every filter there is, in the order in which they are asked."""

from collections.abc import Callable, Mapping

from bot.clock import Clock
from bot.config import SafetyConfig
from bot.safety.filter import Filter
from bot.safety.mass_mentions import MassMentions
from bot.safety.too_fast import TooFast
from bot.safety.too_long import TooLong
from bot.safety.word_list import WordList

__all__ = ["FILTERS", "FilterFactory", "build_filters"]

FilterFactory = Callable[[SafetyConfig, Clock], Filter]

# What counts and measures comes before what reads; what changes a text comes last.
FILTERS: Mapping[str, FilterFactory] = {
    TooFast.name: lambda config, clock: TooFast(
        person_per_minute=config.person_per_minute,
        channel_per_minute=config.channel_per_minute,
        clock=clock,
    ),
    TooLong.name: lambda config, _: TooLong(max_length=config.max_length),
    WordList.name: lambda config, _: WordList(config.blocked_words),
    MassMentions.name: lambda _config, _clock: MassMentions(),
}


def build_filters(config: SafetyConfig, *, clock: Clock) -> tuple[Filter, ...]:
    """Return all filters, in order, as the settings want them.

    Raises:
        ConfigError: a setting cannot be kept, such as a blocked word without letters.
    """
    return tuple(factory(config, clock) for factory in FILTERS.values())
