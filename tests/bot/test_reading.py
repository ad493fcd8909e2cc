import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from bot.config import FilesConfig
from bot.errors import BackendError, DeadlineError, MissingError, UserError
from bot.files.opener import FileOpener
from bot.files.refused import FileRefusedError
from bot.files.worker import FileLimits
from bot.generation.requests import Owner, Transcript
from bot.listening import Listener
from bot.messages import Attachment, Author, Channel, Message
from bot.outside import quoted
from bot.reading import Reader
from bot.words import T

if TYPE_CHECKING:
    pass

LIMITS = FilesConfig(max_count=3, max_characters=100, max_bytes=1000)
TEXT = Attachment("note.txt", "text/plain", b"bread")
PDF = Attachment("plan.pdf", "application/pdf", b"the plan")
PICTURE = Attachment("cat.png", "image/png", b"...")
SONG = Attachment("song.mp3", "audio/mpeg", b"la la la")
VOICE = Attachment("voice.ogg", "audio/ogg", b"good evening", is_voice=True)
ZIP = Attachment("all.zip", "application/zip", b"PK\x03\x04\x00")


class PaperOpener(FileOpener):
    """Finds a PDF's text in its bytes; those that begin with ! are refused so."""

    def __init__(self) -> None:
        limits = FileLimits(max_pages=1, max_characters=1, max_seconds=1)
        super().__init__(limits, time_limit_s=1)

    @override
    async def pdf(self, content: bytes) -> str:
        text = content.decode()
        if text.startswith("!"):
            raise FileRefusedError(text[1:], limit=7)
        return text


