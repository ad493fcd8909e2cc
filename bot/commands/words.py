"""/words: what a community does not want to read. Its answers are private."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Attachment, Role
from bot.preferences import community_key
from bot.safety.own_words import OwnWords
from bot.safety.word_search import FoundWord, WordSearch
from bot.words import T, Text, Tn, Words

__all__ = ["words_command"]

ACTIONS = ("list", "add", "remove", "test")
MAX_SHOWN = 50


def words_command(own: OwnWords, configured: WordSearch, words: Words) -> Command:
    """Return the command that shows and fills the list.

    `configured` looks for the words of config.toml, which are not shown.
    """

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what = str(arguments.get("what", "list"))
        text = str(arguments.get("text", "")).strip()
        community = community_key(context.channel)
        if what == "list":
            return await _list(own, community, words, context.language)
        if not text:
            raise UserError(
                T("Write behind it what you mean: /words {what} …", what=what)
            )
        if what == "add":
            await own.add(community, text)
            return Answer(T("Blocked here from now on, in disguise too."))
        if what == "remove":
            removed = await own.remove(community, text)
            return Answer(T("“{word}” may be written again.", word=removed))
        return Answer(await _tested(own, configured, community, text))

    return Command(
        name="words",
        summary=T("Show, fill and try the list of words that are blocked here."),
        parameters=(
            Parameter("what", T("list, add, remove or test."), choices=lambda: ACTIONS),
            Parameter(
                "text",
                T("A word or phrase; * stands for any letters. With test any text."),
                ParameterType.REST,
            ),
        ),
        run=run,
        min_role=Role.MODERATOR,
        judges_itself=True,
    )


async def _list(own: OwnWords, community: str, words: Words, language: str) -> Answer:
    listed = await own.all(community)
    if not listed:
        return Answer(T("No words are blocked here but my owner's: /words add …"))
    head = Tn("{n} word is blocked here.", "{n} words are blocked here.", n=len(listed))
    lines = [f"{number}. {word}" for number, word in enumerate(listed, start=1)]
    said = words.say(head, language)
    if len(lines) <= MAX_SHOWN:
        return Answer("\n".join([said, *lines]))
    whole = "\n".join(f"{number}. {word}" for number, word in enumerate(listed, 1))
    attached = Attachment("words.txt", "text/plain", whole.encode())
    return Answer(said, attachments=(attached,))


async def _tested(
    own: OwnWords, configured: WordSearch, community: str, text: str
) -> Text:
    """Say which entry is in a text, and why it is taken for it."""
    found = await configured.find(text)
    if found is not None:
        return T(
            "Blocked by entry {n} of my owner's list: {why}.",
            n=found.number,
            why=_why(found),
        )
    search = await own.search(community)
    found = await search.find(text) if search is not None else None
    if found is None:
        return T("No word of the lists is in that.")
    listed = await own.all(community)
    return T(
        "Blocked by entry {n}, “{word}”: {why}.",
        n=found.number,
        word=listed[found.number - 1],
        why=_why(found),
    )


def _why(found: FoundWord) -> Text:
    if found.is_disguised:
        return T("it is there in disguise (other letters, spaces, a code)")
    return T("it stands there")
