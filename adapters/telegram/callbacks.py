"""What stands behind a button: a command line that nobody can forge."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.store.settings import SettingsRepository

__all__ = ["MAX_BYTES", "Callbacks", "Pressed"]

MAX_BYTES = 64
SIGNATURE_BYTES = 9  # 12 letters: nobody tries 2^72 of them over the network
SIGNED, KEPT = "s", "k"
KEPT_LINES = "telegram:buttons"
QUESTIONS = "telegram:questions"
KEPT_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button stands for.

    Attributes:
        command: the line that pressing it runs.
        origin: the key of the channel that it is about, where it was shown elsewhere.
        asks, prefill: what the person is asked for; see `bot.messages.Button`.
    """

    command: str
    origin: str = ""
    asks: str = ""
    prefill: str = field(default="", repr=False)


class Callbacks:
    """Writes and reads the text that Telegram keeps for a button, at most 64 bytes.

    A short line is in it, signed for its chat: it needs no place and lives as long as
    the button. A long one, or one about another chat, is kept under a random name.
    """

    def __init__(
        self,
        secret: Callable[[], Awaitable[bytes]],
        settings: SettingsRepository,
        *,
        clock: Clock,
    ) -> None:
        self._secret = secret
        self._key = b""
        self._settings = settings
        self._clock = clock

    async def write(
        self,
        chat_id: str,
        command: str,
        *,
        origin: str = "",
        asks: str = "",
        prefill: str = "",
    ) -> str:
        """Return the text for a button in a chat."""
        signed = f"{SIGNED}{await self._signature(chat_id, command)}{command}"
        is_plain = not (origin or asks)
        if is_plain and len(signed.encode()) <= MAX_BYTES:
            return signed
        name = secrets.token_urlsafe(16)
        pressed = Pressed(command, origin, asks, prefill)
        await self._keep(KEPT_LINES, name, pressed, chat=chat_id)
        return f"{KEPT}{name}"

    async def keep_question(
        self,
        chat_id: str,
        message_id: str,
        *,
        person_id: str,
        card_id: str,
        pressed: Pressed,
    ) -> None:
        """Keep what a message asks a person for; the button is that of a card."""
        await self._keep(
            QUESTIONS,
            f"{chat_id}/{message_id}",
            pressed,
            person=person_id,
            card=card_id,
        )

    async def take_question(
        self, chat_id: str, message_id: str, *, person_id: str
    ) -> tuple[Pressed, str] | None:
        """Return what a message asks this person for, and the card; but once."""
        name = f"{chat_id}/{message_id}"
        row = await self._settings.get(QUESTIONS, name)
        if row is None or (kept := json.loads(row))["person"] != person_id:
            return None
        await self._settings.unset(QUESTIONS, name)
        return _pressed(kept), str(kept["card"])

    async def read(self, chat_id: str, text: str) -> Pressed | None:
        """Return what a button in a chat stands for; None: it is none of ours."""
        kind, rest = text[:1], text[1:]
        if kind == KEPT:
            return await self._kept(chat_id, rest)
        length = len(base64.urlsafe_b64encode(bytes(SIGNATURE_BYTES)))
        signature, command = rest[:length], rest[length:]
        expected = await self._signature(chat_id, command)
        is_ours = hmac.compare_digest(signature.encode(), expected.encode())
        return Pressed(command) if kind == SIGNED and is_ours else None

    async def prune(self) -> None:
        """Forget the lines whose buttons nobody presses any more."""
        now_utc = self._clock.now_utc()
        for key in (KEPT_LINES, QUESTIONS):
            for name, row in (await self._settings.all(key)).items():
                if datetime.fromisoformat(json.loads(row)["until"]) < now_utc:
                    await self._settings.unset(key, name)

    async def _keep(self, key: str, name: str, pressed: Pressed, **more: str) -> None:
        until_utc = self._clock.now_utc() + KEPT_FOR
        row = {**asdict(pressed), **more, "until": until_utc.isoformat()}
        await self._settings.set(key, name, json.dumps(row, ensure_ascii=False))

    async def _kept(self, chat_id: str, name: str) -> Pressed | None:
        row = await self._settings.get(KEPT_LINES, name)
        if row is None:
            return None
        kept = json.loads(row)
        if kept["chat"] != chat_id:
            return None
        return _pressed(kept)

    async def _signature(self, chat_id: str, command: str) -> str:
        self._key = self._key or await self._secret()
        signed = hmac.new(self._key, f"{chat_id}\n{command}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(signed.digest()[:SIGNATURE_BYTES]).decode()


def _pressed(kept: Mapping[str, str]) -> Pressed:
    """Return what was kept; older rows ask for nothing."""
    return Pressed(
        kept["command"],
        kept["origin"],
        kept.get("asks", ""),
        kept.get("prefill", ""),
    )
