import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.clock import FakeClock
from bot.messages import Channel
from bot.safety.alarm import FilterAlarm
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain, Judgement, Subject
from bot.safety.policy import Level, Policy
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

ROOM = Channel("web", "general", "home")
BLOCK = Verdict(Action.BLOCK, "word", 1.0, "fake", "a word")
FLAG = Verdict(Action.FLAG, "guard", 0.5, "fake", "rude")


def broken(subject: Subject) -> Verdict:
    raise RuntimeError("broken")


def too_slow(subject: Subject) -> Verdict:
    raise TimeoutError


def redacting_to_nothing(subject: Subject) -> Verdict:
    return Verdict(Action.REDACT, "mention", 1.0, "fake")


def crossing_out(word: str) -> FakeFilter:
    return FakeFilter(
        lambda subject: Verdict(
            Action.REDACT,
            "mention",
            1.0,
            "fake",
            f"crossed out {len(word)}",
            subject.text.replace(word, "█"),
        )
    )


FAILING = [
    pytest.param(FakeFilter(broken), "the filter failed", id="throws"),
    pytest.param(FakeFilter(too_slow), "the filter took too long", id="own time-out"),
    pytest.param(FakeFilter(), "the filter took too long", id="hangs"),
    pytest.param(FakeFilter(redacting_to_nothing), "the filter failed", id="no text"),
]


@pytest.mark.parametrize(("failing", "reason"), FAILING)
async def test_chain_blocks_output_when_a_filter_fails(
    failing: FakeFilter, reason: str
) -> None:
    chain = FilterChain([failing], time_limit_s=0.01)

    async with asyncio.timeout(5):
        judgement = await chain.judge(Subject("secret words", Stage.OUTPUT))

    verdict = Verdict(Action.BLOCK, "failure", 1.0, "fake", reason)
    assert judgement == Judgement(
        verdict, "", (verdict,), found=verdict, seen="secret words"
    )


@pytest.mark.parametrize(("failing", "reason"), FAILING)
async def test_chain_flags_input_and_asks_on_when_a_filter_fails(
    failing: FakeFilter, reason: str
) -> None:
    after = FakeFilter(lambda _: ALLOW)
    chain = FilterChain([failing, after], time_limit_s=0.01)

    async with asyncio.timeout(5):
        judgement = await chain.judge(Subject("hello", Stage.INPUT))

    verdict = Verdict(Action.FLAG, "failure", 1.0, "fake", reason)
    assert judgement == Judgement(
        verdict, "hello", (verdict,), found=verdict, seen="hello"
    )
    assert len(after.asked) == 1


async def test_chain_logs_a_failure_without_the_text() -> None:
    with capture_logs() as logs:
        await FilterChain([FakeFilter(broken)]).judge(Subject("secret", Stage.OUTPUT))

    assert [(log["event"], log["log_level"], log["filter"]) for log in logs] == [
        ("filter failed", "error", "fake")
    ]
    assert "secret" not in str(logs)


async def test_chain_leaves_the_time_limit_of_its_caller_alone() -> None:
    chain = FilterChain([FakeFilter()], time_limit_s=60)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await chain.judge(Subject("hi", Stage.OUTPUT))


async def test_chain_asks_nobody_after_a_block() -> None:
    after = FakeFilter(lambda _: ALLOW)

    judgement = await FilterChain(
        [FakeFilter(lambda _: FLAG), FakeFilter(lambda _: BLOCK), after]
    ).judge(Subject("text", Stage.INPUT))

    assert judgement == Judgement(BLOCK, "", (FLAG, BLOCK), found=BLOCK, seen="text")
    assert judgement.is_blocked
    assert after.asked == []


async def test_chain_shows_each_filter_what_was_redacted_before() -> None:
    after = FakeFilter(lambda _: ALLOW)
    subject = Subject("red green", Stage.OUTPUT, before="red ")

    judgement = await FilterChain(
        [crossing_out("red"), crossing_out("green"), after]
    ).judge(subject)

    assert judgement.text == judgement.verdict.text == "█ █"
    assert judgement.verdict.reason == "crossed out 3"
    assert [verdict.text for verdict in judgement.all] == ["█ green", "█ █"]
    assert after.asked == [Subject("█ █", Stage.OUTPUT, before="red ")]


