"""Some rows of a table that are a person's; bot.store.persons_rows has the list."""

from dataclasses import dataclass

__all__ = ["BY_PERSON", "PersonRows"]

BY_PERSON = "platform = :platform AND person_id = :person"


@dataclass(frozen=True, slots=True)
class PersonRows:
    """Some rows of one table that are a person's.

    Attributes:
        name: how an export and a count call them; "": they are in neither.
        table: where they are.
        whose: which they are, as a condition.
        covers: the columns that name the person or may hold words of theirs.
        shown: what an export gives of each, as SQL: never words of anybody else.
        forget: what becomes of them, as SQL with {whose}; "": they are deleted.
    """

    name: str
    table: str
    whose: str
    covers: str
    shown: str = ""
    forget: str = ""

    def counting(self) -> str:
        """Return the SQL that counts the rows."""
        return f"SELECT count(*) FROM {self.table} WHERE {self.whose}"  # noqa: S608

    def exporting(self) -> str:
        """Return the SQL that gives what an export has of the rows."""
        return f"SELECT {self.shown} FROM {self.table} WHERE {self.whose}"  # noqa: S608

    def forgetting(self) -> str:
        """Return the SQL that forgets the rows."""
        if self.forget:
            return self.forget.format(whose=self.whose)
        return f"DELETE FROM {self.table} WHERE {self.whose}"  # noqa: S608
