"""The settings: config.toml, checked and frozen.

Secrets are never written there: a setting that ends in `_env` names the environment
variable that holds one. docs/configuration.md is generated from these classes.
Reading them is the business of bot.config_file.
"""

from typing import Literal

from pydantic import Field, model_validator

from bot.config_adapters import DiscordConfig, TelegramConfig
from bot.config_cover import CoverConfig
from bot.config_files import FilesConfig
from bot.config_memory import MemoryConfig
from bot.config_models import ChatModelConfig, GuardModelConfig, ModelsConfig
from bot.config_quota import QuotaConfig, RightsConfig
from bot.config_safety import CareConfig, SafetyConfig
from bot.config_schedule import ScheduleConfig
from bot.config_types import (
    ChannelKey,
    Name,
    Table,
    VariableName,
    WrongValueError,
    ZoneName,
)
from bot.words import T

__all__ = [
    "AdaptersConfig",
    "BotConfig",
    "CareConfig",
    "ChatModelConfig",
    "Config",
    "CoverConfig",
    "DiscordConfig",
    "EngineConfig",
    "FilesConfig",
    "GuardModelConfig",
    "MemoryConfig",
    "ModelsConfig",
    "PersonaConfig",
    "PostsConfig",
    "QuotaConfig",
    "RightsConfig",
    "SafetyConfig",
    "ScheduleConfig",
    "StoreConfig",
    "TelegramConfig",
    "WebConfig",
]


class BotConfig(Table):
    """Who the bot is and where it keeps things."""

    name: str = Field("Hearth", min_length=1, description="What people call the bot.")
    language: str = Field(
        "en",
        description="The bot's language where a person or community has chosen none, "
        "as a tag such as en or zh.",
    )
    timezone: ZoneName = Field(
        "UTC", description="Time zone of schedules that name none, and of dates shown."
    )
    persona: Name = Field(
        "hearth", description="The persona used where no other was chosen."
    )
    owners: tuple[str, ...] = Field(
        (), description="People with the owner's role, as `platform:id`."
    )
    moderator_channels: tuple[ChannelKey, ...] = Field(
        ("web:moderators",),
        description="Where moderators are told what needs them, as `platform:channel`.",
    )
    first_contact: bool = Field(
        True,
        description="Whether people who talk to the bot for the first time are told "
        "what it keeps of them.",
    )
    cache_folder: str = Field(
        "~/.cache/hearthbot",
        description="Where downloaded models are kept; may be deleted at any time.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info",
        description="The least important events that are logged. Only debug logs what "
        "people write.",
    )


class EngineConfig(Table):
    """The queue in front of the models."""

    max_parallel: int = Field(
        16, ge=1, le=256, description="How many texts are written at once."
    )
    max_waiting: int = Field(
        200, ge=1, description="How many requests may wait before new ones are refused."
    )
    chat_deadline_s: float = Field(
        300, gt=0, description="A chat answer not finished by then is given up."
    )
    post_deadline_s: float = Field(
        1800, gt=0, description="A part of a post not finished by then is given up."
    )
    drain_s: float = Field(
        20, ge=0, description="How long running answers may go on at shutdown."
    )
    memory_share: float = Field(
        0.8, gt=0, le=1, description="The share of the device's memory for models."
    )


class StoreConfig(Table):
    """The database."""

    path: str = Field(
        "data/hearthbot.sqlite3",
        description="The file, relative to config.toml's folder; its folder is made "
        "if needed.",
    )
    backups: int = Field(
        3, ge=1, description="How many copies from before an upgrade are kept."
    )
    keep_backups_days: int = Field(
        90,
        ge=0,
        description="How long copies beside the file are kept, so that what people had "
        "forgotten goes from them too; in place of the last one a new one is made. "
        "0: no limit.",
    )
    keep_turns_days: int = Field(
        90,
        ge=0,
        description="How long what was said is kept for conversations; 0: no limit.",
    )
    backup_max_hours: int = Field(
        0,
        ge=0,
        description="Moderators are told when the newest copy in the folder backups "
        "beside the file is older than this; 0: never.",
    )
    key_env: VariableName = Field(
        "HEARTHBOT_STORE_KEY",
        description="Environment variable with the key that texts are sealed with, "
        "older keys behind it after commas; where it is not set, they lie open.",
    )


class PostsConfig(Table):
    """What is posted."""

    lean: float = Field(
        1.0,
        ge=0,
        le=3,
        description="How strongly schedules lean towards topics that people liked: 0 "
        "not at all, 1 as they are liked, more: the best liked before all others. Each "
        "topic keeps three tenths of an even chance.",
    )


