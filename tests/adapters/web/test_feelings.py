"""Reactions and votes below posts, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.clock import FakeClock
from bot.messages import Reply
from bot.publication import Poll, Publication
from bot.reactions import Reaction, Vote

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

QUIZ = Poll("Which is red?", ("sky", "ember", "leaf"), correct=1, explanation="It is.")
POST = Publication("p1", "News", "Cats are back.")


async def publish(house: House, poll: Poll | None = None, room: str = "general") -> str:
    channel = house.adapter.channel(room)
    post = replace(POST, poll=poll)
    return (await house.adapter.publish(channel, post, nonce="n1")).message_id


async def look(guest: Guest, room: str = "general") -> dict[str, Any]:
    """Return the newest message of a room."""
    found: dict[str, Any] = (await guest.read(room)).json()["messages"][-1]
    return found


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/api/react", {"message": "none", "emoji": "👍", "on": True}),
        ("/api/vote", {"message": "none", "answer": 0}),
    ],
)
async def test_what_is_not_there_takes_nothing(
    house: House, guest: Guest, path: str, content: dict[str, Any]
) -> None:
    assert (await guest.post(path, content)).status_code == 404


async def test_only_posts_take_reactions_and_only_the_emoji_that_are_shown(
    house: House, guest: Guest
) -> None:
    place = house.adapter.channel("general")
    (said,) = await house.adapter.send(place, Reply("Hello"))
    about = {"emoji": "👍", "on": True}
    assert (
        await guest.post("/api/react", about | {"message": said})
    ).status_code == 404
    post = await publish(house)
    odd = {"message": post, "emoji": "<script>", "on": True}
    assert (await guest.post("/api/react", odd)).status_code == 422
    assert house.inbox.reactions == []


async def test_who_has_no_name_can_neither_react_nor_vote(
    house: House, open_guest: OpenGuest
) -> None:
    post = await publish(house, QUIZ)
    async with open_guest(house, name=None) as stranger:
        react = {"message": post, "emoji": "👍", "on": True}
        assert (await stranger.post("/api/react", react)).status_code == 422
        vote = {"message": post, "answer": 0}
        assert (await stranger.post("/api/vote", vote)).status_code == 422
        assert (await look(stranger))["votes"] == [0, 0, 0]


async def test_members_cannot_vote_in_rooms_that_they_do_not_see(
    house: House, guest: Guest
) -> None:
    post = await publish(house, QUIZ, "moderators")
    answer = await guest.post("/api/vote", {"message": post, "answer": 0})
    assert answer.status_code == 404


async def test_reaction_counts_once_and_can_be_taken_back(
    house: House, guest: Guest, open_guest: OpenGuest
) -> None:
    post = await publish(house)
    on = {"message": post, "emoji": "👍", "on": True}
    for _ in range(2):
        seen = (await guest.post("/api/react", on)).json()
    assert seen["reactions"] == [["👍", 1], ["❤️", 0], ["😂", 0]]
    assert seen["own_reactions"] == ["👍"]
    async with open_guest(house, name="Bob") as other:
        shown = await look(other)
        assert shown["reactions"][0] == ["👍", 1]
        assert shown["own_reactions"] == []
    off = (await guest.post("/api/react", on | {"on": False})).json()
    assert off["reactions"][0] == ["👍", 0]
    (added, removed) = house.inbox.reactions
    assert isinstance(added, Reaction)
    assert (added.message_id, added.emoji, added.is_added) == (post, "👍", True)
    assert added.channel == house.adapter.channel("general")
    assert not removed.is_added


async def test_solution_of_a_quiz_is_shown_to_who_voted_and_their_vote_stays(
    house: House, guest: Guest, open_guest: OpenGuest
) -> None:
    post = await publish(house, QUIZ)
    before = await look(guest)
    assert before["poll"]["is_quiz"]
    assert "solution" not in before
    assert "It is." not in str(before)
    seen = (await guest.post("/api/vote", {"message": post, "answer": 2})).json()
    assert seen["solution"] == {"answer": 1, "explanation": "It is."}
    again = (await guest.post("/api/vote", {"message": post, "answer": 1})).json()
    assert (again["own_vote"], again["votes"]) == (2, [0, 0, 1])
    assert (await look(guest))["solution"]["answer"] == 1
    async with open_guest(house, name="Bob") as other:
        assert "solution" not in await look(other)
    (vote,) = house.inbox.votes
    assert isinstance(vote, Vote)
    assert (vote.platform, vote.message_id, vote.answers) == ("web", post, (2,))


async def test_vote_of_a_poll_can_be_changed(house: House, guest: Guest) -> None:
    post = await publish(house, Poll("Tea?", ("yes", "no")))
    for answer in (0, 1):
        seen = (
            await guest.post("/api/vote", {"message": post, "answer": answer})
        ).json()
    assert (seen["own_vote"], seen["votes"]) == (1, [0, 1])
    assert [vote.answers for vote in house.inbox.votes] == [(0,), (1,)]
    wrong = await guest.post("/api/vote", {"message": post, "answer": 2})
    assert wrong.status_code == 404


async def test_poll_that_is_over_shows_its_solution_and_takes_no_votes(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock(datetime.now(UTC) - timedelta(hours=1))
    async with open_house(clock=clock) as house, open_guest(house) as guest:
        post = await publish(house, QUIZ)
        await clock.advance(25 * 3600)
        shown = await look(guest)
        assert shown["is_over"]
        assert shown["solution"]["answer"] == 1
        late = await guest.post("/api/vote", {"message": post, "answer": 1})
        assert late.status_code == 422
        assert house.inbox.votes == []


async def test_what_is_below_a_post_goes_with_it(house: House, guest: Guest) -> None:
    post = await publish(house, QUIZ)
    await guest.post("/api/vote", {"message": post, "answer": 0})
    await guest.post("/api/react", {"message": post, "emoji": "👍", "on": True})
    await house.adapter.board.remove(post)
    found = await house.rooms.feelings.of([post], "")
    assert (found[post].reactions, found[post].votes) == ({}, {})


async def test_poll_and_votes_stay_when_the_post_is_changed(
    house: House, guest: Guest
) -> None:
    channel, post = house.adapter.channel("general"), replace(POST, poll=QUIZ)
    published = await house.adapter.publish(channel, post, nonce="n1")
    await guest.post("/api/vote", {"message": published.message_id, "answer": 1})
    better = replace(post, body="Cats are here.")
    again = await house.adapter.revise(channel, published, better, nonce="n2")
    shown = await look(guest)
    assert again == published
    assert "Cats are here." in shown["text"]
    assert QUIZ.question not in shown["text"]
    assert (shown["poll"]["question"], shown["votes"]) == (QUIZ.question, [0, 1, 0])
