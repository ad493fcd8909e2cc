"""All that sends, changes and takes away posts, put together."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.adapter import Adapter
from bot.store.deliveries import DeliveryRepository
from bot.store.delivery_changes import DeliveryChangeRepository
from bot.store.delivery_decisions import DeliveryDecisions
from bot.store.posts import PostRepository
from bot.store.store import Store
from content.aftermath import Aftermath, Spawn
from content.calendar import Calendar
from content.changes import Changes
from content.gate import AreHeld
from content.places import Places
from content.post_rights import PostRights
from content.publications import Publications
from content.publisher import Publisher
from content.retraction import Retraction
from content.review import Desk
from content.telling import Telling

__all__ = ["Outgoing", "build_outgoing"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What `Content` needs of it."""

    publisher: Publisher
    changes: Changes
    rows: DeliveryChangeRepository
    aftermath: Aftermath
    rights: PostRights


def build_outgoing(
    store: Store,
    *,
    posts: PostRepository,
    deliveries: DeliveryRepository,
    publications: Publications,
    calendar: Calendar,
    adapters: Mapping[str, Adapter],
    places: Places,
    desk: Desk,
    spawn: Spawn,
    are_held: AreHeld,
) -> Outgoing:
    """Build what brings posts to channels, and what becomes of them there."""
    telling = Telling(desk=desk, posts=posts, places=places)
    rows, decisions = DeliveryChangeRepository(store), DeliveryDecisions(store)
    publisher = Publisher(
        posts=posts,
        deliveries=deliveries,
        publications=publications,
        adapters=adapters,
        telling=telling,
        clock=store.clock,
        are_held=are_held,
    )
    changes = Changes(
        changes=rows,
        deliveries=deliveries,
        adapters=adapters,
        posts=posts,
        publications=publications,
        calendar=calendar,
        telling=telling,
        clock=store.clock,
    )
    retraction = Retraction(
        posts=posts,
        deliveries=deliveries,
        decisions=decisions,
        rows=rows,
        changes=changes,
        publisher=publisher,
    )
    aftermath = Aftermath(
        posts=posts,
        deliveries=deliveries,
        decisions=decisions,
        rows=rows,
        changes=changes,
        retraction=retraction,
        publisher=publisher,
        calendar=calendar,
        telling=telling,
        adapters=adapters,
        spawn=spawn,
    )
    rights = PostRights(
        posts=posts, deliveries=deliveries, calendar=calendar, places=places, desk=desk
    )
    return Outgoing(publisher, changes, rows, aftermath, rights)
