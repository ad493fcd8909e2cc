"""Forgets a person: what runs for them, what is kept, and when the copies go."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.keeping import Keeping
from bot.store.copies_age import dated_copies
from bot.store.people import PersonRepository

__all__ = ["Forgetting", "Goodbye"]


@dataclass(frozen=True, slots=True)
class Goodbye:
    """What came of forgetting somebody.

    Attributes:
        is_clean: it is not in the files of the store either.
        has_copies: there are copies of the store that still have it.
        copies_gone_utc: when the last of these is deleted; None: nobody knows, or there
            is none.
    """

    num_rows: int
    is_clean: bool
    has_copies: bool = False
    copies_gone_utc: datetime | None = None


class Forgetting:
    """Forgets people.

    `stop` ends what is being written for a person of a platform.
    """

    def __init__(
        self,
        people: PersonRepository,
        keeping: Keeping,
        *,
        stop: Callable[[str, str], int],
        path: Path,
        keep_backups_days: int,
        clock: Clock,
    ) -> None:
        self._people = people
        self._keeping = keeping
        self._stop = stop
        self._path = path
        self._keep_backups_days = keep_backups_days
        self._clock = clock

    async def forget(self, platform: str, person_id: str) -> Goodbye:
        """Forget a person.

        Raises:
            StoreError: the database did not take it.
        """
        self._keeping.forgotten(platform, person_id)
        self._stop(platform, person_id)
        done = await self._people.forget(platform, person_id)
        copies = await asyncio.to_thread(dated_copies, self._path)
        gone_utc = None
        if copies and self._keep_backups_days:
            newest_utc = max(made_utc for _, made_utc in copies)
            # The day after: what is due is looked for every few hours.
            days = timedelta(days=self._keep_backups_days + 1)
            gone_utc = max(newest_utc + days, self._clock.now_utc())
        return Goodbye(done.num_rows, done.is_clean, bool(copies), gone_utc)
