"""/why on a post: what judged it, what wrote it, who approved it."""

from collections.abc import Callable

from adapters.fake.adapter import FakeAdapter
from bot.commands.command import CommandContext
from bot.config import Config
from bot.messages import Author
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain
from bot.safety.verdict import Action, Verdict
from content.content import Content
from content.explaining import explain_post

MAYBE = Verdict(
    Action.FLAG, "word", 0.4, "fake", "a doubtful word", scores={"hate": 0.4}
)


async def test_message_that_is_no_post_is_not_explained(
    make_config: Callable[..., Config],
    make_content: Callable[..., Content],
    adapter: FakeAdapter,
) -> None:
    content = make_content(make_config())
    context = CommandContext(Author("1", "Ada"), adapter.channel("general"), "en")

    assert await explain_post(content)(context, "no-post") == ()
    assert await explain_post(content)(context, "") == ()


async def test_post_is_explained_where_it_stands(
    make_config: Callable[..., Config],
    make_content: Callable[..., Content],
    adapter: FakeAdapter,
) -> None:
    chain = FilterChain([FakeFilter(lambda _: MAYBE)])
    content = make_content(make_config(at_first_start=True), chain=chain)
    async with content:
        await content.settled()
    channel = adapter.channel("announcements")
    (posted,) = adapter.platform.visible(channel)
    context = CommandContext(Author("1", "Ada"), channel, "en")

    told = "\n".join(map(str, await explain_post(content)(context, posted.id)))

    assert "Verdict 1 (output): flag." in told
    assert "fake: a doubtful word" in told
    assert "scores: hate 0.40" in told
    assert "Approved by writer" in told
    assert "written by starter from seed" in told
    assert "Published" in told
