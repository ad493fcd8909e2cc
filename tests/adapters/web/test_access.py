from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from adapters.web.access import RoomAccess
from bot.config import Config
from bot.errors import GoneError
from bot.messages import Role
from bot.store.rooms import RoomMessage

ACCESS = RoomAccess(("general", "news"), ("moderators",))


def written(room: str, *, only_for: str | None = None) -> RoomMessage:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return RoomMessage("m", room, "bot", "Hearth", "x", now, audience_id=only_for)


@pytest.mark.parametrize(
    ("room", "role", "may_see"),
    [
        ("nowhere", Role.OWNER, False),
        ("", Role.OWNER, False),
        ("moderators", Role.MEMBER, False),
        ("moderators", Role.MODERATOR, True),
        ("moderators", Role.OWNER, True),
        ("general", Role.MEMBER, True),
        ("general", Role.MODERATOR, True),
    ],
)
def test_room_is_seen_by_whom_it_is_for(room: str, role: Role, may_see: bool) -> None:
    assert ACCESS.may_see(room, role) is may_see
    assert (room in ACCESS.rooms_for(role)) is may_see
    assert ACCESS.may_read(written(room), "ann", role) is may_see


def test_room_that_is_hidden_is_refused_as_one_that_is_not_there() -> None:
    for access in (ACCESS, RoomAccess(("general",))):
        with pytest.raises(GoneError, match="no room “moderators”"):
            access.check("moderators", Role.MEMBER)


def test_room_in_both_lists_is_for_moderators() -> None:
    access = RoomAccess(("general", "moderators"), ("moderators",))
    assert not access.is_open("moderators")
    assert access.rooms_for(Role.MEMBER) == ("general",)


def test_what_a_room_that_was_given_up_holds_stays_closed() -> None:
    access = RoomAccess(("general",))
    for role in Role:
        assert not access.may_read(written("moderators"), "ann", role)


def test_seat_does_not_open_what_is_for_one_person() -> None:
    message = written("moderators", only_for="ann")
    assert ACCESS.may_read(message, "ann", Role.MODERATOR)
    assert not ACCESS.may_read(message, "bea", Role.OWNER)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"moderator_rooms": ["general"]}, "“general” is one of the rooms that every"),
        ({"rooms": ["general", "moderators"]}, "“moderators” is one of the rooms"),
        ({"talk_rooms": ["moderators"]}, "“moderators” is not one of the rooms"),
        ({"moderator_rooms": ["Not A Name"]}, "pattern"),
    ],
)
def test_names_that_clash_are_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Config.model_validate({"adapters": {"web": settings}})


def test_there_may_be_no_room_for_moderators() -> None:
    config = Config.model_validate({"adapters": {"web": {"moderator_rooms": []}}})
    assert config.adapters.web.moderator_rooms == ()
