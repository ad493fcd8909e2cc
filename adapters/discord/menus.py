"""Context menus: what can be done with a message or a person."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import structlog
from discord import app_commands

from adapters.discord.client import DiscordClient
from adapters.discord.commands import CommandTree
from adapters.discord.desk import Desk
from adapters.discord.forms import one_field_form, written
from adapters.discord.interactions import OpenInteraction, sent_with
from adapters.discord.outbox import Outbox
from bot.errors import PlatformError
from bot.messages import Attachment
from bot.words import T, Text, Words

__all__ = ["Menus"]

logger = structlog.get_logger(__name__)

MOST_MESSAGES = 100
KEPT = 500
FORM = "hm:"
LONGEST_QUESTION = 2000

ASK, SUMMARISE = T("Ask about this"), T("Summarise from here")
TRANSLATE, REPORT = T("Translate"), T("Report to moderators")
WHY, KNOWS = T("How this came about"), T("What does the bot know about me")

NOT_SEEN = T("I cannot see any text there.")


class Menus:
    """The menus of messages and people, and the form in which a question is written."""

    def __init__(
        self, desk: Desk, outbox: Outbox, words: Words, *, default_language: str
    ) -> None:
        self._desk = desk
        self._outbox = outbox
        self._words = words
        self._default_language = default_language
        self._asked_about: OrderedDict[str, tuple[Attachment, ...]] = OrderedDict()

    def add_to(self, tree: CommandTree) -> None:
        """Put the menus into the tree."""
        for name, callback in (
            (ASK, self._ask),
            (SUMMARISE, self._summarise),
            (TRANSLATE, self._translate),
            (REPORT, self._report),
            (WHY, self._why),
        ):
            tree.add_command(_menu(name, _on_message(callback)))
        tree.add_command(_menu(KNOWS, _on_person(self._knows)))

    async def submitted(self, interaction: discord.Interaction) -> None:
        """Take in a question that was written in the form."""
        custom_id = str(sent_with(interaction).get("custom_id", ""))
        if not custom_id.startswith(FORM):
            return
        opened = await self._desk.acknowledge(interaction)
        if opened is None:
            return
        about = self._asked_about.pop(custom_id, None)
        if about is None:
            await self._desk.tell(
                opened, T("I was started anew meanwhile. Please choose it once more.")
            )
            return
        question = written(sent_with(interaction).get("components", ()))
        self._desk.aside(
            opened, question or self._say(opened, T("Explain this.")), about
        )

    async def _ask(
        self, interaction: discord.Interaction, message: discord.Message
    ) -> None:
        about = _text_of(message)
        if about is None:
            await self._nothing_seen(interaction)
            return
        custom_id = f"{FORM}{interaction.id}"
        self._asked_about[custom_id] = (about,)
        while len(self._asked_about) > KEPT:
            self._asked_about.popitem(last=False)
        language = self._language(str(interaction.locale))
        form = one_field_form(
            custom_id,
            title=self._words.say(ASK, language),
            label=self._words.say(T("Your question"), language),
            max_length=LONGEST_QUESTION,
        )
        try:
            await interaction.response.send_modal(form)
        except discord.HTTPException as error:
            logger.warning("form not shown", reason=str(error))

    async def _summarise(
        self, interaction: discord.Interaction, message: discord.Message
    ) -> None:
        opened = await self._desk.acknowledge(interaction)
        if opened is None:
            return
        try:
            messages = await self._outbox.run(
                lambda: _from_here(message), key="other:history"
            )
        except PlatformError as error:
            logger.info("history not read", reason=str(error))
            text = T("I may not read the history of this channel.")
            await self._desk.tell(opened, text)
            return
        lines = [
            f"{one.author.display_name}: {one.content}"
            for one in messages
            if one.content.strip()
        ]
        if not lines:
            await self._desk.tell(opened, NOT_SEEN)
            return
        file = _as_file("conversation.txt", "\n".join(lines))
        question = T(
            "Summarise this conversation: what was said, and what was decided."
        )
        self._desk.aside(opened, self._say(opened, question), (file,))

    async def _translate(
        self, interaction: discord.Interaction, message: discord.Message
    ) -> None:
        opened = await self._desk.acknowledge(interaction)
        about = _text_of(message)
        if opened is None:
            return
        if about is None:
            await self._desk.tell(opened, NOT_SEEN)
            return
        language = str(interaction.locale)
        question = T("Translate this into {language}.", language=language)
        self._desk.aside(opened, self._say(opened, question), (about,))

    async def _report(
        self, interaction: discord.Interaction, message: discord.Message
    ) -> None:
        line = f"/report {message.id}"
        await self._desk.run(interaction, line, replied=message)

    async def _why(
        self, interaction: discord.Interaction, message: discord.Message
    ) -> None:
        await self._desk.run(interaction, f"/why {message.id}", replied=message)

    async def _knows(
        self, interaction: discord.Interaction, person: discord.User | discord.Member
    ) -> None:
        await self._desk.run(interaction, "/me")

    async def _nothing_seen(self, interaction: discord.Interaction) -> None:
        opened = await self._desk.acknowledge(interaction)
        if opened is not None:
            await self._desk.tell(opened, NOT_SEEN)

    def _say(self, opened: OpenInteraction, text: Text) -> str:
        return self._words.say(text, self._language(opened.author.language))

    def _language(self, locale: str | None) -> str:
        return self._words.nearest(locale, self._default_language)


OnMessage = Callable[[discord.Interaction, discord.Message], Awaitable[None]]
OnPerson = Callable[
    [discord.Interaction, discord.User | discord.Member], Awaitable[None]
]


def _on_message(run: OnMessage) -> Any:
    async def callback(
        interaction: discord.Interaction[DiscordClient], message: discord.Message
    ) -> None:
        await run(interaction, message)

    return callback


def _on_person(run: OnPerson) -> Any:
    async def callback(
        interaction: discord.Interaction[DiscordClient],
        person: discord.User | discord.Member,
    ) -> None:
        await run(interaction, person)

    return callback


def _menu(name: Text, callback: Any) -> app_commands.ContextMenu:
    return app_commands.ContextMenu(
        name=app_commands.locale_str(str(name), text=name), callback=callback
    )


async def _from_here(message: discord.Message) -> list[discord.Message]:
    later = message.channel.history(
        limit=MOST_MESSAGES - 1, after=message, oldest_first=True
    )
    return [message, *[one async for one in later]]


def _text_of(message: discord.Message) -> Attachment | None:
    """Return a message as a file, so that nobody takes its words for the asker's."""
    parts = [message.content, *(part.content for part in message.message_snapshots)]
    for embed in message.embeds:
        parts += [embed.title or "", embed.description or ""]
    text = "\n".join(part for part in parts if part.strip())
    if not text:
        return None
    author = "".join(c for c in message.author.name if c.isalnum() or c in "-_")
    return _as_file(f"message-by-{author or 'somebody'}.txt", text)


def _as_file(name: str, text: str) -> Attachment:
    return Attachment(name, "text/plain", text.encode(errors="replace"))
