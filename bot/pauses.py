"""What of the bot rests now, and where: kept in the store, known without asking it."""

from collections.abc import Collection
from dataclasses import replace

import structlog

from bot.clock import Clock
from bot.messages import Channel
from bot.pause import Output, Pause, Where, dump_pauses, load_pauses
from bot.preferences import SettingsStore, community_key

__all__ = ["EVERYWHERE", "PAUSE", "Pauses"]

logger = structlog.get_logger(__name__)

PAUSE = "pause"
EVERYWHERE = "everywhere"
TOLD_EVERY_S = 3600.0


class Pauses:
    """Pauses by place. One process owns the store, so what was read once is known."""

    def __init__(self, settings: SettingsStore, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._known: dict[str, dict[Output, Pause]] = {}
        self._told_s: dict[str, float] = {}

    @property
    def is_panic(self) -> bool:
        """Whether everything was stopped, as far as was looked up already."""
        everywhere = self._known.get(EVERYWHERE, {})
        return any(pause.is_panic for pause in everywhere.values())

    async def of(self, channel: Channel | None, what: Output) -> Pause | None:
        """Return the pause that counts for something in a channel, the widest first.

        None of a channel: only what rests everywhere counts.
        """
        now_utc = self._clock.now_utc()
        for key in (EVERYWHERE, *(_keys(channel) if channel else ())):
            pauses = await self._at(key)
            for output in (Output.EVERYTHING, what):
                pause = pauses.get(output)
                if pause is not None and pause.lasts(now_utc):
                    return pause
        return None

    async def counting(
        self, channel: Channel
    ) -> tuple[tuple[Where, Output, Pause], ...]:
        """Return all pauses that count in a channel now, the widest first."""
        now_utc = self._clock.now_utc()
        community = community_key(channel)
        found = []
        for key in (EVERYWHERE, *_keys(channel)):
            where = {EVERYWHERE: Where.EVERYWHERE, community: Where.COMMUNITY}.get(
                key, Where.HERE
            )
            found += [
                (where, what, pause)
                for what, pause in (await self._at(key)).items()
                if pause.lasts(now_utc)
            ]
        return tuple(found)

    async def holds(self, what: Output, channels: Collection[Channel]) -> bool:
        """Return whether something rests in one of some channels."""
        for channel in (None, *channels):
            if await self.of(channel, what) is not None:
                return True
        return False

    def is_to_tell(self, channel: Channel) -> bool:
        """Return whether a channel is to be told of its pause: once an hour."""
        now_s = self._clock.monotonic()
        told_s = self._told_s.get(channel.key)
        if told_s is not None and now_s - told_s < TOLD_EVERY_S:
            return False
        self._told_s[channel.key] = now_s
        return True

    async def put(
        self, channel: Channel, where: Where, what: Output, pause: Pause
    ) -> None:
        """Let something rest. It counts at once, even if the store does not take it."""
        key = _key(channel, where)
        pauses = {**await self._at(key), what: pause}
        self._known[key] = pauses
        self._told_s.clear()
        logger.info("paused", what=what.value, key=key, panic=pause.is_panic)
        await self._settings.set(key, PAUSE, dump_pauses(pauses))

    def panic(self) -> None:
        """Let everything rest from this very moment; `put` keeps it."""
        everywhere = self._known.get(EVERYWHERE, {})
        self._known[EVERYWHERE] = {
            **everywhere,
            Output.EVERYTHING: Pause(is_panic=True),
        }

    async def lift(self, channel: Channel, where: Where, what: Output) -> int:
        """End what rests; EVERYTHING ends all. Return how many pauses that were."""
        key, now_utc = _key(channel, where), self._clock.now_utc()
        old = await self._at(key)
        kept = {
            output: pause
            for output, pause in old.items()
            if what not in (Output.EVERYTHING, output)
        }
        if kept != old:
            await self._settings.set(key, PAUSE, dump_pauses(kept))
            self._known[key] = kept
        return sum(
            pause.lasts(now_utc) for output, pause in old.items() if output not in kept
        )

    async def _at(self, key: str) -> dict[Output, Pause]:
        if key not in self._known:
            found = load_pauses(await self._settings.get(key, PAUSE))
            self._known.setdefault(key, found)
        return self._known[key]


def _keys(channel: Channel) -> tuple[str, ...]:
    """Return what may rest for a channel, the widest first."""
    parent = replace(channel, thread_id=None)
    return tuple(dict.fromkeys((community_key(channel), parent.key, channel.key)))


def _key(channel: Channel, where: Where) -> str:
    if where is Where.EVERYWHERE:
        return EVERYWHERE
    return community_key(channel) if where is Where.COMMUNITY else channel.key
