from datetime import UTC, datetime, timedelta

import pytest

from bot.store.lessons import LessonItem
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds.lesson import Lesson
from content.templates import read_template
from content.text_maker import FakeTextMaker

NOW = datetime(2026, 7, 1, tzinfo=UTC)
WORDS = read_template("lesson")["en"]["words"]
SILENT = FakeTextMaker(lambda prompt, params: "")


def taught(word: str, *, is_due: bool) -> LessonItem:
    due_utc = NOW if is_due else NOW + timedelta(days=9)
    meaning = next((row[3] for row in WORDS if row[0] == word), "a thing of the past")
    return LessonItem(word, meaning, 1, due_utc, is_due)


async def draft(topic: str, *lessons: LessonItem, language: str = "en") -> Draft:
    brief = Brief(topic, language=language, lessons=lessons)
    return await Lesson().draft(brief, SILENT)


async def test_lesson_has_meaning_example_and_exercise() -> None:
    made = await draft("patience")
    assert made.title == "Word of the day: patience"
    head, meaning, example, exercise = made.body.split("\n\n")
    assert head == "**patience** (noun, level 1)"
    assert meaning == "Staying calm while something takes long."
    assert example == "*For example:* It takes patience to teach a puppy."
    assert "**patience**" in exercise
    assert made.poll is None
    assert [(step.word, step.is_new) for step in made.lesson] == [("patience", True)]


@pytest.mark.parametrize(("topic", "level"), [("hard words", 3), ("words", 1)])
async def test_next_word_is_of_the_level_asked_for(topic: str, level: int) -> None:
    made = await draft(f"{topic} for the day")
    assert f"level {level})" in made.body


async def test_word_that_was_taught_is_not_taught_again() -> None:
    lessons: tuple[LessonItem, ...] = ()
    seen: list[str] = []
    for _ in WORDS:
        made = await draft("a word a day", *lessons)
        word = made.lesson[0].word
        seen.append(word)
        lessons = (*lessons, taught(word, is_due=False))
    assert sorted(seen) == sorted(row[0] for row in WORDS)


async def test_word_that_is_due_is_asked_among_others() -> None:
    made = await draft(
        "gentle", taught("patience", is_due=True), taught("borrow", is_due=False)
    )
    assert made.poll is not None
    assert made.poll.correct is not None
    assert made.poll.answers[made.poll.correct] == "patience"
    assert "borrow" in made.poll.answers
    assert "gentle" not in made.poll.answers or len(set(made.poll.answers)) == 4
    assert "staying calm while something takes long" in made.poll.question
    assert [step.word for step in made.lesson] == ["gentle", "patience"]


async def test_word_that_rests_is_not_asked() -> None:
    assert (await draft("gentle", taught("patience", is_due=False))).poll is None


async def test_word_that_its_meaning_names_is_not_asked() -> None:
    item = LessonItem("compost", "what compost is", 1, NOW, is_due=True)
    made = await draft("gentle", item)
    assert made.poll is None
    assert [step.word for step in made.lesson] == ["gentle"]


async def test_topic_may_bring_its_own_meaning() -> None:
    made = await draft("compost: rotted plants that feed others")
    assert "Rotted plants that feed others." in made.body
    assert "(an idea for today)" in made.body


async def test_word_that_no_table_knows_is_explained_by_the_model() -> None:
    answers = "Kindness is a warm way to treat others around the table."
    made = await Lesson().draft(
        Brief("kindness"), FakeTextMaker(lambda prompt, params: answers)
    )
    assert answers in made.body
    with pytest.raises(DraftFailedError):
        await draft("kindness")


async def test_sentence_of_the_model_needs_the_word_and_stands_after_ours() -> None:
    answers = iter(
        [
            "Dogs run over the wide and green hill.",
            "Bakers need patience with the slow dough at dawn.",
        ]
    )
    maker = FakeTextMaker(lambda prompt, params: next(answers))
    made = await Lesson().draft(Brief("patience"), maker)
    assert (
        "*And another:* Bakers need patience with the slow dough at dawn." in made.body
    )
    assert "Dogs" not in made.body


async def test_chinese_lesson_is_chinese() -> None:
    made = await draft("持之以恒", language="zh")
    assert made.title == "今日一词：持之以恒"
    assert "长久地坚持下去。" in made.body
