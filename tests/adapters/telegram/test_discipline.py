"""What moderators' presses do on Telegram, and what they cannot."""

from datetime import timedelta

import pytest

from adapters.telegram.adapter import TelegramAdapter
from bot.errors import ForbiddenError, GoneError, PlatformError, UserError
from bot.messages import Button, Reply, Role
from tests.adapters.telegram.rig import Rig
from tests.telegram_server.chats import Chat
from tests.telegram_server.server import Person


@pytest.fixture
def ada(rig: Rig) -> Person:
    return rig.server.user("Ada")


@pytest.fixture
def village(rig: Rig, ada: Person) -> Chat:
    return rig.server.supergroup("Village", ada)


async def test_measures_are_taken(
    rig: Rig, bot: TelegramAdapter, ada: Person, village: Chat
) -> None:
    await rig.server.owner.promote(village, rig.server.bot)
    place, until_utc = bot.channel(str(village.id)), rig.clock.now_utc()
    said = await ada.write(village, "rude")
    await bot.delete_message(place, str(said.id), reason="")
    with pytest.raises(GoneError):
        await bot.delete_message(place, str(said.id), reason="")

    until_utc += timedelta(hours=1)
    await bot.time_out(place, str(ada.id), until_utc=until_utc, reason="")
    member = village.member(ada)
    assert member is not None
    assert (member.status, member.until) == (
        "restricted",
        int(until_utc.timestamp()),
    )
    await bot.kick(place, str(ada.id), reason="")
    member = village.member(ada)
    assert member is not None
    assert member.status == "left"  # and may come back
    await bot.ban(place, str(ada.id), reason="")
    member = village.member(ada)
    assert member is not None
    assert member.status == "kicked"


async def test_role_is_asked_anew_and_ends_with_the_rights(
    rig: Rig, bot: TelegramAdapter, ada: Person, village: Chat
) -> None:
    owner, place = rig.server.owner, bot.channel(str(village.id))
    assert await bot.role_of(place, str(ada.id)) is Role.MEMBER
    await owner.promote(village, ada)
    assert await bot.role_of(place, str(ada.id)) is Role.MODERATOR
    await owner.demote(village, ada)
    assert await bot.role_of(place, str(ada.id)) is Role.MEMBER
    private = bot.channel(str(ada.id))
    assert await bot.role_of(private, str(ada.id)) is Role.MEMBER
    rig.server.faults.answer("getChatAdministrators", times=9)
    with pytest.raises(PlatformError):
        await bot.role_of(place, str(ada.id))


async def test_missing_right_is_named(
    rig: Rig, bot: TelegramAdapter, ada: Person, village: Chat
) -> None:
    place = bot.channel(str(village.id))
    said = await ada.write(village, "rude")
    with pytest.raises(ForbiddenError, match="who may delete messages"):
        await bot.delete_message(place, str(said.id), reason="")
    with pytest.raises(ForbiddenError, match="who may ban users"):
        await bot.ban(place, str(ada.id), reason="")
    assert rig.told == []  # who pressed is told, and nobody else


async def test_who_runs_the_chat_or_is_nobody_is_out_of_reach(
    rig: Rig, bot: TelegramAdapter, village: Chat
) -> None:
    await rig.server.owner.promote(village, rig.server.bot)
    place = bot.channel(str(village.id))
    with pytest.raises(ForbiddenError, match="They run"):
        await bot.ban(place, str(rig.server.owner.id), reason="")
    with pytest.raises(UserError, match="anonymously"):
        await bot.kick(place, "-1001234", reason="")


async def test_card_is_changed_in_place(
    rig: Rig, bot: TelegramAdapter, village: Chat
) -> None:
    place = bot.channel(str(village.id))
    (card,) = await bot.send(place, Reply("1 message", (Button("Take", "/x"),)))
    await bot.change(place, card, Reply("37 messages"))
    (shown,) = village.by(rig.server.bot)
    assert shown.text == "37 messages"
