"""Files that people send."""

import pytest

from adapters.telegram.adapter import TelegramAdapter
from tests.adapters.telegram.rig import Rig
from tests.telegram_server.senders import small_picture
from tests.telegram_server.server import Person


@pytest.fixture
def ada(rig: Rig) -> Person:
    return rig.server.user("Ada")


async def test_photo_comes_in_its_largest_size_with_its_caption(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    picture = small_picture(64, 48, "JPEG")
    await ada.send_photo(rig.server.bot, picture, caption="What is this?")
    (message,) = await rig.inbox.wait_messages(1)
    assert message.text == "What is this?"
    (photo,) = message.attachments
    assert (photo.media_type, photo.content) == ("image/jpeg", picture)


async def test_voice_note_is_known_as_one(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    await ada.send_voice(rig.server.bot, b"OggS\0hello")
    await ada.send_audio(rig.server.bot, b"ID3music", title="Song")
    await ada.send_video_note(rig.server.bot)
    await ada.send_video(rig.server.bot)
    await ada.send_document(rig.server.bot, b"a,b", "t.csv", media_type="text/csv")
    messages = await rig.inbox.wait_messages(5)
    files = [message.attachments[0] for message in messages]
    assert [(f.name, f.media_type, f.is_voice) for f in files] == [
        ("voice.ogg", "audio/ogg", True),
        ("Song.mp3", "audio/mpeg", False),
        ("video-note.mp4", "video/mp4", False),
        ("video.mp4", "video/mp4", False),
        ("t.csv", "text/csv", False),
    ]
    assert files[0].content == b"OggS\0hello"


async def test_album_is_one_message_with_all_its_pictures(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    await ada.send_album(rig.server.bot, 4, caption="Which is best?")
    await ada.write(rig.server.bot, "Well?")
    first, second = await rig.inbox.wait_messages(2)
    assert first.text == "Which is best?"
    assert len(first.attachments) == 4
    assert second.text == "Well?"


async def test_file_that_is_too_large_is_said_so_and_never_fetched(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    sent = await ada.send_document(
        rig.server.bot,
        b"x",
        "film.mkv",
        caption="Look",
        size_bytes=21 * 1024 * 1024,
    )
    (message,) = await rig.inbox.wait_messages(1)
    assert (message.text, message.attachments) == ("Look", ())
    (said,) = sent.chat.by(rig.server.bot)
    assert said.text == (
        "“film.mkv” is too large for me: I can take files of up to 20 MB."
    )
    assert not rig.server.calls.of("getFile")


async def test_large_file_alone_is_answered_by_that_sentence_only(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    sent = await ada.send_voice(rig.server.bot, size_bytes=21 * 1024 * 1024)
    await ada.write(rig.server.bot, "next")
    (message,) = await rig.inbox.wait_messages(1)
    assert message.text == "next"
    assert len(sent.chat.by(rig.server.bot)) == 1


async def test_file_that_cannot_be_fetched_is_asked_for_again(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    rig.server.faults.answer("getFile", 502, times=9)
    sent = await ada.send_document(rig.server.bot, b"x", "notes.txt", caption="Read")
    (message,) = await rig.inbox.wait_messages(1)
    assert message.attachments == ()
    (said,) = sent.chat.by(rig.server.bot)
    assert said.text == "I could not fetch “notes.txt”. Please send it again."


async def test_files_of_chatter_are_left_where_they_are(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    group = rig.server.supergroup("Friends", ada)
    await rig.server.owner.promote(group, rig.server.bot)
    photo = await ada.send_photo(group, caption="my cat")
    await ada.write(group, "@hearth_bot what is it?", reply_to=photo)
    first, second = await rig.inbox.wait_messages(2)
    assert first.attachments == ()
    assert second.replied is not None
    assert len(second.replied.attachments) == 1
    assert len(rig.server.calls.of("getFile")) == 1


async def test_what_is_too_large_in_a_group_is_said_to_its_sender_alone(
    rig: Rig, bot: TelegramAdapter, ada: Person
) -> None:
    group = rig.server.supergroup("Friends", ada)
    await rig.server.owner.promote(group, rig.server.bot)
    private = rig.server.private(ada)
    await ada.send_document(
        group, b"x", caption="Hearth, look", size_bytes=30 * 1024 * 1024
    )
    await rig.inbox.wait_messages(1)
    await rig.server.until(lambda: private.by(rig.server.bot))
    assert not group.by(rig.server.bot)
