"""Running several statements inside a transaction that goes on."""

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database

__all__ = ["run_script", "statements"]


def run_script(db: Database, script: str) -> None:
    """Run statements, one after the other, in the transaction that there is.

    sqlite3's own executescript commits what came before, and sqlite-utils' looks for
    the end of a statement after each letter, which takes longer than the statements.
    """
    for statement in statements(script):
        db.execute(statement)


def statements(script: str) -> Iterator[str]:
    """Give the statements of a script, in which each one ends at the end of a line.

    Raises:
        ValueError: the last one has no end.
    """
    lines: list[str] = []
    for line in script.splitlines():
        lines.append(line)
        statement = "\n".join(lines)
        if line.rstrip().endswith(";") and sqlite3.complete_statement(statement):
            yield statement.strip()
            lines = []
    if "".join(lines).strip():
        raise ValueError("the last statement has no end")
