from collections.abc import Callable

import pytest

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from bot.fake_settings import FakeSettings
from bot.messages import Attachment, Button, Channel
from bot.moderators import CardButton, Moderators
from bot.preferences import Preferences, community_key
from bot.setup import Setup
from bot.words import T

HERE = Channel("discord", "general", "village")
STAFF_ELSEWHERE = Channel("discord", "staff", "headquarters")
OTHER_STAFF = Channel("discord", "staff2", "town")
ON_TELEGRAM = Channel("telegram", "staff", "village")


@pytest.fixture
def platform() -> FakeAdapter:
    adapter = FakeAdapter(RecordingInbox(), channels=["staff", "named", "general"])
    adapter.platform.is_connected = True
    return adapter


@pytest.fixture
def preferences(make_setup: Callable[..., Setup]) -> Preferences:
    setup = make_setup()
    return Preferences(setup.config, FakeSettings(), setup.words)


@pytest.fixture
def moderators(
    make_setup: Callable[..., Setup], preferences: Preferences, platform: FakeAdapter
) -> Moderators:
    return Moderators(
        ["discord:staff", "telegram:staff", "fake:named"],
        adapters={"fake": platform},
        preferences=preferences,
        words=make_setup().words,
    )


def told(platform: FakeAdapter, channel_id: str) -> list[str]:
    seen = platform.platform.visible(platform.channel(channel_id))
    return [posted.message.text for posted in seen]


@pytest.mark.parametrize(
    ("channel", "is_overseen"),
    [(HERE, True), (STAFF_ELSEWHERE, True), (OTHER_STAFF, False), (ON_TELEGRAM, False)],
)
async def test_community_is_dealt_with_by_its_own_and_where_the_owner_said(
    moderators: Moderators, channel: Channel, is_overseen: bool
) -> None:
    assert await moderators.oversees(community_key(HERE), channel) is is_overseen


async def test_community_is_dealt_with_where_its_own_moderators_chose(
    moderators: Moderators, preferences: Preferences
) -> None:
    await preferences.set_moderator_channel(community_key(HERE), OTHER_STAFF)

    assert await moderators.oversees(community_key(HERE), OTHER_STAFF)
    assert not await moderators.oversees("community:discord:town2", OTHER_STAFF)


async def test_moderators_who_cannot_be_reached_are_not_thought_told(
    moderators: Moderators,
) -> None:
    is_told = await moderators.tell(
        T("Something happened."), communities=[community_key(HERE)]
    )

    assert is_told is False


async def test_what_happens_in_a_community_is_told_where_it_chose_and_nowhere_else(
    moderators: Moderators, preferences: Preferences, platform: FakeAdapter
) -> None:
    here = platform.channel("general")
    await preferences.set_moderator_channel(
        community_key(here), platform.channel("staff")
    )

    assert await moderators.tell(T("Look."), communities=[community_key(here)])
    assert told(platform, "staff") == ["Look."]
    assert told(platform, "named") == []


async def test_channel_that_is_gone_makes_way_for_the_one_of_the_settings(
    moderators: Moderators, preferences: Preferences, platform: FakeAdapter
) -> None:
    here = platform.channel("general")
    gone = Channel("fake", "gone", here.community_id)
    await preferences.set_moderator_channel(community_key(here), gone)

    assert await moderators.tell(T("Look."), communities=[community_key(here)])
    assert told(platform, "named") == ["Look."]


async def test_card_carries_its_picture_and_what_its_buttons_ask(
    moderators: Moderators, platform: FakeAdapter
) -> None:
    picture = Attachment("cover.webp", "image/webp", b"RIFF", description="A cover")
    edit = CardButton(T("Edit"), "/edit 1", asks=T("The new text."), prefill="# Old")

    assert await moderators.tell(
        T("A post waits."),
        quote="# Old",
        buttons=[(T("Approve"), "/review 1 approve"), edit],
        attachments=[picture],
    )

    (card,) = platform.platform.visible(platform.channel("named"))
    assert card.message.attachments == (picture,)
    assert card.message.buttons == (
        Button("Approve", "/review 1 approve"),
        Button("Edit", "/edit 1", asks="The new text.", prefill="# Old"),
    )
