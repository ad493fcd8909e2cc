from typing import Any

import pytest

from tests.telegram_server.client import Client
from tests.telegram_server.senders import small_picture
from tests.telegram_server.server import TelegramServer

PICTURE = small_picture(512, 300, "WEBP")
FILES = {"one": ("one.webp", PICTURE), "text": ("a", b"a"), "small": ("b", b"")}
ONE = {"sticker": "attach://one", "emoji_list": ["🔥"], "format": "static"}


async def test_set_is_made_and_added_to(server: TelegramServer, api: Client) -> None:
    ada = server.user("Ada")
    server.private(ada)
    about: dict[str, Any] = {"user_id": ada.id, "name": "fires_by_hearth_bot"}

    uploaded = await api.call(
        "uploadStickerFile",
        {"sticker": ("one.webp", PICTURE)},
        user_id=ada.id,
        sticker_format="static",
    )
    made = await api.call(
        "createNewStickerSet", FILES, **about, title="Fires", stickers=[ONE]
    )
    for _ in range(2):  # the same one a second time changes nothing
        added = await api.call(
            "addStickerToSet",
            **about,
            sticker={**ONE, "sticker": uploaded.result["file_id"]},
        )
        assert added.result is True

    assert made.result is True
    shown = await api.ask("getStickerSet", name="fires_by_hearth_bot")
    assert [sticker["emoji"] for sticker in shown["stickers"]] == ["🔥", "🔥"]
    again = await api.call(
        "createNewStickerSet", FILES, **about, title="Fires", stickers=[ONE]
    )
    assert "already occupied" in again.description


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "fires"}, "invalid sticker set name is specified"),
        ({"name": "a__b_by_hearth_bot"}, "invalid sticker set name is specified"),
        ({"title": ""}, "PACK_TITLE_INVALID"),
        ({"user_id": 0}, "invalid user_id specified"),
        ({"user_id": 5}, "user not found"),
        ({"stickers": []}, "STICKERS_EMPTY"),
        ({"stickers": [ONE] * 51}, "STICKERS_TOO_MUCH"),
        ({"stickers": ["one"]}, "can't parse InputSticker"),
        ({"stickers": [{**ONE, "emoji_list": []}]}, "invalid sticker emojis"),
        ({"stickers": [{**ONE, "emoji_list": ["fox"]}]}, "invalid sticker emojis"),
        ({"stickers": [{**ONE, "keywords": ["x" * 65]}]}, "KEYWORDS_TOO_LONG"),
        ({"stickers": [{**ONE, "format": "gif"}]}, "invalid sticker format"),
        ({"stickers": [{**ONE, "sticker": "attach://text"}]}, "STICKER_PNG_NOPNG"),
    ],
)
async def test_wrong_set_is_refused(
    server: TelegramServer, api: Client, fields: dict[str, Any], reason: str
) -> None:
    ada = server.user("Ada")
    server.private(ada)
    about: dict[str, Any] = {
        "user_id": ada.id,
        "name": "fires_by_hearth_bot",
        "title": "Fires",
        "stickers": [ONE],
        **fields,
    }

    answer = await api.call("createNewStickerSet", FILES, **about)

    assert answer.status == 400
    assert reason in answer.description
    assert server.world.sticker_sets == {}


async def test_sticker_of_the_wrong_size_is_refused(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    server.private(ada)
    answer = await api.call(
        "uploadStickerFile",
        {"sticker": ("a.png", small_picture(100, 100))},
        user_id=ada.id,
        sticker_format="static",
    )
    wrong = await api.call("uploadStickerFile", user_id=ada.id, sticker_format="gif")
    unknown = await api.call("getStickerSet", name="nothing_by_hearth_bot")

    assert answer.description == "400 Bad Request: STICKER_PNG_DIMENSIONS"
    assert wrong.description == "400 Bad Request: invalid sticker format specified"
    assert unknown.description == "400 Bad Request: STICKERSET_INVALID"


async def test_person_must_have_started_the_bot_and_not_blocked_it(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")

    async def upload(user_id: int) -> str:
        answer = await api.call(
            "uploadStickerFile",
            {"sticker": ("one.webp", PICTURE)},
            user_id=user_id,
            sticker_format="static",
        )
        return "" if answer.status == 200 else answer.description

    server.group("Friends", ada)
    assert await upload(ada.id) == "400 Bad Request: PEER_ID_INVALID"
    await ada.write(server.bot, "/start")
    assert await upload(ada.id) == ""
    await ada.block(server.bot)
    assert await upload(ada.id) == "403 Forbidden: bot was blocked by the user"
    assert await upload(server.bot.id) == "400 Bad Request: USER_IS_BOT"


async def test_full_set_takes_no_more(server: TelegramServer, api: Client) -> None:
    ada = server.user("Ada")
    server.private(ada)
    about: dict[str, Any] = {"user_id": ada.id, "name": "fires_by_hearth_bot"}
    await api.call("createNewStickerSet", FILES, **about, title="F", stickers=[ONE])
    server.world.sticker_sets["fires_by_hearth_bot"]["stickers"] *= 120

    answer = await api.call("addStickerToSet", FILES, **about, sticker=ONE)

    assert answer.description == "400 Bad Request: STICKERS_TOO_MUCH"
