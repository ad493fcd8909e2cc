"""Polls as Discord has them."""

from datetime import timedelta

import discord

from bot.publication import Poll

__all__ = ["as_discord_poll", "poll_text"]

LONGEST_QUESTION, LONGEST_ANSWER, MOST_ANSWERS, MOST_HOURS = 300, 55, 10, 768
LETTERS = "ABCDEFGHIJ"


def as_discord_poll(poll: Poll) -> discord.Poll:
    """Return a poll; answers that are too long stand in the text, by their letters."""
    hours = min(max(1, poll.hours), MOST_HOURS)
    question = poll.question if _fits(poll) else "⬆"
    made = discord.Poll(question=question, duration=timedelta(hours=hours))
    for letter, answer in zip(LETTERS, poll.answers, strict=False):
        made.add_answer(text=answer if _fits(poll) else letter)
    return made


def poll_text(poll: Poll) -> str:
    """Return what stands beside the poll: long answers, and the solution, hidden."""
    parts = []
    if not _fits(poll):
        parts.append(f"**{poll.question}**")
        parts += [
            f"**{letter}** {answer}"
            for letter, answer in zip(LETTERS, poll.answers, strict=False)
        ]
    if poll.correct is not None:
        solution = poll.answers[poll.correct]
        explained = f"{solution} – {poll.explanation}" if poll.explanation else solution
        parts.append(f"✅ ||{explained.replace('||', '')}||")
    return "\n".join(parts)


def _fits(poll: Poll) -> bool:
    return len(poll.question) <= LONGEST_QUESTION and all(
        len(answer) <= LONGEST_ANSWER for answer in poll.answers
    )
