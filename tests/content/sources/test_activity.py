from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FakeClock
from bot.consent import Consent
from bot.conversation import Turn
from bot.generation.requests import TurnRole
from bot.messages import Scope
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.turns import TurnRepository
from content.sources.activity import Activity, keywords
from content.sources.errors import NoTopicError

HERE = Scope("fake", "home", "garden", None, None)
THERE = Scope("fake", "home", "secret", None, None)
PEOPLE = {"1": "Annabel", "2": "Bertrand Oakley", "3": "小明同学", "4": "dora_explorer"}

Said = Sequence[tuple[str, str]]


def turns(
    said: Said,
    clock: FakeClock,
    *,
    scope: Scope = HERE,
    role: TurnRole = TurnRole.USER,
) -> list[Turn]:
    return [
        Turn(
            scope=scope,
            role=role,
            text=text,
            message_id=f"{scope.channel_id}-{number}-{clock.monotonic()}",
            created_utc=clock.now_utc(),
            author_id=person,
            author_name=PEOPLE[person],
        )
        for number, (person, text) in enumerate(said)
    ]


def found(said: Said) -> list[str]:
    return [word.text for word in keywords(turns(said, FakeClock()))]


@pytest.fixture
def activity(store: Store, clock: FakeClock) -> Activity:
    return activity_for("article", store, clock)


def activity_for(kind: str, store: Store, clock: FakeClock) -> Activity:
    """Return the source as a schedule of this kind has it."""
    return Activity(
        HERE,
        kind=kind,
        channel_name="#garden",
        turns=TurnRepository(store),
        consent=Consent(SettingsRepository(store)),
        clock=clock,
    )


EVERYBODY = [(person, "we love watering tomatoes") for person in "123"]


@pytest.mark.parametrize(
    "said",
    [
        [],
        [("1", "my secret project")] * 50,
        [("1", "my secret project"), ("2", "a secret project")] * 9,
        [(person, "the and of 123 a1b2") for person in "123"],
        [
            (person, "https://secret.example/page ann@secret.example")
            for person in "123"
        ],
        [
            (person, "<@12345> @annabel <#678> `secret code` /summary")
            for person in "123"
        ],
        [(person, "thanks, annabel and Bertrand!") for person in "12"],
    ],
)
async def test_what_fewer_than_three_said_stays_theirs(said: Said) -> None:
    assert found(said) == []


@pytest.mark.parametrize(
    "name", ["Annabel", "annabel", "ANNABEL", "Bertrand", "oakley", "小明", "Oakley's"]
)
async def test_people_are_never_named(name: str) -> None:
    said = [(person, f"dear {name} waters tomatoes, {name}") for person in "123"]
    words = [word.text for word in keywords(turns([*EVERYBODY, *said], FakeClock()))]
    assert "tomatoes" in words
    assert not any(name.lower()[:5] in word for word in words)


async def test_word_that_is_always_capital_may_be_a_person() -> None:
    said = [(person, "I think Zacharias likes tomatoes") for person in "123"]
    assert found(said) == ["likes", "think", "tomatoes"]
    assert "zacharias" in found([*said, ("4", "zacharias is a town")])


async def test_only_this_channel_is_read(
    activity: Activity, store: Store, clock: FakeClock
) -> None:
    repository = TurnRepository(store)
    for turn in turns([(p, "the secret meeting") for p in "1234"], clock, scope=THERE):
        await repository.add(turn)
    with pytest.raises(NoTopicError, match="too few people"):
        await activity.next_topic()


async def test_what_the_bot_said_does_not_count(
    activity: Activity, store: Store, clock: FakeClock
) -> None:
    for turn in turns(EVERYBODY, clock, role=TurnRole.ASSISTANT):
        await TurnRepository(store).add(turn)
    with pytest.raises(NoTopicError):
        await activity.next_topic()


async def test_topic_is_what_most_people_talked_about_this_week(
    activity: Activity, store: Store, clock: FakeClock
) -> None:
    repository = TurnRepository(store)
    for turn in turns([(p, "winter boots") for p in "123"], clock):
        await repository.add(turn)
    await clock.advance(timedelta(days=7, seconds=1).total_seconds())
    said = [
        *EVERYBODY,
        ("4", "TOMATOES again"),
        ("1", "tomato soup"),
        ("1", "watering"),
    ]
    for turn in turns(said, clock):
        await repository.add(turn)
    topic = await activity.next_topic()
    assert topic.text == "tomatoes, watering, love"
    assert topic.material.splitlines()[2:-1] == [
        "tomatoes: 5 messages by 4 people",
        "watering: 4 messages by 3 people",
        "love: 3 messages by 3 people",
    ]
    assert topic.links == ()


def test_text_without_spaces_is_read_in_pairs() -> None:
    assert "番茄" in found([(person, "今天给番茄浇水") for person in "124"])


@given(st.lists(st.tuples(st.sampled_from("12"), st.text(max_size=80)), max_size=30))
def test_two_people_alone_are_never_quoted(said: Said) -> None:
    assert found(said) == []


async def test_recap_has_what_was_said_and_names_only_who_agreed(
    store: Store, clock: FakeClock
) -> None:
    consent, repository = Consent(SettingsRepository(store)), TurnRepository(store)
    await consent.set("fake", "1", may=True)
    await consent.set("elsewhere", "2", may=True)
    await consent.set("fake", "3", may=True)
    await consent.set("fake", "3", may=False)
    said = [("1", "we love watering tomatoes " + "very " * 400), *EVERYBODY[1:]]
    for turn in turns(said, clock):
        await repository.add(turn)
    for turn in turns(
        [("1", "I am the bot")], clock, scope=HERE, role=TurnRole.ASSISTANT
    ):
        await repository.add(replace(turn, message_id="answer"))
    for turn in turns([("4", "a secret of tomatoes")], clock, scope=THERE):
        await repository.add(turn)
    topic = await activity_for("recap", store, clock).next_topic()
    assert topic.text == "#garden"
    assert topic.material == ""
    assert [(item.source, item.may_be_named) for item in topic.items] == [
        ("Annabel", True),
        ("Bertrand Oakley", False),
        ("小明同学", False),
    ]
    assert len(topic.items[0].text) == 600
    assert {item.title for item in topic.items} == {"#garden"}
