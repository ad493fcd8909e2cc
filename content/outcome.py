"""What a post is, by how its deliveries ended."""

from collections.abc import Sequence

from bot.store.deliveries import DeliveryState
from content.posts import PostStatus

__all__ = ["outcome"]


def outcome(states: Sequence[DeliveryState]) -> PostStatus:
    """Return what a post is whose deliveries are settled like this."""
    if DeliveryState.UNKNOWN in states:
        return PostStatus.UNKNOWN
    if DeliveryState.SENT in states:
        return PostStatus.PUBLISHED
    if states and set(states) <= {DeliveryState.EXPIRED, DeliveryState.WITHDRAWN}:
        return PostStatus.EXPIRED
    return PostStatus.FAILED
