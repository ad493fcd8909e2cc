"""What people and moderators can tell the bot about posts, and lessons."""

from collections.abc import Callable

from bot.commands.command import Command
from bot.words import Words
from content.commands.lesson import lesson_command
from content.commands.posts import posts_command
from content.commands.review import edit_command, review_command
from content.commands.schedule import schedule_command
from content.commands.suggestions import suggest_command, suggestions_command
from content.content import Content

__all__ = ["COMMANDS"]

COMMANDS: tuple[Callable[[Content, Words], Command], ...] = (
    schedule_command,
    posts_command,
    review_command,
    edit_command,
    suggest_command,
    suggestions_command,
    lesson_command,
)
"""What builds each command, in the order in which help shows them."""
