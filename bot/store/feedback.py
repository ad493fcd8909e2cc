"""What people made of posts: who is kept only as a keyed hash, and for a time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.reactions import Comment, Reaction, Vote
from bot.store.columns import storable_text, utc_column
from bot.store.keyed_hash import Hashed, KeyedHash
from bot.store.published import place_key
from bot.store.store import Store
from bot.store.wishes import keeps_nothing

__all__ = ["FeedbackRepository", "fold_feedback"]

PERSONAL = ("post_reaction", "post_vote", "post_reply")

Event = Reaction | Vote | Comment


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a post was sent: what its feedback is counted for."""

    post_id: str
    channel_key: str


class FeedbackRepository:
    """Reactions, votes and replies of posts.

    What is kept twice counts once. People are named by a hash whose key is in this
    store: nobody is found by it, but what somebody did can be forgotten.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hash = KeyedHash(store)

    async def keep(self, events: Sequence[Event]) -> frozenset[str]:
        """Keep what concerns posts, in order; return the posts whose votes changed."""
        places = await self._store.read(lambda db: _places(db, events))
        concerned = [
            (event, place)
            for event, place in zip(events, places, strict=True)
            if place is not None
        ]
        if not concerned:
            return frozenset()
        hashed = await self._hash.function()
        now_utc = utc_column(self._store.clock.now_utc())

        def write(db: Database) -> None:
            for event, place in concerned:
                if _is_unwanted(db, event):
                    continue
                if isinstance(event, Reaction):
                    _keep_reaction(db, event, place, hashed, now_utc)
                elif isinstance(event, Vote):
                    _keep_vote(db, event, place, hashed, now_utc)
                else:
                    _keep_comment(db, event, place, hashed, now_utc)

        await self._store.write(write)
        return frozenset(p.post_id for event, p in concerned if isinstance(event, Vote))

    async def votes(self, post_id: str) -> dict[int, int]:
        """Return how many people have chosen each answer of a post's poll."""

        def read(db: Database) -> dict[int, int]:
            rows = db.execute(
                "SELECT answer, sum(num) AS num FROM ("
                " SELECT CAST(value AS INTEGER) AS answer, 1 AS num"
                " FROM post_vote, json_each(answers_json) WHERE post_id = :post"
                " UNION ALL SELECT CAST(name AS INTEGER), num FROM post_total"
                " WHERE post_id = :post AND what = 'vote') GROUP BY answer",
                {"post": post_id},
            )
            return {int(row["answer"]): int(row["num"]) for row in rows}

        return await self._store.read(read)

    async def person_hash(self, platform: str, person_id: str) -> str:
        """Return the hash by which a person is kept."""
        return (await self._hash.function())(platform, person_id)


def fold_feedback(db: Database, before_utc: str) -> int:
    """Make mere counts of what is older than that; return how many rows went."""
    for what, table, name in (
        ("reaction", "post_reaction", "emoji"),
        ("vote", "post_vote", "coalesce(json_extract(answers_json, '$[0]'), '')"),
        ("reply", "post_reply", "''"),
    ):
        db.execute(
            "INSERT INTO post_total"  # noqa: S608 - all three are written right here
            " (post_id, channel_key, what, message_id, name, num)"
            f" SELECT post_id, channel_key, '{what}', '', {name}, count(*)"
            f" FROM {table} WHERE at_utc < ? GROUP BY post_id, channel_key, {name}"
            " ON CONFLICT DO UPDATE SET num = num + excluded.num",
            (before_utc,),
        )
    return sum(
        db.execute(f"DELETE FROM {table} WHERE at_utc < ?", (before_utc,)).rowcount  # noqa: S608
        for table in PERSONAL
    )


def _is_unwanted(db: Database, event: Event) -> bool:
    """Return whether it is of somebody who wants nothing kept."""
    platform = event.platform if isinstance(event, Vote) else event.channel.platform
    return event.person_id is not None and keeps_nothing(db, platform, event.person_id)


