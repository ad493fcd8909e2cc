"""Looks whether people see what the store says."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.clock import SystemClock
from bot.store.deliveries import Delivery, DeliveryRepository, DeliveryState
from bot.store.posts import PostRepository, StoredPost
from bot.store.runs import RunRepository, RunState, ScheduleRun
from bot.store.store import Store
from content.posts import PostStatus
from tests.content.kill.orders import SCHEDULE, Shape
from tests.content.kill.platforms import PLACES, Platforms, Seen

__all__ = ["Finding", "judge"]

LEAST_WORDS = 6
"""Lines with fewer words may be inside others."""


@dataclass(slots=True)
class Finding:
    """What a round came to.

    Attributes:
        counts: deliveries by how they ended; "unknown" ones by what is there.
        faults: what should not be, each a line.
    """

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


async def judge(
    folder: Path, platforms: Platforms, places: tuple[str, ...], shape: Shape
) -> Finding:
    """Compare the store with what the platforms show."""
    finding = Finding()
    path = folder / "bot.sqlite3"
    async with Store.open(path, backups=1, clock=SystemClock()) as store:
        runs = await RunRepository(store).recent(SCHEDULE, limit=99)
        posts = await PostRepository(store).list()
        deliveries = {
            delivery.channel_key: delivery
            for post in posts
            for delivery in await DeliveryRepository(store).of_post(post.id)
        }
    if len(runs) != 1 or len(posts) != 1:
        finding.faults.append(f"{len(runs)} runs and {len(posts)} posts of one slot")
        return finding
    post = posts[0]
    for place in PLACES:
        delivery = deliveries.get(platforms.key(place))
        seen = platforms.seen(place)
        if (delivery is None) is (place in places):
            finding.faults.append(f"{place}: the row is missing, or one too many")
        _judge_place(place, post, delivery, seen, shape, finding)
    _judge_rows(folder, runs[0], post, [*deliveries.values()], finding)
    return finding


def _judge_place(
    place: str,
    post: StoredPost,
    delivery: Delivery | None,
    seen: Seen,
    shape: Shape,
    finding: Finding,
) -> None:
    parts = _parts(place, post, seen, shape)
    num_there = sum(count > 0 for count in parts.values())
    how = "whole" if num_there == len(parts) else "half" if num_there else "absent"
    for part, count in parts.items():
        if count > 1:
            finding.faults.append(f"{place}: twice: {part} ({count})")
            finding.counts["twice"] += 1
    if delivery is None:
        if num_there:
            finding.faults.append(f"{place}: something is there without a row")
        return
    state = delivery.state
    platform = delivery.channel_key.split(":")[0]
    named = f"unknown, {how}" if state is DeliveryState.UNKNOWN else state.value
    finding.counts[f"{platform}: {named}"] += 1
    if state is DeliveryState.SENT and how != "whole":
        missing = [part for part, count in parts.items() if not count]
        finding.counts["lost"] += 1
        finding.faults.append(f"{place}: sent, but {how}: {missing}")
    may_be_unknown = platform == "telegram"
    if state is not DeliveryState.SENT and not (
        state is DeliveryState.UNKNOWN and may_be_unknown
    ):
        finding.counts["lost"] += 1
        finding.faults.append(f"{place}: {state.value}: {delivery.error}")


def _parts(place: str, post: StoredPost, seen: Seen, shape: Shape) -> Counter[str]:
    """Return how often each part of a post is there."""
    texts = [_plain(text) for text in seen.texts]
    parts: Counter[str] = Counter()
    for line in post.body.splitlines():
        plain = _plain(line)
        # What stands above the whole text as its summary is in it once more.
        if len(plain.split()) >= LEAST_WORDS and plain != _plain(post.extras.summary):
            parts[plain[:60]] = sum(text.count(plain) for text in texts)
    parts["number"] = sum(text.count(_plain(post.id)) for text in texts)
    if shape.has_picture:
        parts["picture"] = seen.num_pictures
    if post.extras.poll is not None:
        parts["poll"] = seen.num_polls
    if place == "forum" or (shape.has_discussion and place in {"text", "news"}):
        parts["thread"] = seen.num_threads
    if place == "news":
        parts["passing on"] = int(seen.is_passed_on)
    return parts


def _plain(text: str) -> str:
    return " " + " ".join(re.findall(r"\w+", text.casefold())) + " "


def _judge_rows(
    folder: Path,
    run: ScheduleRun,
    post: StoredPost,
    deliveries: list[Delivery],
    finding: Finding,
) -> None:
    """See whether run and post say what the deliveries say, and to moderators too."""
    is_unknown = any(one.state is DeliveryState.UNKNOWN for one in deliveries)
    wanted = (
        (RunState.FAILED, PostStatus.UNKNOWN)
        if is_unknown
        else (RunState.DONE, PostStatus.PUBLISHED)
    )
    if (run.state, post.status) != wanted:
        finding.faults.append(
            f"the run is {run.state}, the post {post.status}: {run.reason}"
        )
    told = folder / "told"
    was_told = told.exists() and "I cannot tell" in told.read_text()
    if is_unknown and not was_told:
        finding.counts["untold"] += 1
        finding.faults.append("no moderator was told of a delivery that is unknown")
