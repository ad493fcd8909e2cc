import pytest

from bot.apology import apology, is_expected, new_error_id
from bot.errors import (
    BackendError,
    BackendGoneError,
    DeadlineError,
    MissingError,
    OverloadedError,
    StoreFullError,
    UserError,
)
from bot.words import T


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UserError(T("There is no such room.")), "There is no such room."),
        (OverloadedError(T("Too many are waiting.")), "Too many are waiting."),
        (BackendError(T("Too long.")), "Too long. (error 1a2b)"),
        (DeadlineError(T("x")), "That took too long, so I gave up."),
        (BackendGoneError(T("x")), "My model stumbled and is starting again."),
        (MissingError(T("/secret/path is missing")), "The owner can see why"),
        (StoreFullError(T("x")), "my disk is full"),
        (RuntimeError("internal detail"), "Something went wrong on my side."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_apology_is_plain_and_gives_nothing_away(error: Exception, told: str) -> None:
    text = str(apology(error, "1a2b"))
    assert told in text
    assert "secret" not in text
    assert "internal detail" not in text


def test_apology_has_the_id_where_the_person_cannot_help_it() -> None:
    assert "(error 1a2b)" in str(apology(RuntimeError(), "1a2b"))
    assert "1a2b" not in str(apology(UserError(T("No.")), "1a2b"))


def test_error_ids_are_short_and_differ() -> None:
    ids = {new_error_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(error_id) for error_id in ids} == {8}


def test_only_ordinary_errors_need_no_traceback() -> None:
    assert is_expected(UserError(T("No.")))
    assert is_expected(OverloadedError(T("Full.")))
    assert not is_expected(BackendGoneError(T("Gone.")))
    assert not is_expected(RuntimeError())
