"""Who looks at the page right now, and telling them what happens."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.web.access import RoomAccess
from bot.messages import Role

__all__ = ["Audience", "Event", "Viewer"]

Event = dict[str, Any]
"""Something for the page, ready for JSON."""


def _member() -> Role:
    return Role.MEMBER


@dataclass(eq=False, slots=True)
class Viewer:
    """One open page.

    Attributes:
        id: random, known only to this page.
        show: puts an event into the page, as JSON; returns at once.
        role: says what the person may do at this moment; a seat ends while they look.
        session_key: the session that the page was opened in.
        room: the room that is open in it.
        name: "" until the person has chosen one.
        is_here: whether it is connected; if not, it hears later what happened.
    """

    id: str
    person_id: str
    show: Callable[[str], None] = field(repr=False)
    room: str = ""
    name: str = ""
    role: Callable[[], Role] = field(default=_member, repr=False)
    session_key: str = field(default="", repr=False)
    is_here: bool = False


class Audience:
    """All open pages."""

    def __init__(self, access: RoomAccess) -> None:
        self._access = access
        self._viewers: set[Viewer] = set()

    def join(self, viewer: Viewer) -> None:
        """Add an open page and tell everybody who is here."""
        self._viewers.add(viewer)
        self.tell_presence()

    def leave(self, viewer: Viewer) -> None:
        """Take a closed page away and tell everybody who is left."""
        self._viewers.discard(viewer)
        self.tell_presence()

    def connect(self, viewer: Viewer, *, is_here: bool) -> None:
        """Note that a page's connection is there or lost."""
        viewer.is_here = is_here
        self.tell_presence()

    def enter(self, viewer_id: str, person_id: str, room: str) -> None:
        """Remember which room is open in one of a person's pages."""
        for viewer in self._viewers:
            if viewer.id == viewer_id and viewer.person_id == person_id:
                viewer.room = room

    def rename(self, person_id: str, name: str) -> None:
        """Give a person another name on all of their pages."""
        for viewer in self._viewers:
            if viewer.person_id == person_id:
                viewer.name = name
        self.tell_presence()

    def tell(
        self,
        event: Event,
        *,
        room: str,
        only: str | None = None,
        is_for_elsewhere: bool = False,
    ) -> None:
        """Show what happens in a room to those who have it open, and may see it.

        `only` is the one person it is for; `is_for_elsewhere` shows it also to those
        who have another room open.
        """
        line = json.dumps(event)  # once, however many look
        for viewer in tuple(self._viewers):
            if (
                (is_for_elsewhere or viewer.room == room)
                and only in (None, viewer.person_id)
                and self._access.may_see(room, viewer.role())
            ):
                viewer.show(line)

    def numbers(self) -> dict[str, int]:
        """Return how many pages are open on each room."""
        return dict(Counter(one.room for one in self._viewers if one.is_here))

    def reload(self, session_key: str) -> None:
        """Let the pages of a session that is over load themselves anew."""
        line = json.dumps({"type": "reload"})
        for viewer in tuple(self._viewers):
            if viewer.session_key == session_key:
                viewer.show(line)

    def tell_presence(self) -> None:
        """Show everybody who is here, one entry a person."""
        people = {
            viewer.person_id: {
                "id": viewer.person_id,
                "name": viewer.name,
                "moderator": viewer.role() >= Role.MODERATOR,
            }
            for viewer in self._viewers
            if viewer.name and viewer.is_here
        }
        here = sorted(people.values(), key=lambda one: str(one["name"]).casefold())
        line = json.dumps({"type": "presence", "people": here})
        for viewer in tuple(self._viewers):
            viewer.show(line)
