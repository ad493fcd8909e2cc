"""Every filter there is, in the order in which they are asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.config_safety import SafetyConfig
from bot.safety.classifier import TextClassifier
from bot.safety.filter import Filter, FilterChain, Subject
from bot.safety.guard_filter import GuardFilter
from bot.safety.links import Links
from bot.safety.mass_mentions import MassMentions
from bot.safety.mention_spam import MentionSpam
from bot.safety.personal_data import PersonalData
from bot.safety.picture_filter import HashesOf, PictureFilter
from bot.safety.pictures.classifier import PictureClassifier
from bot.safety.pictures.opener import PictureOpener
from bot.safety.pictures.text_in_picture import PictureReader
from bot.safety.prompt_leak import PromptLeak
from bot.safety.repeats import Repeats
from bot.safety.secrets import Secrets
from bot.safety.too_fast import TooFast
from bot.safety.too_long import TooLong
from bot.safety.verdict import Verdict
from bot.safety.word_list import WordList

__all__ = [
    "FILTERS",
    "FilterFactory",
    "FilterParts",
    "PictureParts",
    "build_filters",
]


@dataclass(frozen=True, slots=True)
class PictureParts:
    """What the picture filter is made of; see there."""

    opener: PictureOpener
    classifier: PictureClassifier
    hashes_of: HashesOf
    reader: PictureReader | None
    max_distance: int


@dataclass(frozen=True, slots=True)
class FilterParts:
    """What filters are made of.

    Attributes:
        guard: judges what texts mean.
        prompts: what models are told they are, which they are not to recite.
        pictures: None: pictures are not judged.
    """

    config: SafetyConfig
    clock: Clock
    guard: TextClassifier
    prompts: tuple[str, ...] = ()
    pictures: PictureParts | None = None


FilterFactory = Callable[[FilterParts], Filter | None]
"""Builds a filter; None: the settings do not want it."""

# What counts and measures comes before what reads. What redacts for good comes before
# what blocks, since what was blocked is kept for a while.
FILTERS: Mapping[str, FilterFactory] = {
    TooFast.name: lambda parts: TooFast(
        person_per_minute=parts.config.person_per_minute,
        channel_per_minute=parts.config.channel_per_minute,
        clock=parts.clock,
    ),
    MentionSpam.name: lambda parts: MentionSpam(
        limit=parts.config.mentions.limit, clock=parts.clock
    ),
    Repeats.name: lambda parts: Repeats(
        flag_at=parts.config.repeats.flag_at,
        block_at=parts.config.repeats.block_at,
        window_s=parts.config.repeats.window_s,
        clock=parts.clock,
    ),
    TooLong.name: lambda parts: TooLong(max_length=parts.config.max_length),
    Secrets.name: lambda _: Secrets(),
    PersonalData.name: lambda parts: PersonalData(
        action=parts.config.personal_data.action,
        kinds=parts.config.personal_data.kinds,
    ),
    WordList.name: lambda parts: WordList(
        parts.config.blocked_words, allowed=parts.config.allowed_words
    ),
    Links.name: lambda parts: Links(
        invites=parts.config.links.invites,
        links=parts.config.links.others,
        allowed_domains=parts.config.links.allowed_domains,
        denied_domains=parts.config.links.denied_domains,
    ),
    PromptLeak.name: lambda parts: PromptLeak(parts.prompts),
    GuardFilter.name: lambda parts: GuardFilter(parts.guard),
    PictureFilter.name: lambda parts: _pictures(parts),
    MassMentions.name: lambda _: MassMentions(),
}

IN_PICTURES = (Secrets.name, WordList.name, Links.name, GuardFilter.name)
"""The filters that judge what is written in a picture."""


def build_filters(parts: FilterParts) -> tuple[Filter, ...]:
    """Return all filters, in order, as the settings want them.

    Raises:
        ConfigError: a setting cannot be kept, such as a blocked word without letters.
    """
    built = (build(parts) for build in FILTERS.values())
    return tuple(one for one in built if one is not None)


def _pictures(parts: FilterParts) -> Filter | None:
    if parts.pictures is None:
        return None
    built = (FILTERS[name](parts) for name in IN_PICTURES)
    chain = FilterChain([one for one in built if one is not None])

    async def judge_text(text: str, subject: Subject) -> Verdict:
        written = replace(subject, text=text, attachments=(), before="")
        return (await chain.judge(written)).verdict

    return PictureFilter(
        opener=parts.pictures.opener,
        classifier=parts.pictures.classifier,
        hashes_of=parts.pictures.hashes_of,
        reader=parts.pictures.reader,
        judge_text=judge_text,
        max_distance=parts.pictures.max_distance,
    )
