"""Keeps what moderators did: which command, where, and how it ended."""

import hashlib
import json
import re
from collections.abc import Mapping
from enum import StrEnum

import structlog

from bot.commands.command import Command, CommandContext, Parameter, ParameterType
from bot.config import Config
from bot.errors import StoreError
from bot.messages import Role
from bot.preferences import community_key
from bot.store.audit import AuditEntry, AuditRepository

__all__ = ["CommandAudit", "Outcome", "record_config", "spoken_line"]

logger = structlog.get_logger(__name__)

NAMELIKE = re.compile(r"[A-Za-z0-9_.:/@#+-]{1,64}")
LEFT_OUT = "…"


class Outcome(StrEnum):
    """How a command ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class CommandAudit:
    """Adds a row for each command with which a moderator steers, done or not.

    What members try without the right to is not kept: they could fill the disk.
    """

    def __init__(self, audit: AuditRepository) -> None:
        self._audit = audit

    async def record(
        self,
        command: Command,
        context: CommandContext,
        arguments: Mapping[str, str | int] | None,
        outcome: Outcome,
    ) -> None:
        """Keep that a command was run; None: its arguments could not be read.

        It is done already, so that a full disk is only logged.
        """
        author, channel = context.author, context.channel
        is_moderators = command.min_role >= Role.MODERATOR
        # Members run those where their community has opened them.
        is_theirs = author.role >= Role.MODERATOR or (
            is_moderators and outcome is Outcome.DONE
        )
        if not is_theirs or not (command.steers or is_moderators):
            return
        entry = AuditEntry(
            f"command.{outcome.value}",
            spoken_line(command, arguments),
            actor=context.actor,
            actor_name=author.name,
            community=community_key(channel),
            facts={"channel": channel.key},
        )
        try:
            await self._audit.add(entry)
        except StoreError as error:
            logger.error("command not kept in the audit", reason=str(error))


async def record_config(audit: AuditRepository, config: Config) -> None:
    """Keep which tables of config.toml are others than at the last start: no values."""
    tables = config.model_dump(mode="json")
    digests = {name: _digest(table) for name, table in tables.items()}
    last = await audit.last_config()
    before = dict(last.entry.facts) if last is not None else {}
    changed = [
        name
        for name in sorted({*before, *digests})
        if before.get(name) != digests.get(name)
    ]
    if changed:
        part = AuditEntry("config.changed", " ".join(changed), facts=digests)
        await audit.add(part)


def _digest(table: object) -> str:
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()[:16]


def spoken_line(command: Command, arguments: Mapping[str, str | int] | None) -> str:
    """Return a command line without what people wrote freely."""
    if arguments is None:
        return f"/{command.name} {LEFT_OUT}"
    spoken = (
        _spoken(parameter, arguments[parameter.name])
        for parameter in command.parameters
        if parameter.name in arguments
    )
    return " ".join((f"/{command.name}", *spoken))


def _spoken(parameter: Parameter, value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    if parameter.type is ParameterType.REST:
        return LEFT_OUT
    if parameter.choices is not None:
        return value  # it was one of them
    return value if NAMELIKE.fullmatch(value) else LEFT_OUT
