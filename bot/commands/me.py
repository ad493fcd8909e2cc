"""/me: what the bot knows about the person who asks; to take, and to have forgotten."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.commands.me_texts import forgotten_text, kept_lines, named_text
from bot.consent import Consent
from bot.errors import UserError
from bot.first_contact import FirstContact
from bot.forgetting import Forgetting
from bot.keeping import Keeping
from bot.messages import Attachment, Button, Channel
from bot.store.people import PersonRepository
from bot.store.retention_days import KeepingDays
from bot.words import T, Text, Words

__all__ = ["MeDesk", "me_command"]

NAME, KEEP, EXPORT, FORGET = "name", "keep", "export", "forget"
ON, OFF, YES = "on", "off", "yes"


@dataclass(frozen=True, slots=True)
class MeDesk:
    """What /me needs.

    Attributes:
        days: how long what is kept in a channel.
    """

    people: PersonRepository
    forgetting: Forgetting
    keeping: Keeping
    consent: Consent
    first_contact: FirstContact
    days: Callable[[Channel], Awaitable[KeepingDays]]
    words: Words

    async def show(self, context: CommandContext) -> Answer:
        """Say what is kept, for how long, and what can be done about it."""
        platform, person = context.channel.platform, context.author.id
        kept = await self.people.kept(platform, person)
        days = await self.days(context.channel)
        may = await self.consent.may_be_named(platform, person)
        is_off = await self.keeping.is_off(platform, person)
        texts = (*kept_lines(kept, days), named_text(may=may), _state(is_off=is_off))
        text = "\n".join(self.words.say(text, context.language) for text in texts)
        labels = (
            (T("Give me all of it"), EXPORT),
            (T("Forget me"), FORGET),
            (T("Keep it again"), f"{KEEP} {ON}")
            if is_off
            else (T("Do not keep"), f"{KEEP} {OFF}"),
        )
        return Answer(text, buttons=self._buttons(context, labels))

    async def name(self, context: CommandContext, choice: str) -> Answer:
        """Say whether posts may name somebody, and change it."""
        platform, person = context.channel.platform, context.author.id
        if choice:
            await self.consent.set(platform, person, may=choice == ON)
        may = await self.consent.may_be_named(platform, person)
        return Answer(named_text(may=may))

    async def keep(self, context: CommandContext, choice: str) -> Answer:
        """Say whether anything of somebody is kept, and change it."""
        platform, person = context.channel.platform, context.author.id
        if choice:
            await self.keeping.set(platform, person, is_off=choice == OFF)
        is_off = await self.keeping.is_off(platform, person)
        if not (choice and is_off):
            return Answer(_state(is_off=is_off))
        text = T(
            "From now on I keep nothing of what you write. I still answer you, but I "
            "will not know what was said before. What I have kept until now stays "
            "until its time is over, or until you have me forget it."
        )
        labels = ((T("Forget me"), FORGET),)
        return Answer(text, buttons=self._buttons(context, labels))

    async def export(self, context: CommandContext) -> Answer:
        """Give somebody all that is kept of them."""
        platform, person = context.channel.platform, context.author.id
        content = await self.people.export(platform, person)
        file = Attachment("what-i-keep.json", "application/json", content)
        return Answer(
            T("This is all that I keep of you. Nobody else gets it."),
            attachments=(file,),
        )

    async def forget(self, context: CommandContext, *, is_sure: bool) -> Answer:
        """Forget somebody, once they have said that they are sure."""
        if not is_sure:
            return Answer(
                _WHAT_GOES,
                buttons=self._buttons(
                    context, ((T("Yes, forget me"), f"{FORGET} {YES}"),)
                ),
            )
        platform, person = context.channel.platform, context.author.id
        done = await self.forgetting.forget(platform, person)
        self.first_contact.forget(platform, person)
        said = forgotten_text(done)
        return Answer("\n".join(self.words.say(one, context.language) for one in said))

    def _buttons(
        self, context: CommandContext, labels: tuple[tuple[Text, str], ...]
    ) -> tuple[Button, ...]:
        return tuple(
            Button(self.words.say(label, context.language), f"/me {what}")
            for label, what in labels
        )


def me_command(desk: MeDesk) -> Command:
    """Return the command that tells a person what is kept of them, and for how long.

    `/me name on` lets posts name them, `/me keep off` ends the keeping, `/me export`
    gives it all as a file, and `/me forget` deletes it.
    """

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what, choice = arguments.get("what"), str(arguments.get("answer", ""))
        allowed = {NAME: (ON, OFF), KEEP: (ON, OFF), FORGET: (YES,)}
        if choice and choice not in allowed.get(str(what), ()):
            raise UserError(T("Use it like this: {usage}", usage=_USAGE))
        if what == NAME:
            return await desk.name(context, choice)
        if what == KEEP:
            return await desk.keep(context, choice)
        if what == EXPORT:
            return await desk.export(context)
        if what == FORGET:
            return await desk.forget(context, is_sure=choice == YES)
        return await desk.show(context)

    return Command(
        name="me",
        is_everyones=True,
        summary=T("Show what I keep of you, take it, or have it forgotten."),
        parameters=(
            Parameter(
                "what",
                T("What to do: name, keep, export or forget."),
                choices=lambda: (NAME, KEEP, EXPORT, FORGET),
            ),
            Parameter(
                "answer",
                T("on or off; yes to be forgotten."),
                choices=lambda: (ON, OFF, YES),
            ),
        ),
        run=run,
    )


_USAGE = "/me [name|keep on|off] [export] [forget yes]"
_WHAT_GOES = T(
    "I would forget everything that /me shows: what you wrote to me and what I "
    "answered you, verdicts about it, your ratings, reports, appeals, suggestions, "
    "votes and settings, and what I quoted of you in my own records. What stands in "
    "the chat itself stays there, and so do posts that were published. This cannot be "
    "undone. Take it with /me export first, if you want it."
)


def _state(*, is_off: bool) -> Text:
    if is_off:
        return T(
            "You want nothing kept: I answer you, and remember nothing. /me keep on "
            "changes that."
        )
    return T("All of it is on this bot's own machine. Nobody else gets it.")
