"""/memory: see, correct and erase what the bot was asked to remember."""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.memory.memories import Memories
from bot.memory.offers import MemoryOffers
from bot.messages import Button, Role
from bot.store.memories import Note, Owner
from bot.words import T, Text, Tn, Words

__all__ = ["memory_command"]

LIST, EDIT, FORGET, ADD, ALL = "list", "edit", "forget", "add", "all"
COMMUNITY, OFFERS = "community", "offers"
ON, OFF, YES, NO = "on", "off", "yes", "no"
NUM_WITH_BUTTONS = 8
"""Further notes are changed by their number: platforms take so many buttons only."""

_NOT_KEPT = T("All right, I have kept nothing of it.")
_NO_MORE_OFFERS = T(
    "I will not ask again whether to remember something. What you tell me with "
    "/remember I keep all the same. /memory offers on changes that."
)
_OFFERS_AGAIN = T(
    "I may ask, at most once a day, whether to remember something that you say."
)
_USAGE = T(
    "Use it like this: /memory list, /memory edit 3 new words, /memory forget 3, "
    "/memory forget all, /memory offers on, or /memory offers off."
)
_COMMUNITY_USAGE = T(
    "Use it like this: /memory community list, /memory community add some words, "
    "/memory community edit 3 new words, or /memory community forget 3."
)


def memory_command(memories: Memories, offers: MemoryOffers, words: Words) -> Command:
    """Return the command about notes: a person's own, and a community's.

    Nobody but the person sees or changes their own, moderators and owners included.
    """
    desk = _Desk(memories, offers, words)
    return Command(
        name="memory",
        summary=T("Show, correct or erase what you asked me to remember."),
        parameters=(
            Parameter(
                "what",
                T("What to do; without it, I show what I remember here."),
                choices=lambda: (LIST, EDIT, FORGET, COMMUNITY, OFFERS),
            ),
            Parameter(
                "more",
                T("A number and what else it takes, such as “3 I eat fish again”."),
                ParameterType.REST,
            ),
        ),
        run=desk.run,
    )


