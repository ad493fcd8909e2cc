"""What the schedules of config.toml must be, and telling whether one was changed."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import structlog

from bot.config import BotConfig, ScheduleConfig
from bot.errors import ConfigError
from bot.store.schedules import (
    ScheduleRepository,
    ScheduleSource,
    StoredSchedule,
)
from bot.words import T
from content.kinds import KINDS
from content.schedule import timetable_of

__all__ = ["check_names", "check_schedules", "take_over"]

logger = structlog.get_logger(__name__)

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


async def take_over(
    wanted: Mapping[str, ScheduleConfig],
    stored: Mapping[str, StoredSchedule],
    schedules: ScheduleRepository,
    *,
    bot: BotConfig,
    now_utc: datetime,
) -> None:
    """Store what config.toml adds or changes, and remove what it drops.

    A pause, or its end, that moderators asked for stays.
    """
    for old in stored.values():
        if old.source is ScheduleSource.CONFIG and old.id not in wanted:
            await schedules.remove(old.id)
            await schedules.moves.forget(old.id)
            logger.info("schedule removed", schedule=old.id)
    for config in wanted.values():
        former = stored.get(config.id)
        if former is not None and former.config_hash == _hash_of(config, bot):
            continue
        is_enabled = config.enabled
        if former is not None and former.is_enabled != _was_enabled(former):
            is_enabled = former.is_enabled  # a moderator's word
        new = _stored_of(config, bot, created_utc=now_utc, is_enabled=is_enabled)
        await schedules.put(new)
        logger.info("schedule taken over", schedule=new.id, is_new=former is None)


def _hash_of(config: ScheduleConfig, bot: BotConfig) -> str:
    """Tell one text of a schedule from another; ends with what `enabled` was."""
    text = f"{config.model_dump_json(exclude={'enabled'})} {bot.timezone}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{digest}/{'on' if config.enabled else 'off'}"


def _was_enabled(schedule: StoredSchedule) -> bool:
    """Return what config.toml said about it when it was taken over."""
    return not (schedule.config_hash or "").endswith("/off")


def _stored_of(
    config: ScheduleConfig,
    bot: BotConfig,
    *,
    created_utc: datetime,
    is_enabled: bool,
) -> StoredSchedule:
    """Return a schedule of config.toml as it is kept."""
    return StoredSchedule(
        id=config.id,
        kind=config.kind,
        channels=config.channels,
        topics=config.topics,
        timezone=config.timezone or bot.timezone,
        created_utc=created_utc,
        cron=config.cron,
        every_minutes=config.every_minutes,
        at_utc=config.at_utc,
        at_first_start=config.at_first_start,
        grace_minutes=config.grace_minutes,
        persona=config.persona,
        language=config.language,
        is_enabled=is_enabled,
        tags=config.tags,
        discuss=config.discuss,
        mention_role=config.mention_role,
        approvals=config.approvals,
        review_minutes=config.review_minutes,
        quiet_hours=config.quiet_hours,
        in_quiet_hours=config.in_quiet_hours,
        until=config.until,
        jitter_minutes=config.jitter_minutes,
        misfire=config.misfire,
        config_hash=_hash_of(config, bot),
        topic_source=config.source,
        feeds=config.feeds,
        folder=config.folder,
    )
