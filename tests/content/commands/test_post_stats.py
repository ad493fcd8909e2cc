import io
from collections.abc import Callable, Coroutine

import pytest
from PIL import Image

from adapters.fake.adapter import FakeAdapter
from bot.commands.command import Answer, CommandContext
from bot.config import Config
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.store.store import Store
from bot.words import Text, Words
from content.commands.post_stats import stats_answer
from content.content import Content
from tests.content.feedback import like, send

Ask = Callable[..., Coroutine[None, None, Answer]]


@pytest.fixture
def ask(
    make_content: Callable[[Config], Content],
    make_config: Callable[..., Config],
    adapter: FakeAdapter,
) -> Ask:
    content, words = make_content(make_config()), Words({})
    adapter.add_channel(Channel("fake", "other", "elsewhere", "other"))

    async def run(
        channel: str = "general", role: Role = Role.MODERATOR, days: str = ""
    ) -> Answer:
        place = adapter.channel(channel)
        context = CommandContext(Author("1", "Ada", role), place, "en")
        return await stats_answer(content, words, context, days)

    return run


def said(answer: Answer) -> str:
    return str(answer.text) if isinstance(answer.text, Text) else answer.text


async def test_what_is_no_number_of_days_is_said(ask: Ask) -> None:
    with pytest.raises(UserError, match="number of days"):
        await ask(days="soon")


async def test_nothing_posted_is_said_without_a_chart(ask: Ask, store: Store) -> None:
    await send(store, "Tea", channels=("fake:other",))
    answer = await ask()
    assert said(answer) == "Nothing was posted here in the last 30 days."
    assert answer.attachments == ()


async def test_moderators_see_their_own_and_owners_all(ask: Ask, store: Store) -> None:
    await send(store, "Tea", channels=("fake:other",))
    await send(store, "Cats")
    assert "About Tea" not in said(await ask())
    owners = said(await ask(role=Role.OWNER))
    assert "2 posts" in owners
    assert "About Tea" in owners
    assert (await ask()).attachments == ()  # nobody has reacted to anything


async def test_best_come_first_with_their_counts_and_a_chart(
    ask: Ask, store: Store
) -> None:
    for topic, num in (("Rain", 0), ("Tea", 3), ("Cats", 1)):
        await like(store, await send(store, topic), num)
    answer = await ask(days="7")
    lines = said(answer).splitlines()
    assert lines[0] == (
        "**The last 7 days** · 3 posts, 4 reactions, 0 votes, 0 replies"
    )
    assert lines[1:4] == [
        "- About Tea · 👍 3",
        "- About Cats · 👍 1",
        "- About Rain · –",
    ]
    assert lines[4].startswith("Best liked topics: Tea (×1.")
    (chart,) = answer.attachments
    with Image.open(io.BytesIO(chart.content)) as picture:
        assert (picture.format, picture.width) == ("PNG", 1000)
