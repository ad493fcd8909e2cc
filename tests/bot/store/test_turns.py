import asyncio
import itertools
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import FakeClock
from bot.conversation import Turn
from bot.generation.requests import TurnRole
from bot.messages import Scope
from bot.store.store import Store
from bot.store.turns import TurnRepository
from tests.stores import new_store

HERE = Scope("web", "home", "general", None, None)
ELSEWHERE = [
    replace(HERE, platform="discord"),
    replace(HERE, community_id="other"),
    replace(HERE, channel_id="other"),
    replace(HERE, thread_id="1"),
    replace(HERE, thread_id=""),
    replace(HERE, person_id="ann"),
]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def said(
    message_id: str, *, reply_to: str | None = None, text: str = "", scope: Scope = HERE
) -> Turn:
    return Turn(
        scope=scope,
        role=TurnRole.USER,
        text=text or f"text of {message_id}",
        message_id=message_id,
        created_utc=NOON,
        author_id="ann",
        author_name="Ann",
        reply_to_id=reply_to,
    )


@pytest.fixture
def turns(store: Store) -> TurnRepository:
    return TurnRepository(store)


async def test_unknown_message_has_no_turn_and_no_chain(turns: TurnRepository) -> None:
    assert await turns.by_message(HERE, "404") is None
    assert await turns.chain(HERE, "404", limit=9) == ()
    assert await turns.recent(HERE, limit=9) == ()
    assert await turns.forget(HERE) == 0


@pytest.mark.parametrize("scope", ELSEWHERE, ids=lambda scope: scope.key)
async def test_turn_of_another_scope_is_never_found(
    turns: TurnRepository, scope: Scope
) -> None:
    await turns.add(said("1", scope=scope))
    assert await turns.by_message(HERE, "1") is None
    assert await turns.chain(HERE, "1", limit=9) == ()
    assert await turns.recent(HERE, limit=9) == ()
    assert await turns.forget(HERE) == 0
    assert await turns.by_message(scope, "1") is not None


async def test_chain_stops_at_a_message_of_another_scope(turns: TurnRepository) -> None:
    await turns.add(said("1", scope=ELSEWHERE[0]))
    await turns.add(said("2", reply_to="1"))
    assert await turns.chain(HERE, "2", limit=9) == (said("2", reply_to="1"),)


async def test_ring_of_replies_ends(turns: TurnRepository) -> None:
    first, second = said("1", reply_to="2"), said("2", reply_to="1")
    await turns.add(first)
    await turns.add(second)
    assert await turns.chain(HERE, "2", limit=9) == (first, second)


async def test_chain_is_oldest_first_and_limited(turns: TurnRepository) -> None:
    chain = [said("1"), said("2", reply_to="1"), said("3", reply_to="2")]
    for turn in chain:
        await turns.add(turn)
    await turns.add(said("4"))
    assert await turns.chain(HERE, "3", limit=9) == tuple(chain)
    assert await turns.chain(HERE, "3", limit=2) == tuple(chain[1:])
    assert await turns.chain(HERE, "3", limit=0) == ()


async def test_every_message_of_an_answer_leads_to_it(turns: TurnRepository) -> None:
    answer = said("1")
    await turns.add(answer, ["1", "2", "3"])
    for message_id in ("1", "2", "3"):
        assert await turns.by_message(HERE, message_id) == answer
    assert await turns.chain(HERE, "3", limit=9) == (answer,)


async def test_message_said_again_means_the_later_turn(turns: TurnRepository) -> None:
    await turns.add(said("1", text="before"))
    await turns.add(said("1", text="after"))
    assert await turns.by_message(HERE, "1") == said("1", text="after")


async def test_recent_is_oldest_first_limited_and_since(turns: TurnRepository) -> None:
    day = timedelta(days=1)
    three = [replace(said(str(n)), created_utc=NOON + n * day) for n in range(3)]
    ids = [await turns.add(turn) for turn in three]
    assert ids == sorted(set(ids))
    assert await turns.recent(HERE, limit=9) == tuple(three)
    assert await turns.recent(HERE, limit=2) == tuple(three[1:])
    assert await turns.recent(HERE, limit=0) == ()
    assert await turns.recent(HERE, limit=9, since_utc=NOON + 2 * day) == (three[2],)


async def test_forgotten_turns_are_gone_and_others_stay(turns: TurnRepository) -> None:
    await turns.add(said("1"), ["1", "2"])
    await turns.add(said("3", reply_to="2"))
    await turns.add(said("1", scope=ELSEWHERE[0]))
    assert await turns.forget(HERE) == 2
    assert await turns.by_message(HERE, "2") is None
    assert await turns.recent(HERE, limit=9) == ()
    assert len(await turns.recent(ELSEWHERE[0], limit=9)) == 1
    await turns.add(said("1"))  # the same ids may come again
    assert await turns.recent(HERE, limit=9) == (said("1"),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "x" * 1_000_000,
        "a\0b\0",
        "👩\u200d👩\u200d👧 🏳️\u200d🌈",
        "\u202eright to left\u202c e\u0301",
        "'; DROP TABLE turn; --",
    ],
    ids=["empty", "blank", "1 MB", "NUL", "emoji", "bidi", "sql"],
)
async def test_any_text_comes_back_exactly(turns: TurnRepository, text: str) -> None:
    turn = replace(said("1"), text=text, author_name=text)
    await turns.add(turn)
    assert await turns.by_message(HERE, "1") == turn


async def test_half_a_character_is_replaced_and_nothing_else(
    turns: TurnRepository,
) -> None:
    await turns.add(said("\ud800", text="a \ud83d b \ud83d\ude00"))
    found = await turns.by_message(HERE, "\ud800")
    assert found is not None
    assert found.text == "a \ufffd b 😀"


