import pytest

from content.quality import (
    Part,
    Score,
    is_in_language,
    is_like,
    leans_on_another,
    score_text,
    sentence_fault,
)

TOPIC = "Watering tomatoes in summer"
WANTED = ("water", "sun", "good soil", "air", "warm days", "warm nights", "a stake")
NEEDS = " ".join(
    f"Tomatoes need {what}. Tomatoes also like {what} in summer." for what in WANTED
)
"""Hardly four words twice, and yet always the same."""


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Too short.", "length"),
        ("Water " * 40 + ".", "length"),
        ("As an AI language model, there is little to say about tomatoes.", "task"),
        ("I'm sorry, but help with watering tomatoes is not possible.", "task"),
        ("Here are three short sentences about watering tomatoes in summer.", "task"),
        ("In this article we look at tomatoes and at water.", "task"),
        ("In the evening I like to water the tomatoes slowly.", "yourself"),
        ("Die Tomaten sind im Sommer sehr durstig und das ist gut.", "language"),
        ("番茄在夏天需要很多水，早上浇水最好。", "language"),
        ("Second, you carry the water slowly to the tomatoes.", "counting"),
        ("Water is water and water is what the tomatoes want.", "repetition"),
        ("Tomatoes are very very happy about evening rain.", "repetition"),
        ("A watering can is a testament to the love of tomatoes.", "set phrases"),
        ("Watering tomatoes lowers the risk of falling ill in summer.", "health"),
        ("Tomatoes want about 2 litres of water on a hot day.", "figures"),
        ("Ask the gardener Karl Brown how to water the tomatoes.", "names"),
        ('Gardeners call the first tomato "the red pearl" of summer.', "quotations"),
        ("More about tomatoes stands on www.example.org for everyone.", "links"),
        ("Water the tomatoes early in the morning 🍅 every day.", "links"),
        ("Water the tomatoes (early in the morning every day.", "brackets"),
    ],
)
def test_fault_says_what_is_wrong(sentence: str, fault: str) -> None:
    assert fault in str(sentence_fault(sentence, language="en", topic=TOPIC))


@pytest.mark.parametrize(
    "sentence",
    [
        "Tomatoes drink more water when the summer air is hot and dry.",
        "Pour slowly around the roots, so that nothing runs away.",
        "People in Spain and Italy water their tomatoes at dawn.",
    ],
)
def test_plain_sentence_has_no_fault(sentence: str) -> None:
    assert sentence_fault(sentence, language="en", topic=TOPIC) is None


def test_names_and_figures_of_the_topic_may_be_said() -> None:
    sentence = "Reading the novel Jane Eyre again after 20 years brings new joys."
    topic = "Reading Jane Eyre after 20 years"
    assert sentence_fault(sentence, language="en", topic=topic) is None


def test_chinese_sentence_is_judged_by_its_characters() -> None:
    sentence = "番茄在夏天需要很多水，早上浇水最好。"
    assert sentence_fault(sentence, language="zh-CN", topic="夏天给番茄浇水") is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The water is for the roots", "en", True),
        ("El agua es para las raíces", "en", False),
        ("El agua es para las raíces", "es", True),
        ("Вода для корней", "en", False),
        ("Вода для корней", "ru", True),
        ("water", "zh", False),
        ("Vatten för rötterna", "sv", True),  # nothing is known about it
    ],
)
def test_language_is_told_roughly(text: str, language: str, expected: bool) -> None:
    assert is_in_language(text, language) is expected


def test_likeness_sees_the_same_said_otherwise() -> None:
    said = ["Water the tomatoes slowly in the early morning."]
    assert is_like("In the early morning, water tomatoes slowly.", said)
    assert is_like("Water the tomatoes slowly in winter or never at all.", said)
    assert not is_like("Straw keeps the ground cool for weeks.", said)


def test_leaning_sentence_cannot_open_a_paragraph() -> None:
    assert leans_on_another("It also helps.")
    assert not leans_on_another("Item by item.")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Tomatoes want water.", "length"),
        ("Tomatoes want water in summer. " * 40, "length"),
        ("Watering tomatoes in summer is good. " * 8, "repetition"),
        (NEEDS, "repetition"),
        ("As an AI, watering tomatoes is hard for everyone here.", "leftovers"),
        ("Las plantas del huerto y el agua en la casa.", "language"),
    ],
)
def test_score_names_the_part_that_is_bad(text: str, part: str) -> None:
    score = score_text(text, language="en", min_words=8, max_words=100)
    assert part in {bad.name for bad in score.parts if bad.reason}
    assert not score.is_good_enough
    assert score.reasons


def test_score_is_the_mean_of_its_parts() -> None:
    score = Score((Part("one", 1.0), Part("two", 0.5)))
    assert score.value == 0.75
    assert score.is_good_enough
