"""/bot-ban, /bot-mute and how they are lifted: keeping somebody away from the bot."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
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
from bot.messages import Role
from bot.moderators import Moderators
from bot.pause import read_end
from bot.persons import Person, Persons
from bot.preferences import community_key
from bot.store.bans import EVERYWHERE, Ban, BanKind
from bot.words import T, Text

__all__ = ["BanDesk", "ban_commands", "with_ban_appeal"]

COMMUNITY = "community"
PLACES = (COMMUNITY, EVERYWHERE)

_PERSON = Parameter(
    "person",
    T("Their id, name or a mention of them; not needed in a reply to them."),
)
_WHERE = Parameter(
    "where",
    T("community or, for the owner, everywhere; left out, this community."),
    choices=lambda: PLACES,
    is_named=True,
)


@dataclass(frozen=True, slots=True)
class BanDesk:
    """What the commands need to keep somebody away and let them in again."""

    bans: Bans
    persons: Persons
    moderators: Moderators
    clock: Clock
    zone: ZoneInfo

    async def put(
        self, context: CommandContext, arguments: Arguments, kind: BanKind
    ) -> Answer:
        """Keep the person away whom a command means."""
        place = _place(context, arguments)
        person, rest = await self.persons.meant(
            context, str(arguments.get("person", "")), str(arguments.get("text", ""))
        )
        by, platform = context.author, context.channel.platform
        self.bans.check(by, context.channel, person.id, person.role)
        end = read_end(rest, now_utc=self.clock.now_utc(), zone=self.zone)
        if kind is BanKind.MUTE and end.until_utc is None:
            raise UserError(T("Say for how long: 10m, 2h or 3d."))
        for one in await self.bans.set_on(context.channel, person.id):
            is_same = (one.place, one.kind) == (place, kind)
            if is_same and one.by_owner and by.role is not Role.OWNER:
                raise UserError(T("An owner set that. Only an owner can change it."))
        ban = Ban(
            place=place,
            platform=platform,
            person_id=person.id,
            kind=kind,
            person_name=person.name,
            by_id=by.id,
            by_name=by.name,
            created_utc=self.clock.now_utc(),
            until_utc=end.until_utc,
            reason=end.reason,
            by_owner=by.role is Role.OWNER,
        )
        await self.bans.put(ban)
        return Answer(_done(ban, self.zone))

    async def lift(
        self, context: CommandContext, arguments: Arguments, kind: BanKind
    ) -> Answer:
        """Let the person in again whom a command means."""
        place = _place(context, arguments)
        person = await self._banned(context, str(arguments.get("person", "")), kind)
        lifted = await self.bans.lift(
            context.author, place, context.channel.platform, person.id, kind
        )
        if not lifted:
            raise UserError(
                T("Nothing of that kind is set on {name}.", name=person.name)
            )
        return Answer(T("{name} can use me again.", name=person.name), settles=True)

    async def appeal(self, context: CommandContext) -> Text:
        """Bring what somebody thinks of their ban before the moderators.

        Raises:
            UserError: nothing keeps them away.
        """
        ban = await self.bans.of(context.channel, context.author)
        if ban is None:
            raise UserError(
                T("Nothing keeps you away here. Under a refusal is a button to appeal.")
            )
        if not await self.bans.appeal(ban):
            return T("The moderators have this already.")
        name = "bot-unban" if ban.kind is BanKind.BAN else "bot-unmute"
        where = f"where={EVERYWHERE} " if ban.place == EVERYWHERE else ""
        arrived = await self.moderators.tell(
            T(
                "{name} ({id}) asks you to let them use me again. It was set by "
                "{moderator} on {date}.",
                name=context.author.name,
                id=ban.person_id,
                moderator=ban.by_name,
                date=f"{ban.created_utc.astimezone(self.zone):%Y-%m-%d}",
            ),
            communities=(community_key(context.channel),),
            quote=ban.reason,
            buttons=((T("Let them in again"), f"/{name} {where}{ban.person_id}"),),
        )
        if not arrived:
            return T(
                "No moderators' channel could be reached. Please speak to a moderator."
            )
        return T("The moderators have it now.")

    async def _banned(
        self, context: CommandContext, word: str, kind: BanKind
    ) -> Person:
        """Return the person meant; whoever is kept away is known by id too."""
        for ban in await self.bans.set_on(context.channel, word):
            if ban.kind is kind:
                return Person(ban.person_id, ban.person_name)
        person, _ = await self.persons.meant(context, word, "")
        return person


def ban_commands(desk: BanDesk) -> tuple[Command, ...]:
    """Return the commands that keep people away from the bot."""
    until = Parameter(
        "text",
        T("“for 2h” or “until 18:00”, and behind it why, for the person."),
        ParameterType.REST,
    )

    async def ban(context: CommandContext, arguments: Arguments) -> Answer:
        return await desk.put(context, arguments, BanKind.BAN)

    async def mute(context: CommandContext, arguments: Arguments) -> Answer:
        return await desk.put(context, arguments, BanKind.MUTE)

    async def unban(context: CommandContext, arguments: Arguments) -> Answer:
        return await desk.lift(context, arguments, BanKind.BAN)

    async def unmute(context: CommandContext, arguments: Arguments) -> Answer:
        return await desk.lift(context, arguments, BanKind.MUTE)

    return (
        Command(
            name="bot-ban",
            summary=T("Ban somebody from me: no answers any more."),
            parameters=(_WHERE, _PERSON, until),
            run=ban,
            min_role=Role.MODERATOR,
        ),
        Command(
            name="bot-unban",
            summary=T("Lift a ban."),
            parameters=(_WHERE, _PERSON),
            run=unban,
            min_role=Role.MODERATOR,
        ),
        Command(
            name="bot-mute",
            summary=T("Do not answer somebody for a while."),
            parameters=(_WHERE, _PERSON, until),
            run=mute,
            min_role=Role.MODERATOR,
        ),
        Command(
            name="bot-unmute",
            summary=T("Answer somebody again."),
            parameters=(_WHERE, _PERSON),
            run=unmute,
            min_role=Role.MODERATOR,
        ),
    )


def with_ban_appeal(
    appeal: Command, of_ban: Callable[[CommandContext], Awaitable[Text]]
) -> Command:
    """Return /appeal so that it takes what a person thinks of their ban, too.

    A refusal has a number; a ban has none.
    """

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        if arguments:
            return await appeal.run(context, arguments)
        return Answer(await of_ban(context))

    return replace(
        appeal,
        run=run,
        parameters=tuple(replace(one, is_required=False) for one in appeal.parameters),
        is_everyones=True,
    )


def _place(context: CommandContext, arguments: Arguments) -> str:
    if arguments.get("where") != EVERYWHERE:
        return community_key(context.channel)
    if context.author.role is not Role.OWNER:
        raise UserError(T("Only the owner may do that everywhere."))
    return EVERYWHERE


def _done(ban: Ban, zone: ZoneInfo) -> Text:
    if ban.until_utc is None:
        return T("{name} is banned from me.", name=ban.person_name)
    end = f"{ban.until_utc.astimezone(zone):%Y-%m-%d %H:%M}"
    values = {"name": ban.person_name, "end": end, "zone": zone.key}
    if ban.kind is BanKind.BAN:
        return T("{name} is banned from me until {end} ({zone}).", **values)
    return T("I do not answer {name} until {end} ({zone}).", **values)
