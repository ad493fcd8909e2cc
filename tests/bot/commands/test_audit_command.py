import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.auditing import CommandAudit, record_config
from bot.clock import FakeClock
from bot.commands.audit import audit_command
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.commands.registry import Registry
from bot.config import Config
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.store.audit import AuditEntry, AuditRepository
from bot.store.store import Store
from bot.words import T, Words
from tests.stores import new_store

HERE = Channel("fake", "den", "guild")
ELSEWHERE = Channel("fake", "far", "other")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    path = tmp_path / "store.sqlite3"
    async with new_store(path, clock=FakeClock()) as opened:
        yield opened


@pytest.fixture
def audit(store: Store) -> AuditRepository:
    return AuditRepository(store)


async def warn(context: CommandContext, arguments: Arguments) -> Answer:
    if arguments.get("who") == "nobody":
        raise UserError(T("There is nobody."))
    if arguments.get("who") == "bug":
        raise RuntimeError("a bug")
    return Answer("Warned.")


WARN = Command(
    name="warn",
    summary=T("Warn somebody."),
    parameters=(
        Parameter("who", T("Whom."), is_required=True),
        Parameter("times", T("How often."), ParameterType.INTEGER),
        Parameter("why", T("Why."), ParameterType.REST),
    ),
    run=warn,
    min_role=Role.MODERATOR,
)


@pytest.fixture
def registry(audit: AuditRepository) -> Registry:
    words = Words({})
    commands = (WARN, audit_command(audit, words))
    return Registry(commands, words, record=CommandAudit(audit).record)


async def run(
    registry: Registry,
    line: str,
    role: Role = Role.MODERATOR,
    channel: Channel = HERE,
) -> Answer:
    context = CommandContext(Author("7", "Mo", role), channel, "en")
    return await registry.run(line, context)


async def test_what_did_not_work_is_kept_as_such(
    registry: Registry, audit: AuditRepository
) -> None:
    for line in ("/warn nobody", "/warn", "/audit verify"):
        with pytest.raises(UserError):
            await run(registry, line)
    with pytest.raises(RuntimeError, match="a bug"):
        await run(registry, "/warn bug")
    with pytest.raises(UserError, match="Only moderators"):
        await run(registry, "/warn 12", Role.MEMBER)
    rows = await audit.latest(9)
    assert [(row.entry.what, row.entry.subject) for row in rows] == [
        ("command.refused", "/warn nobody"),
        ("command.refused", "/warn …"),
        ("command.refused", "/audit verify"),
        ("command.failed", "/warn bug"),
    ]


async def test_command_is_kept_without_what_was_written_freely(
    registry: Registry, audit: AuditRepository
) -> None:
    await run(registry, "/warn fake:12 2 he called Ann a fool")
    await run(registry, '/warn "that fool over there"')
    (first, second) = await audit.latest(9)
    assert first.entry == AuditEntry(
        "command.done",
        "/warn fake:12 2 …",
        actor="fake:7",
        actor_name="Mo",
        community="community:fake:guild",
        facts={"channel": "fake:den"},
    )
    assert second.entry.subject == "/warn …"


async def test_moderator_sees_their_own_community_and_the_owner_all(
    registry: Registry,
) -> None:
    await run(registry, "/warn 1")
    await run(registry, "/warn 2", channel=ELSEWHERE)
    here = str((await run(registry, "/audit show 5")).text)
    assert here == (
        "- 1 · 2026-01-01 00:00 UTC · Mo (fake:7) · command.done · `/warn 1`"
        " · channel: fake:den"
    )
    everything = str((await run(registry, "/audit", Role.OWNER)).text)
    assert "/warn 2" in everything
    assert str((await run(registry, "/audit show 1", Role.OWNER)).text).count("\n") == 0


async def test_owner_checks_and_takes_everything_along(
    registry: Registry, store: Store
) -> None:
    nothing = await run(registry, "/audit show", Role.OWNER)
    assert str(nothing.text) == "Nothing was done yet that is kept here."
    await run(registry, "/warn 1")
    said = str((await run(registry, "/audit verify", Role.OWNER)).text)
    assert said == "Nobody changed anything.\n2 rows are as I wrote them."
    answer = await run(registry, "/audit export", Role.OWNER)
    assert answer.is_private
    (file,) = answer.attachments
    rows = [json.loads(line) for line in file.content.splitlines()]
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert rows[1]["prev_hash"] == rows[0]["hash"]


async def test_row_that_was_changed_is_named(registry: Registry, store: Store) -> None:
    for number in range(3):
        await run(registry, f"/warn {number}")
    await store.write(lambda db: db.execute("DROP TRIGGER audit_is_not_changed"))
    await store.write(
        lambda db: db.execute("UPDATE audit SET actor = 'fake:8' WHERE number = 2")
    )
    said = str((await run(registry, "/audit verify", Role.OWNER)).text)
    assert said.splitlines()[:2] == ["Row 2 was changed.", "1 row is as I wrote it."]


async def test_config_that_was_changed_is_kept_without_its_values(
    audit: AuditRepository,
) -> None:
    for language in ("en", "en", "zh"):
        config = Config.model_validate({"bot": {"language": language}})
        await record_config(audit, config)
    first, second = await audit.latest(9)
    assert "safety" in first.entry.subject.split()
    assert second.entry.subject == "bot"
    assert second.entry.facts["safety"] == first.entry.facts["safety"]
    assert "zh" not in str(second.entry.facts)
