"""/channel, /limits, /words and /blocked: what moderators set, and what it does."""

from typing import Any

import pytest

from bot.clock import FakeClock
from bot.commands.blocked import blocked_command, count_links, count_words
from bot.commands.channel import channel_command
from bot.commands.command import Answer, CommandContext
from bot.commands.limits import limits_command
from bot.commands.registry import Registry
from bot.commands.words import words_command
from bot.community_rules import CommunityRules
from bot.config import Config
from bot.config_quota import QuotaConfig
from bot.errors import UserError
from bot.fake_settings import FakeSettings
from bot.limits import LIMITS, CommunityLimits
from bot.messages import Author, Channel, Role
from bot.preferences import Preferences, Talk
from bot.safety.filter import FilterChain, Judgement, Subject
from bot.safety.own_words import OwnWords
from bot.safety.policies import Policies
from bot.safety.policy import STANDARD, Level
from bot.safety.too_fast import TooFast
from bot.safety.too_long import TooLong
from bot.safety.verdict import Stage
from bot.safety.word_entries import Entries
from bot.safety.word_list import WordList
from bot.safety.word_search import WordSearch
from bot.words import Words

HERE = Channel("fake", "here", "village")
THERE = Channel("fake", "there", "village")
ELSEWHERE = Channel("fake", "far", "town")
ADA = Author("ada", "Ada")
MO = Author("mo", "Mo", Role.MODERATOR)
CONFIG = Config.model_validate(
    {
        "safety": {
            "person_per_minute": 10,
            "channel_per_minute": 20,
            "max_length": 100,
            "blocked_words": ["turnip"],
        }
    }
)


class Village:
    """A community whose moderators steer a bot."""

    def __init__(self) -> None:
        words, self.settings, safety = Words.load(), FakeSettings(), CONFIG.safety
        self.preferences = Preferences(CONFIG, self.settings, words)
        self.policies = Policies(STANDARD, self.settings)
        self.limits = CommunityLimits(safety, QuotaConfig(), self.settings)
        self.own = OwnWords(self.settings)
        configured = WordSearch(
            safety.blocked_words, setting="", allowed=Entries((), setting="")
        )
        self.registry = Registry(
            (
                channel_command(self.preferences, self.policies, words),
                limits_command(self.limits, words),
                words_command(self.own, configured, words),
                blocked_command(
                    (count_words(self.own, safety), count_links(safety)), words
                ),
            ),
            words,
        )
        rules = CommunityRules(
            self.policies,
            limits=self.limits,
            words=self.own,
            personas=self.preferences.personas,
        )
        too_fast = TooFast(
            person_per_minute=10, channel_per_minute=20, clock=FakeClock()
        )
        filters = (too_fast, TooLong(max_length=100), WordList(safety.blocked_words))
        self.chain = FilterChain(filters, policy_of=rules.policy)

    async def answer(
        self, line: str, author: Author = MO, channel: Channel = HERE
    ) -> Answer:
        return await self.registry.run(line, CommandContext(author, channel, "en"))

    async def say(self, line: str, *where: Any) -> str:
        answer = await self.answer(line, *where)
        assert answer.is_private
        return str(answer.text)

    async def judge(
        self, text: str, channel: Channel = HERE, stage: Stage = Stage.INPUT
    ) -> Judgement:
        return await self.chain.judge(Subject(text, stage, channel, ADA))


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/channel set", "/channel set talk mention"),
        ("/channel set talk", "always, mention, never, default"),
        ("/channel set talk loudly", "always, mention, never, default"),
        ("/channel set language xx", "en, zh, default"),
        ("/channel set level hard", "off, relaxed, standard, strict, default"),
        ("/channel set mood happy", "talk, language, level"),
        ("/limits set", "person, channel, length"),
        ("/limits set person", "/limits set person 5"),
        ("/limits set person 0", "Choose 1 to 10"),
        ("/limits set person 11", "Choose 1 to 10"),
        ("/limits set person -1", "/limits set person 5"),
        ("/limits set person ١", "/limits set person 5"),
        ("/limits set length 101", "Choose 1 to 100"),
        ("/limits set quota.requests 5", "requests"),
        ("/words add", "Write behind it"),
        ("/words add ***", "no letters"),
        ("/words add c++*", "goes only with letters"),
        (f"/words add {'a' * 101}", "at most 100"),
        ("/words remove fig", "not on the list"),
        ("/words remove 1", "not on the list"),
        ("/words remove 0", "not on the list"),
    ],
)
async def test_what_cannot_be_set_is_said_and_nothing_changes(
    village: Village, line: str, reason: str
) -> None:
    with pytest.raises(UserError, match=reason.replace("+", r"\+")):
        await village.answer(line)
    assert village.settings.values == {}


