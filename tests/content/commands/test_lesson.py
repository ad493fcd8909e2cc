import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta

import pytest
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.commands.command import Answer, CommandContext
from bot.commands.registry import Registry
from bot.config import Config
from bot.errors import BackendGoneError, UserError
from bot.generation.requests import Owner, PromptTurn, TextParams
from bot.messages import Author
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.store.people import PersonRepository
from bot.store.posts import PostRepository
from bot.store.store import Store
from bot.words import T, Text, Words
from content.commands.lesson import lesson_command
from content.content import Content
from content.text_maker import TextMaker

COMPOST = "Compost is what old leaves and peels turn into over a year."
BLOCK = Verdict(Action.BLOCK, category="word", score=1.0, reason="a test")


class Pupils(TextMaker):
    """Writes the same for everybody, and remembers for whom."""

    def __init__(self) -> None:
        self.text = ""
        self.error: Exception | None = None
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.is_asked = asyncio.Event()
        self.owners: list[Owner | None] = []
        self.num_asked = 0

    @override
    async def write(self, turns: tuple[PromptTurn, ...], *, params: TextParams) -> str:
        self.num_asked += 1
        self.is_asked.set()
        await self.may_go_on.wait()
        if self.error is not None:
            raise self.error
        return self.text

    @override
    def on_behalf_of(self, owner: Owner | None) -> TextMaker:
        self.owners.append(owner)
        return self


@dataclass
class School:
    maker: Pupils
    run: Callable[..., Coroutine[None, None, Answer]]


@pytest.fixture
def blocked() -> dict[Stage, str]:
    return {}


@pytest.fixture
def school(
    make_content: Callable[..., Content],
    adapter: FakeAdapter,
    blocked: dict[Stage, str],
) -> School:
    def judge(subject: Subject) -> Verdict:
        word = blocked.get(subject.stage)
        return BLOCK if word and word in subject.text else ALLOW

    maker, words = Pupils(), Words.load()
    chain = FilterChain([FakeFilter(judge)])
    content = make_content(Config(), maker=maker, chain=chain)
    registry = Registry([lesson_command(content, words)], words)

    async def run(line: str, person: str = "1") -> Answer:
        channel = adapter.channel("general")
        context = CommandContext(Author(person, f"Person {person}"), channel, "en")
        async with asyncio.timeout(30):
            answer = await registry.run(line, context)
        assert answer.is_private
        return answer

    return School(maker, run)


def said(answer: Answer) -> str:
    return (
        Words.load().say(answer.text, "en")
        if isinstance(answer.text, Text)
        else answer.text
    )


async def asked(school: School, clock: FakeClock) -> tuple[Answer, int]:
    """Learn a word, and be asked it a day later; return that and the right answer."""
    await school.run("/lesson patience")
    await clock.advance(timedelta(days=1, minutes=1).total_seconds())
    answer = await school.run("/lesson gentle")
    lines = said(answer).splitlines()
    letter = next(line[2] for line in lines if line.endswith(": patience"))
    return answer, "ABCD".index(letter)


async def test_lesson_that_cannot_be_written_is_said_and_not_kept(
    school: School,
) -> None:
    with pytest.raises(UserError, match="I could not write a good lesson"):
        await school.run("/lesson compost")
    assert "There are no lessons" in said(await school.run("/lesson forget"))


async def test_model_that_is_gone_is_asked_again_the_next_time(school: School) -> None:
    school.maker.error = BackendGoneError(T("gone"))
    with pytest.raises(BackendGoneError):
        await school.run("/lesson compost")
    school.maker.error, school.maker.text = None, COMPOST
    assert COMPOST in said(await school.run("/lesson compost"))


async def test_topic_that_filters_block_is_never_written_about(
    school: School, blocked: dict[Stage, str]
) -> None:
    blocked[Stage.INPUT] = "patience"
    answer = await school.run("/lesson patience")
    assert "patience" not in said(answer)
    assert school.maker.num_asked == 0
    assert answer.buttons[0].command.startswith("/appeal ")


