"""How much was made of each post in each channel that it went to."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.columns import from_utc_column, utc_column
from bot.store.store import Store

__all__ = ["PostCounts", "PostCountsRepository"]

TOTAL = (
    "coalesce((SELECT sum(num) FROM post_total AS t WHERE t.post_id = p.id"
    " AND t.channel_key = d.channel_key AND t.what = '{what}'), 0)"
)
HERE = "FROM {table} AS f WHERE f.post_id = p.id AND f.channel_key = d.channel_key"


def _counted(what: str, table: str, counted: str) -> str:
    total, here = TOTAL.format(what=what), HERE.format(table=table)
    return f"{total} + (SELECT count({counted}) {here})"


PEOPLE = "DISTINCT person_hash"
PUBLISHED = (
    "(SELECT min(at_utc) FROM post_transition AS s WHERE s.post_id = p.id"
    " AND s.to_status = 'publishing')"
)
COUNTS = (
    "SELECT p.id, p.title, p.kind, p.topic, p.schedule_id, d.channel_key,"  # noqa: S608
    f" {PUBLISHED} AS published_utc,"
    f" {_counted('reaction', 'post_reaction', '*')} AS reactions,"
    f" {_counted('reaction', 'post_reaction', PEOPLE)} AS reacting,"
    f" {_counted('vote', 'post_vote', '*')} AS votes,"
    f" {_counted('reply', 'post_reply', '*')} AS replies,"
    f" {_counted('reply', 'post_reply', PEOPLE)} AS replying"
    " FROM post AS p JOIN delivery AS d ON d.post_id = p.id AND d.state = 'sent'"
    " WHERE published_utc >= :since"
    " AND (:schedule IS NULL OR p.schedule_id = :schedule)"
    " ORDER BY published_utc DESC, p.rowid DESC, d.id LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class PostCounts:
    """What was made of one post in one channel.

    Attributes:
        reacting: how many people reacted; one may leave several emoji.
        replying: how many people replied.
    """

    post_id: str
    title: str
    kind: str
    topic: str
    schedule_id: str | None
    published_utc: datetime
    channel_key: str
    reactions: int
    votes: int
    replies: int
    reacting: int
    replying: int

    @property
    def score(self) -> int:
        """How much people liked it: who reacted and voted once, who replied twice.

        People count and not what each of them did: one alone cannot lift a post.
        """
        return self.reacting + self.votes + 2 * self.replying


class PostCountsRepository:
    """Counts of published posts. Who it was is not told."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def since(
        self, since_utc: datetime, *, schedule_id: str | None = None, limit: int = 5000
    ) -> tuple[PostCounts, ...]:
        """Return the posts (of one schedule) sent since then, the latest first."""
        values = {
            "since": utc_column(since_utc),
            "schedule": schedule_id,
            "limit": limit,
        }

        def read(db: Database) -> tuple[PostCounts, ...]:
            return tuple(
                PostCounts(
                    post_id=row["id"],
                    title=row["title"],
                    kind=row["kind"],
                    topic=row["topic"],
                    schedule_id=row["schedule_id"],
                    published_utc=from_utc_column(row["published_utc"]),
                    channel_key=row["channel_key"],
                    reactions=row["reactions"],
                    votes=row["votes"],
                    replies=row["replies"],
                    reacting=row["reacting"],
                    replying=row["replying"],
                )
                for row in db.execute(COUNTS, values)
            )

        return await self._store.read(read)
