"""Joins a person's accounts with a code, and tells both sides."""

import secrets
from collections.abc import Mapping, Sequence

import structlog

from bot.adapter import Adapter
from bot.errors import PlatformError, UserError
from bot.identities import Account
from bot.messages import Author, Button, Reply
from bot.preferences import Preferences
from bot.store.links import MAX_TRIES, LinkRepository, Refused
from bot.words import T, Text, Words

__all__ = ["Linking", "platform_name"]

logger = structlog.get_logger(__name__)

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that looks like another
CODE_LENGTH = 8

_REFUSED = {
    Refused.UNKNOWN: T(
        "That code is not right, or no longer: it is good for ten minutes and for one "
        "account. Write /link where you got it for a new one."
    ),
    Refused.TOO_MANY_TRIES: T(
        "Those were {n} wrong codes. Please try again in an hour.", n=MAX_TRIES
    ),
    Refused.OWN: T(
        "These accounts belong together already. Enter the code with the other one."
    ),
    Refused.FULL: T("So many accounts I cannot link. /unlink one of them first."),
}

_NAMES = {"web": T("the web page"), "console": T("the terminal")}


class Linking:
    """What the commands about links do.

    Accounts of the same platform may be linked too: who holds both has shown so.
    """

    def __init__(
        self,
        links: LinkRepository,
        *,
        adapters: Mapping[str, Adapter],
        preferences: Preferences,
        words: Words,
    ) -> None:
        self._links = links
        self._adapters = adapters
        self._preferences = preferences
        self._words = words

    async def code(self, account: Account) -> str:
        """Return a new code for an account; the one before is good no more."""
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        await self._links.offer(account, code)
        return code

    async def take(self, account: Account, code: str) -> Account:
        """Return whose code this is; nobody else can use it then.

        Raises:
            UserError: it joins nothing; the text says why.
        """
        plain = code.strip().upper().replace("-", "")
        return _linkable(await self._links.take(account, plain))

    async def confirm(self, account: Account) -> Account:
        """Join an account with the one whose code it took; tell that one.

        Raises:
            UserError: it took none, or not in time.
        """
        other = _linkable(await self._links.confirm(account))
        await self._tell(
            other,
            T(
                "Your account here is linked with “{name}” ({platform}) now: you are "
                "one person to me. Was that not you? /unlink ends it.",
                name=account.name,
                platform=platform_name(account.platform),
            ),
            buttons=((T("Unlink"), "/unlink"),),
        )
        return other

    async def decline(self, account: Account) -> None:
        """Let the code that an account took lapse."""
        await self._links.decline(account)

    async def others(self, account: Account) -> tuple[Account, ...]:
        """Return what an account is linked with."""
        accounts = await self._links.accounts(*account.identity)
        return tuple(one for one in accounts if one.identity != account.identity)

    async def unlink(self, account: Account) -> tuple[Account, ...]:
        """Let an account stand alone, tell the others, and return them."""
        others = await self._links.unlink(account)
        for other in others:
            await self._tell(
                other,
                T(
                    "“{name}” ({platform}) is no longer linked with your account here.",
                    name=account.name,
                    platform=platform_name(account.platform),
                ),
            )
        return others

    async def _tell(
        self, account: Account, text: Text, *, buttons: Sequence[tuple[Text, str]] = ()
    ) -> None:
        """Tell an account something, where it can be reached now."""
        adapter = self._adapters.get(account.platform)
        if adapter is None:
            return
        try:
            channel = adapter.channel(account.channel_id)
            author = Author(account.person_id, account.name)
            language = await self._preferences.language(channel, author)
            reply = Reply(
                self._words.say(text, language),
                buttons=tuple(
                    Button(self._words.say(label, language), command)
                    for label, command in buttons
                ),
                only_for=account.person_id,
            )
            await adapter.send(channel, reply)
        except PlatformError as error:
            logger.warning("linked account not told", reason=str(error))


def platform_name(platform: str) -> Text | str:
    """Return what people call a platform."""
    return _NAMES.get(platform, platform.capitalize())


def _linkable(found: Account | Refused) -> Account:
    if isinstance(found, Refused):
        raise UserError(_REFUSED[found])
    return found
