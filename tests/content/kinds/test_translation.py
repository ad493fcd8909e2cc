import pytest

from bot.generation.requests import TextParams
from bot.store.materials import Material
from bot.words import T
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds.translation import Translation
from content.text_maker import FakeTextMaker

POST = Material(
    "公园里的雨后",
    "https://example.org/post",
    "## 上午\n\n雨后的公园很安静。孩子们在玩 3 个水洼。\n\n- 老人坐在长椅上看书",
)
THERE = {
    "公园里的雨后": "In the park after the rain",
    "上午": "The morning of the day",
    "雨后的公园很安静。": "The park is quiet after the rain.",
    "孩子们在玩 3 个水洼。": "The children play in 3 puddles.",
    "老人坐在长椅上看书": "An old man reads on the bench",
}
BACK = {english: chinese for chinese, english in THERE.items()}


def translating(prompt: str, params: TextParams) -> str:
    return next(
        (other for text, other in {**THERE, **BACK}.items() if text in prompt), ""
    )


async def draft(maker: FakeTextMaker, *, language: str = "en") -> Draft:
    brief = Brief("a post", language=language, material=(POST,))
    return await Translation().draft(brief, maker)


async def test_post_is_translated_line_by_line_and_keeps_its_layout() -> None:
    made = await draft(FakeTextMaker(translating))
    assert made.title == "In the park after the rain"
    assert made.body == (
        "## The morning of the day\n\nThe park is quiet after the rain. The children "
        "play in 3 puddles.\n\n- An old man reads on the bench"
    )
    assert made.sources[0].url == POST.url


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("El parque está tranquilo y la lluvia es de los niños", "the right language"),
        ("", "a translation of the same length"),
        ("As an AI language model I cannot do that", "the translation alone"),
        ("The park is in 9 puddles", "the same figures"),
    ],
)
async def test_sentence_that_is_no_translation_is_not_taken(
    wrong: str, fault: str
) -> None:
    with pytest.raises(DraftFailedError) as caught:
        await draft(FakeTextMaker(lambda prompt, params: wrong))
    assert T(fault) in caught.value.reasons


async def test_sentence_that_comes_back_as_another_is_not_taken() -> None:
    def answer(prompt: str, params: TextParams) -> str:
        if "Chinese" in prompt:
            return "月亮上没有人"
        return translating(prompt, params)

    with pytest.raises(DraftFailedError) as caught:
        await draft(FakeTextMaker(answer))
    assert T("what it said before it was translated") in caught.value.reasons


async def test_post_in_the_language_already_is_told() -> None:
    with pytest.raises(DraftFailedError) as caught:
        await draft(FakeTextMaker(translating), language="zh-CN")
    assert "already" in str(caught.value)


async def test_model_that_cannot_translate_is_told_after_the_title() -> None:
    maker = FakeTextMaker(lambda prompt, params: "I like tea")
    with pytest.raises(DraftFailedError) as caught:
        await draft(maker)
    assert caught.value.is_final
    assert "cannot translate from Chinese into English" in str(caught.value)
    assert "hearthbot models recommend" in str(caught.value)
    assert len(maker.prompts) <= 6
