"""Moderators find a person, keep them away, and note what others should know."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.bans import Bans
from bot.cases import CaseMessage
from bot.clock import FakeClock
from bot.commands.ban import BanDesk, ban_commands
from bot.commands.blocked import blocked_command, count_people
from bot.commands.command import CommandContext
from bot.commands.person import PersonDesk, note_command, person_command
from bot.commands.registry import Registry
from bot.config import Config
from bot.config_quota import QuotaConfig
from bot.conversation import Turn
from bot.errors import UserError
from bot.generation.requests import TurnRole
from bot.messages import Author, Channel, Message, Role, scope_of
from bot.moderators import Moderators
from bot.owner import owner_of
from bot.persons import Persons
from bot.preferences import Preferences
from bot.quotas import Quotas
from bot.store.bans import BanRepository
from bot.store.case_intake import CaseIntake
from bot.store.marks import MarkRepository
from bot.store.notes import NoteRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.turns import TurnRepository
from bot.store.usage import Usage, UsageRepository
from bot.tasks import Tasks
from bot.words import Words
from tests.stores import new_store

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
HERE = Channel("fake", "den", "guild")
ELSEWHERE = Channel("fake", "far", "other")
BEN = Author("ben", "Ben")
MO = Author("mo", "Mo", Role.MODERATOR)
BERLIN = ZoneInfo("Europe/Berlin")

Say = Callable[..., Awaitable[str]]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    path = tmp_path / "s.sqlite3"
    async with new_store(path, clock=FakeClock(NOW)) as opened:
        yield opened


@pytest.fixture
async def say(store: Store) -> Say:
    """Run a command line as Mo, and return what is said."""
    settings, words, clock = SettingsRepository(store), Words({}), store.clock
    turns = TurnRepository(store)
    bans = Bans(BanRepository(store), clock, owners=("fake:olga",))
    persons = Persons(store, turns)
    quotas = Quotas(
        QuotaConfig(),
        settings,
        UsageRepository(store),
        clock=clock,
        zone=BERLIN,
        tasks=Tasks(),
    )
    preferences = Preferences(Config(), settings, words)
    moderators = Moderators((), adapters={}, preferences=preferences, words=words)
    desk = PersonDesk(
        persons=persons,
        notes=NoteRepository(store),
        marks=MarkRepository(store),
        bans=bans,
        quotas=quotas,
        words=words,
        clock=clock,
        zone=BERLIN,
    )
    registry = Registry(
        (
            *ban_commands(BanDesk(bans, persons, moderators, clock, BERLIN)),
            note_command(desk),
            person_command(desk),
            blocked_command((count_people(bans),), words),
        ),
        words,
    )
    for number, (who, where) in enumerate(
        ((BEN, HERE), (Author("b1", "Bea"), HERE), (Author("b2", "bea"), HERE))
    ):
        turn = Turn(
            scope=scope_of(where, who),
            role=TurnRole.USER,
            text="hello",
            message_id=f"m{number}",
            created_utc=NOW,
            author_id=who.id,
            author_name=who.name,
        )
        await turns.add(turn)

    async def run(
        line: str, channel: Channel = HERE, replied: Author | None = None, to: str = ""
    ) -> str:
        message = Message("m9", channel, replied, "hi", NOW) if replied else None
        context = CommandContext(
            MO, channel, "en", "m1", to or ("m9" if replied else None), (), message
        )
        return str((await registry.run(line, context)).text)

    return run


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/bot-ban", "Reply to a message of theirs"),
        ("/bot-ban Zoe", "I know nobody called Zoe here"),
        ("/bot-ban bea", "Several people are called bea: b2, b1"),
        ("/bot-mute Ben", "Say for how long"),
        ("/bot-mute Ben because", "Say for how long"),
        ("/bot-mute Ben 0m", "Say an end to come"),
        ("/bot-unban Ben", "Nothing of that kind is set on Ben"),
        ("/note Ben", "What is the note to say"),
    ],
)
async def test_what_is_not_clear_is_asked(say: Say, line: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        await say(line)


async def test_owner_and_bots_cannot_be_kept_away(say: Say) -> None:
    for who, why in (
        (Author("olga", "Olga"), "owner"),
        (Author("x", "X", Role.MODERATOR), "moderator too"),
        (Author("me", "Hearth", is_bot=True, is_self=True), "a bot"),
        (MO, "yourself"),
    ):
        with pytest.raises(UserError, match=why):
            await say("/bot-ban", replied=who)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/bot-ban Ben", "Ben is banned from me."),
        ("/bot-ban BEN 3d spam", "Ben is banned from me until 2026-01-04 13:00"),
        ("/bot-mute @ben 10m", "I do not answer Ben until 2026-01-01 13:10"),
        (
            "/bot-mute ben for 2h calm down",
            "I do not answer Ben until 2026-01-01 15:00",
        ),
        ("/bot-ban <@!123456> 1h", "123456 is banned from me until"),
        ("/bot-ban 123456", "123456 is banned from me."),
    ],
)
async def test_person_is_found_by_name_mention_or_id(
    say: Say, line: str, said: str
) -> None:
    assert (await say(line)).startswith(said)


async def test_reply_needs_no_name(say: Say) -> None:
    eve = Author("eve", "Eve")
    assert await say("/bot-ban being rude", replied=eve) == "Eve is banned from me."
    said = await say("/bot-mute 2h being rude", replied=eve)
    assert said.startswith("I do not answer Eve until 2026-01-01 15:00")
    assert "Muted by Mo" in await say("/person eve", replied=eve)
    assert await say("/bot-unban", replied=eve) == "Eve can use me again."
    said = await say("/bot-mute @ben 1h", replied=eve)
    assert said.startswith("I do not answer Ben")
    assert (await say("/bot-ban", to="m0")).startswith("Ben is banned")


async def test_whoever_is_banned_is_let_in_by_id_though_they_never_wrote(
    say: Say,
) -> None:
    await say("/bot-ban 999999")
    assert await say("/bot-unban 999999") == "999999 can use me again."


async def test_moderators_see_what_is_known_here_and_nothing_from_elsewhere(
    say: Say, store: Store
) -> None:
    await say("/note Ben was warned twice")
    await say("/note Ben is new")
    await say("/bot-mute Ben 2h shouting")
    for number, person in enumerate((Author("b1", "Bea"), BEN)):
        said = CaseMessage(HERE.key, f"m{number}", "x", "Xi", "Ouch")
        await CaseIntake(store).report(said, HERE, person, reason="")
    usage = UsageRepository(store)
    await usage.add("2026-01-01", owner_of(HERE, BEN), Usage(4, 9.6))
    page = await say("/person Ben")
    assert page.splitlines() == [
        "Ben (ben)",
        "- Muted by Mo on 2026-01-01 until 2026-01-01 15:00. shouting",
        "- 0 verdicts of the safety filters, 0 refused",
        "- 1 report was made by them, about their messages: 1",
        "- Today 4 requests, 10 s of work",
        "- 2026-01-01 13:00, Mo: was warned twice",
        "- 2026-01-01 13:00, Mo: is new",
    ]
    with pytest.raises(UserError):
        await say("/person Ben", ELSEWHERE)
    there = await say("/person", ELSEWHERE, replied=BEN)
    assert "There are no notes." in there
    assert "Muted" not in there


async def test_who_is_kept_away_is_counted_where_it_counts(say: Say) -> None:
    elsewhere = replace(HERE, id="other", community_id="other")
    assert "0 persons" in await say("/blocked list")
    await say("/bot-mute Ben 2h")

    assert await say("/blocked list") == (
        "- 1 person is banned or muted: the desk and /person say who"
    )
    assert "0 persons" in await say("/blocked list", elsewhere)
