"""When a platform that could not be reached is called again."""

from datetime import datetime, timedelta

__all__ = ["FIRST_RETRY_S", "LONGEST_RETRY_S", "next_attempt"]

FIRST_RETRY_S = 15.0
LONGEST_RETRY_S = 1800.0
MOST_DOUBLINGS = 10


def next_attempt(
    now_utc: datetime, *, num_tried: int, until_utc: datetime, least_s: float = 0.0
) -> datetime | None:
    """Return when to try again, each time after twice as long; None: no more.

    The last attempt is at `until_utc`, unless the platform asks for more patience.
    """
    if now_utc >= until_utc:
        return None
    doublings = min(max(0, num_tried - 1), MOST_DOUBLINGS)
    backoff_s = min(FIRST_RETRY_S * 2**doublings, LONGEST_RETRY_S)
    wished_utc = now_utc + timedelta(seconds=max(least_s, backoff_s))
    return max(min(wished_utc, until_utc), now_utc + timedelta(seconds=least_s))