class WebConfig(Table):
    """The page in the browser."""

    enabled: bool = Field(True, description="Whether there is a page.")
    host: str = Field(
        "127.0.0.1", description="Where to listen; 0.0.0.0 opens it to the network."
    )
    port: int = Field(8420, ge=0, le=65535, description="0 takes any free port.")
    url: str = Field(
        "",
        description="Address of the page as others see it, such as "
        "https://hearth.example, for links to it; empty: http:// with host and port.",
    )
    rooms: tuple[Name, ...] = Field(
        ("general", "announcements"), min_length=1, description="The rooms of the page."
    )
    talk_rooms: tuple[Name, ...] = Field(
        ("general",), description="Rooms where the bot answers everything."
    )
    moderator_rooms: tuple[Name, ...] = Field(
        ("moderators",),
        description="More rooms, which only moderators and owners see. A name that is "
        "moved to `rooms` shows everybody what was written there.",
    )
    password_env: VariableName = Field(
        "HEARTHBOT_PASSWORD",
        description="Environment variable with the moderators' password; without it "
        "one is made at the first start and printed once.",
    )
    metrics: bool = Field(
        True,
        description="Whether /metrics answers Prometheus: programs on this machine, or "
        "those that show the token.",
    )
    metrics_token_env: VariableName = Field(
        "HEARTHBOT_METRICS_TOKEN",
        description="Environment variable with the token for /metrics. Where it is "
        "set, everybody needs it.",
    )


class AdaptersConfig(Table):
    """The platforms."""

    web: WebConfig = WebConfig()
    discord: DiscordConfig = DiscordConfig()
    telegram: TelegramConfig = TelegramConfig()


class PersonaConfig(Table):
    """How the bot speaks."""

    summary: str = Field("", description="One line for the list of personas.")
    prompt: str = Field(
        min_length=1,
        description="What the model is told it is; {name} becomes the bot's name.",
    )
    avatar: str = Field(
        "",
        max_length=200,
        description="What its picture shows, in a few words, where the bot draws: "
        "`a fox`. Empty: what its name says. It is drawn once and kept; /persona "
        "redraw draws it anew.",
    )


DEFAULT_PERSONA = PersonaConfig(
    summary="Warm and brief.",
    prompt="You are a helpful AI assistant named {name}. "
    "You answer briefly and kindly.",
    avatar="a fire with a friendly face",
)


class Config(Table):
    """Everything that can be set."""

    bot: BotConfig = BotConfig()
    models: ModelsConfig = ModelsConfig()
    engine: EngineConfig = EngineConfig()
    safety: SafetyConfig = SafetyConfig()
    quota: QuotaConfig = QuotaConfig()
    rights: RightsConfig = RightsConfig()
    files: FilesConfig = FilesConfig()
    store: StoreConfig = StoreConfig()
    adapters: AdaptersConfig = AdaptersConfig()
    cover: CoverConfig = CoverConfig()
    posts: PostsConfig = PostsConfig()
    memory: MemoryConfig = MemoryConfig()
    personas: dict[Name, PersonaConfig] = Field(
        default_factory=lambda: {"hearth": DEFAULT_PERSONA}
    )
    schedule: tuple[ScheduleConfig, ...] = ()

    @model_validator(mode="after")
    def _names_fit(self) -> "Config":
        ids = [schedule.id for schedule in self.schedule]
        if len(set(ids)) != len(ids):
            raise WrongValueError(T("two entries have the same id"), key="schedule")
        named = [("bot.persona", self.bot.persona)]
        named += [("schedule.persona", s.persona) for s in self.schedule if s.persona]
        for key, name in named:
            if name not in self.personas:
                raise WrongValueError(
                    T("there is no [personas.{name}]", name=name), key=key
                )
        strangers = set(self.adapters.web.talk_rooms) - set(self.adapters.web.rooms)
        if strangers:
            raise WrongValueError(
                T("“{name}” is not one of the rooms", name=min(strangers)),
                key="adapters.web.talk_rooms",
            )
        shared = set(self.adapters.web.moderator_rooms) & set(self.adapters.web.rooms)
        if shared:
            raise WrongValueError(
                T("“{name}” is one of the rooms that everybody sees", name=min(shared)),
                key="adapters.web.moderator_rooms",
            )
        for key in self.bot.moderator_channels:
            platform, _, room = key.partition(":")
            if platform == "web" and room in self.adapters.web.rooms:
                raise WrongValueError(
                    T("“{name}” is one of the rooms that everybody sees", name=room),
                    key="bot.moderator_channels",
                )
        return self
