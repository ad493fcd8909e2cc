import pytest
from sqlite_utils import Database

from bot.store.script import run_script, statements


def test_statement_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="no end"):
        list(statements("CREATE TABLE a (x TEXT);\nCREATE TABLE b (x TEXT)"))


def test_blank_script_has_no_statements() -> None:
    assert not list(statements("\n   \n"))


def test_trigger_is_one_statement() -> None:
    script = """
        CREATE TABLE a (x TEXT, y TEXT DEFAULT ';');
        CREATE TRIGGER t BEFORE DELETE ON a
            BEGIN SELECT 1;
            SELECT 2; END;
    """

    assert [one.split()[1] for one in statements(script)] == ["TABLE", "TRIGGER"]


def test_script_that_fails_leaves_nothing_of_its_transaction() -> None:
    db = Database(memory=True)
    db.execute("CREATE TABLE a (x TEXT)")

    with pytest.raises(Exception, match="no such table"), db.atomic():
        run_script(db, "INSERT INTO a VALUES ('kept?');\nDELETE FROM missing;")

    assert not list(db["a"].rows)
