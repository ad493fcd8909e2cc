import pytest

from bot.messages import Channel
from bot.publication import Poll
from bot.reactions import Vote
from bot.store.feedback import FeedbackRepository
from bot.store.lessons import LessonRepository, LessonStep
from bot.store.store import Store
from content.poll_answers import PollAnswers
from tests.content.feedback import send

HERE = Channel("fake", "general", "fakeville")
POLL = Poll("Which word?", ("haste", "patience", "rest"), correct=1)
OLD = LessonStep("patience", "staying calm", is_new=False)
NEW = LessonStep("ember", "a glowing coal", is_new=True)


@pytest.fixture
async def lessons(store: Store) -> LessonRepository:
    """A word that was taught, and asked again beside a new one."""
    lessons = LessonRepository(store)
    for post_id, poll in (("p1", None), ("p2", POLL)):
        await send(store, "words", post_id=post_id, kind="lesson", poll=poll)
    await lessons.put("p1", "s", [LessonStep("patience", "staying calm", is_new=True)])
    await lessons.put("p2", "s", [NEW, OLD])
    return lessons


async def vote(store: Store, *answers: int) -> None:
    """Let one person after the other choose an answer."""
    votes = [
        Vote("fake", HERE, "p2", person_id=f"person {number}", answers=(answer,))
        for number, answer in enumerate(answers)
    ]
    await PollAnswers(store).count(await FeedbackRepository(store).keep(votes))


async def boxes(lessons: LessonRepository) -> dict[str, int]:
    return {item.word: item.box for item in await lessons.of("s")}


async def test_votes_of_other_polls_are_no_answers(store: Store) -> None:
    await send(store, "tea", post_id="p2", poll=Poll("Tea?", ("yes", "no")))
    await vote(store, 0, 1)
    await PollAnswers(store).count({"p2", "gone"})


@pytest.mark.parametrize(
    ("answers", "box"), [((), 2), ((1,), 2), ((0, 1), 2), ((0, 2, 1), 1), ((0,), 1)]
)
async def test_word_that_most_did_not_know_begins_anew(
    answers: tuple[int, ...], box: int, store: Store, lessons: LessonRepository
) -> None:
    await vote(store, *answers)
    assert await boxes(lessons) == {"patience": box, "ember": 1}


async def test_later_votes_can_change_it(
    store: Store, lessons: LessonRepository
) -> None:
    await vote(store, 0)
    assert (await boxes(lessons))["patience"] == 1
    await vote(store, 0, 1, 1)
    assert (await boxes(lessons))["patience"] == 2
