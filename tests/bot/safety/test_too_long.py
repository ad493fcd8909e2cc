import pytest

from bot.safety.filter import Subject
from bot.safety.too_long import TooLong
from bot.safety.verdict import ALLOW, Action, Stage, Verdict


@pytest.mark.parametrize("text", ["abcdef", "👩‍👩‍👧‍👦", "      ", "é́́́́́"])
async def test_too_long_blocks_what_has_more_characters(text: str) -> None:
    assert await TooLong(max_length=5).judge(Subject(text, Stage.INPUT)) == Verdict(
        Action.BLOCK, "length", 1.0, "too_long", "longer than 5 characters", limit=5
    )


@pytest.mark.parametrize("text", ["", "abcde", "你好吗朋友", "👍👍👍👍👍"])
async def test_too_long_allows_what_has_as_many_or_fewer(text: str) -> None:
    assert await TooLong(max_length=5).judge(Subject(text, Stage.INPUT)) is ALLOW


def test_too_long_judges_only_what_people_write() -> None:
    assert TooLong.stages == {Stage.INPUT}
