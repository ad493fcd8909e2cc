"""People who send pictures, sounds and files."""

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image

from tests.telegram_server.media import Media, picture_size
from tests.telegram_server.messages import Message
from tests.telegram_server.methods.uploads import store, store_photo
from tests.telegram_server.people import Actor, Place

__all__ = ["Sender", "small_picture"]


def small_picture(width: int = 8, height: int = 8, kind: str = "PNG") -> bytes:
    """Return a picture that is really one."""
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (200, 90, 40)).save(stream, kind)
    return stream.getvalue()


@dataclass(slots=True, eq=False)
class Sender(Actor):
    """What a person sends besides texts. Other fields are those of `write`."""

    async def send_photo(
        self, where: Place, content: bytes = b"", *, caption: str = "", **fields: Any
    ) -> Message:
        """Send a photo; without contents, a small one."""
        content = content or small_picture(kind="JPEG")
        width, height = picture_size(content) or (1, 1)
        media = store_photo(self.world, content, width, height)
        return self._send(where, media, caption, **fields)

    async def send_document(
        self,
        where: Place,
        content: bytes,
        name: str = "notes.txt",
        *,
        media_type: str = "text/plain",
        caption: str = "",
        size_bytes: int = 0,
        **fields: Any,
    ) -> Message:
        """Send a file; it may be said to be larger than it is."""
        stored = store(self.world, "document", content, size_bytes=size_bytes)
        about = {"file_name": name, "mime_type": media_type}
        media = Media("document", (stored,), about)
        return self._send(where, media, caption, **fields)

    async def send_voice(
        self,
        where: Place,
        content: bytes = b"OggS\0voice",
        *,
        duration_s: int = 3,
        caption: str = "",
        size_bytes: int = 0,
        **fields: Any,
    ) -> Message:
        """Send what was spoken."""
        stored = store(self.world, "voice", content, size_bytes=size_bytes)
        about = {"duration": duration_s, "mime_type": "audio/ogg"}
        return self._send(where, Media("voice", (stored,), about), caption, **fields)

    async def send_audio(
        self,
        where: Place,
        content: bytes = b"ID3music",
        *,
        title: str = "Song",
        duration_s: int = 180,
        caption: str = "",
        **fields: Any,
    ) -> Message:
        """Send music."""
        about = {
            "duration": duration_s,
            "title": title,
            "mime_type": "audio/mpeg",
            "file_name": f"{title}.mp3",
        }
        media = Media("audio", (store(self.world, "audio", content),), about)
        return self._send(where, media, caption, **fields)

    async def send_video(
        self,
        where: Place,
        content: bytes = b"\0\0\0\x18ftypmp42",
        *,
        duration_s: int = 5,
        caption: str = "",
        **fields: Any,
    ) -> Message:
        """Send a film."""
        about = {
            "duration": duration_s,
            "width": 640,
            "height": 360,
            "mime_type": "video/mp4",
        }
        media = Media("video", (store(self.world, "video", content),), about)
        return self._send(where, media, caption, **fields)

    async def send_video_note(
        self,
        where: Place,
        content: bytes = b"\0\0\0\x18ftypmp42",
        *,
        duration_s: int = 5,
        **fields: Any,
    ) -> Message:
        """Send a round film."""
        about = {"duration": duration_s, "length": 240}
        media = Media("video_note", (store(self.world, "video_note", content),), about)
        return self._send(where, media, "", **fields)

    async def send_sticker(
        self,
        where: Place,
        emoji: str = "🔥",
        *,
        content: bytes = b"",
        set_name: str = "",
        is_animated: bool = False,
        **fields: Any,
    ) -> Message:
        """Send a sticker."""
        content = content or small_picture(512, 512, "WEBP")
        about: dict[str, Any] = {
            "type": "regular",
            "width": 512,
            "height": 512,
            "emoji": emoji,
            "is_animated": is_animated,
            "is_video": False,
        }
        if set_name:
            about["set_name"] = set_name
        media = Media("sticker", (store(self.world, "sticker", content),), about)
        return self._send(where, media, "", **fields)

    async def send_album(
        self,
        where: Place,
        pictures: list[bytes] | int = 2,
        *,
        caption: str = "",
        **fields: Any,
    ) -> list[Message]:
        """Send several photos at once: bots get each as an update of its own."""
        if isinstance(pictures, int):
            pictures = [small_picture(8 + i, 8, "JPEG") for i in range(pictures)]
        group_id = str(self.world.next_number("album", 13_000_000_000_001))
        messages = []
        for index, content in enumerate(pictures):
            width, height = picture_size(content) or (1, 1)
            media = store_photo(self.world, content, width, height)
            text = caption if index == 0 else ""
            messages.append(
                self._send(where, media, text, media_group_id=group_id, **fields)
            )
        return messages

    def _send(self, where: Place, media: Media, caption: str, **fields: Any) -> Message:
        other = ("sticker", "animation")
        permission = f"can_send_{media.kind}s"
        if media.kind in other:
            permission = "can_send_other_messages"
        elif media.kind == "voice":
            permission = "can_send_voice_notes"
        return self.post(where, caption, media=media, permission=permission, **fields)
