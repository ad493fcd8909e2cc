"""/note and /person: what moderators know of somebody in their community."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.bans import Bans
from bot.clock import Clock
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Author, Role
from bot.persons import Person, Persons
from bot.preferences import community_key
from bot.quotas import Quotas
from bot.store.bans import Ban, BanKind
from bot.store.marks import MarkRepository, Marks
from bot.store.notes import Note, NoteRepository
from bot.store.usage import Usage
from bot.words import T, Text, Tn, Words

__all__ = ["PersonDesk", "note_command", "person_command"]

NUM_NOTES = 20
NOTE_LENGTH = 500

_PERSON = Parameter(
    "person",
    T("Their id, name or a mention of them; not needed in a reply to them."),
)


@dataclass(frozen=True, slots=True)
class PersonDesk:
    """Where what is known of people is looked up."""

    persons: Persons
    notes: NoteRepository
    marks: MarkRepository
    bans: Bans
    quotas: Quotas
    words: Words
    clock: Clock
    zone: ZoneInfo

    async def page(self, context: CommandContext, person: Person) -> Sequence[Text]:
        """Return what moderators of a community know of a person, line by line."""
        channel, community = context.channel, community_key(context.channel)
        bans = await self.bans.set_on(channel, person.id)
        marks = await self.marks.of(community, channel.platform, person.id)
        used = await self.quotas.used(channel, Author(person.id, person.name))
        notes = await self.notes.of(
            community, channel.platform, person.id, limit=NUM_NOTES
        )
        return (
            T("{name} ({id})", name=person.name, id=person.id),
            *(_set(ban, self.zone) for ban in bans),
            *_marked(marks),
            _used(used.person),
            *(_noted(note, self.zone) for note in notes),
            *(() if notes else (T("There are no notes."),)),
        )


def note_command(desk: PersonDesk) -> Command:
    """Return the command that keeps a note about somebody."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        person, text = await desk.persons.meant(
            context, str(arguments.get("person", "")), str(arguments.get("text", ""))
        )
        if not text.strip():
            raise UserError(T("What is the note to say?"))
        note = Note(
            text.strip()[:NOTE_LENGTH],
            context.author.id,
            context.author.name,
            desk.clock.now_utc(),
        )
        channel = context.channel
        await desk.notes.add(community_key(channel), channel.platform, person.id, note)
        return Answer(
            T("Noted about {name}. Only moderators here see it.", name=person.name)
        )

    return Command(
        name="note",
        summary=T("Note something about somebody, for the moderators here."),
        parameters=(
            _PERSON,
            Parameter("text", T("What to remember."), ParameterType.REST),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )


def person_command(desk: PersonDesk) -> Command:
    """Return the command that shows what moderators know of somebody."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        word = str(arguments.get("person", ""))
        person, _ = await desk.persons.meant(context, word, "")
        lines = await desk.page(context, person)
        said = [desk.words.say(line, context.language) for line in lines]
        return Answer("\n- ".join(said))

    return Command(
        name="person",
        summary=T("Show what moderators here know of somebody."),
        parameters=(_PERSON,),
        run=run,
        min_role=Role.MODERATOR,
    )


def _set(ban: Ban, zone: ZoneInfo) -> Text:
    values = {
        "moderator": ban.by_name,
        "date": f"{ban.created_utc.astimezone(zone):%Y-%m-%d}",
        "reason": ban.reason,
    }
    if ban.until_utc is None:
        return T("Banned by {moderator} on {date}. {reason}", **values)
    values["end"] = f"{ban.until_utc.astimezone(zone):%Y-%m-%d %H:%M}"
    if ban.kind is BanKind.BAN:
        return T("Banned by {moderator} on {date} until {end}. {reason}", **values)
    return T("Muted by {moderator} on {date} until {end}. {reason}", **values)


def _marked(marks: Marks) -> tuple[Text, ...]:
    return (
        Tn(
            "{n} verdict of the safety filters, {blocked} refused",
            "{n} verdicts of the safety filters, {blocked} refused",
            n=marks.judgements,
            blocked=marks.blocked,
        ),
        Tn(
            "{n} report was made by them, about their messages: {about}",
            "{n} reports were made by them, about their messages: {about}",
            n=marks.reports,
            about=marks.reported,
        ),
    )


def _used(usage: Usage) -> Text:
    return Tn(
        "Today {n} request, {seconds} s of work",
        "Today {n} requests, {seconds} s of work",
        n=usage.requests,
        seconds=round(usage.seconds),
    )


def _noted(note: Note, zone: ZoneInfo) -> Text:
    return T(
        "{date}, {name}: {text}",
        date=f"{note.created_utc.astimezone(zone):%Y-%m-%d %H:%M}",
        name=note.author_name,
        text=note.text,
    )
