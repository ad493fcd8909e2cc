"""A moderator's sticker joins the community's own set on Telegram, once."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.sticker_pictures import MOST_BYTES, as_sticker
from bot.errors import NetworkError, PlatformError, UserError
from bot.messages import Attachment, Author, Reply, Role
from bot.provenance import Provenance
from tests.adapters.telegram.rig import Rig, ScaledClock, open_rig
from tests.telegram_server.chats import Chat
from tests.telegram_server.faults import Faults
from tests.telegram_server.media import picture_size
from tests.telegram_server.senders import small_picture
from tests.telegram_server.server import Person

WAIT_S = 20.0
DRAWN = Provenance("starter-image", 7)
FOX = Attachment("fox.png", "image/png", small_picture(64, 32), provenance=DRAWN)
OCCUPIED = "Bad Request: sticker set name is already occupied"


@dataclass(slots=True)
class Village:
    """A group, its moderator Ada, and the bot in it."""

    rig: Rig
    bot: TelegramAdapter
    ada: Person
    chat: Chat

    @property
    def faults(self) -> Faults:
        return self.rig.server.faults

    @property
    def sets(self) -> list[dict[str, Any]]:
        return list(self.rig.server.world.sticker_sets.values())

    @property
    def counts(self) -> list[int]:
        return [len(one["stickers"]) for one in self.sets]

    async def add(
        self,
        picture: Attachment = FOX,
        *,
        emoji: str = "🦊",
        by: Person | None = None,
        where: Chat | None = None,
    ) -> str:
        who = by or self.ada
        mod = Author(str(who.id), who.first_name, Role.MODERATOR)
        place = self.bot.channel(str((where or self.chat).id))
        return await self.bot.add_sticker(place, "Fox", picture, emoji=emoji, by=mod)


@pytest.fixture
async def village() -> AsyncIterator[Village]:
    async with (
        asyncio.timeout(WAIT_S),
        open_rig(ScaledClock(50)) as rig,
        rig.adapter() as bot,
    ):
        ada = rig.server.user("Ada")
        await ada.write(rig.server.bot, "/start")
        chat = rig.server.group("Village", ada)
        await ada.write(chat, "/hello@hearth_bot")
        await rig.inbox.wait_messages(1)
        yield Village(rig, bot, ada, chat)


async def test_whom_telegram_does_not_let_the_bot_know_is_asked_to_press_start(
    village: Village,
) -> None:
    bo = village.rig.server.user("Bo")
    stranger = village.rig.server.user("Cy")
    await stranger.write(village.rig.server.bot, "/start")
    await stranger.block(village.rig.server.bot)
    for person in (bo, stranger):
        with pytest.raises(PlatformError, match=r"Start.*https://t\.me/hearth_bot"):
            await village.add(by=person)
    assert village.sets == []

    await bo.write(village.rig.server.bot, "/start")
    await village.add(by=bo)
    assert village.counts == [1]


async def test_who_is_anonymous_is_told_why_that_does_not_go(village: Village) -> None:
    mod = Author(f"anonymous:{village.chat.id}", "Village", Role.MODERATOR)
    place = village.bot.channel(str(village.chat.id))
    with pytest.raises(UserError, match="you are anonymous here"):
        await village.bot.add_sticker(place, "Fox", FOX, emoji="🦊", by=mod)
    assert village.sets == []


async def test_what_is_no_emoji_or_no_picture_is_named(village: Village) -> None:
    with pytest.raises(PlatformError, match="“happy” is no emoji"):
        await village.add(emoji="happy")
    with pytest.raises(PlatformError, match=r"fox\.txt"):
        await village.add(Attachment("fox.txt", "text/plain", b"fox"))
    assert village.sets == []


async def test_first_sticker_makes_the_set_and_others_join_it(village: Village) -> None:
    url = await village.add()
    bo = village.rig.server.user("Bo")
    await bo.write(village.rig.server.bot, "/start")
    assert await village.add(by=bo) == url

    (ours,) = village.sets
    assert url == f"https://t.me/addstickers/{ours['name']}"
    assert ours["title"] == "Village"
    assert [one["emoji"] for one in ours["stickers"]] == ["🦊", "🦊"]
    assert str(village.chat.id).strip("-") not in ours["name"]

    place = village.bot.channel(str(village.chat.id))
    await village.bot.send(place, Reply(f"“Fox” is there now: {url}"))
    assert village.chat.texts[-1] == f"“Fox” is there now: {url}"


async def test_set_of_a_private_chat_is_not_called_what_the_person_is_called(
    village: Village,
) -> None:
    await village.add()
    await village.add(where=village.rig.server.private(village.ada))
    group, private = village.sets
    assert group["name"] != private["name"]
    assert private["title"] == "Hearth"
    assert str(village.ada.id) not in private["name"]


async def test_two_at_once_go_into_one_set(village: Village) -> None:
    urls = await asyncio.gather(*(village.add() for _ in range(3)))
    assert (len(set(urls)), village.counts) == (1, [3])


async def test_full_set_begins_the_next_which_goes_on(village: Village) -> None:
    first = await village.add()
    village.sets[0]["stickers"] *= 120
    second = await village.add()
    assert second == first.replace("_by_", "_2_by_")
    assert await village.add() == second
    assert village.counts == [120, 2]
    assert village.sets[1]["title"] == "Village 2"


async def test_name_that_is_taken_by_what_is_not_there_is_passed_over(
    village: Village,
) -> None:
    village.faults.refuse("createNewStickerSet", 400, OCCUPIED)
    assert "_2_by_" in await village.add()
    village.faults.refuse("createNewStickerSet", 400, OCCUPIED, times=99)
    village.rig.server.world.sticker_sets.clear()
    with pytest.raises(PlatformError, match="no set that has room"):
        await village.add()


@pytest.mark.parametrize("is_after", [True, False])
async def test_lost_answer_adds_nothing_twice(village: Village, is_after: bool) -> None:
    for method in ("createNewStickerSet", "addStickerToSet"):
        village.faults.drop(method, after=is_after)
        village.faults.drop("getStickerSet", times=2)
        village.faults.drop("uploadStickerFile", after=is_after)
        await village.add()
    assert village.counts == [2]
    assert not village.faults.rules


async def test_last_place_of_a_set_is_taken_once_though_the_answer_is_lost(
    village: Village,
) -> None:
    url = await village.add()
    village.sets[0]["stickers"] *= 119
    village.faults.drop("addStickerToSet", after=True)
    assert await village.add() == url
    assert village.counts == [120]


async def test_network_that_stays_away_says_where_to_look(village: Village) -> None:
    village.faults.drop("createNewStickerSet", times=99)
    with pytest.raises(NetworkError, match=r"Look at https://t\.me/addstickers/s"):
        await village.add()
    village.faults.clear()
    village.faults.drop("uploadStickerFile", times=99)
    with pytest.raises(NetworkError):
        await village.add()
    assert village.sets == []


async def test_set_that_was_deleted_by_hand_is_made_anew(village: Village) -> None:
    url = await village.add()
    village.rig.server.world.sticker_sets.clear()
    assert await village.add() == url
    assert village.counts == [1]


async def test_group_that_becomes_a_supergroup_keeps_its_set(village: Village) -> None:
    url = await village.add()
    await village.rig.server.owner.migrate(village.chat)
    large = village.chat.migrated_to
    assert large is not None
    await village.ada.write(large, "/hello@hearth_bot")
    await village.rig.inbox.wait_messages(3)
    assert await village.add(where=large) == url
    assert village.counts == [2]


async def test_what_we_drew_goes_out_with_the_note_that_we_did(
    village: Village,
) -> None:
    await village.add()
    file_id = village.sets[0]["stickers"][0]["file_id"]
    sent = village.rig.server.world.files[file_id].content
    assert picture_size(sent) == (512, 256)
    assert b"Made by AI" in sent


def test_any_picture_becomes_one_that_telegram_takes() -> None:
    noise = Image.effect_noise((900, 700), 99).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=99)
    photo = as_sticker(Attachment("photo.jpg", "image/jpeg", file.getvalue()))
    assert picture_size(photo) == (512, 398)
    assert len(photo) <= MOST_BYTES

    upright = Image.new("RGB", (40, 80), "red")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    file = io.BytesIO()
    upright.save(file, "JPEG", exif=exif)
    turned = as_sticker(Attachment("tall.jpg", "image/jpeg", file.getvalue()))
    assert picture_size(turned) == (512, 256)

    file = io.BytesIO()
    Image.new("1", (8_000, 7_000)).save(file, "PNG")
    with pytest.raises(PlatformError, match="too large for a sticker"):
        as_sticker(Attachment("huge.png", "image/png", file.getvalue()))