@pytest.mark.parametrize("line", ["/channel", "/limits", "/words", "/blocked"])
async def test_members_neither_see_nor_set_it(village: Village, line: str) -> None:
    with pytest.raises(UserError, match="Only moderators"):
        await village.answer(line, ADA)


async def test_one_command_sets_a_channel_and_no_other(village: Village) -> None:
    await village.say("/channel set talk never")
    await village.say("/channel set language zh")
    said = await village.say("/channel set level strict")
    assert said.splitlines() == [
        "talk: never",
        "language: zh",
        "level: strict",
        "persona: hearth",
        "model: starter",
    ]
    assert await village.preferences.talk(HERE) is Talk.NEVER
    assert await village.preferences.talk(THERE) is None
    assert (await village.policies.policy(THERE)).level is Level.STANDARD
    for name in ("talk", "language", "level"):
        await village.say(f"/channel set {name} default")
    assert "as the settings say" in await village.say("/channel show")
    assert (await village.policies.policy(HERE)).level is Level.STANDARD


async def test_a_community_limits_how_much_its_people_send(village: Village) -> None:
    await village.say("/limits set length 5")
    assert (await village.judge("too long")).verdict.limit == 5
    assert not (await village.judge("too long", ELSEWHERE)).is_blocked
    await village.say("/limits set length default")
    await village.say("/limits set person 2")
    assert not (await village.judge("one")).is_blocked
    assert not (await village.judge("two", THERE)).is_blocked
    blocked = await village.judge("three")
    assert (blocked.verdict.category, blocked.verdict.limit) == ("flood", 2)
    assert blocked.verdict.retry_after_s == 60.0
    assert not (await village.judge("three", ELSEWHERE)).is_blocked
    await village.say("/limits set person default")
    await village.say("/limits set channel 1")
    assert (await village.judge("four")).verdict.reason.endswith("by one channel")


async def test_the_owners_limit_wins_over_a_looser_one_that_was_chosen_before(
    village: Village,
) -> None:
    length = next(limit for limit in LIMITS if limit.name == "length")
    await village.settings.set("community:fake:village", length.setting, "9999")
    assert (await village.judge("a" * 101)).verdict.limit == 100


async def test_quotas_are_kept_where_what_counts_them_looks(village: Village) -> None:
    said = await village.say("/limits set requests 40")
    assert "- `requests` · answers and pictures a day, per person: 40" in said
    assert "- `seconds` · seconds of work a day, per person: default" in said
    assert "- `person` · messages to me, per person and minute: 10 (default)" in said
    assert village.settings.values == {
        ("community:fake:village", "quota.requests"): "40"
    }


async def test_a_word_is_blocked_from_the_moment_it_is_added(village: Village) -> None:
    assert not (await village.judge("A fig.")).is_blocked
    await village.say("/words add fig*")
    await village.say("/words add sour  grapes")
    for stage in (Stage.INPUT, Stage.OUTPUT):
        assert (await village.judge("Two FIGS!", stage=stage)).is_blocked
    verdict = (await village.judge("s o u r grapes")).verdict
    assert verdict.reason == (
        "has blocked word number 2 of the community's list, in disguise"
    )
    assert not (await village.judge("A fig.", ELSEWHERE)).is_blocked
    assert (await village.say("/words")).splitlines()[1:] == [
        "1. fig*",
        "2. sour grapes",
    ]
    await village.say("/words remove 1")
    assert not (await village.judge("A fig.")).is_blocked
    with pytest.raises(UserError, match="already"):
        await village.answer("/words add sour grapes")


async def test_trying_a_text_says_which_entry_it_meets_and_why(
    village: Village,
) -> None:
    await village.say("/words add fig*")
    assert await village.say("/words test plum") == "No word of the lists is in that."
    assert await village.say("/words test two figs") == (
        "Blocked by entry 1, “fig*”: it stands there."
    )
    assert "in disguise" in await village.say("/words test my f1g")
    assert "entry 1 of my owner's list" in await village.say("/words test turnip")


async def test_a_long_list_comes_as_a_file(village: Village) -> None:
    for number in range(60):
        await village.say(f"/words add word{number}x")
    shown = await village.answer("/words list")
    assert shown.is_private
    assert "word7x" not in str(shown.text)
    assert shown.attachments[0].content.decode().splitlines()[7] == "8. word7x"


async def test_what_is_blocked_is_counted_and_not_shown(village: Village) -> None:
    await village.say("/words add fig")
    assert (await village.say("/blocked list")).splitlines() == [
        "- 1 word of this community and 1 of my owner: /words list",
        "- Links: invitations allow, others allow, 0 blocked domains.",
    ]
