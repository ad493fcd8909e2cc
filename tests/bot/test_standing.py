"""Whether somebody who came to the desk by a link is still a moderator."""

import pytest

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from bot.clock import FakeClock
from bot.messages import Channel, Role
from bot.standing import BELIEVED_S, EVERY_S, Standing
from bot.store.desk_visits import DeskGrant

HALL = Channel("fake", "general", "fakeville", "general")
GRANT = DeskGrant("7", "Lin", Role.MODERATOR, HALL)


class Desk:
    """A platform, and what a community asks for."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.platform = FakeAdapter(RecordingInbox(), clock=self.clock)
        self.platform.platform.is_connected = True
        self.platform.roles["7"] = Role.MODERATOR
        self.least = Role.MODERATOR
        self.standing = Standing(
            {"fake": self.platform},
            owners=("fake:1",),
            may_run=self._may_run,
            clock=self.clock,
        )

    async def _may_run(self, role: Role, channel: Channel) -> bool:
        assert channel == HALL
        return role >= self.least


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("is_gone", [False, True])
async def test_whoever_lost_the_role_or_left_has_none_after_a_minute(
    desk: Desk, is_gone: bool
) -> None:
    assert await desk.standing.role(GRANT) is Role.MODERATOR
    if is_gone:
        del desk.platform.roles["7"]
    else:
        desk.platform.roles["7"] = Role.MEMBER
    await desk.clock.advance(EVERY_S - 1)
    assert await desk.standing.role(GRANT) is Role.MODERATOR  # not asked so soon
    await desk.clock.advance(1)
    assert await desk.standing.role(GRANT) is Role.MEMBER


async def test_what_was_said_last_counts_for_a_while_and_then_nothing_does(
    desk: Desk,
) -> None:
    assert await desk.standing.role(GRANT) is Role.MODERATOR
    desk.platform.platform.is_connected = False
    await desk.clock.advance(BELIEVED_S - 1)
    assert await desk.standing.role(GRANT) is Role.MODERATOR
    await desk.clock.advance(1)
    assert await desk.standing.role(GRANT) is None
    desk.platform.platform.is_connected = True
    await desk.clock.advance(EVERY_S)
    assert await desk.standing.role(GRANT) is Role.MODERATOR


async def test_role_of_the_link_counts_for_a_while_where_nothing_was_said_yet(
    desk: Desk,
) -> None:
    elsewhere = DeskGrant("7", "Lin", Role.MODERATOR, Channel("nowhere", "1", "2"))
    desk.least = Role.MEMBER
    standing = Standing({}, owners=(), may_run=anybody, clock=desk.clock)
    assert await standing.role(elsewhere) is Role.MODERATOR
    await desk.clock.advance(BELIEVED_S)
    assert await standing.role(elsewhere) is None


async def anybody(role: Role, channel: Channel) -> bool:
    return True


async def test_owner_of_the_settings_needs_no_platform(desk: Desk) -> None:
    desk.platform.platform.is_connected = False
    owner = DeskGrant("1", "Olga", Role.OWNER, HALL)
    assert await desk.standing.role(owner) is Role.OWNER
    await desk.clock.advance(BELIEVED_S)
    assert await desk.standing.role(owner) is Role.OWNER


async def test_whoever_rises_has_no_more_than_they_came_with(desk: Desk) -> None:
    desk.platform.roles["7"] = Role.OWNER
    assert await desk.standing.role(GRANT) is Role.MODERATOR


async def test_community_that_keeps_the_desk_for_owners_is_heard_at_once(
    desk: Desk,
) -> None:
    assert await desk.standing.role(GRANT) is Role.MODERATOR
    desk.least = Role.OWNER
    assert await desk.standing.role(GRANT) is Role.MEMBER
