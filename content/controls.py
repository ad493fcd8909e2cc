"""How moderators steer schedules: put together in one place."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.config import Config
from bot.store.runs import RunRepository
from content.calendar import Calendar
from content.missed import Missed
from content.moving import Moving
from content.places import Places
from content.review import Desk
from content.schedule_rights import ScheduleRights
from content.steering import Steering

__all__ = ["Controls", "build_controls"]


@dataclass(frozen=True, slots=True)
class Controls:
    """What moderators have in their hands, and who of them has what."""

    missed: Missed
    steering: Steering
    moving: Moving
    rights: ScheduleRights


def build_controls(
    config: Config,
    *,
    calendar: Calendar,
    runs: RunRepository,
    desk: Desk,
    places: Places,
    wake: Callable[[], None],
    clock: Clock,
) -> Controls:
    """Build it. `wake` is called once something comes at another time."""
    return Controls(
        Missed(
            calendar=calendar,
            runs=runs,
            desk=desk,
            communities_of=lambda schedule: places.communities(schedule.channels),
            clock=clock,
        ),
        Steering(config=config, calendar=calendar, places=places, clock=clock),
        Moving(calendar=calendar, runs=runs, clock=clock, wake=wake),
        ScheduleRights(calendar=calendar, desk=desk, places=places),
    )
