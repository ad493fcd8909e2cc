"""All that a community chose about judging, in one policy for the filters."""

from dataclasses import replace

from bot.limits import CommunityLimits
from bot.messages import Channel
from bot.preferences import community_key
from bot.safety.own_words import OwnWords
from bot.safety.policies import Policies
from bot.safety.policy import Policy

__all__ = ["CommunityRules"]


class CommunityRules:
    """Puts levels, limits and words together. Asked for each text that is judged."""

    def __init__(
        self, policies: Policies, limits: CommunityLimits, words: OwnWords
    ) -> None:
        self._policies = policies
        self._limits = limits
        self._words = words

    async def policy(self, channel: Channel | None) -> Policy:
        """Return what counts in a channel; None: where no channel is known."""
        policy = await self._policies.policy(channel)
        if channel is None:
            return policy
        return replace(
            policy,
            limits=await self._limits.of(channel),
            own_words=await self._words.search(community_key(channel)),
        )
