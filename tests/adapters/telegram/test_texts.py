"""What messages say, without a server."""

from datetime import UTC, datetime
from typing import Any

import pytest
import telegram

from adapters.telegram.downloads import files_in
from adapters.telegram.identity import Identity
from adapters.telegram.media import Media, in_albums, media_of
from adapters.telegram.texts import is_for_others, is_mention, quoted, text_of
from bot.messages import Attachment
from tests.telegram_server.senders import small_picture

ME = Identity(id=7, username="hearth_bot", name="Hearth")
CHAT = telegram.Chat(5, "private")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def message(**fields: Any) -> telegram.Message:
    return telegram.Message(1, NOON, CHAT, **fields)


def mark(kind: str, offset: int, length: int, **fields: Any) -> telegram.MessageEntity:
    return telegram.MessageEntity(kind, offset, length, **fields)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"location": telegram.Location(8.5, 47.4)}, "A place: 47.4, 8.5"),
        (
            {
                "location": telegram.Location(8.5, 47.4),
                "venue": telegram.Venue(telegram.Location(8.5, 47.4), "Café", "X 1"),
            },
            "A place: Café",
        ),
        ({"contact": telegram.Contact("123", "Ada", "Byron")}, "A contact: Ada Byron"),
        ({"dice": telegram.Dice(4, "🎲")}, "🎲 4"),
        ({"new_chat_title": "x"}, ""),
        ({"caption": "below"}, "below"),
    ],
)
def test_what_is_no_text_is_named(fields: dict[str, Any], said: str) -> None:
    assert text_of(message(**fields), ME) == said


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/start", "/help"),
        ("/start answer", "/help"),
        ("/START@hearth_bot", "/help"),
        ("/ask\nmany lines", "/ask\nmany lines"),
        ("/a_b_c@hearth_bot x_y", "/a-b-c x_y"),
        ("/ not a command", "/ not a command"),
        ("/5", "/5"),
        ("5/3 is a number", "5/3 is a number"),
    ],
)
def test_commands_are_written_as_the_core_does(text: str, read: str) -> None:
    assert text_of(message(text=text), ME) == read


def test_mention_without_a_username_is_known_too() -> None:
    user = telegram.User(7, "Hearth", is_bot=True)
    other = telegram.User(8, "Other", is_bot=True)
    called = message(text="Hearth hi", entities=[mark("text_mention", 0, 6, user=user)])
    assert is_mention(called, ME)
    assert text_of(called, ME) == "hi"
    not_me = message(text="Other hi", entities=[mark("text_mention", 0, 5, user=other)])
    assert not is_mention(not_me, ME)
    assert text_of(not_me, ME) == "Other hi"


def test_bot_that_does_not_know_its_name_yet_is_nobody() -> None:
    called = message(text="@hearth_bot hi", entities=[mark("mention", 0, 11)])
    assert not is_mention(called, Identity())
    assert Identity().url == ""


def test_entities_in_entities_are_written_once() -> None:
    link = mark("text_link", 0, 4, url="https://e.org/")
    inner = mark("code", 1, 2)
    assert text_of(message(text="link!", entities=[link, inner]), ME) == (
        "link (https://e.org/)!"
    )


def test_link_that_shows_its_address_stays_as_it_is() -> None:
    link = mark("text_link", 0, 5, url="e.org")
    assert text_of(message(text="e.org", entities=[link]), ME) == "e.org"


def test_quote_without_a_text_of_ones_own() -> None:
    shown = message(quote=telegram.TextQuote("one\ntwo", 0))
    assert quoted(shown, "") == "> one\n> two"
    assert quoted(message(quote=telegram.TextQuote(" ", 0)), "x") == "x"


def test_command_for_others() -> None:
    assert is_for_others("/help@other_bot", ME)
    assert not is_for_others("/help@Hearth_Bot", ME)
    assert not is_for_others("/help", ME)
    assert not is_for_others("help@other_bot", ME)


def test_sticker_that_moves_is_its_still() -> None:
    still = telegram.PhotoSize("t", "t", 100, 100, 50)

    def sticker(**fields: Any) -> telegram.Sticker:
        return telegram.Sticker(
            "s",
            "s",
            512,
            512,
            fields.pop("moves", False),
            fields.pop("film", False),
            "regular",
            **fields,
        )

    (moving,) = files_in(message(sticker=sticker(moves=True, thumbnail=still)))
    (film,) = files_in(message(sticker=sticker(film=True)))
    (plain,) = files_in(message(sticker=sticker()))
    assert (moving.file_id, moving.media_type) == ("t", "image/webp")
    assert (film.file_id, film.media_type) == ("s", "video/webm")
    assert (plain.file_id, plain.media_type) == ("s", "image/webp")


@pytest.mark.parametrize(
    ("size", "media"),
    [
        ((100, 100), Media.PHOTO),
        ((9_000, 2_000), Media.DOCUMENT),  # Telegram takes 10,000 in all
        ((2_100, 100), Media.DOCUMENT),  # and no ratio above 20
        ((2_000, 100), Media.PHOTO),
    ],
)
def test_picture_goes_as_a_photo_where_telegram_takes_it(
    size: tuple[int, int], media: Media
) -> None:
    picture = Attachment("a.png", "image/png", small_picture(*size, "PNG"))
    assert media_of(picture) is media


def test_picture_of_more_than_ten_megabytes_is_a_document() -> None:
    heavy = small_picture(10, 10, "PNG") + bytes(10 * 1024 * 1024)
    assert media_of(Attachment("a.png", "image/png", heavy)) is Media.DOCUMENT


def test_albums_hold_what_goes_together_and_ten_at_most() -> None:
    file = Attachment("x", "y/z", b"")
    photo, video, text = (
        (file, Media.PHOTO), (file, Media.VIDEO), (file, Media.DOCUMENT)
    )  # fmt: skip
    voice, song = (file, Media.VOICE), (file, Media.AUDIO)
    files = [photo, video, text, text, voice, voice, song, song]
    assert [len(group) for group in in_albums(files)] == [2, 2, 1, 1, 2]
    assert [len(group) for group in in_albums([photo] * 23)] == [10, 10, 3]
    assert in_albums([]) == []
