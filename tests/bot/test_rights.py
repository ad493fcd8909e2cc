"""Which role a command needs: its own, that of the settings, or a community's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FakeClock
from bot.commands.command import Answer, Arguments, Command, CommandContext
from bot.commands.registry import Registry
from bot.commands.rights import rights_command
from bot.config_quota import RightsConfig
from bot.errors import ConfigError, UserError
from bot.messages import Author, Channel, Role
from bot.rights import Rights, with_rights
from bot.store.audit import AuditRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.words import T, Words
from tests.stores import new_store

HERE = Channel("fake", "den", "guild")
ELSEWHERE = Channel("fake", "far", "other")


async def run(context: CommandContext, arguments: Arguments) -> Answer:
    return Answer("done")


DRAW = Command("draw", T("x"), run)
SWEEP = Command("sweep", T("x"), run, min_role=Role.MODERATOR)
STICK = Command("stick", T("x"), run, min_role=Role.MODERATOR, floor=Role.MEMBER)
END = Command("end", T("x"), run, min_role=Role.OWNER)
MINE = Command("mine", T("x"), run, is_everyones=True)
ALL = (DRAW, SWEEP, STICK, END, MINE)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    path = tmp_path / "s.sqlite3"
    async with new_store(path, clock=FakeClock()) as opened:
        yield opened


def registry(store: Store) -> Registry:
    rights = Rights(SettingsRepository(store))
    named = {command.name: command for command in ALL}
    command = rights_command(rights, lambda: named, Words({}))
    return Registry((*ALL, command), Words({}), least=rights.least)


async def say(
    commands: Registry, line: str, role: Role, channel: Channel = HERE
) -> str:
    context = CommandContext(Author("7", "Mo", role), channel, "en")
    return str((await commands.run(line, context)).text)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/rights sweep member", "/sweep is not for everybody: moderator is the least"),
        ("/rights end member", "/end is not for everybody: moderator is the least"),
        ("/rights mine moderator", "/mine is everybody's right"),
        ("/rights rights moderator", "no such command"),
        ("/rights nothing member", "no such command"),
        ("/rights draw king", "There is no “king”"),
    ],
)
async def test_what_cannot_be_is_refused(store: Store, line: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        await say(registry(store), line, Role.OWNER)


async def test_only_the_owner_chooses(store: Store) -> None:
    with pytest.raises(UserError, match="Only the owner"):
        await say(registry(store), "/rights stick member", Role.MODERATOR)


async def test_community_keeps_a_command_for_moderators_and_others_do_not(
    store: Store,
) -> None:
    commands = registry(store)
    await say(commands, "/rights /draw moderator", Role.OWNER)
    with pytest.raises(UserError, match=r"^Only moderators may use /draw\.$"):
        await say(commands, "/draw", Role.MEMBER)
    assert await say(commands, "/draw", Role.MODERATOR) == "done"
    assert await say(commands, "/draw", Role.MEMBER, ELSEWHERE) == "done"
    assert "draw" not in await say(commands, "/help", Role.MEMBER)
    assert "draw" in await say(commands, "/help", Role.MEMBER, ELSEWHERE)
    assert await say(commands, "/rights", Role.OWNER) == "/draw is for moderators."
    await say(commands, "/rights draw member", Role.OWNER)
    assert await say(commands, "/draw", Role.MEMBER) == "done"
    assert "came with" in await say(commands, "/rights", Role.OWNER)


async def test_community_opens_what_may_be_opened(store: Store) -> None:
    commands = registry(store)
    await say(commands, "/rights stick member", Role.OWNER)
    await say(commands, "/rights end moderator", Role.OWNER)
    assert await say(commands, "/stick", Role.MEMBER) == "done"
    assert await say(commands, "/end", Role.MODERATOR) == "done"
    with pytest.raises(UserError):
        await say(commands, "/end", Role.MEMBER)
    rows = await AuditRepository(store).latest(limit=9)
    assert {row.entry.subject for row in rows} == {"community:fake:guild rights"}


@given(
    member=st.sets(st.sampled_from([one.name for one in ALL])),
    owner=st.sets(st.sampled_from([one.name for one in ALL])),
)
def test_settings_never_go_below_the_floor(member: set[str], owner: set[str]) -> None:
    config = RightsConfig(member=tuple(member - owner), owner=tuple(owner))
    try:
        changed = with_rights(ALL, config)
    except ConfigError:
        assert (member - owner) & {"sweep", "end"} or "mine" in owner
        return
    for before, after in zip(ALL, changed, strict=True):
        assert before.lowest <= after.min_role <= before.highest
        assert after.lowest == before.lowest
        assert after.steers is (before.min_role >= Role.MODERATOR and after != before)


def test_settings_that_name_no_command_say_which_is_near() -> None:
    with pytest.raises(ConfigError, match="did you mean /sweep"):
        with_rights(ALL, RightsConfig(owner=("sweeep",)))
    assert with_rights(ALL, RightsConfig(owner=("imagine",)), absent=("imagine",))


def test_command_has_one_role_in_the_settings() -> None:
    with pytest.raises(ValueError, match="draw"):
        RightsConfig(member=("draw",), owner=("draw",))
