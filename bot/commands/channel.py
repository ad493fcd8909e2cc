"""/channel: all that can be set for a channel, in one place."""

from collections.abc import Mapping
from dataclasses import replace

from bot.choices import no_such_choice
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import UserError
from bot.messages import Role
from bot.preferences import Preferences, Talk
from bot.safety.policies import Policies
from bot.safety.policy import Level
from bot.words import T, Text, Words

__all__ = ["channel_command"]

DEFAULT = "default"
TALK, LANGUAGE, LEVEL = "talk", "language", "level"


def channel_command(
    preferences: Preferences, policies: Policies, words: Words
) -> Command:
    """Return the command that shows and sets how the bot is in a channel."""
    allowed: Mapping[str, tuple[str, ...]] = {
        TALK: (*(talk.value for talk in Talk), DEFAULT),
        LANGUAGE: (*preferences.languages, DEFAULT),
        LEVEL: (*(level.value for level in Level), DEFAULT),
    }

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        if str(arguments.get("what", "show")) == "set":
            name = str(arguments.get("name", ""))
            value = str(arguments.get("value", ""))
            _check(allowed, name, value)
            await _set(preferences, policies, context, name, value)
        lines = await _lines(preferences, policies, context)
        return Answer("\n".join(words.say(line, context.language) for line in lines))

    return Command(
        name="channel",
        summary=T("Show or set when, in which language and how strictly I am here."),
        parameters=(
            Parameter("what", T("show or set."), choices=lambda: ("show", "set")),
            Parameter(
                "name", T("talk, language or level."), choices=lambda: tuple(allowed)
            ),
            Parameter(
                "value",
                T("always, mention or never; a language; a level; or default."),
                suggestions=lambda: tuple(
                    dict.fromkeys(one for values in allowed.values() for one in values)
                ),
            ),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )


def _check(allowed: Mapping[str, tuple[str, ...]], name: str, value: str) -> None:
    if name not in allowed:
        raise UserError(T("Write it like this: /channel set talk mention"))
    if value not in allowed[name]:
        raise no_such_choice(value, allowed[name])


async def _set(
    preferences: Preferences,
    policies: Policies,
    context: CommandContext,
    name: str,
    value: str,
) -> None:
    channel, is_default = context.channel, value == DEFAULT
    if name == TALK:
        await preferences.set_talk(channel, None if is_default else Talk(value))
    elif name == LANGUAGE:
        await preferences.set_channel_language(channel, "" if is_default else value)
    else:
        before = await policies.choice(channel, is_for_community=False)
        level = None if is_default else Level(value)
        await policies.choose(
            channel, replace(before, level=level), is_for_community=False
        )


async def _lines(
    preferences: Preferences, policies: Policies, context: CommandContext
) -> list[Text]:
    channel = context.channel
    talk = await preferences.talk(channel)
    own = await preferences.channel_language(channel)
    policy = await policies.policy(channel)
    persona = await preferences.persona(channel)
    return [
        T("talk: {value}", value=talk.value if talk else T("as the settings say")),
        T(
            "language: {value}",
            value=own or await preferences.language(channel, None),
        ),
        T("level: {value}", value=policy.level.value),
        T("persona: {value}", value=persona.name),
        T("model: {value}", value=await preferences.model(channel)),
    ]
