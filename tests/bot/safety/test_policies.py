import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Channel
from bot.safety.policies import Choice, Policies
from bot.safety.policy import Category, Level, Policy

ROOM = Channel("web", "general", "home")
OTHER_ROOM = Channel("web", "garden", "home")
ELSEWHERE = Channel("web", "plaza", "abroad")


class Settings:
    """Settings in memory; counts how often it is asked."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}
        self.num_reads = 0

    async def get(self, key: str, name: str) -> str | None:
        self.num_reads += 1
        return self.values.get((key, name))

    async def set(self, key: str, name: str, value: str) -> None:
        self.values[key, name] = value


@pytest.fixture
def settings() -> Settings:
    return Settings()


async def test_settings_count_where_nothing_was_chosen(settings: Settings) -> None:
    default = Policy(level=Level.RELAXED, is_shadow=True)
    policies = Policies(default, settings)

    assert await policies.policy(ROOM) == default
    assert await policies.policy(None) == default


async def test_channel_wins_over_its_community(settings: Settings) -> None:
    policies = Policies(Policy(), settings)
    await policies.choose(ROOM, Choice(level=Level.STRICT), is_for_community=True)
    await policies.choose(ROOM, Choice(level=Level.OFF), is_for_community=False)

    assert (await policies.policy(ROOM)).level is Level.OFF
    assert (await policies.policy(OTHER_ROOM)).level is Level.STRICT
    assert (await policies.policy(ELSEWHERE)).level is Level.STANDARD


async def test_choice_survives_a_restart(settings: Settings) -> None:
    choice = Choice(
        levels={Category.VIOLENCE: Level.STRICT},
        thresholds={Category.HATE: 0.4},
        is_shadow=True,
    )
    await Policies(Policy(), settings).choose(ROOM, choice, is_for_community=False)

    again = await Policies(Policy(), settings).policy(ROOM)

    assert again.level_of(Category.VIOLENCE) is Level.STRICT
    assert again.level_of(Category.HATE) is Level.STANDARD
    assert again.thresholds == {Category.HATE: 0.4}
    assert again.is_shadow


async def test_level_for_everything_replaces_what_is_farther_away(
    settings: Settings,
) -> None:
    policies = Policies(Policy(), settings)
    far = Choice(levels={Category.VIOLENCE: Level.OFF}, thresholds={Category.HATE: 0.1})
    await policies.choose(ROOM, far, is_for_community=True)
    await policies.choose(ROOM, Choice(level=Level.STRICT), is_for_community=False)

    policy = await policies.policy(ROOM)

    assert policy.level_of(Category.VIOLENCE) is Level.STRICT
    assert policy.thresholds == {}


async def test_level_of_a_category_replaces_its_threshold_from_farther_away(
    settings: Settings,
) -> None:
    policies = Policies(Policy(), settings)
    far = Choice(thresholds={Category.HATE: 0.1, Category.VIOLENCE: 0.2})
    near = Choice(levels={Category.HATE: Level.RELAXED})
    await policies.choose(ROOM, far, is_for_community=True)
    await policies.choose(ROOM, near, is_for_community=False)

    assert (await policies.policy(ROOM)).thresholds == {Category.VIOLENCE: 0.2}


async def test_store_is_read_once_for_each_place(settings: Settings) -> None:
    policies = Policies(Policy(), settings)
    for _ in range(5):
        await policies.policy(ROOM)

    assert settings.num_reads == 2


async def test_adults_are_told_by_the_platform(settings: Settings) -> None:
    bar = Channel("web", "bar", "home", is_age_restricted=True)

    policy = await Policies(Policy(), settings).policy(bar)

    assert policy.level_of(Category.SEXUAL) is Level.RELAXED
    assert policy.level_of(Category.VIOLENCE) is Level.STANDARD


def test_minors_are_protected_at_every_level() -> None:
    for level in Level:
        policy = Policy(
            level=level, levels={Category.SEXUAL_MINORS: Level.OFF}, is_shadow=False
        )
        assert policy.level_of(Category.SEXUAL_MINORS) in (Level.STANDARD, Level.STRICT)


def test_adults_can_be_judged_strictly_where_a_community_wants_it() -> None:
    policy = Policy(levels={Category.SEXUAL: Level.STRICT}, is_age_restricted=True)

    assert policy.level_of(Category.SEXUAL) is Level.STRICT


@given(
    st.builds(
        Choice,
        level=st.none() | st.sampled_from(Level),
        levels=st.dictionaries(st.sampled_from(Category), st.sampled_from(Level)),
        thresholds=st.dictionaries(st.sampled_from(Category), st.floats(0, 1)),
        is_shadow=st.none() | st.booleans(),
    )
)
def test_stored_choice_is_read_as_it_was(choice: Choice) -> None:
    assert Choice.load(choice.dump()) == choice
