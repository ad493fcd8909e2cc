"""After the store was put back to a copy: what may be out already is not sent again.

The copy does not know what was sent since it was made. Its deliveries that were not
settled count as unknown, and its runs as missed ones that moderators are asked about;
so do all slots until the moment of the restoring.
"""

from datetime import datetime

from sqlite_utils import Database

from bot.store.columns import text_column, utc_column
from bot.store.deliveries import DeliveryState
from bot.store.runs import MAY_BE_OUT, RESTORED, UNFINISHED, RunState

__all__ = ["hold_back"]

NOT_OUT_YET = "('planned', 'drafting', 'pending_review', 'approved')"


def hold_back(db: Database, now_utc: datetime) -> None:
    """Hold what a copy would send, before the copy takes the store's place.

    The copy may be of any version.
    """
    now, reason = utc_column(now_utc), text_column(MAY_BE_OUT)
    tables = set(db.table_names())
    with db.atomic():
        if "delivery" in tables:
            db.execute(
                "UPDATE delivery SET state = ?, error = ?, next_attempt_utc = NULL,"
                " updated_utc = ? WHERE state IN (?, ?)"
                " OR (state = ? AND next_attempt_utc IS NOT NULL)",
                (
                    *(DeliveryState.UNKNOWN, reason, now),
                    *(DeliveryState.PLANNED, DeliveryState.SENDING),
                    DeliveryState.FAILED,
                ),
            )
        if "schedule_run" in tables:
            # A post that was going out is held by its deliveries.
            db.execute(
                "UPDATE schedule_run SET state = ?, reason = ?, updated_utc = ?"  # noqa: S608
                " WHERE state IN (?, ?) AND NOT EXISTS (SELECT 1 FROM post"
                " WHERE post.id = schedule_run.post_id"
                f" AND post.status NOT IN {NOT_OUT_YET})",
                (RunState.ASKED, reason, now, *UNFINISHED),
            )
        if "setting" in tables:
            db.execute(
                "INSERT OR REPLACE INTO setting (key, name, value, updated_utc)"
                " VALUES (?, ?, ?, ?)",
                (*RESTORED, now, now),
            )