async def test_lesson_that_filters_block_is_not_shown(
    school: School, blocked: dict[Stage, str]
) -> None:
    blocked[Stage.OUTPUT] = "puppy"
    with pytest.raises(UserError, match="may not be shown here") as caught:
        await school.run("/lesson patience")
    assert "puppy" not in str(caught.value)
    assert "There are no lessons" in said(await school.run("/lesson forget"))


async def test_topic_that_is_too_long_is_refused(school: School) -> None:
    with pytest.raises(UserError, match="1 to 120 characters"):
        await school.run(f"/lesson {'x' * 121}")


async def test_each_person_has_one_lesson_at_a_time(school: School) -> None:
    school.maker.may_go_on.clear()
    first = asyncio.create_task(school.run("/lesson patience"))
    async with asyncio.timeout(30):
        await school.maker.is_asked.wait()
    with pytest.raises(UserError, match="still being written"):
        await school.run("/lesson gentle")
    other = asyncio.create_task(school.run("/lesson gentle", "2"))
    school.maker.may_go_on.set()
    assert "patience" in said(await first)
    assert "gentle" in said(await other)
    assert [owner and owner.person for owner in school.maker.owners] == [
        "fake:1",
        "fake:2",
    ]


async def test_question_of_somebody_else_is_refused(
    school: School, clock: FakeClock
) -> None:
    answer, right = await asked(school, clock)
    with pytest.raises(UserError, match="belongs to somebody else"):
        await school.run(answer.buttons[right].command, "2")
    assert said(await school.run(answer.buttons[right].command)).startswith("Right")


async def test_question_is_answered_once(school: School, clock: FakeClock) -> None:
    answer, right = await asked(school, clock)
    wrong = await school.run(answer.buttons[right - 1].command)
    assert said(wrong).startswith("Not quite. It is: patience.")
    assert "staying calm while something takes long" in said(wrong)
    with pytest.raises(UserError, match="answered that already"):
        await school.run(answer.buttons[right].command)


async def test_question_of_an_earlier_lesson_is_too_old(
    school: School, clock: FakeClock
) -> None:
    answer, right = await asked(school, clock)
    await school.run("/lesson")
    with pytest.raises(UserError, match="an earlier lesson of yours"):
        await school.run(answer.buttons[right].command)


@pytest.mark.parametrize(("knows", "days"), [(False, 1), (True, 3)])
async def test_what_was_not_known_comes_sooner(
    knows: bool,
    days: int,
    school: School,
    clock: FakeClock,
) -> None:
    answer, right = await asked(school, clock)
    await school.run(answer.buttons[right if knows else right - 1].command)
    await clock.advance(timedelta(days=days, minutes=-1).total_seconds())
    # The word named is the other one that could be due.
    assert (await school.run("/lesson gentle")).buttons == ()
    await clock.advance(timedelta(minutes=1).total_seconds())
    assert "staying calm" in said(await school.run("/lesson gentle"))


async def test_first_lesson_has_no_question_and_is_no_post(
    school: School, store: Store
) -> None:
    answer = await school.run("/lesson")
    assert "level 1" in said(answer)
    assert answer.buttons == ()
    assert await PostRepository(store).list() == ()
    kept = PersonRepository(store).kept
    assert (await kept("fake", "1")).lesson_words == 1
    assert (await kept("fake", "2")).lesson_words == 0


async def test_level_is_kept_for_the_lessons_after_it(school: School) -> None:
    first = said(await school.run("/lesson advanced words"))
    second = said(await school.run("/lesson"))
    assert "level 3" in first
    assert "level 3" in second
    assert first.splitlines()[0] != second.splitlines()[0]


async def test_subject_of_ones_own_is_explained_and_comes_again(
    school: School, clock: FakeClock
) -> None:
    school.maker.text = COMPOST
    assert COMPOST in said(await school.run("/lesson compost beginner"))
    await clock.advance(timedelta(days=1, minutes=1).total_seconds())
    again = await school.run("/lesson patience")
    assert "what old leaves and peels turn into" in said(again)
    assert ": compost" in said(again)


async def test_lessons_can_be_forgotten(school: School, clock: FakeClock) -> None:
    answer, right = await asked(school, clock)
    assert "are forgotten" in said(await school.run("/lesson forget"))
    with pytest.raises(UserError, match="belongs to somebody else"):
        await school.run(answer.buttons[right].command)
