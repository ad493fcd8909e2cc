from collections.abc import Callable, Coroutine
from dataclasses import replace

import pytest

from adapters.fake.adapter import FakeAdapter
from bot.commands.command import Answer, CommandContext
from bot.commands.registry import Registry
from bot.config import Config
from bot.errors import UserError
from bot.messages import Author, Role
from bot.words import Text, Words
from content.commands import COMMANDS
from content.content import Content

Run = Callable[..., Coroutine[None, None, Answer]]
MODERATOR = Author("9", "Mo", Role.MODERATOR)


@pytest.fixture
def run(make_content: Callable[[Config], Content], adapter: FakeAdapter) -> Run:
    words = Words.load()
    content = make_content(Config())
    registry = Registry([build(content, words) for build in COMMANDS], words)

    async def run(
        line: str, person: str = "1", *, author: Author | None = None, **place: object
    ) -> Answer:
        channel = replace(adapter.channel("general"), **place)  # type: ignore[arg-type]  # of the test's making
        who = author or Author(person, f"Person {person}")
        answer = await registry.run(line, CommandContext(who, channel, "en"))
        assert str(answer.text)
        return answer

    return run


def said(answer: Answer) -> str:
    return answer.text if isinstance(answer.text, str) else str(answer.text)


@pytest.mark.parametrize(
    "line", ["/suggest", "/suggest \u200b", f"/suggest {'x' * 121}"]
)
async def test_suggestion_that_is_none_is_refused(line: str, run: Run) -> None:
    with pytest.raises(UserError, match=r"Use it like this|1 to 120 characters"):
        await run(line)


@pytest.mark.parametrize("line", ["/suggest Bees", "/suggestions"])
async def test_nothing_is_suggested_in_private(line: str, run: Run) -> None:
    with pytest.raises(UserError, match="in a channel of your community"):
        await run(line, is_private=True)


@pytest.mark.parametrize("action", ["vote", "unvote", "refuse"])
@pytest.mark.parametrize("number", ["", " 7"])
async def test_unknown_suggestion_is_said(action: str, number: str, run: Run) -> None:
    with pytest.raises(UserError, match="There is no open suggestion"):
        await run(f"/suggestions {action}{number}", author=MODERATOR)


async def test_members_cannot_refuse(run: Run) -> None:
    await run("/suggest Bees")
    with pytest.raises(UserError, match="Only moderators"):
        await run("/suggestions refuse 1", "2")
    assert "Bees" in said(await run("/suggestions"))


async def test_member_has_only_so_many_open(run: Run) -> None:
    for number in range(5):
        await run(f"/suggest Thought {number}")
    with pytest.raises(UserError, match="5 suggestions that wait"):
        await run("/suggest One more")
    await run("/suggest One more", "2")
    for number in range(7):
        await run(f"/suggest Word {number}", author=MODERATOR)


async def test_nothing_suggested_is_said(run: Run) -> None:
    assert said(await run("/suggestions")).startswith("Nothing is suggested yet.")


async def test_suggestion_waits_for_votes_and_moderators_do_not(run: Run) -> None:
    answer = await run("/suggest  Why bees\nhum ")
    assert said(answer).startswith("Thank you. It is number 1 and needs the vote")
    assert answer.is_private
    answer = await run("/suggest Rules", author=MODERATOR)
    assert said(answer) == "Thank you. It is number 2."
    assert (
        said(await run("/suggest why bees hum", "2")) == "“Why bees hum” has 2 votes."
    )


async def test_buttons_vote(run: Run) -> None:
    await run("/suggest Why bees hum")
    await run(f"/suggest {'long ' * 20}", author=MODERATOR)
    answer = await run("/suggestions")
    first, second = said(answer).splitlines()
    assert first.endswith("long · 1 vote, a moderator's")
    assert second == "- 1 · Why bees hum · 1 vote"
    assert not answer.is_private
    labels = [button.label for button in answer.buttons]
    assert labels[1] == "👍 1 · Why bees hum"
    assert all(len(label) <= 40 for label in labels)
    for person, votes in (("1", "1 vote."), ("2", "2 votes."), ("2", "2 votes.")):
        pressed = await run(answer.buttons[1].command, person)
        assert isinstance(pressed.text, Text)
        assert said(pressed) == f"“Why bees hum” has {votes}"
    assert said(await run("/suggestions unvote 1", "2")).endswith("1 vote.")


async def test_refused_suggestion_is_no_longer_shown(run: Run) -> None:
    await run("/suggest Bees")
    answer = await run("/suggestions refuse 1", author=MODERATOR)
    assert said(answer) == "Suggestion 1 is closed."
    assert "Nothing is suggested" in said(await run("/suggestions"))
    with pytest.raises(UserError):
        await run("/suggestions vote 1", "2")


async def test_other_communities_do_not_see_it(run: Run) -> None:
    await run("/suggest Bees")
    answer = await run("/suggestions", community_id="elsewhere")
    assert "Nothing is suggested" in said(answer)
    with pytest.raises(UserError):
        await run("/suggestions vote 1", community_id="elsewhere")
