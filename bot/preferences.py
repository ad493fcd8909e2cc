"""Which language, persona and model count where: what moderators set, else config."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from bot.config import Config, PersonaConfig
from bot.messages import Author, Channel
from bot.words import Words

__all__ = [
    "LANGUAGE",
    "MODEL",
    "PERSONA",
    "TALK",
    "Persona",
    "Preferences",
    "SettingsStore",
    "Talk",
    "community_key",
    "person_key",
]

LANGUAGE, PERSONA, MODEL, TALK = "language", "persona", "model", "talk"
MODERATORS = "moderators"


class Talk(StrEnum):
    """When the bot answers in a channel."""

    ALWAYS = "always"
    """Whatever people write."""
    MENTION = "mention"
    """When it is mentioned, replied to or called by name."""
    NEVER = "never"
    """Only commands."""


class SettingsStore(Protocol):
    """Where settings that were changed at run time are kept."""

    async def get(self, key: str, name: str) -> str | None:
        """Return a value, None where nothing was set."""

    async def set(self, key: str, name: str, value: str) -> None:
        """Keep a value."""


@dataclass(frozen=True, slots=True)
class Persona:
    """How the bot speaks; `prompt` is what the model is told."""

    name: str
    summary: str
    prompt: str


class Preferences:
    """Finds what counts for a person in a channel, nearest first."""

    def __init__(self, config: Config, settings: SettingsStore, words: Words) -> None:
        self._bot = config.bot
        self._models = config.models.chat
        self._personas = config.personas
        self._settings = settings
        self._words = words

    @property
    def personas(self) -> Mapping[str, PersonaConfig]:
        """The personas by name."""
        return self._personas

    @property
    def models(self) -> tuple[str, ...]:
        """The models that may be chosen, the default first."""
        return tuple(dict.fromkeys((self._models.model, *self._models.allowed)))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the bot's own texts are there in."""
        return self._words.languages

    async def language(self, channel: Channel, author: Author | None) -> str:
        """Return the language: the person's choice, the community's, their client's."""
        chosen = None
        if author is not None:
            chosen = await self._settings.get(person_key(channel, author), LANGUAGE)
        chosen = chosen or await self._settings.get(community_key(channel), LANGUAGE)
        client = author.language if author is not None else None
        return self._words.nearest(chosen, client, self._bot.language)

    async def set_person_language(
        self, channel: Channel, author: Author, language: str
    ) -> None:
        """Remember which language a person wants."""
        await self._settings.set(person_key(channel, author), LANGUAGE, language)

    async def set_community_language(self, channel: Channel, language: str) -> None:
        """Remember which language a community uses where a person has none set."""
        await self._settings.set(community_key(channel), LANGUAGE, language)

    async def persona(self, channel: Channel) -> Persona:
        """Return the persona of a channel."""
        name = await self._settings.get(channel.key, PERSONA) or ""
        if name not in self._personas:
            name = self._bot.persona
        return self.named_persona(name)

    def named_persona(self, name: str) -> Persona:
        """Return a persona of config.toml."""
        persona = self._personas[name]
        prompt = persona.prompt.replace("{name}", self._bot.name)
        return Persona(name, persona.summary, prompt)

    async def set_persona(self, channel: Channel, name: str) -> None:
        """Choose the persona of a channel."""
        await self._settings.set(channel.key, PERSONA, name)

    async def talk(self, channel: Channel) -> Talk | None:
        """Return when it answers in a channel; None: moderators chose nothing.

        What was chosen for a channel counts in its threads too.
        """
        parent = replace(channel, thread_id=None)
        for key in dict.fromkeys((channel.key, parent.key)):
            chosen = await self._settings.get(key, TALK)
            if chosen:
                return Talk(chosen)
        return None

    async def set_talk(self, channel: Channel, talk: Talk) -> None:
        """Choose when it answers in a channel."""
        await self._settings.set(channel.key, TALK, talk)

    async def moderator_channel(self, community: str) -> str:
        """Return the key of the channel that a community's moderators chose, or ""."""
        return await self._settings.get(community, MODERATORS) or ""

    async def set_moderator_channel(self, community: str, channel: Channel) -> None:
        """Choose where the moderators of a community are told what needs them."""
        await self._settings.set(community, MODERATORS, channel.key)

    async def model(self, channel: Channel) -> str:
        """Return the name of the model that talks in a channel."""
        name = await self._settings.get(channel.key, MODEL)
        return name if name and name in self.models else self._models.model

    async def set_model(self, channel: Channel, name: str) -> None:
        """Choose the model of a channel."""
        await self._settings.set(channel.key, MODEL, name)


def person_key(channel: Channel, author: Author) -> str:
    """Return the key of a person's own settings on a platform."""
    return f"person:{channel.platform}:{author.id}"


def community_key(channel: Channel) -> str:
    """Return the key of a community's settings."""
    return f"community:{channel.platform}:{channel.community_id}"
