"""Which rooms there are and who may see each: decided here and nowhere else."""

from dataclasses import dataclass

from bot.errors import GoneError
from bot.messages import Role
from bot.store.rooms import RoomMessage
from bot.words import T

__all__ = ["RoomAccess"]


@dataclass(frozen=True, slots=True)
class RoomAccess:
    """Asked before anything of a room is read, written or told.

    A room that is in neither list is nobody's: what is kept of it stays closed.

    Attributes:
        open_rooms: those that everybody sees.
        moderator_rooms: those that only moderators and owners know of.
    """

    open_rooms: tuple[str, ...]
    moderator_rooms: tuple[str, ...] = ()

    @property
    def rooms(self) -> tuple[str, ...]:
        """All rooms, as the bot knows them."""
        return (*self.open_rooms, *self.moderator_rooms)

    def is_open(self, room: str) -> bool:
        """Return whether everybody sees a room."""
        return room in self.open_rooms and room not in self.moderator_rooms

    def may_see(self, room: str, role: Role) -> bool:
        """Return whether a role sees a room."""
        if role >= Role.MODERATOR:
            return room in self.rooms
        return self.is_open(room)

    def rooms_for(self, role: Role) -> tuple[str, ...]:
        """Return the rooms that a role sees, in their order."""
        return tuple(room for room in self.rooms if self.may_see(room, role))

    def may_read(self, message: RoomMessage, person_id: str, role: Role) -> bool:
        """Return whether a person in a role sees a message, its buttons and files."""
        return self.may_see(message.room, role) and message.is_for(person_id)

    def check(self, room: str, role: Role = Role.OWNER) -> None:
        """Return if a role sees a room.

        Raises:
            GoneError: there is no such room, or not for them; the words are the same.
        """
        if not self.may_see(room, role):
            raise GoneError(T("There is no room “{name}”.", name=room))
