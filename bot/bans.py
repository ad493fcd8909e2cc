"""Whom the bot does not deal with: kept in the store, known without asking it."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.errors import UserError
from bot.identities import Linked, alone
from bot.messages import Author, Channel, Role
from bot.preferences import community_key
from bot.store.bans import EVERYWHERE, Ban, BanKind, BanRepository
from bot.words import T

__all__ = ["Bans"]

logger = structlog.get_logger(__name__)

TOLD_EVERY = timedelta(days=1)


class Bans:
    """Bans and mutes by place. One process owns the store: it is read once.

    An owner is never kept away, and a moderator only by an owner.
    """

    def __init__(
        self,
        repository: BanRepository,
        clock: Clock,
        *,
        owners: Collection[str],
        linked: Linked = alone,
    ) -> None:
        self._repository = repository
        self._clock = clock
        self._owners = frozenset(owners)
        self._linked = linked
        self._known: dict[tuple[str, str, str], dict[BanKind, Ban]] | None = None
        self._loading = asyncio.Lock()
        self._moderators: set[tuple[str, str]] = set()  # as they were last seen

    async def load(self) -> None:
        """Read what is kept, so that votes and reactions can be looked at at once."""
        await self._load()

    async def of(self, channel: Channel, author: Author) -> Ban | None:
        """Return what keeps somebody away in a channel; a ban before a mute."""
        known = await self._load()
        self._note_role(channel, author)
        if not known or author.role is Role.OWNER:
            return None
        platform = channel.platform
        found = [*self._at(community_key(channel), platform, author.id)]
        for account in await self._linked(platform, author.id):
            found += self._at(EVERYWHERE, *account)
        if author.role >= Role.MODERATOR:
            found = [ban for ban in found if ban.by_owner]
        return min(found, key=lambda ban: ban.kind is BanKind.MUTE, default=None)

    async def set_on(self, channel: Channel, person_id: str) -> tuple[Ban, ...]:
        """Return all that is set on a person here or everywhere."""
        await self._load()
        places = (community_key(channel), EVERYWHERE)
        return tuple(
            ban
            for place in places
            for ban in self._at(place, channel.platform, person_id)
        )

    async def lasting(self, *places: str) -> tuple[Ban, ...]:
        """Return all that lasts in these places, newest first."""
        now_utc = self._clock.now_utc()
        found = [
            ban
            for (place, _, _), kinds in (await self._load()).items()
            for ban in kinds.values()
            if place in places and ban.lasts(now_utc)
        ]
        return tuple(sorted(found, key=lambda ban: ban.created_utc, reverse=True))

    def ignores(self, channel: Channel, person_id: str) -> bool:
        """Return whether what somebody does without words counts for nothing.

        Their role is not known then. Before anything was loaded, everything counts.
        """
        if not self._known or f"{channel.platform}:{person_id}" in self._owners:
            return False
        places = (community_key(channel), EVERYWHERE)
        return any(self._at(place, channel.platform, person_id) for place in places)

    def check(
        self, by: Author, channel: Channel, person_id: str, role: Role = Role.MEMBER
    ) -> None:
        """Let somebody be kept away by somebody; `role` is theirs, where it is known.

        Whom it is not known of, and who has not written since the start, is not kept
        away all the same: see `of`.

        Raises:
            UserError: they may not do that to this person.
        """
        if by.id == person_id:
            raise UserError(T("You cannot do that to yourself."))
        if role is Role.OWNER or f"{channel.platform}:{person_id}" in self._owners:
            raise UserError(T("Nobody can do that to an owner of this bot."))
        was_moderator = (community_key(channel), person_id) in self._moderators
        is_moderator = role is Role.MODERATOR or was_moderator
        if is_moderator and by.role is not Role.OWNER:
            raise UserError(T("That is a moderator too. Only an owner can do that."))

    async def put(self, ban: Ban) -> None:
        """Keep somebody away. It counts at once, even if the store does not take it."""
        known = await self._load()
        key = (ban.place, ban.platform, ban.person_id)
        known[key] = {**known.get(key, {}), ban.kind: ban}
        await self._repository.put(ban)

    async def lift(
        self, by: Author, place: str, platform: str, person_id: str, kind: BanKind
    ) -> bool:
        """End what was set; return whether there was anything.

        Raises:
            UserError: an owner set it, and this is not one; or it is their own.
        """
        known = await self._load()
        key = (place, platform, person_id)
        ban = known.get(key, {}).get(kind)
        if ban is None:
            return False
        if by.role is not Role.OWNER and (ban.by_owner or by.id == person_id):
            raise UserError(T("An owner set that. Only an owner can lift it."))
        await self._repository.delete(ban)
        known[key] = {k: one for k, one in known[key].items() if k is not kind}
        return ban.lasts(self._clock.now_utc())

    async def is_to_tell(self, ban: Ban) -> bool:
        """Return whether a person is to be told of it: once a day; then they are."""
        now_utc = self._clock.now_utc()
        if ban.told_utc is not None and now_utc - ban.told_utc < TOLD_EVERY:
            return False
        await self.put(replace(ban, told_utc=now_utc))
        return True

    async def appeal(self, ban: Ban) -> bool:
        """Note that a person asks for it to be lifted; False: they have, today."""
        now_utc = self._clock.now_utc()
        if ban.appealed_utc is not None and now_utc - ban.appealed_utc < TOLD_EVERY:
            return False
        await self.put(replace(ban, appealed_utc=now_utc))
        return True

    def _note_role(self, channel: Channel, author: Author) -> None:
        key = (community_key(channel), author.id)
        if author.role >= Role.MODERATOR:
            self._moderators.add(key)
        else:
            self._moderators.discard(key)

    def _at(self, place: str, platform: str, person_id: str) -> list[Ban]:
        """Return what lasts in a place, as far as it was loaded."""
        now_utc = self._clock.now_utc()
        found = (self._known or {}).get((place, platform, person_id), {})
        return [ban for ban in found.values() if ban.lasts(now_utc)]

    async def _load(self) -> dict[tuple[str, str, str], dict[BanKind, Ban]]:
        async with self._loading:  # what is read twice would undo a change in between
            if self._known is None:
                known: dict[tuple[str, str, str], dict[BanKind, Ban]] = {}
                for ban in await self._repository.all():
                    key = (ban.place, ban.platform, ban.person_id)
                    known.setdefault(key, {})[ban.kind] = ban
                self._known = known
            return self._known
