"""The moderators' password: made at the first start, guessed only slowly."""

import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.clock import Clock
from bot.errors import UserError
from bot.store.accounts import AccountRepository
from bot.words import T, Text, Tn

__all__ = ["PASSWORD_NAME", "Doorkeeper", "ensure_password"]

V = TypeVar("V")

PASSWORD_NAME = "moderator"  # noqa: S105  the name of it, not the password
MAX_PASSWORD = 1_000
FREE_TRIES = 5
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 900.0
MAX_ADDRESSES = 10_000
EVERYBODY = ""
FREE_TRIES_OF_ALL = 50
"""Many addresses guess together: from here on all of them wait."""


async def ensure_password(
    accounts: AccountRepository, *, password_env: str, environ: Mapping[str, str]
) -> str | None:
    """See to it that there is a password; only its hash is kept.

    Returns a new password, to be printed once, where one had to be made; None where
    there was one or the environment names one, which then counts.
    """
    given = environ.get(password_env, "") if password_env else ""
    if given:
        if not await accounts.check_password(PASSWORD_NAME, given):
            await accounts.set_password(PASSWORD_NAME, given)
        return None
    if await accounts.has_password(PASSWORD_NAME):
        return None
    password = secrets.token_urlsafe(15)
    await accounts.set_password(PASSWORD_NAME, password)
    return password


@dataclass(slots=True)
class _Tries:
    """How often somebody was wrong, and until when they have to wait."""

    failures: int = 0
    closed_until_s: float = 0.0


class Doorkeeper:
    """Checks the password and makes guessing slow, for each address and for all."""

    def __init__(self, accounts: AccountRepository, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock
        self._tries: OrderedDict[str, _Tries] = OrderedDict()

    async def admit(self, password: str, *, address: str) -> None:
        """Return if the password is right.

        Raises:
            UserError: it is wrong, or was guessed too often lately.
        """

        async def check() -> bool | None:
            is_short = len(password) <= MAX_PASSWORD
            return (
                is_short
                and await self._accounts.check_password(PASSWORD_NAME, password)
            ) or None

        wrong = T("This is not the password. Please try again.")
        await self.attempt(check, address=address, wrong=wrong)

    async def attempt(
        self, check: Callable[[], Awaitable[V | None]], *, address: str, wrong: Text
    ) -> V:
        """Return what a check gives for what somebody may have guessed.

        Raises:
            UserError: it gave None, which `wrong` tells, or was tried too often lately.
        """
        self._refuse_while_closed(address)
        # Counted before it is checked: many guesses at once are many guesses.
        self._count_failure(address, FREE_TRIES)
        self._count_failure(EVERYBODY, FREE_TRIES_OF_ALL)
        found = await check()
        if found is None:
            raise UserError(wrong)
        self._tries.pop(address, None)
        self._tries.pop(EVERYBODY, None)
        return found

    def _refuse_while_closed(self, address: str) -> None:
        now_s = self._clock.monotonic()
        closed_until_s = max(
            self._tries[who].closed_until_s if who in self._tries else 0.0
            for who in (address, EVERYBODY)
        )
        if closed_until_s > now_s:
            wait_s = max(1, round(closed_until_s - now_s))
            raise UserError(
                Tn(
                    "Those were too many tries. Please wait {n} second.",
                    "Those were too many tries. Please wait {n} seconds.",
                    wait_s,
                )
            )

    def _count_failure(self, who: str, free_tries: int) -> None:
        tries = self._tries.setdefault(who, _Tries())
        self._tries.move_to_end(who)
        tries.failures += 1
        if tries.failures >= free_tries:
            doublings = min(tries.failures - free_tries, 20)
            wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**doublings)
            tries.closed_until_s = self._clock.monotonic() + wait_s
        while len(self._tries) > MAX_ADDRESSES:
            self._tries.popitem(last=False)
