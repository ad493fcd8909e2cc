"""What somebody said is found in what was written later, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Button
from bot.store.quoted import find_quotes
from bot.store.quotes import GAP, Quotes
from bot.store.rooms import RoomMessage, RoomRepository
from bot.store.store import Store

SAID = "The spare key is under the third flower pot"
BUTTONS = (Button("Again", "/again 12"), Button("Report", "/report 12"))
BEFORE, THEN, AFTER = "2026-01-01", "2026-01-02", "2026-01-03"


@pytest.mark.parametrize(
    ("said", "written", "left"),
    [
        (SAID, "Nothing like it.", "Nothing like it."),
        (SAID, f"Ada says: {SAID}!", f"Ada says: {GAP}!"),
        (SAID, "under the THIRD\n flower  POT, said Ada", f"{GAP}, said Ada"),
        (SAID, "a flower pot", "a flower pot"),  # so little, anybody says
        ("钥匙在第三个花盆下面", "她说钥匙在第三个花盆下面。", f"她说{GAP}。"),
        ("早上好", "早上好！", "早上好！"),
        ("", "", ""),
    ],
)
def test_quote_is_found_whatever_its_case_and_breaks(
    said: str, written: str, left: str
) -> None:
    assert Quotes([(said, THEN)]).taken_out(written, AFTER) == left


def test_who_repeats_what_was_written_has_not_been_quoted() -> None:
    assert Quotes([(SAID, THEN)]).taken_out(SAID, BEFORE) == SAID


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_text_without_quotes_stays_and_one_with_keeps_its_rest(
    said: str, other: str
) -> None:
    quotes = Quotes([(said, THEN)])
    assert Quotes([]).taken_out(other, AFTER) == other
    left = quotes.taken_out(f"{other}\n{said}", AFTER)
    assert len(left.replace(GAP, "")) <= len(f"{other}\n{said}")
    if GAP not in left:
        assert left == f"{other}\n{said}"


async def test_nobody_breaks_the_buttons_of_others_by_saying_what_they_look_like(
    store: Store,
) -> None:
    rooms, now = RoomRepository(store), store.clock.now_utc()
    look = '[["Again", "/again 12"], ["Report", "/report 12"]]'
    said = RoomMessage("1", "r", "eve", "Eve", look, now)
    await rooms.add(said)

    await rooms.add(
        RoomMessage("2", "r", "", "H", "Hi", now, is_bot=True, buttons=BUTTONS)
    )
    values = {"platform": "web", "person": "eve", "prefix": "=web|"}
    assert await store.read(lambda db: find_quotes(db, values)) == []
