from typing import Any

import httpx
import pytest

from tests.telegram_server.client import Client
from tests.telegram_server.people import NotAllowedError
from tests.telegram_server.senders import small_picture
from tests.telegram_server.server import TelegramServer

PICTURE = small_picture()


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("sendPhoto", "photo"),
        ("sendDocument", "document"),
        ("sendVoice", "voice"),
        ("sendAudio", "audio"),
        ("sendVideo", "video"),
        ("sendAnimation", "animation"),
        ("sendVideoNote", "video_note"),
        ("sendSticker", "sticker"),
    ],
)
async def test_files_are_sent_and_sent_again_by_their_id(
    server: TelegramServer, api: Client, method: str, kind: str
) -> None:
    chat = server.private(server.user("Ada"))

    sent = await api.call(
        method, {kind: ("a.bin", PICTURE)}, chat_id=chat.id, caption="Look"
    )
    shown = sent.result[kind]
    file_id = (shown[-1] if kind == "photo" else shown)["file_id"]
    again = await api.ask(method, chat_id=chat.id, **{kind: file_id})

    assert kind in again
    has_caption = kind not in ("video_note", "sticker")
    assert sent.result.get("caption") == ("Look" if has_caption else None)
    media = [message.media for message in chat.messages]
    assert [m and m.content for m in media] == [PICTURE, PICTURE]


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (small_picture(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (small_picture(100, 2100), "PHOTO_INVALID_DIMENSIONS"),
        (small_picture(5001, 5000), "PHOTO_INVALID_DIMENSIONS"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (b"", "file must be non-empty"),
    ],
)
async def test_picture_that_is_none_or_has_impossible_sides_is_refused(
    server: TelegramServer, api: Client, picture: bytes, reason: str
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call("sendPhoto", {"photo": ("a.png", picture)}, chat_id=chat.id)

    assert answer.description == f"400 Bad Request: {reason}"
    assert chat.messages == []


async def test_photo_over_ten_megabytes_is_refused(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))
    large = PICTURE + bytes(10 * 1024 * 1024)

    answer = await api.call("sendPhoto", {"photo": ("a.png", large)}, chat_id=chat.id)

    assert answer.description == (
        f"400 Bad Request: file of size {len(large)} bytes is too big for a photo; "
        "the maximum size is 10485760 bytes"
    )
    document = await api.call(
        "sendDocument", {"document": ("a.png", large)}, chat_id=chat.id
    )
    assert document.status == 200


@pytest.mark.parametrize("spare", [10, 2 * 1024 * 1024])
async def test_upload_over_the_limit_is_refused(
    server: TelegramServer, api: Client, spare: int
) -> None:
    server.settings.upload_bytes = 100_000
    chat = server.private(server.user("Ada"))
    await server.restart()

    answer = await api.call(
        "sendDocument", {"document": ("a", bytes(100_000 + spare))}, chat_id=chat.id
    )

    assert answer.description == "413 Request Entity Too Large"
    assert chat.messages == []


def test_limit_is_fifty_megabytes_unless_made_smaller(server: TelegramServer) -> None:
    assert server.settings.upload_bytes == 50 * 1024 * 1024


async def test_caption_over_the_limit_is_refused(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))
    photo = {"photo": ("a.png", PICTURE)}

    answer = await api.call("sendPhoto", photo, chat_id=chat.id, caption="a" * 1025)
    fits = await api.call(
        "sendPhoto",
        photo,
        chat_id=chat.id,
        caption="<b>" + "a" * 1024 + "</b>",
        parse_mode="HTML",
    )

    assert answer.description == "400 Bad Request: message caption is too long"
    assert fits.result["caption_entities"][0]["length"] == 1024


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        ("", "there is no photo in the request"),
        ("nonsense", "wrong remote file identifier specified: Wrong string length"),
        ("https://a.example/a.png", "failed to get HTTP URL content"),
    ],
)
async def test_file_that_is_not_there_is_refused(
    server: TelegramServer, api: Client, photo: str, reason: str
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call("sendPhoto", chat_id=chat.id, photo=photo)

    assert answer.description == f"400 Bad Request: {reason}"


async def test_photos_come_in_sizes_and_are_fetched(
    server: TelegramServer, api: Client, http: httpx.AsyncClient
) -> None:
    picture = small_picture(640, 480)
    await server.user("Ada").send_photo(server.bot, picture, caption="Look")

    (update,) = await api.ask("getUpdates")
    sizes = update["message"]["photo"]
    about = await api.ask("getFile", file_id=sizes[-1]["file_id"])
    fetched = await http.get(
        f"{server.base_file_url}{server.token}/{about['file_path']}"
    )
    wrong = await http.get(f"{server.base_file_url}{server.token}/photos/none.jpg")

    assert [size["width"] for size in sizes] == [160, 320, 640]
    assert update["message"]["caption"] == "Look"
    assert fetched.content == picture
    assert wrong.status_code == 404
    assert (await http.get(f"{server.base_file_url}no/photos/a")).status_code == 404


async def test_download_over_twenty_megabytes_is_refused(
    server: TelegramServer, api: Client
) -> None:
    message = await server.user("Ada").send_document(
        server.bot, b"small in truth", size_bytes=20 * 1024 * 1024 + 1
    )
    assert message.media is not None

    answer = await api.call("getFile", file_id=message.media.file.file_id)

    assert answer.description == "400 Bad Request: file is too big"
    assert (await api.call("getFile")).description == (
        "400 Bad Request: file_id not specified"
    )
    assert (await api.call("getFile", file_id="x")).description == (
        "400 Bad Request: invalid file_id"
    )


async def test_all_that_people_send_comes_with_its_kind(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    await ada.send_voice(server.bot, duration_s=7)
    await ada.send_audio(server.bot, title="Song")
    await ada.send_video(server.bot)
    await ada.send_video_note(server.bot)
    await ada.send_sticker(server.bot, "🔥", set_name="fires")
    await ada.send_document(server.bot, b"%PDF", "a.pdf", media_type="application/pdf")

    voice, audio, video, note, sticker, document = (
        update["message"] for update in await api.ask("getUpdates")
    )

    assert voice["voice"]["duration"] == 7
    assert audio["audio"]["title"] == "Song"
    assert video["video"]["width"] == 640
    assert note["video_note"]["length"] == 240
    assert sticker["sticker"]["emoji"] == "🔥"
    assert document["document"]["mime_type"] == "application/pdf"


async def test_person_without_the_right_sends_no_photo(server: TelegramServer) -> None:
    ada = server.user("Ada")
    chat = server.supergroup("Village", ada)
    await server.owner.restrict(chat, ada, ["can_send_messages"])

    await ada.write(chat, "a text")
    with pytest.raises(NotAllowedError):
        await ada.send_photo(chat)
    with pytest.raises(NotAllowedError):
        await ada.send_sticker(chat)
    with pytest.raises(NotAllowedError):
        await ada.send_voice(chat)


async def test_album_of_a_person_comes_as_updates_of_their_own(
    server: TelegramServer, api: Client
) -> None:
    await server.user("Ada").send_album(server.bot, 3, caption="Holidays")

    messages = [update["message"] for update in await api.ask("getUpdates")]

    assert len(messages) == 3
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["Holidays", None, None]


def item(name: str = "a", kind: str = "photo", **more: Any) -> dict[str, Any]:
    return {"type": kind, "media": f"attach://{name}", **more}


async def test_album_of_a_bot_is_one_message_for_each_file(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))

    album = await api.call(
        "sendMediaGroup",
        {"a": ("a.png", PICTURE), "b": ("b.png", PICTURE)},
        chat_id=chat.id,
        media=[
            item("a", caption="<b>Two</b>", parse_mode="HTML"),
            item("b"),
        ],
    )

    assert [message.get("caption") for message in album.result] == ["Two", None]
    assert len({message["media_group_id"] for message in album.result}) == 1
    assert len(chat.messages) == 2


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        ([], "there are no messages to send"),
        ([item()], "an album has 2-10 items"),
        ([item()] * 11, "too many messages to send as an album"),
        ([item(), item(kind="document")], "document can't be mixed with other media"),
        ([item(), item(kind="audio")], "audio can't be mixed with other media types"),
        ([item(), item(kind="voice")], 'type "voice" can\'t be used'),
        ([item(), item(kind="map")], "can't parse InputMedia"),
        ([item(), item("missing")], "can't parse InputMedia: media not found"),
        ([item(), item(caption="a" * 1025)], "message caption is too long"),
        ([item(), item("text")], "IMAGE_PROCESS_FAILED"),
    ],
)
async def test_wrong_album_is_refused_as_a_whole(
    server: TelegramServer, api: Client, media: Any, reason: str
) -> None:
    chat = server.private(server.user("Ada"))
    files = {"a": ("a.png", PICTURE), "text": ("a.txt", b"text")}

    answer = await api.call("sendMediaGroup", files, chat_id=chat.id, media=media)

    assert answer.status == 400
    assert reason in answer.description
    assert chat.messages == []