async def test_chain_passes_over_filters_of_the_other_stage() -> None:
    class OutputOnly(FakeFilter):
        stages = frozenset({Stage.OUTPUT})

    chain = FilterChain([OutputOnly(lambda _: BLOCK)])

    assert not (await chain.judge(Subject("text", Stage.INPUT))).is_blocked
    assert (await chain.judge(Subject("text", Stage.OUTPUT))).is_blocked


async def test_chain_without_filters_allows() -> None:
    judgement = await FilterChain([]).judge(Subject("text", Stage.OUTPUT))

    assert judgement == Judgement(ALLOW, "text", (), seen="text")
    assert not judgement.is_blocked


async def watched(channel: Channel | None) -> Policy:
    return Policy(is_shadow=True)


async def test_watched_place_is_judged_and_nothing_comes_of_it() -> None:
    blocking = FakeFilter(lambda _: replace(BLOCK, scores={"hate": 0.9}))
    redacting = crossing_out("red")
    chain = FilterChain([redacting, blocking], policy_of=watched)

    judgement = await chain.judge(Subject("red text", Stage.INPUT))

    assert judgement.verdict is ALLOW
    assert judgement.text == judgement.seen == "red text"
    assert [verdict.action for verdict in judgement.all] == [
        Action.REDACT,
        Action.BLOCK,
    ]
    assert judgement.found == BLOCK
    assert judgement.scores == {"hate": 0.9}


async def test_what_protects_acts_even_where_a_place_is_only_watched() -> None:
    class Protecting(FakeFilter):
        acts_in_shadow = True

    chain = FilterChain([Protecting(lambda _: BLOCK)], policy_of=watched)

    assert (await chain.judge(Subject("text", Stage.INPUT))).is_blocked


async def test_filters_are_told_how_strict_the_channel_is() -> None:
    asked = FakeFilter(lambda _: ALLOW)
    strict = Policy(level=Level.STRICT)

    async def policy_of(channel: Channel | None) -> Policy:
        assert channel == ROOM
        return strict

    await FilterChain([asked], policy_of=policy_of).judge(
        Subject("text", Stage.OUTPUT, ROOM)
    )

    assert asked.asked[0].policy is strict


async def test_scores_are_kept_where_everything_is_allowed() -> None:
    scored = FakeFilter(lambda _: Verdict(Action.ALLOW, scores={"violence": 0.2}))

    judgement = await FilterChain([scored]).judge(Subject("text", Stage.INPUT))

    assert judgement.scores == {"violence": 0.2}
    assert judgement.all == ()


async def test_alarm_is_told_once_an_hour_and_ends_when_the_filter_works_again(
    clock: FakeClock,
) -> None:
    told: list[tuple[str, str]] = []
    alarm = FilterAlarm(lambda name, reason: told.append((name, reason)), clock=clock)
    answers = iter([broken, broken, lambda _: ALLOW, broken, broken])
    unsteady = FakeFilter(lambda subject: next(answers)(subject))
    chain = FilterChain([unsteady], alarm=alarm)
    subject = Subject("text", Stage.INPUT)

    await chain.judge(subject)
    await chain.judge(subject)
    assert told == [("fake", "the filter failed")]
    assert alarm.failing == {"fake": "the filter failed"}

    await chain.judge(subject)
    assert alarm.is_quiet

    await chain.judge(subject)
    assert len(told) == 1
    assert not alarm.is_quiet

    await clock.advance(3600)
    await chain.judge(subject)
    assert len(told) == 2


def test_subject_stands_behind_what_is_already_visible() -> None:
    assert Subject("world", Stage.OUTPUT, before="hello ").in_context == "hello world"


def test_texts_are_not_shown_when_printed() -> None:
    subject = Subject("secret", Stage.INPUT, before="hidden")

    assert "secret" not in repr(subject)
    assert "hidden" not in repr(subject)
    assert "secret" not in repr(Judgement(ALLOW, "secret"))


async def test_what_is_said_of_something_that_passes_is_counted_nowhere() -> None:
    counted: list[str] = []
    chain = FilterChain(
        [FakeFilter(lambda _: BLOCK)],
        on_verdict=lambda name, _verdict, _stage: counted.append(name),
    )
    subject = Subject("text", Stage.OUTPUT, is_passing=True)
    assert (await chain.judge(subject)).is_blocked
    assert counted == []
    await chain.judge(replace(subject, is_passing=False))
    assert counted == ["fake"]
