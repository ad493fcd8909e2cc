"""Which of several topics comes next: those that people liked more often."""

from collections.abc import Sequence
from datetime import timedelta

from bot.clock import Clock
from bot.store.post_counts import PostCountsRepository
from content.liking import Liking, chances, drawn
from content.sources.likeness import Likeness

__all__ = ["Leaning"]

LOOK_BACK = timedelta(days=365)
HALF_LIFE = timedelta(days=90)
"""A post this old weighs half as much as one of today."""


class Leaning:
    """Draws among topics of a schedule, by what people made of its earlier posts.

    Args:
        lean: how strongly; 0: not at all.
    """

    def __init__(
        self,
        counts: PostCountsRepository,
        *,
        schedule_id: str,
        lean: float,
        likeness: Likeness,
        clock: Clock,
    ) -> None:
        self._counts = counts
        self._schedule_id = schedule_id
        self._lean = lean
        self._likeness = likeness
        self._clock = clock

    async def choose(self, topics: Sequence[str]) -> str:
        """Return one of the topics, the first where nothing speaks for another.

        What is drawn depends on the schedule and the time alone.
        """
        likings = await self._likings(topics) if self._lean and len(topics) > 1 else ()
        if not any(one.score for one in likings):
            return topics[0]
        weights = chances(likings, lean=self._lean)
        seed = f"{self._schedule_id} {self._clock.now_utc().isoformat()}"
        return topics[drawn(weights, seed=seed)]

    async def _likings(self, topics: Sequence[str]) -> tuple[Liking, ...]:
        now_utc = self._clock.now_utc()
        found = await self._counts.since(
            now_utc - LOOK_BACK, schedule_id=self._schedule_id
        )
        weighed = [
            (0.5 ** ((now_utc - counts.published_utc) / HALF_LIFE), counts.score)
            for counts in found
        ]
        before = [counts.topic for counts in found]
        likings = []
        for topic in topics:
            likenesses = await self._likeness.measure(topic, before)
            own = [
                part
                for part, likeness in zip(weighed, likenesses, strict=True)
                if likeness >= self._likeness.alike
            ]
            likings.append(
                Liking(
                    sum(weight for weight, _ in own),
                    sum(weight * score for weight, score in own),
                )
            )
        return tuple(likings)
