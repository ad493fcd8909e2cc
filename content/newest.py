"""Whether something has changed since somebody looked."""

from bot.store.changes import ChangeRepository
from content.calendar import Calendar
from content.holding import Holding

__all__ = ["Newest"]


class Newest:
    """Puts together what is newest in the store, and what only this process knows."""

    def __init__(
        self, stored: ChangeRepository, *, calendar: Calendar, holding: Holding
    ) -> None:
        self._stored = stored
        self._calendar = calendar
        self._holding = holding

    async def numbers(self) -> dict[str, int | str]:
        """Return a value for each thing that is shown, another once it has changed."""
        revision = self._calendar.revision + self._holding.revision
        return await self._stored.numbers() | {"schedules": revision}
