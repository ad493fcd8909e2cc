"""Moderators make and change schedules, each those of their own community."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.choices import no_such_choice
from bot.clock import Clock
from bot.config import Config
from bot.config_types import CHANNEL_PATTERN, NAME_PATTERN
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.preferences import community_key
from bot.store.schedules import ScheduleSource, StoredSchedule
from bot.words import T
from content.calendar import Calendar
from content.kinds import KINDS
from content.schedule_rights import check_moderator, check_own
from content.schedule_text import (
    SETTINGS,
    Changes,
    change_of,
    read_text,
    trigger_of,
)
from content.when import NotUnderstoodError, parse_when

__all__ = ["Steering"]

DEFAULT_KIND = "article"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Steering:
    """Turns what people write into schedules, as far as they may.

    `places` returns the channels of keys, without those that are not there.
    """

    def __init__(
        self,
        *,
        config: Config,
        calendar: Calendar,
        places: Callable[[Sequence[str]], tuple[Channel, ...]],
        clock: Clock,
    ) -> None:
        self._config = config
        self._calendar = calendar
        self._places = places
        self._clock = clock

    def added(
        self, schedule_id: str, text: str, by: Author, place: Channel
    ) -> StoredSchedule:
        """Return the schedule that somebody describes; it is not kept yet.

        Where no name is given, the first words of the text stand in its place, and it
        is called by its kind.

        Raises:
            UserError: something is missing or not understood, or it is not their right.
        """
        check_moderator(by)
        if schedule_id and self._is_time(whole := f"{schedule_id} {text}"):
            return self._described("", whole, by, place)
        return self._described(schedule_id, text, by, place)

    def _is_time(self, text: str) -> bool:
        """Return whether a text begins with a time, not with a name."""
        zone = self._config.bot.timezone
        try:
            words = read_text(text)[0]
            parse_when(words, now_utc=self._clock.now_utc(), timezone=zone)
        except NotUnderstoodError:
            return False
        except UserError:
            return True  # understood, and refused
        return True

    def edited(
        self, schedule: StoredSchedule, text: str, by: Author, place: Channel
    ) -> StoredSchedule:
        """Return the schedule as somebody wants it changed; it is not kept yet.

        Raises:
            UserError: as with `added`, or it stands in config.toml.
        """
        check_own(schedule)
        words, settings = read_text(text)
        if not words and not settings:
            raise UserError(
                T(
                    "Write what is to change: a time in words, or settings such as "
                    "about=tomatoes; herbs. There are: {settings}.",
                    settings=", ".join(SETTINGS),
                )
            )
        changes = self._changes(words, settings, schedule.timezone, by, place)
        return _with_topics(replace(schedule, **changes))

    def _described(
        self, schedule_id: str, text: str, by: Author, place: Channel
    ) -> StoredSchedule:
        if schedule_id and not re.fullmatch(NAME_PATTERN, schedule_id):
            raise UserError(
                T(
                    "“{id}” cannot be a name: use up to 32 of a to z, 0 to 9, - and _, "
                    "a letter or digit first.",
                    id=schedule_id,
                )
            )
        if self._calendar.get(schedule_id) is not None:
            raise UserError(
                T(
                    "There is a schedule “{id}” already. /schedule edit {id} changes "
                    "it.",
                    id=schedule_id,
                )
            )
        words, settings = read_text(text)
        if not words and "when" not in settings:
            raise _incomplete()
        timezone = self._config.bot.timezone
        changes = self._changes(words, settings, timezone, by, place)
        has_source = changes.get("topic_source", "list") != "list"
        if "topics" not in changes and not has_source:
            raise _incomplete()
        changes.setdefault("topics", ())
        if "channels" not in changes:
            changes |= self._here(place)
        changes.setdefault("kind", DEFAULT_KIND)
        made: dict[str, Any] = dict(changes)
        schedule = StoredSchedule(
            id=schedule_id or self._free_name(str(made["kind"])),
            created_utc=self._clock.now_utc(),
            source=ScheduleSource.COMMAND,
            **made,
        )
        return _with_topics(schedule)

    def _changes(
        self,
        words: str,
        settings: Mapping[str, str],
        timezone: str,
        by: Author,
        place: Channel,
    ) -> dict[str, Any]:
        now_utc = self._clock.now_utc()
        words = words or settings.get("when", "")
        changes: Changes = {}
        if "zone" in settings:
            zone = settings["zone"]
            changes |= change_of("zone", zone, now_utc=now_utc, timezone=timezone)
            timezone = str(changes["timezone"])
        if words:
            when = parse_when(words, now_utc=now_utc, timezone=timezone)
            changes |= trigger_of(when, timezone=timezone)
            timezone = str(changes["timezone"])
        for name, value in settings.items():
            if name in ("zone", "when"):
                continue
            if name == "channels":
                changes |= self._channels(value, by, place)
                continue
            changes |= change_of(name, value, now_utc=now_utc, timezone=timezone)
        self._check(changes)
        return changes

    def _check(self, changes: Changes) -> None:
        """See to it that kind, persona and language are there."""
        kind, persona = changes.get("kind", DEFAULT_KIND), changes.get("persona")
        if kind not in KINDS:
            kinds = ", ".join(KINDS)
            raise UserError(
                T(
                    "There is no kind “{kind}”. There are: {kinds}.",
                    kind=kind,
                    kinds=kinds,
                )
            )
        if persona is not None and persona not in self._config.personas:
            raise no_such_choice(str(persona), self._config.personas)
        language = changes.get("language")
        if language is not None and not LANGUAGE.fullmatch(str(language)):
            raise UserError(
                T(
                    "“{value}” is no language. Write a tag such as en or zh.",
                    value=language,
                )
            )

    def _channels(self, value: str, by: Author, place: Channel) -> Changes:
        keys = tuple(dict.fromkeys(re.split(r"[\s,，]+", value.strip())))
        if keys == ("here",):
            return self._here(place)
        for key in keys:
            if not re.fullmatch(CHANNEL_PATTERN, key):
                raise UserError(
                    T(
                        "“{value}” is no channel: write platform:channel, such as "
                        "web:general.",
                        value=key,
                    )
                )
        places = self._places(keys)
        here = community_key(place)
        if len(places) == len(keys) and {*map(community_key, places)} == {here}:
            return {"channels": keys, "community": here}
        if by.role is Role.OWNER:
            return {"channels": keys, "community": ""}
        raise UserError(
            T(
                "Only the owner of this bot may choose channels outside this "
                "community, or ones that I cannot see."
            )
        )

    def _here(self, place: Channel) -> Changes:
        if place.is_private:
            raise UserError(
                T(
                    "Say where it posts, such as channels=web:general, or write this "
                    "in the channel itself."
                )
            )
        return {"channels": (place.key,), "community": community_key(place)}

    def _free_name(self, kind: str) -> str:
        number = 1
        while self._calendar.get(f"{kind}-{number}") is not None:
            number += 1
        return f"{kind}-{number}"


def _with_topics(schedule: StoredSchedule) -> StoredSchedule:
    """Return a schedule that has what its source of topics needs.

    Raises:
        UserError: it has not.
    """
    if schedule.topic_source == "list" and not schedule.topics:
        raise UserError(T("Name at least one topic: about=tomatoes; herbs"))
    if schedule.topic_source == "feeds" and not schedule.feeds:
        raise UserError(
            T("Write addresses of feeds, such as feeds=https://example.org/feed.xml")
        )
    if schedule.topic_source == "activity" and len(schedule.channels) != 1:
        raise UserError(
            T("What one channel talked about is for that channel: name just one.")
        )
    return schedule


def _incomplete() -> UserError:
    return UserError(
        T(
            "Say when posts come and what they are about, such as /schedule add tips "
            "every Monday at nine about=tomatoes; herbs"
        )
    )
