import pytest

from bot.clock import FakeClock
from bot.config import SafetyConfig
from bot.errors import ConfigError
from bot.messages import Author, Channel
from bot.safety.fake import FakeClassifier
from bot.safety.filter import FilterChain, Subject
from bot.safety.filters import FILTERS, FilterParts, build_filters
from bot.safety.verdict import Action, Stage


def parts(config: SafetyConfig, clock: FakeClock) -> FilterParts:
    return FilterParts(config=config, clock=clock, guard=FakeClassifier({}))


def test_build_filters_refuses_a_wrong_setting(clock: FakeClock) -> None:
    with pytest.raises(ConfigError, match="blocked_words"):
        build_filters(parts(SafetyConfig(blocked_words=("*",)), clock))


def test_filters_are_named_and_ordered_as_in_the_table(clock: FakeClock) -> None:
    filters = build_filters(parts(SafetyConfig(), clock))

    without_pictures = [name for name in FILTERS if name != "pictures"]
    assert [f.name for f in filters] == without_pictures
    assert list(FILTERS) == [
        "too_fast",
        "mention_spam",
        "repeats",
        "too_long",
        "secrets",
        "personal_data",
        "word_list",
        "links",
        "prompt_leak",
        "guard",
        "pictures",
        "mass_mentions",
    ]


@pytest.mark.parametrize(
    ("text", "category"),
    [("123456789012", "length"), ("bad", "word"), ("@here", "mention")],
)
async def test_build_filters_keeps_the_settings(
    clock: FakeClock, text: str, category: str
) -> None:
    config = SafetyConfig(max_length=10, blocked_words=("bad",))
    chain = FilterChain(build_filters(parts(config, clock)))

    judgement = await chain.judge(Subject(text, Stage.INPUT))

    assert judgement.verdict.category == category


async def test_build_filters_keeps_the_rates(
    clock: FakeClock, channel: Channel, author: Author
) -> None:
    config = SafetyConfig(person_per_minute=2, channel_per_minute=3)
    chain = FilterChain(build_filters(parts(config, clock)))
    subject = Subject("hi", Stage.INPUT, channel, author)

    actions = [(await chain.judge(subject)).verdict.action for _ in range(3)]
    other = Subject("hi", Stage.INPUT, channel, Author("2", "Bo"))
    others = [(await chain.judge(other)).verdict.action for _ in range(2)]

    assert actions == [Action.ALLOW, Action.ALLOW, Action.BLOCK]
    assert others == [Action.ALLOW, Action.BLOCK]
