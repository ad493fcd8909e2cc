from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bot.conftest import Home
    from tests.bot.terminal.conftest import ModelServer

TOPIC = "watering tomatoes in summer"
SENTENCES = (
    "Tomatoes drink more when the summer air is hot and dry.",
    "Pour the water slowly around the roots so that nothing runs away.",
    "Early mornings are kind to tomatoes because the soil still feels cool.",
    "A layer of straw keeps water in the ground for a long while.",
    "Tomato leaves that hang in the evening often stand again before breakfast.",
    "Pots in the full summer sun dry out first of all.",
    "Neighbours with tomatoes like to swap advice over the fence.",
    "Rain from a barrel is softer than water from the pipe.",
    "Shade cloth over tomatoes takes the edge off a burning noon.",
    "Clay soil holds water better than loose sand ever could.",
    "Thirsty tomatoes split their skins after a sudden storm.",
    "Summer evenings in the garden end with wet shoes and happy plants.",
    "A finger in the earth tells more about water than any calendar.",
    "Stakes and strings give heavy tomatoes something to lean against.",
    "Late summer asks for a little less of everything.",
)


def three_sentences(number: int) -> tuple[str, ...]:
    chosen = (SENTENCES[(3 * number + i) % len(SENTENCES)] for i in range(3))
    return (" ".join(chosen),)


def test_draft_that_is_not_good_enough_is_told_why(home: Home) -> None:
    ended = home.run("draft", "article", "--topic", TOPIC)
    assert (ended.code, ended.out) == (1, "")
    assert "No draft was good enough: " in ended.err
    assert ended.is_kind


def test_folder_that_is_a_file_is_told_before_the_work(home: Home) -> None:
    (home.folder / "drafts").write_text("", encoding="utf-8")
    ended = home.run("draft", "article", "--topic", TOPIC, "--out", "drafts")
    assert ended.code == 1
    assert "(drafts)" in ended.err
    assert "No draft" not in ended.err
    assert ended.is_kind


async def test_draft_is_printed_or_put_into_a_folder(
    home: Home, model_server: ModelServer
) -> None:
    model_server.pieces = three_sentences
    ended = await home.run_beside("draft", "article", "--topic", TOPIC)
    assert ended.code == 0
    assert ended.out.startswith("# ")
    assert "Tomatoes" in ended.out
    model_server.prompts.clear()
    ended = await home.run_beside(
        "draft", "article", "--topic", TOPIC, "--out", "my/drafts", "--json"
    )
    draft = json.loads(ended.out)
    assert (draft["kind"], draft["topic"]) == ("article", TOPIC)
    page = home.folder / "my" / "drafts" / "watering-tomatoes-in-summer.md"
    assert page.read_text("utf-8") == f"# {draft['title']}\n\n{draft['body']}\n"
    assert "The draft is in my/drafts/watering-tomatoes-in-summer.md." in ended.err
