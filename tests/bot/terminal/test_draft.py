from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bot.conftest import Home
    from tests.bot.terminal.conftest import ModelServer

TOPIC = "watering tomatoes in summer"
ARTICLE = Path(__file__).parents[2] / "content" / "tomatoes.txt"
SENTENCES = ARTICLE.read_text("utf-8").splitlines()


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
    text, _, picture = page.read_text("utf-8").rpartition("\n\n")
    assert text == f"# {draft['title']}\n\n{draft['body']}"
    alt = f"Cover with the title “{draft['title']}”"
    assert picture == f"![{alt}](watering-tomatoes-in-summer.webp)\n"
    assert page.with_suffix(".webp").read_bytes().startswith(b"RIFF")
    assert "The draft is in my/drafts/watering-tomatoes-in-summer.md." in ended.err


def test_digest_is_made_from_texts_on_paper_without_a_model(home: Home) -> None:
    news = home.folder / "bees.txt"
    news.write_text(
        "Bees return to the valley\n"
        "Bees return to the valley after nine dry years. They like the thyme there.\n",
        encoding="utf-8",
    )
    ended = home.run("draft", "digest", "--material", "bees.txt")
    assert ended.code == 0
    assert ended.out.startswith("# News: Bees\n")
    assert "Bees return to the valley after nine dry years." in ended.out
    assert "(bees)" in ended.out


def test_material_that_is_not_there_is_told(home: Home) -> None:
    ended = home.run("draft", "digest", "--material", "none.txt")
    assert ended.code == 1
    assert "none.txt" in ended.err
    assert ended.is_kind


def test_draft_without_topic_and_material_is_wrong_use(home: Home) -> None:
    assert home.run("draft", "digest").code == 2
