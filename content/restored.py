"""The time that a database knows nothing of, because it was put back to a copy."""

from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["Restored"]

FRESH = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Restored:
    """When the database was put back; None: never."""

    at_utc: datetime | None = None

    def may_be_out(self, due_utc: datetime) -> bool:
        """Return whether what was due may have gone out with no row to tell."""
        return self.at_utc is not None and due_utc <= self.at_utc

    def is_fresh(self, now_utc: datetime) -> bool:
        """Return whether it was put back within a day.

        Then a schedule that looks new may be one that the copy does not know.
        """
        return self.at_utc is not None and now_utc - self.at_utc < FRESH
