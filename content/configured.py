"""What the schedules of config.toml must be, and telling whether one was changed."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bot.config import BotConfig, ScheduleConfig
from bot.errors import ConfigError
from bot.store.schedules import ScheduleSource, StoredSchedule
from bot.words import T
from content.kinds import KINDS
from content.schedule import timetable_of

__all__ = ["check_names", "check_schedules", "config_hash_of", "was_enabled"]

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def check_schedules(schedules: Iterable[ScheduleConfig], *, bot: BotConfig) -> None:
    """See to it that every schedule of config.toml can run.

    Raises:
        ConfigError: its kind or its cron expression cannot be read.
    """
    for schedule in schedules:
        if schedule.kind not in KINDS:
            raise ConfigError(
                T(
                    "[[schedule]] {id}: there is no kind “{kind}”. "
                    "You can choose: {kinds}.",
                    id=schedule.id,
                    kind=schedule.kind,
                    kinds=", ".join(KINDS),
                )
            )
        timetable_of(
            cron=schedule.cron,
            every_minutes=schedule.every_minutes,
            at_utc=schedule.at_utc,
            timezone=schedule.timezone or bot.timezone,
            anchor_utc=EPOCH,
            id=schedule.id,
        )


def check_names(wanted: Iterable[str], stored: Mapping[str, StoredSchedule]) -> None:
    """See to it that config.toml takes no name that moderators gave.

    Raises:
        ConfigError: it does.
    """
    for schedule_id in wanted:
        old = stored.get(schedule_id)
        if old is not None and old.source is ScheduleSource.COMMAND:
            raise ConfigError(
                T(
                    "[[schedule]] {id}: moderators have made a schedule of this name. "
                    "Choose another id, or remove theirs with /schedule remove {id}.",
                    id=schedule_id,
                )
            )


def config_hash_of(config: ScheduleConfig, bot: BotConfig) -> str:
    """Tell one text of a schedule from another; ends with what `enabled` was."""
    text = f"{config.model_dump_json(exclude={'enabled'})} {bot.timezone}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{digest}/{'on' if config.enabled else 'off'}"


def was_enabled(schedule: StoredSchedule) -> bool:
    """Return what config.toml said about it when it was taken over."""
    return not (schedule.config_hash or "").endswith("/off")