async def test_message_is_new_only_once(turns: TurnRepository) -> None:
    assert await turns.remember_seen("web", "web:general", "1")
    assert not await turns.remember_seen("web", "web:general", "1")
    assert await turns.remember_seen("web", "web:other", "1")
    assert await turns.remember_seen("discord", "web:general", "1")
    assert await turns.remember_seen("web", "web:general", "2")


async def test_message_that_comes_many_times_at_once_is_new_once(
    turns: TurnRepository,
    held_writer: Callable[[], AbstractAsyncContextManager[object]],
) -> None:
    async with held_writer():
        tries = [
            asyncio.ensure_future(turns.remember_seen("web", "web:general", "1"))
            for _ in range(30)
        ]
        await asyncio.sleep(0)
    assert sorted(await asyncio.gather(*tries)) == [False] * 29 + [True]


async def test_seen_messages_outlive_a_restart_for_a_week(
    path: Path, clock: FakeClock
) -> None:
    async with new_store(path, clock=clock) as store:
        assert await TurnRepository(store).remember_seen("web", "web:general", "1")
    await clock.advance(timedelta(days=7).total_seconds())
    async with new_store(path, clock=clock) as store:
        turns = TurnRepository(store)
        assert not await turns.remember_seen("web", "web:general", "1")
        await clock.advance(1)
        assert await turns.remember_seen("web", "web:general", "1")


@dataclass(frozen=True)
class Step:
    """A turn to add, or (text None) a scope to forget."""

    scope: Scope
    message_ids: tuple[str, ...]
    reply_to: str | None
    text: str | None


# Parts that look alike once joined, and few ids, so that they meet again and again.
PART = st.sampled_from(["", "a", "|", "=a", "-", "%7C", "a|=a", "\ud800", "%uD800"])
SCOPE = st.builds(Scope, PART, PART, PART, st.none() | PART, st.none() | PART)
IDS = st.sampled_from("1234567")


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    scopes = st.sampled_from(draw(st.lists(SCOPE, min_size=2, max_size=5, unique=True)))
    step = st.builds(
        Step,
        scope=scopes,
        message_ids=st.lists(IDS, min_size=1, max_size=3).map(tuple),
        reply_to=st.none() | IDS,
        text=st.one_of(st.text(max_size=5), st.text(max_size=5), st.none()),
    )
    return draw(st.lists(step, min_size=5, max_size=25))


@settings(max_examples=40, deadline=None)
@given(stories())
def test_scopes_never_mix(story: list[Step]) -> None:
    asyncio.run(_live(story))


async def _live(story: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite3"
        async with new_store(path, clock=FakeClock()) as store:
            turns = TurnRepository(store)
            told = await _tell(turns, story)
            for scope, expected in told.items():
                assert await turns.recent(scope, limit=100) == tuple(expected)
                for message_id in "1234567":
                    await _check_message(turns, scope, message_id, expected)


async def _tell(turns: TurnRepository, story: list[Step]) -> dict[Scope, list[Turn]]:
    told: dict[Scope, list[Turn]] = {step.scope: [] for step in story}
    for number, step in enumerate(story):
        if step.text is None:
            assert await turns.forget(step.scope) == len(told[step.scope])
            told[step.scope] = []
            continue
        turn = said(step.message_ids[0], reply_to=step.reply_to, scope=step.scope)
        turn = replace(turn, text=f"{number} {step.text}")  # never the same twice
        await turns.add(turn, step.message_ids)
        told[step.scope].append(turn)
    return told


async def _check_message(
    turns: TurnRepository, scope: Scope, message_id: str, expected: list[Turn]
) -> None:
    found = await turns.by_message(scope, message_id)
    chain = await turns.chain(scope, message_id, limit=100)
    assert found is None or found in expected
    assert set(chain) <= set(expected)
    assert (found is None) == (chain == ())
    if found is not None:
        assert chain[-1] == found
        for earlier, later in itertools.pairwise(chain):
            assert later.reply_to_id is not None
            assert await turns.by_message(scope, later.reply_to_id) == earlier


async def test_answer_is_found_by_its_messages_once_they_are_known(
    turns: TurnRepository,
) -> None:
    asked = said("q")
    await turns.add(asked, ("q",))
    answer = replace(
        asked, role=TurnRole.ASSISTANT, text="So.", message_id="q>", reply_to_id="q"
    )
    turn_id = await turns.add(answer)
    found = await turns.answer_to(HERE, "q")
    assert found is not None
    learned = replace(answer, message_id="a2", reply_to_id=None)
    await turns.add(learned, ("a2",))  # somebody replied to it meanwhile

    await turns.shown(turn_id, HERE, ("a1", "a2"))

    shown = replace(answer, message_id="a1")
    for message_id in ("a1", "a2"):
        assert await turns.by_message(HERE, message_id) == shown
    assert await turns.by_message(HERE, "q>") is None
    assert await turns.recent(HERE, limit=9) == (asked, shown)


async def test_answer_that_nobody_saw_is_taken_back_and_stays_away(
    turns: TurnRepository,
) -> None:
    asked = said("q")
    await turns.add(asked, ("q",))
    answer = replace(asked, role=TurnRole.ASSISTANT, text="So.", message_id="q>")
    turn_id = await turns.add(answer)
    await turns.take_back(turn_id)
    await turns.shown(turn_id, HERE, ("a1",))
    assert await turns.recent(HERE, limit=9) == (asked,)
    assert await turns.by_message(HERE, "a1") is None
