"""Voice messages as Discord has them, which discord.py does not send by itself."""

import asyncio
import io
from typing import Any

import discord
from discord.http import MultipartParameters

from adapters.discord.convert import target_id
from adapters.discord.files import DescribeVoice
from adapters.discord.outbox import Outbox, short_nonce
from adapters.governor import Lane
from bot.errors import GenerationError, PlatformError
from bot.messages import Attachment, Channel

__all__ = ["send_voice"]

VOICE_FLAG = 8192


async def send_voice(
    outbox: Outbox,
    place: Channel,
    voice: Attachment,
    describe: DescribeVoice,
    *,
    nonce: str,
    reply_to_id: str | None = None,
) -> str:
    """Send a voice message, which has no text and cannot be edited; return its id.

    Raises:
        PlatformError: it was not taken.
    """
    there = target_id(place)
    outbox.check_sending(place, has_files=True)
    if not place.is_private:
        outbox.rights.check(there, "send_voice_messages")
    try:
        note = await asyncio.to_thread(describe, voice.content)
    except GenerationError as error:
        raise PlatformError(error.text) from error
    payload: dict[str, Any] = {
        "flags": VOICE_FLAG,
        "allowed_mentions": {"parse": [], "replied_user": True},
        "attachments": [
            {
                "id": "0",
                "filename": voice.name,
                "duration_secs": round(note.duration_s, 3),
                "waveform": note.waveform_base64,
            }
        ],
    }
    if nonce:
        payload |= {"nonce": short_nonce(nonce), "enforce_nonce": True}
    if reply_to_id is not None and reply_to_id.isdecimal():
        payload["message_reference"] = {
            "message_id": reply_to_id,
            "fail_if_not_exists": False,
        }

    async def call() -> Any:
        file = discord.File(io.BytesIO(voice.content), voice.name)
        form: list[dict[str, Any]] = [
            {"name": "payload_json", "value": discord.utils._to_json(payload)},
            {
                "name": "files[0]",
                "value": file.fp,
                "filename": voice.name,
                "content_type": voice.media_type,
            },
        ]
        with MultipartParameters(payload=None, multipart=form, files=[file]) as params:
            return await outbox.client.http.send_message(there, params=params)

    sent = await outbox.run(call, key=f"send:{there}", lane=Lane.CHAT)
    return str(sent["id"])
