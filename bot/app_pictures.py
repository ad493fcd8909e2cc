"""The part of the composition root for what is drawn in chats."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.adapter import Adapter
from bot.answers import RunningAnswers
from bot.app_safety import SafetyPath
from bot.commands.command import Command
from bot.commands.easel import Easel
from bot.commands.expression_votes import Votes, adopt_command, choose_command
from bot.commands.expressions import emoji_command, sticker_command
from bot.commands.imagine import imagine_command
from bot.commands.style import style_command
from bot.commands.upscale import upscale_command
from bot.commands.why import Explain
from bot.commands.why_drawn import explain_drawing
from bot.community_style import CommunityStyles
from bot.drawing import Drawer
from bot.expressions import Expressions
from bot.store.drawn import DrawnRepository
from bot.store.drawn_messages import DrawnMessages
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.words import Words
from content.commands.post_picture import post_picture_command
from content.content import Content

__all__ = ["PictureCommands"]


@dataclass(frozen=True, slots=True)
class PictureCommands:
    """The commands around pictures. `drawer` is None where nothing draws."""

    store: Store
    safety: SafetyPath
    adapters: Mapping[str, Adapter]
    drawer: Drawer | None
    words: Words

    @property
    def explanation(self) -> Explain:
        """What /why says of pictures; also of those from when something drew."""
        return explain_drawing(self._messages, self.safety.judgements)

    @property
    def _messages(self) -> DrawnMessages:
        return DrawnMessages(self.store)

    def build(self, running: RunningAnswers, content: Content) -> tuple[Command, ...]:
        """Return the commands that draw, and those behind their buttons."""
        chain, adapters = self.safety.chain, self.adapters
        style = style_command(CommunityStyles(SettingsRepository(self.store)), chain)
        if self.drawer is None:
            return (
                emoji_command(adapters, chain),
                sticker_command(adapters, chain),
                style,
            )
        drawn = DrawnRepository(self.store)
        easel = Easel(
            self.drawer,
            running,
            self.safety.judgements,
            self.safety.refuser,
            self.words,
            self.store.clock,
        )
        messages = self._messages
        votes = Votes(easel, drawn, messages, Expressions(adapters, chain))
        return (
            imagine_command(easel, drawn=drawn, messages=messages, adapters=adapters),
            upscale_command(drawn, messages),
            post_picture_command(content, drawn, chain),
            emoji_command(adapters, chain, votes),
            sticker_command(adapters, chain, votes),
            choose_command(votes),
            adopt_command(votes),
            style,
        )
