"""Finding the person whom a moderator means: by reply, mention, id or name."""

import re
from dataclasses import dataclass

from sqlite_utils import Database

from bot.commands.command import CommandContext
from bot.errors import UserError
from bot.messages import Role, Scope
from bot.store.store import Store
from bot.store.turns import TurnRepository
from bot.words import T

__all__ = ["Person", "Persons"]

MENTION = re.compile(r"<@!?(\d+)>")
PLATFORM_ID = re.compile(r"\d{4,20}")
"""As Discord and Telegram count people: they need not have written to the bot."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the platform of the command.

    Attributes:
        role: what they may do, as far as it is known.
    """

    id: str
    name: str
    role: Role = Role.MEMBER


class Persons:
    """Looks people up in what was replied to and in what a community has said."""

    def __init__(self, store: Store, turns: TurnRepository) -> None:
        self._store = store
        self._turns = turns

    async def meant(
        self, context: CommandContext, word: str, rest: str
    ) -> tuple[Person, str]:
        """Return the person of a command, and the words that are not about who it is.

        `word` is the first one behind the command. In a reply it may be left out: then
        it is who wrote what is replied to, and the word belongs to the rest.

        Raises:
            UserError: nobody, or several, could be meant.
        """
        if context.reply_to_id is None:
            if not word:
                raise UserError(
                    T("Reply to a message of theirs, or give their id or name.")
                )
            return await self.named(context, word), rest
        is_named = word.startswith("@") or MENTION.fullmatch(word) is not None
        if is_named:
            return await self.named(context, word), rest
        return await self._replied(context), f"{word} {rest}".strip()

    async def named(self, context: CommandContext, word: str) -> Person:
        """Return the person with an id or a name in the community.

        Raises:
            UserError: nobody has it, or several have.
        """
        mention = MENTION.fullmatch(word)
        wanted = mention[1] if mention else word.removeprefix("@").strip()
        found = await self._known(context.scope, wanted)
        by_id = [person for person in found if person.id == wanted]
        if by_id:
            return by_id[0]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(person.id for person in found)
            raise UserError(
                T("Several people are called {name}: {ids}.", name=wanted, ids=ids)
            )
        if PLATFORM_ID.fullmatch(wanted):
            return Person(wanted, wanted)
        raise UserError(
            T(
                "I know nobody called {name} here. Reply to a message of theirs, or "
                "give their id.",
                name=wanted,
            )
        )

    async def names(self, platform: str, ids: list[str]) -> dict[str, str]:
        """Return what people called themselves last, by id, where that is known."""

        def read(db: Database) -> dict[str, str]:
            rows = (
                db.execute(
                    "SELECT author_name FROM turn WHERE author_id = ?"
                    " AND substr(scope, 1, length(?)) = ? AND author_name != ''"
                    " ORDER BY id DESC LIMIT 1",
                    (one, f"={platform}|", f"={platform}|"),
                ).fetchone()
                for one in ids
            )
            return {
                one: str(row[0])
                for one, row in zip(ids, rows, strict=True)
                if row is not None
            }

        return await self._store.read(read)

    async def _replied(self, context: CommandContext) -> Person:
        replied = context.replied
        if replied is not None:
            author = replied.author
            if author.is_bot or author.is_self:
                raise UserError(T("That is a bot, not a person."))
            return Person(author.id, author.name, author.role)
        turn = await self._turns.by_message(context.scope, context.reply_to_id or "")
        if turn is None or not turn.author_id:
            raise UserError(
                T("I do not know who wrote that. Give their id or their name.")
            )
        return Person(turn.author_id, turn.author_name or turn.author_id)

    async def _known(self, scope: Scope, wanted: str) -> list[Person]:
        prefix = Scope(scope.platform, scope.community_id, "", None, None).key
        prefix = "|".join(prefix.split("|")[:2]) + "|"

        def read(db: Database) -> list[Person]:
            rows = db.execute(
                "SELECT author_id, author_name, max(id) FROM turn"
                " WHERE substr(scope, 1, length(:prefix)) = :prefix AND role = 'user'"
                " AND (author_id = :wanted OR lower(author_name) = lower(:wanted))"
                " GROUP BY author_id ORDER BY max(id) DESC",
                {"prefix": prefix, "wanted": wanted},
            )
            return [Person(row[0], row[1] or row[0]) for row in rows if row[0]]

        return await self._store.read(read)
