"""Between the core's messages and what the page shows."""

import asyncio
import base64
import unicodedata
from collections.abc import Sequence
from uuid import uuid4

from adapters.web.audience import Event
from adapters.web.markdown import render_markdown, render_plain
from bot.commands.registry import is_command
from bot.messages import Attachment, Author, Channel, Message
from bot.publication import Poll
from bot.store.room_files import RoomFile
from bot.store.rooms import RoomMessage

__all__ = [
    "BADGE_TYPES",
    "clean_name",
    "grown_event",
    "html_of",
    "is_addressed",
    "message_event",
    "name_key",
    "preview_event",
    "room_channel",
    "room_files",
    "to_message",
]

COMMUNITY_ID = "web"
MAX_NAME = 32
MAX_RENDERED = 20_000
"""Longer texts are shown as they are: Markdown of any length would take any time."""
MIN_THREADED = 2_000
"""Texts from this length on are rendered beside the event loop."""
BADGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Files that are shown in the page; all others are only offered for download."""


def room_channel(room: str) -> Channel:
    """Return a room as the core knows it."""
    return Channel("web", room, COMMUNITY_ID, name=room)


def room_files(attachments: Sequence[Attachment]) -> tuple[RoomFile, ...]:
    """Return what is kept about each attachment, with new ids."""
    return tuple(
        RoomFile(uuid4().hex, one.name, one.media_type, one.size_bytes, one.description)
        for one in attachments
    )


def to_message(
    stored: RoomMessage,
    author: Author,
    *,
    attachments: tuple[Attachment, ...],
    is_to_bot: bool,
) -> Message:
    """Return what a person wrote as the core takes it."""
    return Message(
        id=stored.id,
        channel=room_channel(stored.room),
        author=author,
        text=stored.text,
        created_utc=stored.created_utc,
        reply_to_id=stored.reply_to_id,
        attachments=attachments,
        is_to_bot=is_to_bot,
    )


def is_addressed(text: str, bot_name: str) -> bool:
    """Return whether a text is meant for the bot: its name with @, or at the start."""
    spoken, name = text.casefold().strip(), bot_name.casefold()
    if f"@{name}" in spoken or is_command(text):
        return True
    rest = spoken.removeprefix(name)
    return rest != spoken and not rest[:1].isalnum()


def clean_name(name: str) -> str:
    """Return a name as it is shown: one line, nothing invisible, not too long."""
    visible = "".join(
        character if character.isprintable() else " "
        for character in unicodedata.normalize("NFC", name)
        if unicodedata.category(character) != "Cf"
    )
    return " ".join(visible.split())[:MAX_NAME].strip()


def name_key(name: str) -> str:
    """Return a key that is equal for names that people could take for the same."""
    folded = unicodedata.normalize("NFKD", clean_name(name)).casefold()
    return "".join(character for character in folded if character.isalnum())


async def message_event(
    message: RoomMessage,
    *,
    revision: int = 0,
    is_growing: bool = False,
    preview: Attachment | None = None,
) -> Event:
    """Return a message for the page; its HTML is safe."""
    return {
        "type": "message",
        "id": message.id,
        "number": message.number,
        "revision": revision,
        "room": message.room,
        "author_id": message.author_id,
        "author": message.author_name,
        "bot": message.is_bot,
        "html": await html_of(message.text),
        "text": message.text,
        "time": message.created_utc.isoformat(),
        "reply_to": message.reply_to_id,
        "private": message.audience_id is not None,
        "edited": message.is_edited and not message.is_bot,
        "growing": is_growing,
        "preview": None if preview is None else preview_event(preview),
        "buttons": [button.label for button in message.buttons],
        "is_post": message.post_id is not None,
        "poll": _poll(message.poll),
        "questions": [
            {"asks": button.asks, "prefill": button.prefill} if button.asks else None
            for button in message.buttons
        ],
        "files": [
            {
                "name": file.name,
                "size": file.size_bytes,
                "picture": file.media_type in BADGE_TYPES,
                "alt": file.description or file.name,
                "url": f"/files/{file.id}",
            }
            for file in message.files
        ],
    }


def preview_event(picture: Attachment) -> Event:
    """Return a picture that passes: it comes with the event, and is kept nowhere."""
    content = base64.b64encode(picture.content).decode()
    return {
        "url": f"data:{picture.media_type};base64,{content}",
        "alt": picture.description or picture.name,
    }


def _poll(poll: Poll | None) -> Event | None:
    """Return what everybody may know of a poll: not the solution."""
    if poll is None:
        return None
    return {
        "question": poll.question,
        "answers": list(poll.answers),
        "is_quiz": poll.correct is not None,
    }


def grown_event(message_id: str, before: str, after: str) -> Event:
    """Return what to add to a message's HTML: it need not be sent whole each time."""
    same = _num_same(before, after)
    return {
        "type": "grown",
        "id": message_id,
        # The page counts as JavaScript does, in UTF-16.
        "keep": len(after[:same].encode("utf-16-le", "surrogatepass")) // 2,
        "tail": after[same:],
    }


async def html_of(text: str) -> str:
    """Return the safe HTML of a text; long ones are rendered beside the event loop."""
    if len(text) > MAX_RENDERED:
        return render_plain(text)
    if len(text) >= MIN_THREADED:
        return await asyncio.to_thread(render_markdown, text)
    return render_markdown(text)


def _num_same(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least
