import asyncio

import pytest

from bot.answers import RunningAnswers, Showing
from bot.messages import Author, Channel, Role

HERE = Channel(platform="fake", id="here", community_id="c")
THERE = Channel(platform="fake", id="there", community_id="c")
ADA = Author(id="ada", name="Ada")
BOB = Author(id="bob", name="Bob")
MODERATOR = Author(id="mod", name="Mod", role=Role.MODERATOR)


class Work:
    def __init__(self) -> None:
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


@pytest.fixture
def work() -> dict[str, Work]:
    return {name: Work() for name in ("1", "2", "3")}


@pytest.fixture
def answers(work: dict[str, Work]) -> RunningAnswers:
    running = RunningAnswers()
    running.add("1", work["1"], channel=HERE, asker=ADA, message_id="m1")
    running.add("2", work["2"], channel=HERE, asker=BOB, message_id="m2")
    running.add("3", work["3"], channel=THERE, asker=ADA, message_id="m1")
    return running


def cancelled(work: dict[str, Work]) -> set[str]:
    return {name for name, one in work.items() if one.is_cancelled}


@pytest.mark.parametrize(
    ("author", "request_id", "stopped"),
    [
        (ADA, None, {"1"}),
        (BOB, None, {"2"}),
        (MODERATOR, None, {"1", "2"}),
        (ADA, "1", {"1"}),
        (ADA, "2", set()),
        (ADA, "3", set()),
        (MODERATOR, "2", {"2"}),
        (MODERATOR, "3", set()),
        (ADA, "none", set()),
    ],
)
def test_stop_reaches_only_what_the_person_may_stop_here(
    answers: RunningAnswers,
    work: dict[str, Work],
    author: Author,
    request_id: str | None,
    stopped: set[str],
) -> None:
    assert answers.stop(HERE, author, request_id=request_id) == len(stopped)
    assert cancelled(work) == stopped


def test_stop_for_message_reaches_only_that_channel(
    answers: RunningAnswers, work: dict[str, Work]
) -> None:
    assert answers.stop_for_message(HERE, "m1") == 1
    assert cancelled(work) == {"1"}


def test_a_removed_answer_is_left_alone(
    answers: RunningAnswers, work: dict[str, Work]
) -> None:
    answers.remove("1")
    answers.remove("1")
    assert len(answers) == 2
    assert answers.stop(HERE, ADA) == 0
    assert not cancelled(work)


async def test_only_who_asks_about_that_answer_waits_until_it_is_shown() -> None:
    showing = Showing()
    await showing.over(HERE, "q1")
    with showing.going_on(HERE, "q1"):
        await showing.over(HERE, "q2")
        await showing.over(THERE, "q1")
        waiting = asyncio.create_task(showing.over(HERE, "q1"))
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting
    await showing.over(HERE, "q1")