class _Desk:
    def __init__(self, memories: Memories, offers: MemoryOffers, words: Words) -> None:
        self._memories = memories
        self._offers = offers
        self._words = words

    async def run(self, context: CommandContext, arguments: Arguments) -> Answer:
        what, more = str(arguments.get("what", LIST)), str(arguments.get("more", ""))
        if what == OFFERS:
            return await self._change_offers(context, more)
        if what == COMMUNITY:
            return await self._community(context, more)
        owner = await self._memories.owner(context.channel, context.author)
        return await self._do(context, owner, what, more)

    async def _community(self, context: CommandContext, more: str) -> Answer:
        if context.channel.is_private:
            raise UserError(
                T("We are in private here. Ask that in a channel of the community.")
            )
        what, _, rest = more.partition(" ")
        what = what.lower() or LIST
        if what != LIST and context.author.role < Role.MODERATOR:
            raise UserError(T("Only moderators may change what a community remembers."))
        owner = Owner.community(context.channel)
        if what == ADD:
            note = await self._memories.remember(
                owner,
                rest,
                channel=context.channel,
                person=context.author,
                language=context.language,
            )
            return Answer(
                T(
                    "I will remember when I answer anybody here: {number}: “{text}”",
                    number=note.number,
                    text=note.text,
                )
            )
        return await self._do(context, owner, what, rest)

    async def _do(
        self, context: CommandContext, owner: Owner, what: str, more: str
    ) -> Answer:
        word, _, rest = more.strip().partition(" ")
        if what == LIST and not more.strip():
            return await self._list(context, owner)
        if what == FORGET and word.lower() == ALL:
            return await self._forget_all(context, owner, rest.strip())
        if not word.isdecimal() or (what, bool(rest)) not in {
            (EDIT, True),
            (FORGET, False),
        }:
            raise UserError(_COMMUNITY_USAGE if owner.is_community else _USAGE)
        number = min(int(word[:12]), 2**62)
        if what == FORGET:
            await self._memories.forget(owner, number, person=context.author)
            return Answer(T("I have forgotten it."))
        note = await self._memories.correct(
            owner,
            number,
            rest,
            channel=context.channel,
            person=context.author,
            language=context.language,
        )
        return Answer(T("Now I remember instead: “{text}”", text=note.text))

    async def _forget_all(
        self, context: CommandContext, owner: Owner, place: str
    ) -> Answer:
        if place and not owner.is_community:  # a button that may be pressed elsewhere
            owner = replace(owner, place=place)
        count = await self._memories.forget_all(owner, person=context.author)
        if not count:
            return Answer(T("There is nothing to forget here."))
        return Answer(
            Tn("I have forgotten {n} thing.", "I have forgotten {n} things.", n=count)
        )

    async def _list(self, context: CommandContext, owner: Owner) -> Answer:
        notes = await self._memories.notes(owner)
        if not notes:
            return Answer(_nothing(context, owner))
        head = self._words.say(_head(context, owner), context.language)
        lines = [head, *(f"{note.number}: {note.text}" for note in notes)]
        may_change = not owner.is_community or context.author.role >= Role.MODERATOR
        buttons = self._buttons(notes, owner, context.language) if may_change else ()
        return Answer("\n".join(lines), buttons)

    def _buttons(
        self, notes: Sequence[Note], owner: Owner, language: str
    ) -> tuple[Button, ...]:
        def say(text: Text) -> str:
            return self._words.say(text, language)

        line = f"/memory {COMMUNITY}" if owner.is_community else "/memory"
        buttons: list[Button] = []
        for note in notes[:NUM_WITH_BUTTONS]:
            buttons += (
                Button(
                    say(T("Change {number}", number=note.number)),
                    f"{line} {EDIT} {note.number}",
                    asks=say(T("What shall I remember instead?")),
                ),
                Button(
                    say(T("Forget {number}", number=note.number)),
                    f"{line} {FORGET} {note.number}",
                ),
            )
        if not owner.is_community:
            forget_all = f"{line} {FORGET} {ALL} {owner.place}"
            buttons.append(Button(say(T("Forget all of it")), forget_all))
        return tuple(buttons)

    async def _change_offers(self, context: CommandContext, more: str) -> Answer:
        chosen = more.strip().lower()
        channel, person = context.channel, context.author
        if chosen == YES:
            note = await self._offers.accept(channel, person, context.language)
            return Answer(
                T("I will remember: “{text}”", text=note.text),
                (
                    Button(
                        self._words.say(T("Forget it again"), context.language),
                        f"/memory {FORGET} {note.number}",
                    ),
                ),
            )
        if chosen == NO:
            await self._offers.decline(channel, person)
            return Answer(_NOT_KEPT, settles=channel.is_private)
        if chosen not in {ON, OFF}:
            raise UserError(_USAGE)
        is_on = chosen == ON
        await self._offers.want(channel, person, offers=is_on)
        if is_on:
            return Answer(_OFFERS_AGAIN)
        return Answer(_NO_MORE_OFFERS, settles=channel.is_private)


def _head(context: CommandContext, owner: Owner) -> Text:
    if owner.is_community:
        return T("What moderators asked me to remember for this community:")
    if context.channel.is_private:
        return T("What you asked me to remember in private:")
    return T("What you asked me to remember in this community:")


def _nothing(context: CommandContext, owner: Owner) -> Text:
    if owner.is_community:
        return T("I remember nothing for this community.")
    if context.channel.is_private:
        return T(
            "I remember nothing about you in private. Tell me with /remember, or say "
            "“remember that …”."
        )
    return T(
        "I remember nothing about you in this community. Tell me with /remember, or "
        "say “remember that …”."
    )
