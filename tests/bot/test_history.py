from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Turn
from bot.generation.requests import TurnRole
from bot.history import History
from bot.messages import Scope

START = datetime(2026, 1, 1, tzinfo=UTC)


def scope(channel: str = "general") -> Scope:
    return Scope("fake", "c", channel, None, None)


def turn(
    number: int,
    text: str = "",
    *,
    where: Scope | None = None,
    reply_to: int | None = None,
    role: TurnRole = TurnRole.USER,
) -> Turn:
    return Turn(
        scope=where or scope(),
        role=role,
        text=text or f"turn {number}",
        message_id=str(number),
        created_utc=START + timedelta(seconds=number),
        author_id="ada" if role is TurnRole.USER else "",
        reply_to_id=None if reply_to is None else str(reply_to),
    )


class Turns:
    """Turns in memory, found by scope as the store does it."""

    def __init__(self, *turns: Turn) -> None:
        self.turns = list(turns)

    async def recent(self, scope: Scope, *, limit: int) -> tuple[Turn, ...]:
        return tuple([t for t in self.turns if t.scope == scope][-limit:])

    async def chain(
        self, scope: Scope, message_id: str, *, limit: int
    ) -> tuple[Turn, ...]:
        known = {t.message_id: t for t in self.turns if t.scope == scope}
        found: list[Turn] = []
        wanted: str | None = message_id
        while wanted in known and len(found) < limit:
            found.append(known[wanted])
            wanted = found[-1].reply_to_id
        return tuple(reversed(found))


class Counter:
    """Counts characters and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, model: str, texts: Sequence[str]) -> list[int]:
        self.asked += texts
        return [len(text) for text in texts]


async def test_conversation_puts_the_reply_chain_behind_recent_turns() -> None:
    question = turn(9, reply_to=2)
    turns = Turns(turn(1), turn(2, reply_to=1), turn(3), turn(4), question)
    conversation = await History(turns, Counter()).conversation(question, "Be kind.")
    assert [t.message_id for t in conversation.turns] == ["3", "4", "1", "2", "9"]


async def test_conversation_has_the_question_once_and_last() -> None:
    question = turn(2)
    turns = Turns(turn(1), question, turn(3))
    conversation = await History(turns, Counter()).conversation(question, "Be kind.")
    assert [t.message_id for t in conversation.turns] == ["1", "3", "2"]


async def test_conversation_without_anything_before_is_the_question() -> None:
    question = turn(1, reply_to=77)
    conversation = await History(Turns(), Counter()).conversation(question, "Be kind.")
    assert conversation.turns == (question,)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.none() | st.integers(0, 30)), max_size=30),
    st.integers(0, 3),
    st.none() | st.integers(0, 30),
)
async def test_conversation_never_leaves_its_scope(
    places: list[tuple[int, int | None]], here: int, reply_to: int | None
) -> None:
    turns = Turns(
        *(
            turn(number, where=scope(str(place)), reply_to=answered)
            for number, (place, answered) in enumerate(places)
        )
    )
    question = turn(99, where=scope(str(here)), reply_to=reply_to)
    conversation = await History(turns, Counter()).conversation(question, "Be kind.")
    assert {t.scope for t in conversation.turns} == {question.scope}


async def test_prompt_counts_each_text_once() -> None:
    counter = Counter()
    history = History(Turns(turn(1), turn(2)), counter)
    for number in (3, 4):
        conversation = await history.conversation(turn(number, "Why?"), "Be kind.")
        await history.prompt(conversation, model="m", budget_tokens=500)
    assert sorted(counter.asked) == ["Be kind.", "Why?", "turn 1", "turn 2"]


async def test_prompt_asks_again_for_another_model() -> None:
    counter = Counter()
    history = History(Turns(), counter)
    conversation = await history.conversation(turn(1, "Why?"), "Be kind.")
    await history.prompt(conversation, model="small", budget_tokens=500)
    await history.prompt(conversation, model="large", budget_tokens=500)
    assert len(counter.asked) == 4


async def test_what_was_counted_long_ago_is_counted_again() -> None:
    counter = Counter()
    history = History(Turns(), counter, max_remembered_counts=3)
    for text in ("one", "two", "three", "one"):
        conversation = await history.conversation(turn(1, text), "Be kind.")
        await history.prompt(conversation, model="m", budget_tokens=500)
    assert counter.asked == ["Be kind.", "one", "two", "three", "one"]
