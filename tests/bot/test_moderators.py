from collections.abc import Callable
from typing import Any

import pytest

from bot.messages import Channel
from bot.moderators import Moderators
from bot.preferences import Preferences, community_key
from bot.setup import Setup
from bot.words import T


class NoSettings:
    """A store in which nothing was set."""

    async def get(self, key: str, name: str) -> str | None:
        return None

    async def set(self, key: str, name: str, value: str) -> None:
        raise AssertionError("nothing is set here")


HERE = Channel("discord", "general", "village")
STAFF_ELSEWHERE = Channel("discord", "staff", "headquarters")
OTHER_STAFF = Channel("discord", "staff2", "town")
ON_TELEGRAM = Channel("telegram", "staff", "village")


@pytest.fixture
def moderators(make_setup: Callable[..., Setup]) -> Moderators:
    setup = make_setup()
    return Moderators(
        ["discord:staff", "telegram:staff"],
        adapters={},
        preferences=Preferences(setup.config, NoSettings(), setup.words),
        words=setup.words,
    )


@pytest.mark.parametrize(
    ("channel", "is_overseen"),
    [(HERE, True), (STAFF_ELSEWHERE, True), (OTHER_STAFF, False), (ON_TELEGRAM, False)],
)
def test_community_is_dealt_with_by_its_own_and_where_the_owner_said(
    moderators: Moderators, channel: Channel, is_overseen: bool
) -> None:
    assert moderators.oversees(community_key(HERE), channel) is is_overseen


async def test_moderators_who_cannot_be_reached_are_not_thought_told(
    moderators: Moderators,
) -> None:
    told: Any = await moderators.tell(T("Something happened."), platform="discord")

    assert told is False
