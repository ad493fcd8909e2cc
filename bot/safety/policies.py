"""Finds how strictly a place is judged: what moderators chose, else the settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.messages import Channel
from bot.preferences import community_key
from bot.safety.policy import Category, Level, Policy
from bot.settings_store import SettingsStore

__all__ = ["SAFETY", "Choice", "Policies"]

SAFETY = "safety"
"""The name of the setting."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a channel or a community; None and {}: nothing."""

    level: Level | None = None
    levels: Mapping[Category, Level] = field(default_factory=dict)
    thresholds: Mapping[Category, float] = field(default_factory=dict)
    is_shadow: bool | None = None

    def dump(self) -> str:
        """Return it as the store keeps it."""
        return json.dumps(
            {
                "level": self.level,
                "levels": dict(self.levels),
                "thresholds": dict(self.thresholds),
                "is_shadow": self.is_shadow,
            }
        )

    @staticmethod
    def load(text: str | None) -> "Choice":
        """Return what was stored; nothing chosen where there is nothing."""
        stored: dict[str, Any] = json.loads(text) if text else {}
        level = stored.get("level")
        return Choice(
            level=None if level is None else Level(level),
            levels={
                Category(name): Level(chosen)
                for name, chosen in stored.get("levels", {}).items()
            },
            thresholds={
                Category(name): float(value)
                for name, value in stored.get("thresholds", {}).items()
            },
            is_shadow=stored.get("is_shadow"),
        )


class Policies:
    """The policy of each channel: its own choice, its community's, the settings'."""

    def __init__(self, default: Policy, settings: SettingsStore) -> None:
        self._default = default
        self._settings = settings
        self._known: dict[str, Choice] = {}  # by key; one process owns the store

    async def policy(self, channel: Channel | None) -> Policy:
        """Return what counts in a channel; None: where no channel is known."""
        policy = self._default
        if channel is None:
            return policy
        for key in (community_key(channel), channel.key):
            policy = _with(policy, await self._choice(key))
        return replace(policy, is_age_restricted=channel.is_age_restricted)

    async def choice(self, channel: Channel, *, is_for_community: bool) -> Choice:
        """Return what was chosen for a channel, or for all of its community."""
        return await self._choice(_key(channel, is_for_community))

    async def choose(
        self, channel: Channel, choice: Choice, *, is_for_community: bool
    ) -> None:
        """Keep what was chosen, in place of what was chosen before."""
        key = _key(channel, is_for_community)
        await self._settings.set(key, SAFETY, choice.dump())
        self._known[key] = choice

    def forget(self) -> None:
        """Ask the store again: what was chosen was changed there."""
        self._known.clear()

    async def _choice(self, key: str) -> Choice:
        known = self._known.get(key)
        if known is None:
            known = Choice.load(await self._settings.get(key, SAFETY))
            self._known[key] = known
        return known


def _key(channel: Channel, is_for_community: bool) -> str:
    return community_key(channel) if is_for_community else channel.key


def _with(policy: Policy, choice: Choice) -> Policy:
    """Return a policy with what was chosen nearer to the place.

    A level that was chosen for everything replaces what was chosen for a category
    farther away, and a level of a category replaces its threshold from there.
    """
    levels = dict(policy.levels) if choice.level is None else {}
    thresholds = dict(policy.thresholds) if choice.level is None else {}
    for category, level in choice.levels.items():
        levels[category] = level
        thresholds.pop(category, None)
    return replace(
        policy,
        level=policy.level if choice.level is None else choice.level,
        levels=levels,
        thresholds={**thresholds, **choice.thresholds},
        is_shadow=policy.is_shadow if choice.is_shadow is None else choice.is_shadow,
    )
