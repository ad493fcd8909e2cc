"""New messages and changed ones, out of what a call says."""

import mimetypes
from dataclasses import dataclass, field

from bot.clock import Clock
from tests.discord_server.bodies import Body, Upload
from tests.discord_server.checks import (
    check_components,
    check_content,
    check_embeds,
    check_flags,
    check_poll,
)
from tests.discord_server.mentions import pings_of
from tests.discord_server.messages import VOICE, File, Message
from tests.discord_server.places import Channel, Kind, User
from tests.discord_server.refusals import Json, invalid_form, refuse
from tests.discord_server.world import World

__all__ = ["LARGEST_FILE_BYTES", "Composer"]

LARGEST_FILE_BYTES = 10 * 1024 * 1024
NONCE_S = 300.0
SUPPRESS_EMBEDS = 1 << 2


@dataclass
class Composer:
    """Makes messages and keeps their files where the CDN finds them.

    Attributes:
        files_url: the address under which files are.
        largest_file_bytes: what a guild takes; boosted ones take more.
    """

    world: World
    clock: Clock
    files_url: str = ""
    largest_file_bytes: int = LARGEST_FILE_BYTES
    _nonces: dict[tuple[str, str], tuple[float, Message]] = field(default_factory=dict)

    def earlier(self, author: User, fields: Json) -> Message | None:
        """Return the message that was made with the same enforced nonce, or None."""
        nonce = fields.get("nonce")
        if nonce is None:
            return None
        if len(str(nonce)) > 25:
            words = "Must be 25 or fewer in length."
            raise invalid_form("nonce", "BASE_TYPE_MAX_LENGTH", words)
        made_s, message = self._nonces.get((author.id, str(nonce)), (0.0, None))
        if not fields.get("enforce_nonce") or message is None:
            return None
        return message if self.clock.monotonic() - made_s < NONCE_S else None

    def forget_nonces(self) -> None:
        """Be as Discord is minutes later: it knows no nonce of before."""
        self._nonces.clear()

    def new(self, channel: Channel, author: User, body: Body) -> Message:
        """Make a message and put it into its channel."""
        flags = int(body.fields.get("flags") or 0)
        message = self.blank(channel, author, flags)
        self.write(message, body)
        return message

    def write(self, message: Message, body: Body) -> None:
        """Fill a blank message, which may have files already, and put it there."""
        fields, flags, channel = body.fields, message.flags, message.channel
        if channel.kind in {Kind.FORUM, Kind.CATEGORY}:
            raise refuse(50008)
        message.content = check_content(fields.get("content"))
        message.embeds = check_embeds(fields.get("embeds"))
        check_flags(flags, message.content, message.embeds, is_new=True)
        message.components = check_components(fields.get("components"), flags)
        message.attachments += self._files(message, fields, body.files)
        message.poll = check_poll(fields.get("poll"))
        message.allowed_mentions = fields.get("allowed_mentions")
        message.reply_to = self._replied(channel, fields.get("message_reference"))
        message.kind = 19 if message.reply_to else 0
        if fields.get("nonce") is not None:
            message.nonce = str(fields["nonce"])
        _need_something(message)
        _check_voice(message)
        self._set_pings(message)
        self.put(message)

    def blank(self, channel: Channel, author: User, flags: int) -> Message:
        """Return a message with nothing in it, which is nowhere yet."""
        id_, now_utc = self.world.new_id(), self.clock.now_utc()
        return Message(id_, channel, author, "", now_utc, flags=flags)

    def put(self, message: Message) -> None:
        """Put a message into its channel, where people and the bot find it."""
        if message.is_ephemeral:
            message.channel.hidden[message.id] = message
        else:
            message.channel.messages[message.id] = message
            message.channel.is_archived = False
        if message.nonce is not None:
            key = (message.author.id, message.nonce)
            self._nonces[key] = (self.clock.monotonic(), message)

    def change(self, message: Message, body: Body) -> None:
        """Change a message: what the call leaves out stays as it is."""
        fields = body.fields
        if message.flags & VOICE:
            raise refuse(50162)
        content, embeds = message.content, message.embeds
        components, files = message.components, message.attachments
        flags = message.flags
        if fields.get("flags") is not None:
            # Only whether links unfurl can be changed; the new components can be set.
            flags |= int(fields["flags"]) & ~SUPPRESS_EMBEDS
            flags &= ~SUPPRESS_EMBEDS
            flags |= int(fields["flags"]) & SUPPRESS_EMBEDS
        if "content" in fields:
            content = check_content(fields["content"])
        if "embeds" in fields:
            embeds = check_embeds(fields["embeds"])
        check_flags(flags, content, embeds, is_new=False)
        if "components" in fields:
            components = check_components(fields["components"], flags)
        if "attachments" in fields or body.files:
            files = self._files(message, fields, body.files)
        if not (content.strip() or embeds or files or components or message.poll):
            raise refuse(50006)
        message.history.append(message.content)
        message.content, message.embeds = content, embeds
        message.components, message.attachments = components, files
        message.flags = flags
        message.edited_utc = self.clock.now_utc()
        if "allowed_mentions" in fields:
            message.allowed_mentions = fields["allowed_mentions"]
        self._set_pings(message)

    def keep(self, name: str, content: bytes, channel: Channel) -> File:
        """Keep a file; its address works until the server stops."""
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(self.world.new_id(), name, content, media_type)
        file.url = f"{self.files_url}/attachments/{channel.id}/{file.id}/{name}"
        self.world.files[file.id] = file
        return file

    def _files(
        self, message: Message, fields: Json, uploads: dict[int, Upload]
    ) -> list[File]:
        listed = fields.get("attachments")
        entries: list[Json] = listed if isinstance(listed, list) else []
        if len(uploads) > 10 or len(entries) > 10:
            words = "Must be 10 or fewer in length."
            raise invalid_form("attachments", "BASE_TYPE_MAX_LENGTH", words)
        if any(len(f.content) > self.largest_file_bytes for f in uploads.values()):
            raise refuse(40005)
        if not isinstance(listed, list):
            entries = [{"id": number} for number in sorted(uploads)]
        old = {file.id: file for file in message.attachments}
        files: list[File] = []
        for place, entry in enumerate(entries):
            id_ = str(entry.get("id"))
            if id_ in old:
                files.append(old[id_])
            elif id_.isdigit() and int(id_) in uploads:
                upload = uploads[int(id_)]
                files.append(self._uploaded(upload, entry, message.channel))
            else:
                words = "The referenced file was not uploaded"
                path = f"attachments.{place}"
                raise invalid_form(path, "ATTACHMENT_NOT_FOUND", words)
        return files

    def _uploaded(self, upload: Upload, entry: Json, channel: Channel) -> File:
        name = str(entry.get("filename") or upload.name)
        file = self.keep(name, upload.content, channel)
        file.description = entry.get("description")
        file.duration_s = entry.get("duration_secs")
        file.waveform = entry.get("waveform")
        if len(file.description or "") > 1024:
            words = "Must be 1024 or fewer in length."
            path = "attachments.0.description"
            raise invalid_form(path, "BASE_TYPE_MAX_LENGTH", words)
        return file

    def _replied(self, channel: Channel, reference: Json | None) -> Message | None:
        if not reference:
            return None
        found = channel.messages.get(str(reference.get("message_id")))
        if found is None and reference.get("fail_if_not_exists", True):
            code, words = "REPLIES_UNKNOWN_MESSAGE", "Unknown message"
            raise invalid_form("message_reference", code, words)
        return found

    def _set_pings(self, message: Message) -> None:
        pings = pings_of(
            message.content,
            message.allowed_mentions,
            author=message.author,
            channel=message.channel,
            world=self.world,
            replied_to=message.reply_to.author if message.reply_to else None,
        )
        message.pinged_users, message.pinged_roles = pings.users, pings.roles
        message.pings_everyone = pings.everyone


def _need_something(message: Message) -> None:
    has_something = (
        message.content.strip()
        or message.embeds
        or message.attachments
        or message.poll
        or (message.components and message.flags & (1 << 15))
    )
    if not has_something:
        raise refuse(50006)


def _check_voice(message: Message) -> None:
    if not message.flags & VOICE:
        return
    if message.content or message.embeds:
        raise refuse(50159)
    if len(message.attachments) != 1:
        raise refuse(50160)
    if message.attachments[0].duration_s is None or not message.attachments[0].waveform:
        raise refuse(50161)
