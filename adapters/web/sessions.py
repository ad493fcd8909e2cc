"""Who somebody is: a signed cookie, and what the store knows about it."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from bot.clock import Clock
from bot.messages import Author, Role
from bot.store.visitors import Visitor, VisitorRepository

__all__ = ["COOKIE", "SEAT_IDLE", "SEAT_LONGEST", "Session", "Sessions"]

COOKIE = "hearthbot_session"
LIFETIME = timedelta(days=90)
RENEW_AFTER = timedelta(days=1)
SEAT_IDLE = timedelta(hours=2)
SEAT_LONGEST = timedelta(hours=12)
NOTED_AFTER = timedelta(minutes=1)
"""That somebody is still there is written down at most so often."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that came back, or a new one.

    Attributes:
        person_id: who it is, for the rooms; it stays when the session changes.
        id: secret; changes whenever the person signs in or out.
        issued_s: when the cookie was made, in seconds since 1970.
        seat_ends_s: until when it may hold a moderator's seat at most, in seconds since
            1970; 0: it never had one.
    """

    person_id: str
    id: str
    issued_s: int
    seat_ends_s: int = 0

    @property
    def key(self) -> str:
        """What the store knows the session by: no use to who reads it there."""
        return hashlib.sha256(self.id.encode()).hexdigest()


class Sessions:
    """Makes and reads the cookies, and knows who holds a moderator's seat."""

    def __init__(
        self,
        *,
        key: bytes,
        visitors: VisitorRepository,
        owners: Collection[str],
        clock: Clock,
    ) -> None:
        self._key = key
        self._signer = URLSafeSerializer(key, salt="hearthbot.session")
        self._visitors = visitors
        self._owners = frozenset(owners)
        self._clock = clock
        self._left: dict[str, int] = {}  # sessions that gave up a seat, until when
        self._ends_s: dict[str, int] = {}  # seats: until when, if nothing is done

    def begin(self) -> Session:
        """Return a session for somebody new."""
        return self._session(secrets.token_hex(8))

    def renew(self, session: Session) -> Session:
        """Return another session of the same person; the old seat is not with it."""
        return self._session(session.person_id)

    def cookie(self, session: Session) -> str:
        """Return what the browser keeps."""
        content = [session.person_id, session.id, session.issued_s]
        if session.seat_ends_s:
            content.append(session.seat_ends_s)
        return str(self._signer.dumps(content))

    def read(self, cookie: str) -> Session | None:
        """Return the session of a cookie; None: forged, broken or too old."""
        try:
            person_id, session_id, issued_s, *rest = self._signer.loads(cookie)
        except (BadData, ValueError, TypeError):
            return None
        seat_ends_s = int(rest[0]) if rest else 0
        session = Session(str(person_id), str(session_id), int(issued_s), seat_ends_s)
        return session if self._age(session) < LIFETIME else None

    def is_aging(self, session: Session) -> bool:
        """Return whether the cookie should be written anew, so that it lasts."""
        return self._age(session) > RENEW_AFTER

    def refreshed(self, session: Session) -> Session:
        """Return the same session with a younger cookie."""
        return replace(session, issued_s=self._now_s())

    def form_token(self, session: Session) -> str:
        """Return what forms of this session carry, so that no other page can send."""
        digest = hmac.new(self._key, f"form {session.id}".encode(), hashlib.sha256)
        return digest.hexdigest()

    def is_form_token(self, session: Session, token: str) -> bool:
        """Return whether a form came from a page that this session was given."""
        expected = self.form_token(session)
        return hmac.compare_digest(expected.encode(), token.encode())

    async def visitor(self, session: Session) -> Visitor | None:
        """Return what is known about who it is; None: nothing yet."""
        return await self._visitors.get(session.person_id)

    async def author(
        self, session: Session, language: str, *, is_active: bool = False
    ) -> Author | None:
        """Return the person as the core knows them; None: no name yet."""
        visitor = await self.visitor(session)
        if visitor is None or not visitor.name:
            return None
        role = await self.role(session, is_active=is_active)
        return Author(visitor.id, visitor.name, role, language=language)

    async def role(self, session: Session, *, is_active: bool = False) -> Role:
        """Return what the session may do right now.

        `is_active` tells that the person did something: a page that only looks on does
        not keep a seat from ending.
        """
        if f"web:{session.person_id}" in self._owners:
            return Role.OWNER
        has_seat = await self._has_seat(session, is_active=is_active)
        return self.remaining(
            Role.MODERATOR if has_seat else Role.MEMBER, session=session
        )

    def remaining(self, role: Role, session: Session) -> Role:
        """Return what is left at this moment of a role that a session had, at once.

        It is for events: there is no time to ask the store before each.
        """
        if role is Role.MODERATOR and not self.seat_s(session):
            return Role.MEMBER
        return role

    def seat_s(self, session: Session) -> int:
        """Return how long a seat lasts if nothing is done, in seconds; 0: none."""
        if session.key in self._left:
            return 0
        ends_s = min(session.seat_ends_s, self._ends_s.get(session.key, 0))
        return max(0, ends_s - self._now_s())

    async def sign_in(self, session: Session) -> Session:
        """Return a new session with a seat; the old one is worth nothing more."""
        await self._leave_seat(session)
        now_utc = self._clock.now_utc()
        latest_s = int((now_utc + SEAT_LONGEST).timestamp())
        seated = replace(self.renew(session), seat_ends_s=latest_s)
        expires_utc = now_utc + SEAT_IDLE
        await self._visitors.take_seat(seated.key, expires_utc=expires_utc)
        self._note_end(seated, expires_utc)
        return seated

    async def sign_out(self, session: Session) -> Session:
        """Return a new session without a seat."""
        await self._leave_seat(session)
        return self.renew(session)

    async def _has_seat(self, session: Session, *, is_active: bool) -> bool:
        ends_utc = await self._visitors.seat_end_utc(session.key)
        now_utc = self._clock.now_utc()
        # What would last longer was taken when seats did not end by themselves so soon.
        if ends_utc is None or not now_utc < ends_utc <= now_utc + SEAT_IDLE:
            self._ends_s.pop(session.key, None)
            return False
        later_utc = now_utc + SEAT_IDLE
        if is_active and later_utc >= ends_utc + NOTED_AFTER:
            await self._visitors.prolong_seat(session.key, expires_utc=later_utc)
            ends_utc = later_utc
        self._note_end(session, ends_utc)
        return True

    def _note_end(self, session: Session, ends_utc: datetime) -> None:
        # Of two requests at once, the one that did nothing may be told of last.
        known_s = self._ends_s.get(session.key, 0)
        self._ends_s[session.key] = max(known_s, int(ends_utc.timestamp()))

    async def _leave_seat(self, session: Session) -> None:
        # Noted before it is stored: from here on no open page is told anything more.
        now_s = self._now_s()
        self._left = _coming(self._left, now_s)
        self._ends_s = _coming(self._ends_s, now_s)
        if session.seat_ends_s > now_s:
            self._left[session.key] = session.seat_ends_s
        await self._visitors.leave_seat(session.key)

    def _session(self, person_id: str) -> Session:
        return Session(person_id, secrets.token_urlsafe(24), self._now_s())

    def _now_s(self) -> int:
        return int(self._clock.now_utc().timestamp())

    def _age(self, session: Session) -> timedelta:
        return timedelta(seconds=self._now_s() - session.issued_s)


def _coming(ends_s: dict[str, int], now_s: int) -> dict[str, int]:
    return {key: end_s for key, end_s in ends_s.items() if end_s > now_s}