def _keep_reaction(
    db: Database, event: Reaction, place: _Place, hashed: Hashed, now_utc: str
) -> None:
    where = (place.post_id, place.channel_key)
    emoji = storable_text(event.emoji)
    if event.totals is not None:
        _keep_totals(db, "reaction", place, event.message_id, event.totals)
    elif event.person_id is None:
        db.execute(
            "DELETE FROM post_reaction WHERE post_id = ? AND channel_key = ?"
            " AND ? IN ('', emoji)",
            (*where, emoji),
        )
    elif event.is_added:
        person = hashed(event.channel.platform, event.person_id)
        db.execute(
            "INSERT INTO post_reaction"
            " (post_id, channel_key, person_hash, emoji, at_utc)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (*where, person, emoji, now_utc),
        )
    else:
        person = hashed(event.channel.platform, event.person_id)
        db.execute(
            "DELETE FROM post_reaction WHERE post_id = ? AND channel_key = ?"
            " AND person_hash = ? AND ? IN ('', emoji)",
            (*where, person, emoji),
        )


def _keep_vote(
    db: Database, event: Vote, place: _Place, hashed: Hashed, now_utc: str
) -> None:
    where = (place.post_id, place.channel_key)
    if event.totals is not None:
        named = [(str(number), num) for number, num in enumerate(event.totals)]
        _keep_totals(db, "vote", place, event.message_id, named)
    if event.person_id is None:
        return
    person = hashed(event.platform, event.person_id)
    if event.answers:
        db.execute(
            "INSERT INTO post_vote"
            " (post_id, channel_key, person_hash, answers_json, at_utc)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET answers_json = excluded.answers_json, at_utc = excluded.at_utc",
            (*where, person, json.dumps(event.answers), now_utc),
        )
    else:
        was = json.dumps(event.instead_of) if event.instead_of else ""
        db.execute(
            "DELETE FROM post_vote WHERE post_id = ? AND channel_key = ?"
            " AND person_hash = ? AND ? IN ('', answers_json)",
            (*where, person, was),
        )


def _keep_comment(
    db: Database, event: Comment, place: _Place, hashed: Hashed, now_utc: str
) -> None:
    platform = event.channel.platform
    message = hashed(f"{platform} message", f"{event.channel.key} {event.message_id}")
    person = hashed(platform, event.person_id)
    db.execute(
        "INSERT INTO post_reply"
        " (post_id, channel_key, person_hash, message_hash, at_utc)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (place.post_id, place.channel_key, person, message, now_utc),
    )


def _keep_totals(
    db: Database,
    what: str,
    place: _Place,
    message_id: str,
    totals: Sequence[tuple[str, int]],
) -> None:
    where = (place.post_id, place.channel_key, what, message_id or "poll")
    db.execute(
        "DELETE FROM post_total WHERE post_id = ? AND channel_key = ? AND what = ?"
        " AND message_id = ?",
        where,
    )
    for name, num in totals:
        db.execute(
            "INSERT INTO post_total"
            " (post_id, channel_key, what, message_id, name, num)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (*where, storable_text(name), num),
        )


def _places(db: Database, events: Sequence[Event]) -> list[_Place | None]:
    """Return what each event is about; None: no post."""
    known: dict[tuple[str, str], _Place | None] = {}

    def found(key: tuple[str, str]) -> _Place | None:
        if key not in known:
            known[key] = _by_message(db, *key)
        return known[key]

    places: list[_Place | None] = []
    for event in events:
        if isinstance(event, Vote) and event.channel is None:
            places.append(_by_poll(db, event))
        else:
            hits = (found(key) for key in _keys(event))
            places.append(next((hit for hit in hits if hit is not None), None))
    return places


def _keys(event: Event) -> list[tuple[str, str]]:
    """Return the places and messages that an event may be about."""
    ids = event.below_ids if isinstance(event, Comment) else (event.message_id,)
    channel = event.channel
    return [(place_key(channel.key), id_) for id_ in ids] if channel else []


def _by_message(db: Database, place: str, message_id: str) -> _Place | None:
    row = db.execute(
        "SELECT post_id, channel_key FROM delivery_message AS m"
        " JOIN delivery ON delivery.id = m.delivery_id"
        " WHERE m.place_key = ? AND m.message_id = ?",
        (place, message_id),
    ).fetchone()
    return None if row is None else _Place(row["post_id"], row["channel_key"])


def _by_poll(db: Database, vote: Vote) -> _Place | None:
    platform = f"{vote.platform}:"
    row = db.execute(
        "SELECT post_id, channel_key FROM delivery WHERE poll_id = ? AND poll_id != ''"
        " AND substr(channel_key, 1, length(?)) = ?",
        (vote.poll_id, platform, platform),
    ).fetchone()
    return None if row is None else _Place(row["post_id"], row["channel_key"])
