from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Scope
from bot.store.columns import (
    from_json_column,
    from_text_column,
    from_utc_column,
    json_column,
    scope_column,
    storable_text,
    text_column,
    utc_column,
)
from bot.words import T

# The characters that keys are made of, and halves of surrogate pairs.
PARTS = st.text(alphabet="|%=-u7CD80\ud800\udc00", max_size=6)
SCOPES = st.builds(
    Scope,
    platform=PARTS,
    community_id=PARTS,
    channel_id=PARTS,
    thread_id=st.none() | PARTS,
    person_id=st.none() | PARTS,
)


def test_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        utc_column(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_text_for_people_can_be_said_in_any_language_later() -> None:
    text = T("The platform asks to wait {seconds} s.", seconds=2.5)
    assert from_text_column(text_column(text)) == text
    assert (text_column(None), from_text_column("")) == ("", None)
    # Rows of before have a sentence, and half a surrogate is no text for a database.
    assert from_text_column("paused") == T("paused")
    text_column(T("{name}", name="\ud800")).encode()


def test_time_of_another_zone_is_stored_in_utc() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=8)))
    assert utc_column(noon) == "2026-07-01T04:00:00.000000+00:00"


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.just(UTC)),
)
def test_times_sort_as_text_and_come_back(first: datetime, second: datetime) -> None:
    assert from_utc_column(utc_column(first)) == first
    assert (utc_column(first) < utc_column(second)) == (first < second)


@given(st.lists(st.text()))
def test_texts_come_back_from_json(texts: list[str]) -> None:
    assert from_json_column(json_column(texts)) == tuple(texts)


@given(SCOPES, SCOPES)
def test_two_scopes_never_share_a_column(one: Scope, other: Scope) -> None:
    assert (scope_column(one) == scope_column(other)) == (one == other)
    scope_column(one).encode()


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""),
        ("a\0b", "a\0b"),
        ("e\u0301\u200f", "e\u0301\u200f"),
        ("👩\u200d👧\ufe0f", "👩\u200d👧\ufe0f"),
        ("a\ud800b", "a\ufffdb"),
        ("\udc00\ud800", "\ufffd\ufffd"),
        ("\ud83d\ude00", "😀"),
    ],
)
def test_text_is_made_storable(text: str, stored: str) -> None:
    assert storable_text(text) == stored
