"""A command, written once and shown by every platform in its own way.

Discord makes a slash command of it, Telegram `/name` with arguments, the page a form,
the terminal `hearthbot do "/name …"`. Buttons carry command lines as well.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.adapter import Adapter
from bot.choices import no_such_choice
from bot.errors import UserError
from bot.messages import (
    Attachment,
    Author,
    Button,
    Channel,
    Message,
    Role,
    Scope,
    scope_of,
)
from bot.pause import Output
from bot.words import T, Text

__all__ = [
    "Answer",
    "Arguments",
    "Command",
    "CommandContext",
    "Parameter",
    "ParameterType",
    "Run",
    "Show",
    "Shown",
]


Show = Callable[[Text, tuple[Button, ...], Attachment | None], Awaitable[None]]
"""Shows a passing line while a command works, with buttons and perhaps a picture."""
Shown = Callable[[Sequence[str]], Awaitable[None]]
"""Is told as which messages an answer stands there, by the platform's ids."""


class ParameterType(StrEnum):
    """What a parameter takes."""

    TEXT = "text"
    """A word, or several in quotes."""
    REST = "rest"
    """All that follows, as it is. Only as the last parameter."""
    INTEGER = "integer"
    """A whole number."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing a command wants to know.

    Attributes:
        choices: returns the values that are allowed right now; None: anything.
        suggestions: returns values to offer while it is typed; others are allowed too.
        is_named: it is written `name=value`, before all that has no name. Not required.
    """

    name: str
    summary: Text
    type: ParameterType = ParameterType.TEXT
    is_required: bool = False
    choices: Callable[[], Sequence[str]] | None = None
    suggestions: Callable[[], Sequence[str]] | None = None
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class CommandContext:
    """Who runs a command, where, and in which language they read.

    Attributes:
        message_id: the message that carries the command; None for a pressed button.
        reply_to_id: what that message replies to.
        attachments: the files that came with it.
        replied: the message that it replies to, where the platform shows it.
        show: shows what is being done, where that can be shown; None: it cannot.
        from_elsewhere: where the author is, who steers this channel from there, such
            as "web"; "": in the channel.
    """

    author: Author
    channel: Channel
    language: str
    message_id: str | None = None
    reply_to_id: str | None = None
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    replied: Message | None = field(default=None, repr=False)
    show: Show | None = field(default=None, repr=False, compare=False)
    from_elsewhere: str = ""

    @property
    def actor(self) -> str:
        """Who the author is, among all platforms."""
        return f"{self.from_elsewhere or self.channel.platform}:{self.author.id}"

    @property
    def scope(self) -> Scope:
        """What the command may see and change."""
        return scope_of(self.channel, self.author)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says back. A plain string is content, a Text is translated.

    Attributes:
        settles: the card whose button was pressed is decided by this.
        shown: is told which messages it became; None: nobody needs to know.
    """

    text: Text | str
    buttons: tuple[Button, ...] = ()
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    is_private: bool = True
    settles: bool = False
    shown: Shown | None = field(default=None, repr=False, compare=False)


def _everywhere(_: Adapter) -> bool:
    return True


Arguments = Mapping[str, str | int]
Run = Callable[[CommandContext, Arguments], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be run.

    Attributes:
        name: one word, a to z and dashes.
        summary: one line for help and menus.
        min_role: the least role that may run it, checked when it is run or pressed.
        run: does it; raises UserError where the person asked for the impossible.
        makes: what it puts out, which can rest; None: nothing but its own answer.
        steers: moderators change with it what concerns others, though all may use it.
        floor: the least role that it can be opened to; None: members' commands are for
            all, and others for moderators at least.
        is_everyones: every person has a right to it: it needs no role, ever.
        judges_itself: what moderators write behind it is not judged like a message: it
            is about what is unwanted, or judged when it is kept.
        suits: whether it can do anything on a platform; else help and menus leave it
            out, and it says kindly why not.
    """

    name: str
    summary: Text
    run: Run
    parameters: tuple[Parameter, ...] = ()
    min_role: Role = Role.MEMBER
    makes: Output | None = None
    steers: bool = False
    floor: Role | None = None
    is_everyones: bool = False
    judges_itself: bool = False
    suits: Callable[[Adapter], bool] = _everywhere

    @property
    def lowest(self) -> Role:
        """The least role that it can be opened to."""
        if self.floor is not None:
            return self.floor
        return min(self.min_role, Role.MODERATOR)

    @property
    def highest(self) -> Role:
        """The greatest role that it can be kept for."""
        return Role.MEMBER if self.is_everyones else Role.OWNER

    @property
    def usage(self) -> str:
        """How it is written: `/persona [name]`."""
        parts = [f"/{self.name}"]
        parts += [f"[{p.name}=…]" for p in self.parameters if p.is_named]
        for parameter in self._in_order:
            opening, closing = "<>" if parameter.is_required else "[]"
            parts.append(f"{opening}{parameter.name}{closing}")
        return " ".join(parts)

    def read(self, words: Sequence[str], rest_of: Callable[[int], str]) -> Arguments:
        """Turn the words of a line into typed arguments.

        `rest_of(i)` returns the line from its i-th word on, untouched.

        Raises:
            UserError: something is missing, too much, or of the wrong type.
        """
        arguments = self._named(words)
        first = len(arguments)
        for index, parameter in enumerate(self._in_order, first):
            if index >= len(words):
                if parameter.is_required:
                    raise self._wrong_use()
                break
            if parameter.type is ParameterType.REST:
                arguments[parameter.name] = rest_of(index)
                return arguments
            arguments[parameter.name] = self._convert(parameter, words[index])
        if len(words) > first + len(self._in_order):
            raise self._wrong_use()
        return arguments

    @property
    def _in_order(self) -> Sequence[Parameter]:
        return [one for one in self.parameters if not one.is_named]

    def _named(self, words: Sequence[str]) -> dict[str, str | int]:
        """Return what the first words say by name."""
        named = {one.name: one for one in self.parameters if one.is_named}
        arguments: dict[str, str | int] = {}
        for word in words:
            name, sign, value = word.partition("=")
            if not sign or name.lower() not in named:
                break
            parameter = named.pop(name.lower())  # what comes twice is no name any more
            arguments[parameter.name] = self._convert(parameter, value)
        return arguments

    def _convert(self, parameter: Parameter, word: str) -> str | int:
        if parameter.choices is not None:
            allowed = parameter.choices()
            if word not in allowed:
                raise no_such_choice(word, allowed)
        if parameter.type is ParameterType.INTEGER:
            try:
                return int(word)
            except ValueError as error:
                raise UserError(
                    T(
                        "“{value}” is not a whole number. Use it like this: {usage}",
                        value=word,
                        usage=self.usage,
                    )
                ) from error
        return word

    def _wrong_use(self) -> UserError:
        return UserError(T("Use it like this: {usage}", usage=self.usage))
