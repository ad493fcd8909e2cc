import pytest

from bot.files.types import FILE_TYPES, Way, type_of
from bot.messages import Attachment


def way(name: str, media_type: str = "", content: bytes = b"\x00\x01") -> Way:
    return type_of(Attachment(name, media_type, content)).way


def test_voice_message_is_listened_to_whatever_it_claims_to_be() -> None:
    voice = Attachment("notes.txt", "text/plain", b"OggS", is_voice=True)

    assert type_of(voice).way is Way.AUDIO


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("report.pdf", "application/pdf", Way.PDF),
        ("REPORT.PDF", "application/octet-stream", Way.PDF),
        ("cat.png", "image/png", Way.UNSEEN),
        ("cat.jpg", "", Way.UNSEEN),
        ("song.mp3", "audio/mpeg", Way.AUDIO),
        ("voice.oga", "", Way.AUDIO),
        ("film.mp4", "video/mp4", Way.UNSEEN),
        ("main.py", "", Way.TEXT),
        ("app.ts", "video/mp2t", Way.TEXT),
        ("list.csv", "text/csv; charset=utf-8", Way.TEXT),
        ("x.json", "application/json", Way.TEXT),
        ("archive.zip", "application/zip", Way.UNSEEN),
    ],
)
def test_files_are_known_by_media_type_or_ending(
    name: str, media_type: str, expected: Way
) -> None:
    assert way(name, media_type) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7 ...", Way.PDF),
        (b"OggS...", Way.AUDIO),
        ("all: grüße\n\tcc -c".encode(), Way.TEXT),
        (b"\x7fELF\x00", Way.UNSEEN),
        (b"\xff\xfe\xfd", Way.UNSEEN),
    ],
)
def test_files_without_a_type_are_known_by_what_is_in_them(
    content: bytes, expected: Way
) -> None:
    assert way("Makefile", "", content) is expected


def test_media_type_that_says_something_wins_over_the_ending() -> None:
    assert way("cat.png.txt", "image/png") is Way.UNSEEN
    assert way("page.pdf", "text/html") is Way.TEXT


def test_endings_are_said_once() -> None:
    endings = [ending for one in FILE_TYPES for ending in one.endings]

    assert len(endings) == len(set(endings))
    assert all(one.startswith(".") and one == one.casefold() for one in endings)
