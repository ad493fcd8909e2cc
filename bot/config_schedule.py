"""The settings of schedules: [[schedule]]."""

from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field, model_validator

from bot.config_types import (
    ChannelKey,
    Name,
    QuietHours,
    Table,
    WebAddress,
    WrongValueError,
    ZoneName,
    is_web_address,
)
from bot.words import T

__all__ = ["ScheduleConfig"]


TopicSourceName = Literal[
    "list", "feeds", "folder", "suggestions", "activity", "earlier"
]


class ScheduleConfig(Table):
    """A post that comes by itself: exactly one of cron, every_minutes and at_utc."""

    id: Name = Field(description="A name for it, never reused for something else.")
    kind: str = Field("article", description="What is written.")
    channels: tuple[ChannelKey, ...] = Field(
        min_length=1, description="Where it goes, as `platform:channel`."
    )
    topics: tuple[str, ...] = Field(
        (),
        description="What it may be about; one not used lately is taken. With another "
        "source, they stand in where that has nothing new.",
    )
    source: TopicSourceName = Field(
        "list",
        description="Where topics come from: list (the topics above), feeds, folder, "
        "suggestions (of moderators and members), activity (what was talked about) "
        "or earlier (posts in another language, to translate).",
    )
    feeds: tuple[WebAddress, ...] = Field(
        (), description="Addresses of RSS, Atom or JSON feeds, for the source feeds."
    )
    folder: str = Field(
        "",
        description="For the source folder: where .txt and .md files are dropped, "
        "relative to config.toml's folder.",
    )
    cron: str = Field("", description="Minute, hour, day, month, weekday: `0 9 * * *`.")
    every_minutes: int = Field(0, ge=0, description="Again and again after so long.")
    at_utc: datetime | None = Field(None, description="Once, at this time.")
    timezone: ZoneName | None = Field(
        None, description="The zone of cron; the bot's where none is named."
    )
    at_first_start: bool = Field(
        False, description="Also once, right after the very first start."
    )
    grace_minutes: int = Field(
        60,
        ge=1,
        description="A run missed by less than this is made up for; by more, it is "
        "skipped and recorded.",
    )
    persona: Name | None = Field(None, description="Who writes; else the bot's.")
    language: str | None = Field(None, description="In what language; else the bot's.")
    approvals: int = Field(
        0,
        ge=0,
        le=5,
        description="How many moderators must agree before a post goes out; 0: nobody "
        "is asked.",
    )
    review_minutes: int = Field(
        720, ge=1, description="A post not decided by then is not posted."
    )
    quiet_hours: QuietHours = Field(
        "", description="No post between these times of its zone: `22:00-07:00`."
    )
    in_quiet_hours: Literal["wait", "skip"] = Field(
        "wait", description="Whether a post waits for their end or is left out."
    )
    until: date | None = Field(None, description="The last day on which it posts.")
    jitter_minutes: int = Field(
        0, ge=0, le=720, description="Each post comes by up to so much later."
    )
    misfire: Literal["skip", "last", "ask"] = Field(
        "last",
        description="Of what was missed: nothing, the last within `grace_minutes`, or "
        "what moderators say.",
    )
    tags: tuple[str, ...] = Field(
        (), description="Tags for channels that sort posts by them (Discord's forums)."
    )
    discuss: bool = Field(
        False,
        description="Whether a thread for talking about it opens below each post.",
    )
    mention_role: str = Field(
        "", description="Id of a role that each post calls; empty: nobody is called."
    )
    enabled: bool = Field(True, description="False keeps it but does not run it.")

    @model_validator(mode="after")
    def _has_one_trigger(self) -> "ScheduleConfig":
        given = [bool(self.cron), bool(self.every_minutes), self.at_utc is not None]
        if sum(given) != 1:
            raise WrongValueError(
                T("give exactly one of cron, every_minutes and at_utc")
            )
        if self.cron and any(len(line.split()) != 5 for line in self.cron.split(";")):
            raise WrongValueError(
                T("it has five fields: minute, hour, day, month, weekday"), key="cron"
            )
        if self.at_utc is not None and self.at_utc.utcoffset() != timedelta(0):
            raise WrongValueError(
                T("give a time in UTC, such as 2026-12-24T18:00:00Z"), key="at_utc"
            )
        return self

    @model_validator(mode="after")
    def _source_has_what_it_needs(self) -> "ScheduleConfig":
        if self.source == "list" and not self.topics:
            raise WrongValueError(T("it must not be empty"), key="topics")
        given = {"feeds": bool(self.feeds), "folder": bool(self.folder)}
        for key, is_given in given.items():
            if self.source == key and not is_given:
                raise WrongValueError(T("it must not be empty"), key=key)
            if self.source != key and is_given:
                raise WrongValueError(
                    T("it counts only with source = “{source}”", source=key), key=key
                )
        if not all(map(is_web_address, self.feeds)):
            raise WrongValueError(
                T("an address must have no name or password in it"), key="feeds"
            )
        if self.source == "activity" and len(self.channels) != 1:
            raise WrongValueError(
                T("what one channel talked about is for that channel: give just one"),
                key="channels",
            )
        return self
