"""Sets of stickers, as far as a bot makes them.

Whose set it is Telegram asks for at each call; the person must have started the bot.
"""

import re
from typing import Any

from tests.telegram_server.accounts import Account
from tests.telegram_server.media import picture_size
from tests.telegram_server.methods.uploads import media_of
from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request, forbidden

__all__ = ["METHODS"]

SIDE_PX = 512
MOST_BYTES = 512 * 1024
MOST_IN_SET, MOST_AT_ONCE, MOST_EMOJIS = 120, 50, 20
MOST_KEYWORDS, KEYWORD_LETTERS = 20, 64


def _owner(query: Query) -> Account:
    user_id = query.params.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    account = query.world.account(user_id)
    if account is None:
        raise bad_request("user not found")
    if account.is_bot:
        raise bad_request("USER_IS_BOT")
    if query.bot.id in account.has_blocked:
        raise forbidden("bot was blocked by the user")
    chat = query.world.private.get((query.bot.id, user_id))
    if chat is None or not chat.is_started:
        raise bad_request("PEER_ID_INVALID")
    return account


def _check_picture(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise bad_request("file is too big")
    sides = picture_size(content)
    if sides is None:
        raise bad_request("STICKER_PNG_NOPNG")
    if max(sides) != SIDE_PX:
        raise bad_request("STICKER_PNG_DIMENSIONS")


def _sticker(query: Query, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise bad_request("can't parse InputSticker: expected an Object")
    emojis = given.get("emoji_list")
    if not isinstance(emojis, list) or not 1 <= len(emojis) <= MOST_EMOJIS:
        raise bad_request("invalid sticker emojis")
    if any(not emoji or re.search("[A-Za-z]", emoji) for emoji in emojis):
        raise bad_request("invalid sticker emojis")
    keywords = given.get("keywords") or []
    if len(keywords) > MOST_KEYWORDS or len("".join(keywords)) > KEYWORD_LETTERS:
        raise bad_request("STICKER_KEYWORDS_TOO_LONG")
    if given.get("format") not in ("static", "animated", "video"):
        raise bad_request("can't parse InputSticker: invalid sticker format specified")
    media = media_of(query, "sticker", str(given.get("sticker", "")))
    if given["format"] == "static":
        _check_picture(media.content)
    return {
        **media.to_json(),
        "emoji": emojis[0],
        "set_name": query.params.text("name"),
    }


async def upload_sticker_file(query: Query) -> dict[str, Any]:
    """Keep a file that is to become a sticker."""
    _owner(query)
    if query.params.text("sticker_format") not in ("static", "animated", "video"):
        raise bad_request("invalid sticker format specified")
    media = media_of(query, "sticker")
    if query.params.text("sticker_format") == "static":
        _check_picture(media.content)
    stored = media.file
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size_bytes,
    }


async def create_new_sticker_set(query: Query) -> bool:
    """Make a set; its name ends in the bot's."""
    _owner(query)
    params = query.params
    name, title = params.text("name"), params.text("title").strip()
    ending = f"_by_{query.bot.username}".lower()
    is_name = re.fullmatch(r"[A-Za-z]\w{0,63}", name) and "__" not in name
    if not is_name or not name.lower().endswith(ending):
        raise bad_request("invalid sticker set name is specified")
    if not 1 <= len(title) <= 64:
        raise bad_request("PACK_TITLE_INVALID")
    if name.lower() in query.world.sticker_sets:
        raise bad_request("sticker set name is already occupied")
    given = params.json("stickers")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_AT_ONCE:
        raise bad_request("STICKERS_EMPTY" if not given else "STICKERS_TOO_MUCH")
    query.world.sticker_sets[name.lower()] = {
        "name": name,
        "title": title,
        "sticker_type": params.text("sticker_type", "regular"),
        "stickers": [_sticker(query, entry) for entry in given],
    }
    query.world.changed()
    return True


def _set(query: Query) -> dict[str, Any]:
    found = query.world.sticker_sets.get(query.params.text("name").lower())
    if found is None:
        raise bad_request("STICKERSET_INVALID")
    return found


async def add_sticker_to_set(query: Query) -> bool:
    """Put another sticker into a set; one that is in it already changes nothing."""
    _owner(query)
    found = _set(query)
    if not found["name"].lower().endswith(f"_by_{query.bot.username}".lower()):
        raise bad_request("STICKERSET_INVALID")
    if len(found["stickers"]) >= MOST_IN_SET:
        raise bad_request("STICKERS_TOO_MUCH")
    sticker = _sticker(query, query.params.mapping("sticker"))
    if sticker["file_id"] not in [one["file_id"] for one in found["stickers"]]:
        found["stickers"].append(sticker)
    query.world.changed()
    return True


async def get_sticker_set(query: Query) -> dict[str, Any]:
    """Return a set."""
    return _set(query)


METHODS: dict[str, Method] = {
    "uploadStickerFile": upload_sticker_file,
    "createNewStickerSet": create_new_sticker_set,
    "addStickerToSet": add_sticker_to_set,
    "getStickerSet": get_sticker_set,
}
