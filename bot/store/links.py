"""Which accounts are one person's, and the codes that join them."""

import hashlib
import secrets
import sqlite3
from datetime import datetime, timedelta
from enum import StrEnum

from sqlite_utils import Database

from bot.identities import Account, Identity
from bot.store.audit_chain import AuditEntry, append_audit
from bot.store.columns import utc_column
from bot.store.store import Store

__all__ = ["LinkRepository", "Refused"]

VALID_FOR = timedelta(minutes=10)
TRIES_WITHIN = timedelta(hours=1)
MAX_TRIES = 5
MAX_ACCOUNTS = 10


class Refused(StrEnum):
    """Why a code joins nothing."""

    UNKNOWN = "unknown"
    """There is none such, or no more, or somebody else has entered it."""
    TOO_MANY_TRIES = "too_many_tries"
    """There were too many wrong ones within the hour."""
    OWN = "own"
    """It was made for this very account, or one that is linked with it already."""
    FULL = "full"
    """The person would have too many accounts."""


class LinkRepository:
    """Accounts that belong together.

    A code is kept only as a hash, until it is used or ten minutes are over. A link says
    that people are the same, and nothing of what they may do.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def identities(self, platform: str, person_id: str) -> tuple[Identity, ...]:
        """Return all accounts of who has one; see `bot.identities.Linked`."""
        accounts = await self.accounts(platform, person_id)
        if not accounts:
            return ((platform, person_id),)
        return tuple(account.identity for account in accounts)

    async def accounts(self, platform: str, person_id: str) -> tuple[Account, ...]:
        """Return a person's linked accounts, the first linked first; () is: none."""
        return await self._store.read(lambda db: _accounts(db, (platform, person_id)))

    async def offer(self, account: Account, code: str) -> None:
        """Keep a code for an account, in place of the one before."""
        now_utc = self._store.clock.now_utc()
        row = (
            account.platform,
            account.person_id,
            account.name,
            account.channel_id,
            _hash(code),
            utc_column(now_utc + VALID_FOR),
        )

        def write(db: Database) -> None:
            _tidy(db, now_utc)
            db.execute(
                "INSERT OR REPLACE INTO link_code (platform, person_id, person_name,"
                " channel_id, code_hash, expires_utc) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def take(self, account: Account, code: str) -> Account | Refused:
        """Take a code, so that nobody else can; return whose account it is.

        Nothing is linked before `confirm`. A wrong code counts against the account.
        """
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> Account | Refused:
            _tidy(db, now_utc)
            if _num_tries(db, account) >= MAX_TRIES:
                return Refused.TOO_MANY_TRIES
            row = db.execute(
                "SELECT * FROM link_code WHERE code_hash = ?", (_hash(code),)
            ).fetchone()
            taken = None if row is None else (row["taken_platform"], row["taken_id"])
            if taken not in {(None, None), account.identity}:
                db.execute(
                    "INSERT INTO link_try (platform, person_id, at_utc)"
                    " VALUES (?, ?, ?)",
                    (*account.identity, utc_column(now_utc)),
                )
                return Refused.UNKNOWN
            offered = _account(row)
            refused = _refused(db, offered, account)
            if refused is not None:
                return refused
            _let_go(db, account)  # of two codes the last one counts
            db.execute(
                "UPDATE link_code SET taken_platform = ?, taken_id = ?"
                " WHERE platform = ? AND person_id = ?",
                (*account.identity, *offered.identity),
            )
            return offered

        return await self._store.write(write)

    async def confirm(self, account: Account) -> Account | Refused:
        """Join an account with the one whose code it took; return that one."""
        now_utc, link = self._store.clock.now_utc(), secrets.token_hex(8)

        def write(db: Database) -> Account | Refused:
            _tidy(db, now_utc)
            row = db.execute(
                "SELECT * FROM link_code WHERE taken_platform = ? AND taken_id = ?",
                account.identity,
            ).fetchone()
            if row is None:
                return Refused.UNKNOWN
            offered = _account(row)
            refused = _refused(db, offered, account)
            if refused is None:
                _join(db, offered, account, link=link, now_utc=now_utc)
            db.execute(
                "DELETE FROM link_code WHERE platform = ? AND person_id = ?",
                offered.identity,
            )
            return refused or offered

        return await self._store.write(write)

    async def decline(self, account: Account) -> None:
        """Let a code that was taken lapse."""

        def write(db: Database) -> None:
            db.execute(
                "DELETE FROM link_code WHERE taken_platform = ? AND taken_id = ?",
                account.identity,
            )

        await self._store.write(write)

    async def unlink(self, account: Account) -> tuple[Account, ...]:
        """Let an account stand alone; return those that it was linked with."""
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> tuple[Account, ...]:
            accounts = _accounts(db, account.identity)
            if not accounts:
                return ()
            others = tuple(o for o in accounts if o.identity != account.identity)
            left = (account,) if len(others) > 1 else accounts  # one alone is no link
            for one in left:
                db.execute(
                    "DELETE FROM linked_account WHERE platform = ? AND person_id = ?",
                    one.identity,
                )
            _audit(db, "link.ended", account, others, now_utc)
            return others

        return await self._store.write(write)


def _hash(code: str) -> str:
    return hashlib.sha256(f"hearthbot link {code}".encode()).hexdigest()


def _tidy(db: Database, now_utc: datetime) -> None:
    db.execute("DELETE FROM link_code WHERE expires_utc <= ?", (utc_column(now_utc),))
    before = utc_column(now_utc - TRIES_WITHIN)
    db.execute("DELETE FROM link_try WHERE at_utc <= ?", (before,))


def _num_tries(db: Database, account: Account) -> int:
    row = db.execute(
        "SELECT count(*) FROM link_try WHERE platform = ? AND person_id = ?",
        account.identity,
    ).fetchone()
    return int(row[0])


def _let_go(db: Database, account: Account) -> None:
    db.execute(
        "UPDATE link_code SET taken_platform = NULL, taken_id = NULL"
        " WHERE taken_platform = ? AND taken_id = ?",
        account.identity,
    )


def _refused(db: Database, one: Account, other: Account) -> Refused | None:
    if one.identity == other.identity:
        return Refused.OWN
    ones = _accounts(db, one.identity) or (one,)
    if other.identity in {account.identity for account in ones}:
        return Refused.OWN
    others = _accounts(db, other.identity) or (other,)
    return Refused.FULL if len(ones) + len(others) > MAX_ACCOUNTS else None


def _join(
    db: Database, one: Account, other: Account, *, link: str, now_utc: datetime
) -> None:
    """Make all accounts of both one person's, under a name that no link had before."""
    ones = _accounts(db, one.identity) or (one,)
    others = _accounts(db, other.identity) or (other,)
    for account in (*ones, *others):
        # Those that are there keep their place in the order, and so who stands first.
        db.execute(
            "INSERT INTO linked_account (platform, person_id, person_name,"
            " channel_id, link, linked_utc) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (platform, person_id) DO UPDATE SET link = excluded.link",
            (
                *account.identity,
                account.name,
                account.channel_id,
                link,
                utc_column(now_utc),
            ),
        )
    _audit(db, "link.made", other, ones, now_utc)


def _audit(
    db: Database,
    what: str,
    account: Account,
    others: tuple[Account, ...],
    now_utc: datetime,
) -> None:
    key = ":".join(account.identity)
    subject = " ".join([key, *(":".join(other.identity) for other in others)])
    append_audit(
        db, AuditEntry(what, subject, actor=key, actor_name=account.name), now_utc
    )


def _accounts(db: Database, identity: Identity) -> tuple[Account, ...]:
    rows = db.execute(
        "SELECT * FROM linked_account WHERE link = (SELECT link FROM linked_account"
        " WHERE platform = ? AND person_id = ?) ORDER BY id",
        identity,
    )
    return tuple(map(_account, rows))


def _account(row: sqlite3.Row) -> Account:
    return Account(
        row["platform"], row["person_id"], row["person_name"], row["channel_id"]
    )
