"""Looks at what filters notice among members, where moderators want that.

What was noticed shortly after one another in a community is one case with one card: a
raid is read once and dealt with by one press.
"""

from datetime import timedelta

from bot.case_desk import CaseDesk
from bot.cases import CaseMessage
from bot.messages import Channel, Message, Role
from bot.preferences import community_key
from bot.safety.filter import Judgement
from bot.safety.verdict import Action
from bot.store.case_intake import CaseIntake
from bot.store.watch_counts import WatchCounts
from bot.tasks import Tasks
from bot.watching import Watches, WatchMode

__all__ = ["DROPPED", "JUDGED", "NOTICED", "Lookout"]

JUDGED, NOTICED, DROPPED = "judged", "noticed", "dropped"
"""What is counted; what was noticed also by its category."""

FOLD = timedelta(minutes=2)
"""What is noticed within so long of the last message joins its case."""

NOT_FOR_PEOPLE = frozenset({"failure", "length", "flood", "personal", "secret"})
"""What says nothing about how somebody behaves."""


class Lookout:
    """Counts, and opens cases. It never acts on a message or a person."""

    def __init__(
        self,
        watches: Watches,
        counts: WatchCounts,
        intake: CaseIntake,
        desk: CaseDesk,
        tasks: Tasks,
    ) -> None:
        self._watches = watches
        self._counts = counts
        self._intake = intake
        self._desk = desk
        self._tasks = tasks
        self._showing: dict[int, bool] = {}  # case: whether it has changed meanwhile

    async def heard(
        self, message: Message, judgement: Judgement, judgement_id: int | None
    ) -> None:
        """Take in what was judged of a message that is not private."""
        channel, found = message.channel, judgement.found
        mode = await self._watches.mode(channel)
        if mode is WatchMode.OFF or message.author.role >= Role.MODERATOR:
            return
        is_noticed = (
            found.action is not Action.ALLOW and found.category not in NOT_FOR_PEOPLE
        )
        names = (JUDGED, NOTICED, found.category) if is_noticed else (JUDGED,)
        await self._counts.add(channel.key, *names)
        if is_noticed and mode is WatchMode.SUGGEST:
            await self._suggest(message, judgement, judgement_id)

    def is_needed(self, channel: Channel) -> bool:
        """Return whether moderators wait to see what is noticed in a channel."""
        return self._watches.known(channel) is WatchMode.SUGGEST

    async def dropped(self, message: Message) -> None:
        """Count a message that there was no time to judge."""
        if await self._watches.mode(message.channel) is not WatchMode.OFF:
            await self._counts.add(message.channel.key, DROPPED)

    async def _suggest(
        self, message: Message, judgement: Judgement, judgement_id: int | None
    ) -> None:
        channel, author = message.channel, message.author
        adapter = self._desk.adapters[channel.platform]
        case = await self._intake.notice(
            CaseMessage(
                channel_key=channel.key,
                message_id=message.id,
                author_id=author.id,
                author_name=author.name,
                text=judgement.seen,
                link=adapter.link(channel, message.id),
                judgement_id=judgement_id,
            ),
            community_key(channel),
            within=FOLD,
        )
        if case.number in self._showing:
            self._showing[case.number] = True
        else:
            self._showing[case.number] = False
            self._tasks.begin(self._show(case.number))

    async def _show(self, number: int) -> None:
        """Show a case, and again for as long as it grows; never twice at once."""
        try:
            while True:
                self._showing[number] = False
                await self._desk.show(number)
                if not self._showing[number]:
                    return
        finally:
            del self._showing[number]
