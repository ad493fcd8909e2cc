"""/settings: all settings of a community as a file, out and in."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from bot.clock import Clock
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.commands.judged import judged_text
from bot.community_settings import CommunitySettings, Plan
from bot.errors import UserError
from bot.messages import Attachment, Button, Role
from bot.safety.filter import FilterChain
from bot.words import T, Text, Words

__all__ = ["settings_command"]

ACTIONS = ("show", "export", "import", "apply")
FILE_NAME = "hearthbot-settings.toml"
MAX_BYTES = 100_000
MAX_WAITING = 100
WAITS_S = 900.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What somebody was shown and has not confirmed yet."""

    plan: Plan
    asked_by: str
    channel_key: str
    begun_s: float


class _Desk:
    """What the command works with, and what waits to be confirmed."""

    def __init__(
        self,
        settings: CommunitySettings,
        *,
        chain: FilterChain,
        words: Words,
        clock: Clock,
    ) -> None:
        self.settings = settings
        self.words = words
        self._chain = chain
        self._clock = clock
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()

    async def plan(self, context: CommandContext, text: str) -> Answer:
        """Say what a file would change, and keep it until it is confirmed."""

        async def judge(written: str) -> str:
            return await judged_text(self._chain, written, context)

        plan = await self.settings.plan(context.channel, text, judge)
        if not plan.changes:
            return Answer(T("Everything is as in that file already."))
        token = secrets.token_hex(4)
        self._waiting[token] = _Waiting(
            plan, _who(context), context.channel.key, self._clock.monotonic()
        )
        while len(self._waiting) > MAX_WAITING:
            self._waiting.popitem(last=False)
        lines = [
            self._say(T("This would change:"), context),
            *(f"- {self._say(change.said(), context)}" for change in plan.changes),
        ]
        confirm = Button(self._say(T("Confirm"), context), f"/settings apply {token}")
        return Answer("\n".join(lines), buttons=(confirm,))

    async def apply(self, context: CommandContext, token: str) -> Answer:
        """Change what was confirmed by who was shown it, where they were shown it."""
        waiting = self._waiting.get(token)
        if (
            waiting is None
            or waiting.asked_by != _who(context)
            or waiting.channel_key != context.channel.key
            or self._clock.monotonic() - waiting.begun_s > WAITS_S
        ):
            raise UserError(T("That waits no more. Import the file again."))
        del self._waiting[token]
        if not await self.settings.apply(waiting.plan):
            raise UserError(
                T("Somebody changed settings meanwhile. Import the file again.")
            )
        return Answer(T("Done. The settings of the file count from now on."))

    def _say(self, text: Text, context: CommandContext) -> str:
        return self.words.say(text, context.language)


def settings_command(
    settings: CommunitySettings, *, chain: FilterChain, words: Words, clock: Clock
) -> Command:
    """Return the command that shows, exports and imports a community's settings."""
    desk = _Desk(settings, chain=chain, words=words, clock=clock)

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what = str(arguments.get("what", "show"))
        text = str(arguments.get("text", "")).strip()
        if what == "import":
            return await desk.plan(context, _file(context, text))
        if what == "apply":
            return await desk.apply(context, text)
        exported = await settings.export(context.channel)
        if what == "show":
            shown = f"```toml\n{exported}```"
            return Answer(shown)
        attached = Attachment(FILE_NAME, "text/plain", exported.encode())
        said = T("All settings of this community, and of this channel.")
        return Answer(said, attachments=(attached,))

    return Command(
        name="settings",
        summary=T("Show this community's settings, or take them along as a file."),
        parameters=(
            Parameter(
                "what",
                T("show, export, or import (with the file attached)."),
                choices=lambda: ACTIONS,
            ),
            Parameter(
                "text",
                T("With import the text of the file, if none is attached."),
                ParameterType.REST,
            ),
        ),
        run=run,
        min_role=Role.MODERATOR,
        judges_itself=True,
    )


def _file(context: CommandContext, text: str) -> str:
    """Return the text of the attached file, or what stands in the command.

    Raises:
        UserError: there is neither, it is too large, or it is no text.
    """
    if not context.attachments:
        if not text:
            raise UserError(T("Attach the file to the command, please."))
        return _without_fence(text)
    content = context.attachments[0].content
    if len(content) > MAX_BYTES:
        raise UserError(
            T(
                "That file is too large: {limit} KB are possible.",
                limit=MAX_BYTES // 1000,
            )
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(T("That file is no text in UTF-8.")) from error


def _without_fence(text: str) -> str:
    """Return what stands in a block of code, as /settings show writes it."""
    if not text.startswith("```"):
        return text
    return text.removeprefix("```").removeprefix("toml").removesuffix("```")


def _who(context: CommandContext) -> str:
    return f"{context.channel.platform}:{context.author.id}"
