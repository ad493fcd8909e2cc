"""/schedule: what comes when, and steering it."""

from collections.abc import Awaitable, Callable, Mapping

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.store.schedules import StoredSchedule
from bot.words import T, Text, Tn, Words
from content.calendar import Entry
from content.commands.schedule_card import STATES, card, line
from content.content import Content
from content.moving_text import read_move, read_slot
from content.schedule_rights import check_own

__all__ = ["STATES", "schedule_command"]

Act = Callable[[CommandContext, str, str], Awaitable[Text | str]]


def schedule_command(content: Content, words: Words) -> Command:
    """Return the command that shows schedules, and lets moderators steer them."""
    actions = _Actions(content, words).table

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        act = actions[str(arguments.get("action", "list"))]
        schedule_id = str(arguments.get("id", ""))
        return Answer(await act(context, schedule_id, str(arguments.get("text", ""))))

    return Command(
        name="schedule",
        summary=T("Show which posts come when; moderators make and change them."),
        parameters=(
            Parameter("action", T("What to do."), choices=lambda: tuple(actions)),
            Parameter(
                "id",
                T("The schedule's name."),
                suggestions=lambda: tuple(
                    entry.schedule.id for entry in content.calendar.entries
                ),
            ),
            Parameter(
                "text",
                T("When, and settings: every Monday at nine about=tomatoes; herbs"),
                ParameterType.REST,
            ),
        ),
        run=run,
        steers=True,
    )


class _Actions:
    """What can be done, by the words of a context, a name and the rest of a line."""

    def __init__(self, content: Content, words: Words) -> None:
        self._content = content
        self._words = words
        self.table: Mapping[str, Act] = {
            "list": self._list,
            "show": self._show,
            "add": self._add,
            "edit": self._edit,
            "run": self._run,
            "pause": self._pause,
            "resume": self._resume,
            "leave": self._leave,
            "move": self._move,
            "skip": self._skip,
            "remove": self._remove,
        }

    async def _list(self, context: CommandContext, name: str, text: str) -> Text | str:
        content = self._content
        visible = set(await self._visible(context))
        lines = [
            await line(content, entry, self._words, context.language)
            for entry in content.calendar.entries
            if entry.schedule.id in visible
        ]
        return "\n".join(lines) if lines else T("There are no schedules.")

    async def _show(self, context: CommandContext, name: str, text: str) -> Text | str:
        if name not in await self._visible(context):
            raise UserError(
                T("There is no schedule “{id}”. /schedule shows them.", id=name)
            )
        return await self._card(name, context)

    async def _add(self, context: CommandContext, name: str, text: str) -> Text | str:
        content = self._content
        schedule = content.steering.added(name, text, context.author, context.channel)
        kept = await content.put(schedule)
        return await self._card(kept.id, context)

    async def _edit(self, context: CommandContext, name: str, text: str) -> Text | str:
        content = self._content
        old = await self._changeable(context, name)
        new = content.steering.edited(old, text, context.author, context.channel)
        await content.put(new)
        return await self._card(name, context)

    async def _run(self, context: CommandContext, name: str, text: str) -> Text | str:
        schedule = await self._changeable(context, name)
        if text:
            await self._content.make_up(name, text)
        else:
            await self._content.run_now(name)
        if not self._content.is_running:
            return T(
                "“{id}” is written when the bot runs, if it does within {minutes} "
                "minutes.",
                id=name,
                minutes=schedule.grace_minutes,
            )
        return T("“{id}” is being written now.", id=name)

    async def _leave(self, context: CommandContext, name: str, text: str) -> Text | str:
        await self._changeable(context, name)
        content = self._content
        run = await content.missed.leave(name, text, context.author)
        # Where the database was restored there may be a post that waits for this.
        post = await content.posts.get(run.post_id) if run.post_id else None
        if post is not None:
            await content.outgoing.aftermath.withdraw(post, context.author)
        return T("It is left out.")

    async def _move(self, context: CommandContext, name: str, text: str) -> Text | str:
        entry, now_utc = await self._entry(context, name), self._content.clock.now_utc()
        slot_utc, to_utc = read_move(text, entry, now_utc=now_utc)
        await self._content.moving.move(name, slot_utc, to_utc, context.author)
        zone = entry.timetable.zone
        return T(
            "The post of “{id}” of {was} comes on {to} ({zone}).",
            id=name,
            was=f"{slot_utc.astimezone(zone):%Y-%m-%d %H:%M}",
            to=f"{to_utc.astimezone(zone):%Y-%m-%d %H:%M}",
            zone=entry.schedule.timezone,
        )

    async def _skip(self, context: CommandContext, name: str, text: str) -> Text | str:
        entry, now_utc = await self._entry(context, name), self._content.clock.now_utc()
        slot_utc = read_slot(text or "next", entry, now_utc=now_utc)
        await self._content.moving.skip(name, slot_utc, context.author)
        local = slot_utc.astimezone(entry.timetable.zone)
        return T(
            "The post of “{id}” of {was} ({zone}) is left out.",
            id=name,
            was=f"{local:%Y-%m-%d %H:%M}",
            zone=entry.schedule.timezone,
        )

    async def _entry(self, context: CommandContext, name: str) -> Entry:
        await self._changeable(context, name)
        entry = self._content.calendar.entry(name)
        if entry is None:
            raise UserError(
                T("There is no schedule “{id}”. /schedule shows them.", id=name)
            )
        return entry

    async def _pause(self, context: CommandContext, name: str, text: str) -> Text | str:
        await self._changeable(context, name)
        await self._content.calendar.set_enabled(name, is_enabled=False)
        return T("“{id}” rests until /schedule resume {id}.", id=name)

    async def _resume(
        self, context: CommandContext, name: str, text: str
    ) -> Text | str:
        await self._changeable(context, name)
        await self._content.calendar.set_enabled(name, is_enabled=True)
        return T("“{id}” goes on.", id=name)

    async def _remove(
        self, context: CommandContext, name: str, text: str
    ) -> Text | str:
        check_own(await self._changeable(context, name))
        num_ended = await self._content.remove(name)
        if not num_ended:
            return T("“{id}” is removed. What it posted stays.", id=name)
        return Tn(
            "“{id}” is removed. A post that was being made does not go out.",
            "“{id}” is removed. {n} posts that were being made do not go out.",
            num_ended,
            id=name,
        )

    async def _visible(self, context: CommandContext) -> tuple[str, ...]:
        found = await self._content.rights.visible(context.author, context.channel)
        return tuple(schedule.id for schedule in found)

    async def _changeable(self, context: CommandContext, name: str) -> StoredSchedule:
        return await self._content.rights.changeable(
            name, context.author, context.channel
        )

    async def _card(self, name: str, context: CommandContext) -> Text | str:
        entry = self._content.calendar.entry(name)
        if entry is None:
            raise UserError(
                T("There is no schedule “{id}”. /schedule shows them.", id=name)
            )
        return await card(self._content, entry, self._words, context.language)
