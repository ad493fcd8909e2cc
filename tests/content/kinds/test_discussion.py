from bot.generation.requests import TextParams
from content.drafting import Brief
from content.kinds.discussion import Discussion
from content.text_maker import FakeTextMaker

TOPIC = "Watering tomatoes in summer"


async def test_answers_stand_between_the_name_of_an_angle_and_its_question() -> None:
    answers = iter(
        [
            "How do you water tomatoes in a hot summer?",
            "Watering tomatoes in the early morning is a quiet pleasure.",
            "A forgotten can of water makes tomatoes crack in July.",
            "A beginner does best with two pots of tomatoes near the door.",
        ]
    )
    maker = FakeTextMaker(lambda prompt, params: next(answers))
    made = await Discussion().draft(Brief(TOPIC), maker)
    assert made.title == "Let us talk: watering tomatoes in summer"
    question, _, *angles, closing = made.body.split("\n\n")
    assert question == "**How do you water tomatoes in a hot summer?**"
    assert [angle.split("**")[1] for angle in angles] == [
        "One side.",
        "Another side.",
        "A thought for newcomers.",
    ]
    assert "quiet pleasure. What do you like about it?" in angles[0]
    assert closing == "Pick the one that speaks to you and answer below."
    assert made.score.is_good_enough


async def test_angle_that_names_people_or_figures_is_left_to_the_design() -> None:
    def answer(prompt: str, params: TextParams) -> str:
        return "In 1998 Peter Smith grew tomatoes in summer."

    made = await Discussion().draft(Brief(TOPIC), FakeTextMaker(answer))
    assert "Peter" not in made.body
    assert made.body.count("**") == 8


async def test_shorter_has_fewer_angles() -> None:
    maker = FakeTextMaker(lambda prompt, params: "")
    made = await Discussion().draft(Brief(TOPIC, scale=0.5), maker)
    assert made.body.count("**") == 2 + 2 * 2
