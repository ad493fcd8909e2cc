import pytest

from bot.publication import Poll
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds.quiz import Quiz
from content.templates import read_template
from content.text_maker import FakeTextMaker

TABLE = read_template("quiz_facts")
NAMES = [f"{fact['group']}-{fact['answer']}" for fact in TABLE["facts"]]
SILENT = FakeTextMaker(lambda prompt, params: "")


async def draft(topic: str, **changes: object) -> Draft:
    return await Quiz().draft(Brief(topic, **changes), SILENT)  # type: ignore[arg-type]


def poll_of(made: Draft) -> Poll:
    assert made.poll is not None
    return made.poll


@pytest.mark.parametrize("fact", TABLE["facts"], ids=NAMES)
def test_fact_has_an_answer_of_its_pool_and_enough_others(
    fact: dict[str, object],
) -> None:
    pool = TABLE["pools"][fact["group"]]
    unfit = fact.get("unfit", [])
    assert fact["answer"] in pool
    assert isinstance(unfit, list)
    assert set(unfit) <= set(pool)
    assert len(set(pool) - {fact["answer"], *unfit}) >= 3
    for place, language in enumerate(("en", "zh")):
        texts = fact[language]
        assert isinstance(texts, list)
        question, explanation = texts
        assert question.endswith(("?", "？"))
        assert len(explanation) <= 200  # what a native quiz can show
        assert pool[fact["answer"]][place].lower() not in question.lower()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", range(20))
async def test_right_answer_is_right_and_there_once(seed: int, language: str) -> None:
    made = await draft("anything at all", seed=seed, language=language)
    poll = poll_of(made)
    assert poll.correct is not None
    place = ("en", "zh").index(language)
    (fact,) = [one for one in TABLE["facts"] if one[language][0] == poll.question]
    pool = TABLE["pools"][fact["group"]]
    assert poll.answers[poll.correct] == pool[fact["answer"]][place]
    assert len(set(poll.answers)) == 4
    assert set(poll.answers) <= {names[place] for names in pool.values()}
    assert poll.explanation == fact[language][1]


async def test_quiz_is_about_what_the_topic_is_near_to() -> None:
    made = await draft("why cats like boxes")
    assert made.title == "Quiz: animals"


async def test_question_is_not_asked_twice_until_all_were() -> None:
    earlier: tuple[str, ...] = ()
    questions: list[str] = []
    for number in range(len(TABLE["facts"])):
        poll = poll_of(await draft("the planets", seed=number, earlier=earlier))
        questions.append(poll.question)
        earlier = (poll.question, *earlier)
    assert len(set(questions)) == len(questions)
    assert all("planet" in question for question in questions[:5])
    again = poll_of(await draft("the planets", seed=99, earlier=earlier))
    assert again.question == questions[0]


async def test_topic_may_bring_its_own_question() -> None:
    made = await draft("Who founded us? | Ann | Bob | Cleo | Dan | In 2019, in a pub.")
    poll = poll_of(made)
    assert poll.correct is not None
    assert poll.question == "Who founded us?"
    assert poll.answers[poll.correct] == "Ann"
    assert sorted(poll.answers) == ["Ann", "Bob", "Cleo", "Dan"]
    assert poll.explanation == "In 2019, in a pub."


async def test_quiz_without_polls_hides_its_answer() -> None:
    made = await draft("the planets")
    poll = poll_of(made)
    assert poll.correct is not None
    *_, solution = made.text.split("\n\n")
    assert solution.startswith(f"||{'ABCD'[poll.correct]}: ")
    assert solution.endswith("||")


async def test_numbers_stand_in_their_order() -> None:
    poll = poll_of(await draft("counting", seed=3))
    assert list(poll.answers) == sorted(poll.answers, key=int)


async def test_language_without_facts_is_told() -> None:
    with pytest.raises(DraftFailedError):
        await draft("Planeten", language="de")


async def test_opening_of_the_model_is_used_where_it_is_good() -> None:
    good = "Come and guess with friends what lives among the animals."
    made = await Quiz().draft(
        Brief("animals"), FakeTextMaker(lambda prompt, params: good)
    )
    assert made.body == good
