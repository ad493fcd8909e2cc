"""The settings of the platforms that people already are on: Discord and Telegram."""

from pydantic import Field

from bot.config_types import Table, VariableName

__all__ = ["DiscordConfig", "TelegramConfig"]


class DiscordConfig(Table):
    """The bot on Discord."""

    enabled: bool = Field(False, description="Whether the bot is on Discord.")
    token_env: VariableName = Field(
        "DISCORD_TOKEN", description="Environment variable with the bot's token."
    )
    message_content: bool = Field(
        True,
        description="Whether Discord is asked for the text of all messages (the "
        "“message content intent”). Without it the bot reads mentions, replies to it, "
        "direct messages and commands.",
    )
    names: tuple[str, ...] = Field(
        (), description="Names it answers to, besides a mention, at a text's start."
    )
    prefix: str = Field(
        "", description="A sign before a text that makes it one for the bot, such as !."
    )
    talk_channels: tuple[str, ...] = Field(
        (), description="Ids of channels where it answers everything; see also /talk."
    )
    moderator_roles: tuple[str, ...] = Field(
        (),
        description="Ids of roles whose members are moderators of the bot, besides "
        "those who may manage messages or the server.",
    )
    threads: bool = Field(
        False, description="Whether each conversation gets a thread of its own."
    )
    unfurl_links: bool = Field(
        False, description="Whether links in answers show a preview of their page."
    )
    development_guild: str = Field(
        "",
        description="Id of a server that gets the commands at once, for trying; empty: "
        "all servers get them.",
    )
    api_url: str = Field(
        "", description="Address of a compatible server or a proxy; empty: Discord's."
    )
    gateway_url: str = Field(
        "", description="Address of its gateway; empty: as it says."
    )


class TelegramConfig(Table):
    """The bot on Telegram."""

    enabled: bool = Field(False, description="Whether the bot is on Telegram.")
    token_env: VariableName = Field(
        "TELEGRAM_TOKEN", description="Environment variable with the bot's token."
    )
    names: tuple[str, ...] = Field(
        (), description="Names it answers to, besides a mention, at a text's start."
    )
    talk_channels: tuple[str, ...] = Field(
        (), description="Ids of chats where it answers everything; see also /talk."
    )
    backlog_minutes: int = Field(
        10,
        ge=0,
        description="What people wrote longer ago than this, while the bot was away, "
        "is read and not answered.",
    )
    inline: bool = Field(
        False,
        description="Whether “@bot question” works in any chat; switch on inline mode "
        "in BotFather too.",
    )
    base_url: str = Field(
        "",
        description="Address of an own Bot API server, such as http://127.0.0.1:8081; "
        "empty: Telegram's.",
    )
    webhook_url: str = Field(
        "",
        description="Address, as Telegram sees it, that updates are sent to; empty: "
        "the bot asks for them, which needs no address.",
    )
    webhook_host: str = Field("127.0.0.1", description="Where the webhook listens.")
    webhook_port: int = Field(
        8443, ge=0, le=65535, description="The port that it listens on."
    )
