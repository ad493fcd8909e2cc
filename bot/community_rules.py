"""All that a community chose about judging, in one policy for the filters."""

from dataclasses import replace

from bot.limits import CommunityLimits
from bot.messages import Channel
from bot.personas import Personas
from bot.preferences import community_key
from bot.safety.own_words import OwnWords
from bot.safety.policies import Policies
from bot.safety.policy import Policy

__all__ = ["CommunityRules"]


class CommunityRules:
    """Puts levels, limits, words and prompts together, for each text that is judged."""

    def __init__(
        self,
        policies: Policies,
        *,
        limits: CommunityLimits,
        words: OwnWords,
        personas: Personas,
    ) -> None:
        self._policies = policies
        self._limits = limits
        self._words = words
        self._personas = personas

    async def policy(self, channel: Channel | None) -> Policy:
        """Return what counts in a channel; None: where no channel is known."""
        policy = await self._policies.policy(channel)
        if channel is None:
            return policy
        community = community_key(channel)
        own = await self._personas.own(community)
        return replace(
            policy,
            limits=await self._limits.of(channel),
            own_words=await self._words.search(community),
            own_prompts=tuple(persona.prompt for persona in own.values()),
        )
