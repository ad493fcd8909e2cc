from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import (
    Attachment,
    Author,
    Channel,
    Message,
    Reply,
    Role,
    Scope,
    scope_of,
)

ADA = Author("1", "Ada")
ROOM = Channel("web", "general", "home")

# Close enough to each other that a careless key would mix them up.
parts = st.text(st.sampled_from("ab|%=-7C25:/\ud800"), max_size=4)
scopes = st.builds(Scope, parts, parts, parts, st.none() | parts, st.none() | parts)
names = st.text(st.sampled_from("ab:-1"), min_size=1, max_size=3)
channels = st.builds(
    lambda platform, id_, thread_id: Channel(platform, id_, "home", "", thread_id),
    st.sampled_from(["web", "discord"]),
    names,
    st.none() | names,
)


@given(scopes, scopes)
def test_scope_keys_are_equal_only_for_equal_scopes(one: Scope, other: Scope) -> None:
    assert (one.key == other.key) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Scope("a", "b", "c", None, None), Scope("a", "b", "c", "", None)),
        (Scope("a", "b", "c", None, None), Scope("a", "b", "c", "-", None)),
        (Scope("a|b", "c", "d", None, None), Scope("a", "b|c", "d", None, None)),
        (Scope("%7C", "b", "c", None, None), Scope("|", "b", "c", None, None)),
        (Scope("a", "b", "c", "d", None), Scope("a", "b", "c", None, "d")),
    ],
)
def test_scope_keys_differ_for_scopes_that_look_alike(one: Scope, other: Scope) -> None:
    assert one.key != other.key


def test_scope_of_a_private_channel_belongs_to_the_person() -> None:
    private = replace(ROOM, is_private=True)

    assert scope_of(private, ADA).person_id == "1"
    assert scope_of(private, ADA) != scope_of(private, Author("2", "Ada"))


def test_scope_of_a_shared_channel_is_the_same_for_all() -> None:
    assert scope_of(ROOM, ADA) == scope_of(ROOM, Author("2", "Bo"))
    assert scope_of(ROOM, ADA) == Scope("web", "home", "general", None, None)


@pytest.mark.parametrize(
    "other",
    [
        replace(ROOM, platform="discord"),
        replace(ROOM, community_id="office"),
        replace(ROOM, id="random"),
        replace(ROOM, thread_id="7"),
        replace(ROOM, is_private=True),
    ],
)
def test_scope_of_another_place_is_another(other: Channel) -> None:
    assert scope_of(other, ADA) != scope_of(ROOM, ADA)


def test_scope_does_not_hang_on_names_that_change() -> None:
    renamed = replace(ROOM, name="lounge", is_age_restricted=True)

    assert scope_of(renamed, replace(ADA, name="Countess")) == scope_of(ROOM, ADA)


def test_message_knows_its_scope() -> None:
    message = Message("5", ROOM, ADA, "hi", datetime(2026, 1, 1, tzinfo=UTC))

    assert message.scope == scope_of(ROOM, ADA)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (ROOM, "web:general"),
        (replace(ROOM, thread_id="7"), "web:general/7"),
        (
            Channel("telegram", "-100123", "-100123", thread_id="4"),
            "telegram:-100123/4",
        ),
    ],
)
def test_channel_key_is_what_settings_say(channel: Channel, expected: str) -> None:
    assert channel.key == expected


@given(channels, channels)
def test_channel_keys_are_equal_only_for_equal_channels(
    one: Channel, other: Channel
) -> None:
    assert (one.key == other.key) == (one == other)


def test_roles_are_ordered_by_what_they_may_do() -> None:
    assert Role.MEMBER < Role.MODERATOR < Role.OWNER
    assert ADA.role is Role.MEMBER


def test_attachment_knows_its_size() -> None:
    assert Attachment("a.txt", "text/plain", "é".encode()).size_bytes == 2


def test_texts_are_not_shown_when_printed() -> None:
    message = Message("5", ROOM, ADA, "secret", datetime(2026, 1, 1, tzinfo=UTC))
    attachment = Attachment("a.txt", "text/plain", b"secret")

    assert "secret" not in repr((message, Reply("secret"), attachment))
