import pytest

from bot.clock import FakeClock
from bot.messages import Author, Channel, Role
from bot.safety.filter import Subject
from bot.safety.repeats import MAX_COMMUNITIES, MAX_REMEMBERED, Repeats
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

OFFER = "Free coins for everybody who joins my new server today, come and see it!"
ROOM = Channel("web", "general", "home")
ADA = Author("1", "Ada")


@pytest.fixture
def repeats(clock: FakeClock) -> Repeats:
    return Repeats(flag_at=3, block_at=5, window_s=120, clock=clock)


async def actions(
    repeats: Repeats,
    texts: list[str],
    *,
    authors: list[Author] | None = None,
    channels: list[Channel] | None = None,
) -> list[Action]:
    said = []
    for number, text in enumerate(texts):
        author = authors[number % len(authors)] if authors else ADA
        channel = channels[number % len(channels)] if channels else ROOM
        subject = Subject(text, Stage.INPUT, channel, author)
        said.append((await repeats.judge(subject)).action)
    return said


GROWING = [Action.ALLOW, Action.ALLOW, Action.FLAG, Action.FLAG, Action.BLOCK]
ALLOWED = [Action.ALLOW] * 8


async def test_repeats_flags_then_blocks_one_person(repeats: Repeats) -> None:
    texts = [OFFER, OFFER.upper(), f"{OFFER} 1", f"{OFFER} 😂", OFFER, OFFER]

    assert await actions(repeats, texts) == [*GROWING, Action.BLOCK]


async def test_repeats_counts_all_channels_of_a_community(repeats: Repeats) -> None:
    channels = [Channel("web", f"room {number}", "home") for number in range(5)]

    assert await actions(repeats, [OFFER] * 5, channels=channels) == GROWING


async def test_repeats_counts_people_who_write_the_same(repeats: Repeats) -> None:
    crowd = [Author(f"{number}", "") for number in range(5)]

    assert await actions(repeats, [OFFER] * 5, authors=crowd) == GROWING
    verdict = await repeats.judge(Subject(OFFER, Stage.INPUT, ROOM, Author("9", "")))
    assert verdict == Verdict(
        Action.BLOCK,
        "repeat",
        1.0,
        "repeats",
        "the same message from many people",
        limit=4,
        retry_after_s=120.0,
    )


@pytest.mark.parametrize("text", ["hi", "ok", "+1", "😂😂😂", "good night", "", "你好"])
async def test_repeats_passes_over_short_messages(repeats: Repeats, text: str) -> None:
    assert await actions(repeats, [text] * 8) == ALLOWED


async def test_repeats_lets_many_people_congratulate(repeats: Repeats) -> None:
    crowd = [Author(f"{number}", "") for number in range(8)]

    assert (
        await actions(repeats, ["Happy birthday, Bob!"] * 8, authors=crowd) == ALLOWED
    )


async def test_repeats_allows_different_messages(repeats: Repeats) -> None:
    texts = [f"{word} is what I wanted to tell you" for word in "abcdefgh"]
    others = ["How do I cook rice?", "Where is the station?", "I like green tea a lot"]

    assert await actions(repeats, others) == ALLOWED[:3]
    assert await actions(repeats, texts[:2]) == ALLOWED[:2]


@pytest.mark.parametrize(
    ("author", "channel"),
    [
        (None, ROOM),
        (ADA, None),
        (Author("2", "Bot", is_bot=True), ROOM),
        (Author("3", "Mo", Role.MODERATOR), ROOM),
        (ADA, Channel("web", "ada", "home", is_private=True)),
    ],
)
async def test_repeats_does_not_count_everybody(
    repeats: Repeats, author: Author | None, channel: Channel | None
) -> None:
    for _ in range(8):
        subject = Subject(OFFER, Stage.INPUT, channel, author)
        assert await repeats.judge(subject) is ALLOW


async def test_repeats_keeps_communities_apart(repeats: Repeats) -> None:
    elsewhere = [Channel("web", "general", f"home {number}") for number in range(8)]

    assert await actions(repeats, [OFFER] * 8, channels=elsewhere) == ALLOWED


async def test_repeats_forgets(repeats: Repeats, clock: FakeClock) -> None:
    assert await actions(repeats, [OFFER] * 5) == GROWING
    await clock.advance(30)
    verdict = await repeats.judge(Subject(OFFER, Stage.INPUT, ROOM, ADA))
    assert (verdict.reason, verdict.retry_after_s) == (
        "the same message again and again by one person",
        90,
    )

    await clock.advance(120)

    assert await actions(repeats, [OFFER] * 5) == GROWING


async def test_repeats_remembers_only_so_much(repeats: Repeats) -> None:
    await actions(repeats, [OFFER] * 2)
    letters = "abcdefghijklmnopqrstuvwxyz"
    noise = [
        one * 3 + two * 2 + one + "xyzzy" + two for one in letters for two in letters
    ]
    assert len(noise) > MAX_REMEMBERED
    crowd = [Author(f"{number}", "") for number in range(1000)]
    await actions(repeats, [f"{text} {text[::-1]}" for text in noise], authors=crowd)

    assert await actions(repeats, [OFFER] * 2) == [Action.ALLOW] * 2


async def test_repeats_remembers_only_so_many_communities(repeats: Repeats) -> None:
    await actions(repeats, [OFFER] * 2)
    others = [Channel("web", "", f"{number}") for number in range(MAX_COMMUNITIES)]
    await actions(repeats, [OFFER] * MAX_COMMUNITIES, channels=others)

    assert await actions(repeats, [OFFER]) == [Action.ALLOW]


async def test_repeats_takes_long_messages(repeats: Repeats) -> None:
    assert await actions(repeats, [OFFER * 1000] * 5) == GROWING
