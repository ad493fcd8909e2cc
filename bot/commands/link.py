"""/link and /unlink: a person's accounts on several platforms."""

from collections.abc import Sequence

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.identities import Account
from bot.linking import Linking, platform_name
from bot.messages import Button
from bot.words import T, Text, Words

__all__ = ["link_command", "unlink_command"]

SHOW = "show"


def link_command(linking: Linking, words: Words) -> Command:
    """Return the command that links accounts.

    `/link` gives a code; `/link CODE` with another account, and then a press of yes,
    joins the two.
    """
    desk = _Desk(linking, words)
    return Command(
        name="link",
        summary=T("Link your accounts here and on other platforms with a code."),
        parameters=(
            Parameter(
                "code",
                T("The code from the other account, or “show”; left out, I give one."),
                suggestions=lambda: (SHOW,),
            ),
        ),
        run=desk.run,
    )


def unlink_command(linking: Linking, words: Words) -> Command:
    """Return the command that ends what /link began."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        others = await linking.unlink(Account.of(context.channel, context.author))
        if not others:
            return Answer(_NOT_LINKED)
        return Answer(
            T(
                "This account is no longer linked with {accounts}. What you told me in "
                "private stays with the account that you told it with.",
                accounts=_spoken(others, words, context.language),
            )
        )

    return Command(
        name="unlink", summary=T("End the link of this account with others."), run=run
    )


class _Desk:
    def __init__(self, linking: Linking, words: Words) -> None:
        self._linking = linking
        self._words = words

    async def run(self, context: CommandContext, arguments: Arguments) -> Answer:
        account = Account.of(context.channel, context.author)
        chosen = str(arguments.get("code", ""))
        match chosen.lower():
            case "":
                return await self._offer(account)
            case "show":
                return await self._show(account, context.language)
            case "yes":
                other = await self._linking.confirm(account)
                return Answer(_linked(other), settles=context.channel.is_private)
            case "no":
                await self._linking.decline(account)
                return Answer(_LEFT_ALONE, settles=context.channel.is_private)
        return await self._take(account, chosen, context.language)

    async def _offer(self, account: Account) -> Answer:
        code = await self._linking.code(account)
        return Answer(
            T(
                "Your code is {code}. Within ten minutes, write /link {code} to me "
                "with your other account. Show it to nobody: who enters it becomes one "
                "person with you.",
                code=code,
            )
        )

    async def _show(self, account: Account, language: str) -> Answer:
        others = await self._linking.others(account)
        if not others:
            return Answer(_NOT_LINKED)
        return Answer(
            T(
                "This account is linked with {accounts}. /unlink ends that.",
                accounts=_spoken(others, self._words, language),
            )
        )

    async def _take(self, account: Account, code: str, language: str) -> Answer:
        other = await self._linking.take(account, code)
        return Answer(
            T(
                "That is the code of “{name}” ({platform}). Is that account yours too? "
                "Linked, you are one person to me: quota, bans and what you told me in "
                "private are shared. Say no if somebody else sent you the code.",
                name=other.name,
                platform=platform_name(other.platform),
            ),
            (
                Button(self._words.say(T("Yes, it is mine"), language), "/link yes"),
                Button(self._words.say(T("No"), language), "/link no"),
            ),
        )


_NOT_LINKED = T("This account is linked with no other. /link gives a code for that.")
_LEFT_ALONE = T("All right, nothing was linked, and the code is good no more.")


def _linked(other: Account) -> Text:
    return T(
        "Linked: “{name}” ({platform}) and this account are one person to me now. What "
        "you may do stays as each platform says. /unlink ends it.",
        name=other.name,
        platform=platform_name(other.platform),
    )


def _spoken(accounts: Sequence[Account], words: Words, language: str) -> str:
    return ", ".join(
        f"“{one.name}” ({_name(one, words, language)})" for one in accounts
    )


def _name(account: Account, words: Words, language: str) -> str:
    name = platform_name(account.platform)
    return words.say(name, language) if isinstance(name, Text) else name
