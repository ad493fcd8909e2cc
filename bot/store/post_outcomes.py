"""What became of posts, and how long moderators took: for statistics."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.columns import from_json_column, from_utc_column, utc_column
from bot.store.store import Store

__all__ = ["PostOutcome", "PostOutcomes"]


@dataclass(frozen=True, slots=True)
class PostOutcome:
    """A post without its text.

    Attributes:
        communities: whose moderators were asked about it.
        channels: the keys of the channels that it went to or was to go to.
        asked_utc: when it came before moderators first; None: it never did.
        decided_utc: when its review ended; None: it has not, or there was none.
        decision: the status that it left its review for; "": as decided_utc.
    """

    post_id: str
    schedule_id: str | None
    status: str
    created_utc: datetime
    communities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    asked_utc: datetime | None = None
    decided_utc: datetime | None = None
    decision: str = ""


class PostOutcomes:
    """Reads outcomes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def since(
        self, since_utc: datetime, *, under_review: str, rewriting: str
    ) -> tuple[PostOutcome, ...]:
        """Return the posts that were made since then, the earliest first.

        `under_review` is the status of posts that wait for moderators, `rewriting` of
        those that are written anew for them: neither ends a review.
        """
        values = {
            "since": utc_column(since_utc),
            "review": under_review,
            "rewriting": rewriting,
        }

        def read(db: Database) -> tuple[PostOutcome, ...]:
            return tuple(_outcome(row) for row in db.execute(SQL, values))

        return await self._store.read(read)


SQL = """
SELECT post.id, post.schedule_id, post.status, post.created_utc,
    review.communities_json, ended.to_status AS decision, ended.at_utc AS decided_utc,
    (SELECT json_group_array(channel_key) FROM delivery
        WHERE delivery.post_id = post.id) AS channels_json,
    (SELECT min(at_utc) FROM post_transition AS asked
        WHERE asked.post_id = post.id AND asked.to_status = :review) AS asked_utc
FROM post
LEFT JOIN review ON review.post_id = post.id
LEFT JOIN post_transition AS ended ON ended.id = (
    SELECT max(id) FROM post_transition AS step
    WHERE step.post_id = post.id AND step.from_status = :review
        AND step.to_status NOT IN (:review, :rewriting))
WHERE post.created_utc >= :since
ORDER BY post.rowid
"""


def _outcome(row: sqlite3.Row) -> PostOutcome:
    asked, decided = row["asked_utc"], row["decided_utc"]
    return PostOutcome(
        post_id=row["id"],
        schedule_id=row["schedule_id"],
        status=row["status"],
        created_utc=from_utc_column(row["created_utc"]),
        communities=from_json_column(row["communities_json"] or "[]"),
        channels=from_json_column(row["channels_json"]),
        asked_utc=from_utc_column(asked) if asked else None,
        decided_utc=from_utc_column(decided) if decided else None,
        decision=row["decision"] or "",
    )
