import pytest

from bot.generation.requests import TextParams
from bot.words import T
from content.drafting import Brief, Drafter, DraftFailedError, Step, Unfit
from content.text_maker import FakeTextMaker


def only_yes(text: str) -> str:
    if text != "yes":
        raise Unfit(T("not {text}", text=text))
    return text


def answering(*answers: str) -> tuple[FakeTextMaker, list[TextParams]]:
    asked: list[TextParams] = []

    def answer(prompt: str, params: TextParams) -> str:
        asked.append(params)
        return answers[len(asked) - 1]

    return FakeTextMaker(answer), asked


async def test_ask_gives_up_after_so_many_attempts_with_all_reasons() -> None:
    maker, asked = answering("a", "b", "a")
    drafter = Drafter(maker, system="", seed=5)
    with pytest.raises(DraftFailedError, match=r"part: not a; not b$") as caught:
        await drafter.ask(Step(T("part"), ("p",), 10, max_attempts=3), only_yes)
    assert caught.value.reasons == tuple(T("not {text}", text=text) for text in "aba")
    assert [params.seed for params in asked] == [5, 6, 7]


async def test_ask_takes_the_next_prompt_and_records_each_attempt() -> None:
    maker, asked = answering("a", "b", "yes")
    drafter = Drafter(maker, system="s", seed=1)
    step = Step(T("part"), ("p", "q"), 10, max_attempts=4, temperature=0.1)
    assert await drafter.ask(step, only_yes) == "yes"
    assert maker.prompts == ["p", "q", "p"]
    assert [str(attempt.fault) for attempt in drafter.attempts] == [
        "not a",
        "not b",
        "None",
    ]
    assert (asked[0].max_tokens, asked[0].temperature) == (10, 0.1)


async def test_ask_or_does_without_where_something_is_designed() -> None:
    step = Step(T("part"), ("p",), 10, max_attempts=1)
    drafter = Drafter(answering("a", "a")[0], system="", seed=1)
    assert await drafter.ask_or(step, only_yes, "fallback") == "fallback"
    with pytest.raises(DraftFailedError):
        await drafter.ask_or(step, only_yes, None)


def test_brief_keeps_the_persona_out_of_logs() -> None:
    assert "secret" not in repr(Brief("t", persona="secret"))
