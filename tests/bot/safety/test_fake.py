from bot.safety.fake import NoClassifier
from bot.safety.filter import Subject
from bot.safety.guard_filter import GuardFilter
from bot.safety.policy import Category, Level
from bot.safety.verdict import ALLOW, Stage


async def test_no_classifier_finds_nothing_at_any_level() -> None:
    nothing = NoClassifier()

    assert await nothing.classify("anything", Stage.INPUT) == {}
    for level in Level:
        assert nothing.threshold(Category.VIOLENCE, level) > 1
    judged = await GuardFilter(nothing).judge(Subject("kill", Stage.OUTPUT))
    assert judged is ALLOW