class SharpListener(Listener):
    """Hears what the bytes say, or fails as it is told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.owners: list[Owner] = []
        self._error = error

    @override
    async def listen(self, content: bytes, owner: Owner) -> Transcript:
        self.owners.append(owner)
        if self._error is not None:
            raise self._error
        return Transcript(content.decode(), "en", 1.0)


def message(text: str, *files: Attachment, is_to_bot: bool = True) -> Message:
    return Message(
        "1",
        Channel("web", "general", "home"),
        Author("ada", "Ada"),
        text,
        datetime(2026, 1, 1, tzinfo=UTC),
        attachments=files,
        is_to_bot=is_to_bot,
    )


def reader(listener: Listener | None = None, **limits: Any) -> Reader:
    config = LIMITS.model_copy(update=limits)
    return Reader(config, opener=PaperOpener(), listener=listener)


async def prompt(
    text: str,
    *files: Attachment,
    listener: Listener | None = None,
    is_to_bot: bool = True,
    **limits: Any,
) -> str:
    """Return what the model would be shown of a message."""
    asked = message(text, *files, is_to_bot=is_to_bot)
    enclosed = await reader(listener, **limits).read(asked)
    return enclosed.prompt(enclosed.text)


def big(name: str, size: int) -> Attachment:
    return Attachment(name, "", b"a" * size)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ((TEXT,) * 4, "I take 3 at a time"),
        ((big("novel.txt", 101),), r"“novel\.txt” is too long.*100 characters"),
        ((big("huge.txt", 401),), r"“huge\.txt” is too long"),
        ((big("a.txt", 60), big("b.md", 60)), r"“b\.md” is too long"),
        ((big("scan.pdf", 1001),), r"“scan\.pdf” is too large.*0\.0 MB"),
        ((Attachment("p.pdf", "", b"!encrypted"),), "has a password"),
        ((Attachment("p.pdf", "", b"!wordless"),), "no text in “p.pdf”"),
        ((Attachment("p.pdf", "", b"!pages"),), "up to 7 pages"),
        ((ZIP,), "cannot read “all.zip”"),
        ((ZIP, ZIP), "cannot read “all.zip”"),
        ((Attachment("film.mp4", "video/mp4", b""),), "cannot read “film.mp4”"),
        ((SONG,), "cannot listen to recordings"),
        ((VOICE,), "cannot listen to voice messages"),
    ],
)
async def test_what_cannot_be_read_is_said_kindly(
    files: tuple[Attachment, ...], told: str
) -> None:
    with pytest.raises(UserError, match=told):
        await prompt("", *files)


async def test_no_files_are_taken_where_the_owner_wants_none() -> None:
    with pytest.raises(UserError, match="no files here"):
        await prompt("Look", TEXT, max_count=0)


async def test_voice_message_is_not_passed_over_for_its_caption() -> None:
    with pytest.raises(UserError, match="write it"):
        await prompt("Listen", VOICE)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (FileRefusedError("seconds", limit=300), "listen for up to 300 seconds"),
        (FileRefusedError("broken"), "damaged"),
        (DeadlineError(T("late")), "took too long"),
        (BackendError(T("I choked on it.")), "I choked on it"),
        (MissingError(T("not there")), "owner can see why"),
    ],
)
async def test_voice_that_cannot_be_heard_is_said_kindly(
    error: Exception, told: str
) -> None:
    with pytest.raises(UserError, match=told):
        await prompt("", VOICE, listener=SharpListener(error))


async def test_voice_without_words_asks_again() -> None:
    silence = Attachment("voice.ogg", "audio/ogg", b"  ", is_voice=True)

    with pytest.raises(UserError, match="heard no words"):
        await prompt("", silence, listener=SharpListener())


async def test_recording_too_large_is_not_even_opened() -> None:
    listener = SharpListener()
    large = Attachment("voice.ogg", "audio/ogg", b"a" * 1001, is_voice=True)

    with pytest.raises(UserError, match="too large"):
        await prompt("", large, listener=listener)

    assert listener.owners == []


async def test_person_who_talks_without_end_has_to_wait_and_others_have_not() -> None:
    go_on = asyncio.Event()

    class SlowListener(SharpListener):
        @override
        async def listen(self, content: bytes, owner: Owner) -> Transcript:
            await go_on.wait()
            return await super().listen(content, owner)

    read = reader(SlowListener()).read
    mine, other = message("", VOICE), message("", VOICE)
    other = replace(other, author=Author("bo", "Bo"))
    running = [asyncio.create_task(read(one)) for one in (mine, mine, other)]
    await asyncio.sleep(0)

    with pytest.raises(UserError, match="still listening"):
        await read(mine)

    go_on.set()
    assert [one.text for one in await asyncio.gather(*running)] == ["good evening"] * 3
    assert (await read(mine)).text == "good evening"


async def test_transcript_of_a_song_counts_as_text() -> None:
    song = Attachment("song.mp3", "audio/mpeg", b"la " * 40)

    with pytest.raises(UserError, match="too long"):
        await prompt("What is it?", song, listener=SharpListener())


async def test_message_without_files_stays_as_it_is() -> None:
    assert await prompt("hello\x1e") == "hello\x1e"


async def test_voice_message_is_what_the_person_says() -> None:
    listener = SharpListener()

    assert await prompt("", VOICE, listener=listener) == "good evening"
    assert await prompt("Hi,", VOICE, listener=listener) == "Hi,\n\ngood evening"
    assert listener.owners[0] == Owner("web:home", "web:ada")


async def test_song_is_material() -> None:
    said = await prompt("What is it?", SONG, listener=SharpListener())

    assert said == f"What is it?\n\n{quoted('la la la', 'the recording song.mp3')}"


async def test_files_of_each_kind_come_in_order() -> None:
    assert await prompt("Read", TEXT, PDF, PICTURE) == "\n\n".join(
        [
            "Read",
            quoted("bread", "the file note.txt"),
            quoted("the plan", "the PDF plan.pdf"),
            "[With it comes the picture cat.png, which you cannot see.]",
        ]
    )


async def test_picture_alone_is_named_so_that_the_bot_can_say_it() -> None:
    assert "which you cannot see" in await prompt("", PICTURE)


@pytest.mark.parametrize(
    ("file", "lack"), [(ZIP, "read"), (SONG, "hear"), (PICTURE, "see")]
)
async def test_what_comes_with_words_is_named_as_not_read(
    file: Attachment, lack: str
) -> None:
    said = await prompt("What is it?", file)

    assert said.startswith("What is it?")
    assert file.name in said
    assert f"which you cannot {lack}" in said


async def test_binary_file_that_calls_itself_text_is_not_read() -> None:
    fake = Attachment("note.txt", "text/plain", b"\x00\x01\x02")

    assert "which you cannot read" in await prompt("Read", fake)


@pytest.mark.parametrize(
    "file",
    [VOICE, SONG, ZIP, big("novel.txt", 500), Attachment("p.pdf", "", b"!slow")],
)
async def test_who_only_talks_is_never_told_and_never_listened_to(
    file: Attachment,
) -> None:
    listener = SharpListener()

    said = await prompt("Look", file, listener=listener, is_to_bot=False)

    assert said.startswith("Look")
    assert "which you cannot" in said
    assert listener.owners == []


async def test_what_is_overheard_is_read_as_far_as_it_goes() -> None:
    files = (big("a.txt", 90), big("b.txt", 20), TEXT, TEXT, TEXT)

    said = await prompt("", *files, is_to_bot=False)

    assert "a" * 90 in said
    assert "b.txt, which you cannot read" in said
    assert said.count("bread") == 1  # the fourth and fifth are too many
