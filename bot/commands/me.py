"""/me: what the bot knows about the person who asks."""

from bot.commands.command import Answer, Arguments, Command, CommandContext
from bot.config import SafetyConfig
from bot.store.people import Kept, PersonRepository
from bot.words import T, Text, Tn, Words

__all__ = ["me_command"]


def me_command(people: PersonRepository, safety: SafetyConfig, words: Words) -> Command:
    """Return the command that tells a person what is kept of them, and for how long."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        kept = await people.kept(context.channel.platform, context.author.id)
        lines = (words.say(text, context.language) for text in _lines(kept, safety))
        return Answer("\n".join(lines))

    return Command(
        name="me", summary=T("Show what I know about you, and for how long."), run=run
    )


def _lines(kept: Kept, safety: SafetyConfig) -> tuple[Text, ...]:
    return (
        T("I know you by your name and your id on this platform, and I keep:"),
        Tn(
            "- {n} message of yours that conversations remember, until /reset",
            "- {n} messages of yours that conversations remember, until /reset",
            n=kept.messages,
        ),
        Tn(
            "- {n} verdict of the safety filters, for {days} days; of {texts} also "
            "the text, for {text_days} days",
            "- {n} verdicts of the safety filters, for {days} days; of {texts} also "
            "the text, for {text_days} days",
            n=kept.judgements,
            days=safety.keep_records_days,
            texts=kept.judged_texts,
            text_days=safety.keep_texts_days,
        ),
        Tn("- {n} rating of an answer", "- {n} ratings of answers", n=kept.ratings),
        Tn(
            "- {n} report to the moderators",
            "- {n} reports to the moderators",
            n=kept.reports,
        ),
        Tn(
            "- {n} suggestion for posts, and your votes for {votes}",
            "- {n} suggestions for posts, and your votes for {votes}",
            n=kept.suggestions,
            votes=kept.votes,
        ),
        T("All of it is on this bot's own machine. Nobody else gets it."),
    )
