"""The personas of a community: those of config.toml and those it wrote itself."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.config import PersonaConfig
from bot.config_types import NAME_PATTERN
from bot.errors import UserError
from bot.settings_store import SettingsStore
from bot.words import T

__all__ = [
    "ACTIONS",
    "GREETING_LENGTH",
    "MAX_PERSONAS",
    "PERSONAS",
    "PROMPT_LENGTH",
    "OwnPersona",
    "Persona",
    "Personas",
    "dump_personas",
    "load_personas",
]

PERSONAS = "personas"
"""The name of the setting."""

MAX_PERSONAS = 20
PROMPT_LENGTH = 1000
GREETING_LENGTH = 300
ACTIONS = ("add", "edit", "greet", "redraw", "remove", "use", "list", "show")
"""What `/persona` does, and so no persona's name."""


@dataclass(frozen=True, slots=True)
class Persona:
    """How the bot speaks.

    Attributes:
        prompt: what the model is told.
        greeting: what the bot says when it takes the persona on; "": nothing.
        avatar: what its picture shows; "": what its name says.
        is_own: its community wrote it.
    """

    name: str
    summary: str
    prompt: str
    greeting: str = ""
    avatar: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class OwnPersona:
    """What moderators wrote; `{name}` in the prompt becomes the bot's name."""

    prompt: str = field(repr=False)
    greeting: str = field(default="", repr=False)

    def check(self) -> None:
        """Refuse what is empty or too long.

        Raises:
            UserError: it is; the text says how long it may be.
        """
        if not self.prompt.strip():
            raise UserError(T("Write behind the name how I am to speak."))
        for text, limit in (
            (self.prompt, PROMPT_LENGTH),
            (self.greeting, GREETING_LENGTH),
        ):
            if len(text) > limit:
                raise UserError(
                    T(
                        "That has {length} characters; at most {limit} are possible.",
                        length=len(text),
                        limit=limit,
                    )
                )


class Personas:
    """Finds, keeps and removes personas. A community's own win over config.toml's."""

    def __init__(
        self,
        configured: Mapping[str, PersonaConfig],
        store: SettingsStore,
        *,
        bot_name: str,
    ) -> None:
        self._configured = configured
        self._store = store
        self._bot_name = bot_name
        self._changing = asyncio.Lock()

    @property
    def configured(self) -> tuple[str, ...]:
        """The names that count in every community."""
        return tuple(self._configured)

    async def own(self, community: str) -> dict[str, OwnPersona]:
        """Return what a community wrote itself, by name."""
        return load_personas(await self._store.get(community, PERSONAS))

    async def names(self, community: str) -> tuple[str, ...]:
        """Return all that may be chosen in a community."""
        return tuple(dict.fromkeys((*self._configured, *await self.own(community))))

    async def find(self, community: str, name: str) -> Persona | None:
        """Return a persona; None where a community has none of the name."""
        own = (await self.own(community)).get(name)
        if own is not None:
            prompt = self._filled(own.prompt)
            return Persona(name, "", prompt, own.greeting, is_own=True)
        return self.default(name) if name in self._configured else None

    def default(self, name: str) -> Persona:
        """Return a persona of config.toml."""
        persona = self._configured[name]
        prompt = self._filled(persona.prompt)
        return Persona(name, persona.summary, prompt, avatar=persona.avatar)

    async def add(self, community: str, name: str, persona: OwnPersona) -> None:
        """Keep a new persona.

        Raises:
            UserError: it cannot be called so, is there already, or is one too many.
        """
        self.check_name(name)
        async with self._changing:
            own = await self.own(community)
            if name in own:
                raise UserError(
                    T("“{name}” is there already: /persona edit {name}", name=name)
                )
            if len(own) >= MAX_PERSONAS:
                raise UserError(
                    T("There are {n} personas already. Remove one.", n=len(own))
                )
            await self._keep(community, {**own, name: persona})

    async def change(self, community: str, name: str, persona: OwnPersona) -> None:
        """Put another persona in place of one.

        Raises:
            UserError: the community has none of the name.
        """
        async with self._changing:
            own = await self.own(community)
            self._demand(own, name)
            await self._keep(community, {**own, name: persona})

    async def remove(self, community: str, name: str) -> None:
        """Remove a persona. Where it is used, the default counts from then on.

        Raises:
            UserError: the community has none of the name.
        """
        async with self._changing:
            own = await self.own(community)
            self._demand(own, name)
            del own[name]
            await self._keep(community, own)

    async def one_of(self, community: str, name: str) -> OwnPersona:
        """Return what a community wrote.

        Raises:
            UserError: the community has none of the name.
        """
        own = await self.own(community)
        self._demand(own, name)
        return own[name]

    def check_name(self, name: str) -> None:
        """Refuse what no persona of a community can be called.

        Raises:
            UserError: the text says why.
        """
        if re.fullmatch(NAME_PATTERN, name) is None or name in ACTIONS:
            raise UserError(
                T(
                    "“{name}” cannot be a name: use up to 32 of a to z, 0 to 9, - and "
                    "_, and none of {actions}.",
                    name=name,
                    actions=", ".join(ACTIONS),
                )
            )
        if name in self._configured:
            raise UserError(
                T("“{name}” belongs to my owner. Take another name.", name=name)
            )

    def _demand(self, own: Mapping[str, OwnPersona], name: str) -> None:
        if name in own:
            return
        if name in self._configured:
            raise UserError(
                T("“{name}” belongs to my owner and cannot be changed here.", name=name)
            )
        raise UserError(
            T("There is no persona “{name}”. /persona list shows them.", name=name)
        )

    async def _keep(self, community: str, own: Mapping[str, OwnPersona]) -> None:
        await self._store.set(community, PERSONAS, dump_personas(own))

    def _filled(self, prompt: str) -> str:
        return prompt.replace("{name}", self._bot_name)


def dump_personas(personas: Mapping[str, OwnPersona]) -> str:
    """Return personas as a line for the store; "" for none."""
    if not personas:
        return ""
    rows = {
        name: {"prompt": one.prompt, "greeting": one.greeting}
        for name, one in personas.items()
    }
    return json.dumps(rows, ensure_ascii=False)


def load_personas(line: str | None) -> dict[str, OwnPersona]:
    """Return what `dump_personas` wrote."""
    rows = json.loads(line) if line else {}
    return {
        name: OwnPersona(row["prompt"], row["greeting"]) for name, row in rows.items()
    }
