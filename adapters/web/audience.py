"""Who looks at the page right now, and telling them what happens."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Audience", "Event", "Viewer"]

Event = dict[str, Any]
"""Something for the page, ready for JSON."""


@dataclass(eq=False, slots=True)
class Viewer:
    """One open page.

    Attributes:
        id: random, known only to this page.
        show: puts an event into the page, as JSON; returns at once.
        room: the room that is open in it.
        name: "" until the person has chosen one.
        is_here: whether it is connected; if not, it hears later what happened.
    """

    id: str
    person_id: str
    show: Callable[[str], None] = field(repr=False)
    room: str = ""
    name: str = ""
    is_moderator: bool = False
    is_here: bool = False


class Audience:
    """All open pages."""

    def __init__(self) -> None:
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
        self, event: Event, *, room: str | None = None, only: str | None = None
    ) -> None:
        """Show an event: to all, to who has a room open, or to one person's pages."""
        line = json.dumps(event)  # once, however many look
        for viewer in tuple(self._viewers):
            if room in (None, viewer.room) and only in (None, viewer.person_id):
                viewer.show(line)

    def tell_presence(self) -> None:
        """Show everybody who is here, one entry a person."""
        people = {
            viewer.person_id: {
                "id": viewer.person_id,
                "name": viewer.name,
                "moderator": viewer.is_moderator,
            }
            for viewer in self._viewers
            if viewer.name and viewer.is_here
        }
        here = sorted(people.values(), key=lambda one: str(one["name"]).casefold())
        self.tell({"type": "presence", "people": here})
