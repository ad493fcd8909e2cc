"""/me: what the bot knows about the person who asks, and whether it may name them."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.config import SafetyConfig
from bot.consent import Consent
from bot.store.people import Kept, PersonRepository
from bot.words import T, Text, Tn, Words

__all__ = ["me_command"]


NAME, ON, OFF = "name", "on", "off"


def me_command(
    people: PersonRepository, safety: SafetyConfig, words: Words, consent: Consent
) -> Command:
    """Return the command that tells a person what is kept of them, and for how long.

    `/me name on` lets posts name them.
    """

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        platform, person = context.channel.platform, context.author.id
        if arguments.get("what") == NAME:
            may = arguments.get("answer") == ON
            if "answer" in arguments:
                await consent.set(platform, person, may=may)
            else:
                may = await consent.may_be_named(platform, person)
            return Answer(_named(may=may))
        kept = await people.kept(platform, person)
        may = await consent.may_be_named(platform, person)
        texts = (*_lines(kept, safety), _named(may=may), _LAST)
        return Answer("\n".join(words.say(text, context.language) for text in texts))

    return Command(
        name="me",
        summary=T("Show what I know about you; or say if posts may name you."),
        parameters=(
            Parameter("what", T("What to change."), choices=lambda: (NAME,)),
            Parameter("answer", T("Yes or no."), choices=lambda: (ON, OFF)),
        ),
        run=run,
        is_everyones=True,
    )


_LAST = T("All of it is on this bot's own machine. Nobody else gets it.")


def _named(*, may: bool) -> Text:
    if may:
        return T(
            "Posts that look back at a channel may quote you by name. /me name off "
            "ends that."
        )
    return T("No post names you. /me name on allows it, for posts that look back.")


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
        Tn(
            "- {n} word that /lesson taught you, until /lesson forget",
            "- {n} words that /lesson taught you, until /lesson forget",
            n=kept.lesson_words,
        ),
    )
