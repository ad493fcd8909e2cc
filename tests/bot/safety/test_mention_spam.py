import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FakeClock
from bot.messages import Author, Channel
from bot.safety import mention_spam
from bot.safety.filter import Subject
from bot.safety.mention_spam import MentionSpam
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

ROOM = Channel("discord", "general", "home")
ADA = Author("1", "Ada")
FOUR = "<@1> <@!2> <@&3> @dave"


@pytest.fixture
def spam(clock: FakeClock) -> MentionSpam:
    return MentionSpam(limit=4, clock=clock)


async def judge(spam: MentionSpam, text: str, author: Author | None = ADA) -> Verdict:
    return await spam.judge(Subject(text, Stage.INPUT, ROOM, author))


@pytest.mark.parametrize(
    "text",
    [
        "<@1> <@2> <@3> <@4> <@5>",
        "<@&1> <@&2> <@&3> <@&4> <@&5>",
        f"{FOUR} @erin",
        "@ada, @bob, @cyd, @dan and @eve: come!",
        "<@1><@2><@3><@4><@&4>",
    ],
)
async def test_mention_spam_blocks_many_in_one_message(
    spam: MentionSpam, text: str
) -> None:
    assert await judge(spam, text, None) == Verdict(
        Action.BLOCK,
        "mention",
        1.0,
        "mention_spam",
        "more than 4 mentions in one message",
        limit=4,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        FOUR,
        "<@1> <@!1> <@1> <@1> <@1> <@1>",
        "@ada @Ada @ADA @ada @ada @ada",
        "a@b.org c@d.org e@f.org g@h.org i@j.org",
        "`<@1> <@2> <@3> <@4> <@5>`",
        "```\n@property @static @cached @wraps @fixture\n```",
        "@ @ @ @ @ @@ <@> <@x>",
    ],
)
async def test_mention_spam_allows(spam: MentionSpam, text: str) -> None:
    assert await judge(spam, text) is ALLOW


async def test_mention_spam_counts_a_minute(
    spam: MentionSpam, clock: FakeClock
) -> None:
    assert await judge(spam, FOUR) is ALLOW
    await clock.advance(20)
    assert await judge(spam, "again <@1>") is ALLOW

    verdict = await judge(spam, "and <@5>")

    assert verdict.action is Action.BLOCK
    assert verdict.reason == "more than 4 mentions in a minute"
    assert verdict.retry_after_s == 40
    assert await judge(spam, "and <@5>", Author("2", "Bob")) is ALLOW
    await clock.advance(40)
    assert await judge(spam, "and <@5>") is ALLOW


async def test_mention_spam_forgets_who_mentioned_longest_ago(
    spam: MentionSpam,
) -> None:
    assert await judge(spam, FOUR) is ALLOW
    for number in range(mention_spam.MAX_PEOPLE):
        assert await judge(spam, "<@9>", Author(f"p{number}", "")) is ALLOW

    assert await judge(spam, "<@5>") is ALLOW


@given(st.text() | st.text(st.sampled_from("<@!&1ab`> ")))
async def test_mention_spam_takes_any_text(text: str) -> None:
    spam = MentionSpam(limit=4, clock=FakeClock())

    assert (await judge(spam, text)).action in {Action.ALLOW, Action.BLOCK}


@pytest.mark.parametrize(
    "text",
    ["<@1> " * 50_000, "@" * 250_000, "`" * 249_999, "<@" * 125_000, "@a" * 125_000],
    ids=lambda text: text[:4],
)
async def test_mention_spam_takes_linear_time(spam: MentionSpam, text: str) -> None:
    start_s = time.process_time()

    assert await judge(spam, text) is ALLOW

    assert time.process_time() - start_s < 3  # measured: under 0.3 s
